import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { useEffect } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { otherName } from '../people.ts';
import { useKnown } from '../use-store.ts';
import { AccountCards } from './account-cards.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { FailureLine } from './notices.tsx';

/** A window that shows one conversation and nothing else. */
export function ConversationWindow({ account, address }: { account: AccountSummary; address: Address }) {
  const { say } = useWords();
  const row = useKnown((state) =>
    state.conversations[address.account]?.find((one) => one.conv === address.conv),
  );
  const open = useKnown((state) => state.open);
  const title =
    row && (row.self ? say('app.selfTitle') : (otherName(row, account.user) ?? say('app.someone')));
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  if (!row || !open)
    return (
      <main className="pane-empty">
        <p role="status">{say('sidebar.loading')}</p>
      </main>
    );
  return (
    <div className="pane pane-only">
      <ConversationPane account={account} row={row} onBack={null}>
        <FailureLine />
        <AccountCards account={account} />
      </ConversationPane>
    </div>
  );
}
