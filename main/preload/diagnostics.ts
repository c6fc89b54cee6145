import { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import { DIAGNOSTICS_CALLS, DIAGNOSTICS_EVENTS } from '@matchbook/protocol/bridge/diagnostics';
import { expose } from './expose.ts';

expose(BRIDGE_GLOBAL, Object.keys(DIAGNOSTICS_CALLS), DIAGNOSTICS_EVENTS);
