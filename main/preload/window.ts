import { BRIDGE_GLOBAL, WINDOW_CALLS, WINDOW_EVENTS } from '@matchbook/protocol/bridge';
import { expose } from './expose.ts';

expose(BRIDGE_GLOBAL, Object.keys(WINDOW_CALLS), WINDOW_EVENTS);
