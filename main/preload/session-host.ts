import { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import { HOST_CALLS, HOST_EVENTS } from '@matchbook/protocol/bridge/host';
import { expose } from './expose.ts';

expose(BRIDGE_GLOBAL, Object.keys(HOST_CALLS), HOST_EVENTS);
