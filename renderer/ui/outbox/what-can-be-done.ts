/** What can be done with an item, as the store would take it. */
import type { WaitingItem } from '@matchbook/protocol/bridge/waiting';

/** A text that was cut for the list is edited from the draft. */
export const isText = ({ kind, whole }: WaitingItem): boolean =>
  whole && (kind === 'message' || kind === 'edit' || kind === 'rename');
export const isHeld = ({ holds }: WaitingItem): boolean => holds.includes('person');
export const mayHold = (item: WaitingItem): boolean =>
  !item.failed && !item.frozen && !isHeld(item) && item.kind !== 'create';
export const mayToDraft = ({ kind, frozen, failed }: WaitingItem): boolean =>
  (kind === 'message' || kind === 'edit') && (!frozen || failed);
/** Of what may be sent already, only these have something that takes them back. */
export const mayDiscard = ({ kind, frozen, failed }: WaitingItem): boolean =>
  !frozen || failed || kind === 'message' || kind === 'reaction' || kind === 'pin';
