import { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import { WINDOW_CALLS, WINDOW_EVENTS } from '@matchbook/protocol/bridge/window';
import { expose } from './expose.ts';

expose(BRIDGE_GLOBAL, Object.keys(WINDOW_CALLS), WINDOW_EVENTS);
