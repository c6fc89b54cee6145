import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { Ban } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { useEverybody } from './use-people.ts';

/** Above the composer of a conversation with somebody one has blocked: that no answer can come, and the way back. */
export function BlockedLine({ row, user, name }: { row: ConversationRow; user: string; name: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  const everybody = useEverybody(row.account);
  const other = row.form === 'direct' ? row.members.find((one) => one.user !== user) : undefined;
  if (!other || !everybody.get(other.user)?.blocked) return null;
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
