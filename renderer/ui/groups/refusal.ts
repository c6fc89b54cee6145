import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import type { Words } from '../../i18n/words.tsx';

/** Why the log did not take a change of a group, in words that say what can be done. */
export function refusalWords({ append, failure }: PendingChange, words: Words): string {
  if (!failure) return '';
  if (failure.kind === 'not_allowed') {
    if (append.kind === 'member_leave') return words.say('group.lastOwner');
    return words.say(append.kind === 'member_role' ? 'group.onlyOwner' : 'group.notAllowed');
  }
  if (failure.kind === 'unknown_user') return words.say('group.unknownPerson');
  return words.failure(failure);
}
