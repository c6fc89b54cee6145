import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { SearchDoor } from '../search/search-door.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { AccountCards } from './account-cards.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { FailureLine } from './notices.tsx';
import { WindowTitle } from './window-title.tsx';

/** A window that shows one conversation and nothing else. */
export function ConversationWindow({ account, address }: { account: AccountSummary; address: Address }) {
  const { say } = useWords();
  const row = useKnown((state) =>
    state.conversations[address.account]?.find((one) => one.conv === address.conv),
  );
  const open = useKnown((state) => state.open);
  const { finder } = useMatchbook();
  const searching = useStore(finder.state, (state) => state.account === address.account);
  const narrow = useStore(finder.state, (state) => state.narrow);
  if (!row || !open)
    return (
      <main className="pane-empty">
        {account.fault ? <AccountCards account={account} /> : <p role="status">{say('sidebar.loading')}</p>}
      </main>
    );
  return (
    <div
      className={searching ? 'pane pane-only window-searching' : 'pane pane-only'}
      data-narrow={narrow ? '' : undefined}
    >
      <WindowTitle account={account} row={row} alone />
      {searching && <SearchDoor account={address.account} only={address.conv} />}
      <ConversationPane account={account} row={row} onBack={null}>
        <FailureLine />
        <AccountCards account={account} />
      </ConversationPane>
    </div>
  );
}
