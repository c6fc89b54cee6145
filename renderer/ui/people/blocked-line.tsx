import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { Ban } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { personKey } from '../../store/people-book.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { useEverybody, usePeople } from './use-people.ts';

/** Above the composer of a conversation from which no answer can come: with somebody one has blocked, and the way back; with an account that is closed. */
export function BlockedLine({ row, user, name }: { row: ConversationRow; user: string; name: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  const everybody = useEverybody(row.account);
  const other = row.form === 'direct' ? row.members.find((one) => one.user !== user) : undefined;
  // Asked for where the head of the conversation says whether they are there; who is has been let in again.
  const closed = usePeople(
    ({ profiles, presences }) =>
      other !== undefined &&
      profiles[personKey(row.account, other.user)]?.closed === true &&
      !presences[row.account]?.users.has(other.user),
  );
  if (!other) return null;
  if (!everybody.get(other.user)?.blocked)
    return closed ? (
      <div className="blocked-line" data-testid="closed-line">
        <Ban size={16} aria-hidden="true" />
        <p>{say('presence.closed')}</p>
      </div>
    ) : null;
  return (
    <div className="blocked-line" data-testid="blocked-line">
      <Ban size={16} aria-hidden="true" />
      <p>{say('card.blocked', { name })}</p>
      <button
        type="button"
        className="button small"
        data-testid="blocked-undo"
        onClick={() => {
          void store.told(store.groups.block(row.account, other.user, false));
          focusComposer();
        }}
      >
        {say('card.unblock')}
      </button>
    </div>
  );
}
