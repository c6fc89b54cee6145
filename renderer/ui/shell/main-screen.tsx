import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { rowOf } from '../../store/row-of.ts';
import { AccountRail } from '../accounts/account-rail.tsx';
import { Boundary, Undrawn } from '../boundary.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { RecoveryCard } from '../onboarding/recovery-card.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { AccountCards } from './account-cards.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { InvitationDialog, InvitationPanel } from './invitation-panel.tsx';
import { FailureLine, LossNotices } from './notices.tsx';
import { OpenedInvitation } from './opened-invitation.tsx';
import { Sidebar } from './sidebar.tsx';
import { useGone } from './use-gone.ts';
import { WindowTitle } from './window-title.tsx';

export function MainScreen({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say } = useWords();
  const open = useKnown((state) => state.open);
  // Of the list no more than what is shown here: what changes in another conversation draws nothing anew.
  const row = useKnown(({ conversations }) => open && rowOf(conversations[account.account], open.conv));
  // Where nothing is shown, a narrow window has the list: else there was nothing to go on with.
  const known = useKnown(({ conversations }) => conversations[account.account] !== undefined);
  const inPane = open !== null && (row !== null || !known);
  useGone(open, row);
  const alone = useKnown(({ conversations }) => {
    const rows = conversations[account.account];
    return rows !== undefined && rows.length > 0 && rows.every((one) => one.self);
  });
  const several = useKnown((state) => (state.app?.accounts.length ?? 0) > 1);
  const [inviting, setInviting] = useState(false);
  const [waved, setWaved] = useState(false);
  const invite = useCallback(() => setInviting(true), []);
  const searching = useStore(store.finder.state, (state) => state.account !== null && state.narrow);

  return (
    <div
      className={`shell${inPane ? ' shell-open' : ''}${searching ? ' shell-searching' : ''}${several ? ' shell-accounts' : ''}`}
    >
      <WindowTitle account={account} row={row} />
      <AccountRail current={account.account} />
      <Sidebar account={account} open={open} onInvite={invite} />
      <div className="pane">
        {row && open ? (
          <Boundary
            about={row.conv}
            instead={
              <main className="pane-empty">
                <Undrawn />
              </main>
            }
          >
            <ConversationPane account={account} row={row} onBack={() => store.navigation.open(null)}>
              <LossNotices />
              <FailureLine />
              <AccountCards account={account} />
              <RecoveryCard account={account.account} />
              {alone && !inviting && !waved && (
                <InvitationPanel
                  account={account.account}
                  onClose={() => {
                    setWaved(true);
                    focusComposer();
                  }}
                />
              )}
            </ConversationPane>
          </Boundary>
        ) : (
          <main className="pane-empty">
            <AccountCards account={account} />
            {!account.fault && <p>{say('sidebar.none')}</p>}
          </main>
        )}
      </div>
      {inviting && <InvitationDialog account={account.account} onClose={() => setInviting(false)} />}
      <OpenedInvitation />
    </div>
  );
}
