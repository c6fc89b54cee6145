import { BRIDGE_GLOBAL, HOST_CALLS, HOST_EVENTS } from '@matchbook/protocol/bridge';
import { expose } from './expose.ts';

expose(BRIDGE_GLOBAL, Object.keys(HOST_CALLS), HOST_EVENTS);
