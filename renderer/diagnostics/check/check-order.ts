import type { CheckStep } from '@matchbook/protocol/bridge/diagnostics';

/** As in CHECK_STEPS of the contract, whose schemas this window does without. */
export const CHECK_ORDER: readonly CheckStep[] = ['network', 'api', 'sign-in', 'relay', 'socket', 'data'];
