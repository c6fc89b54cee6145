import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { SignOutDialog } from '../accounts/sign-out-dialog.tsx';
import { Avatar } from '../avatar.tsx';
import { statusWords } from '../status-words.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { LanSettings } from './lan-settings.tsx';

/** Every account of this device, at which server it is, and how it is connected. */
export function AccountsRoom() {
  const store = useMatchbook();
  const { say } = useWords();
  const accounts = useKnown((state) => state.app?.accounts) ?? [];
  const [leaving, setLeaving] = useState<AccountSummary | null>(null);
  const add = () => {
    store.preferences.show(false);
    store.navigation.addAccount(true);
  };
  return (
    <>
      <div data-setting="accounts" tabIndex={-1}>
        <ul className="account-list">
          {accounts.map((account) => (
            <li key={account.account} className="setting" data-testid="settings-account-row">
              <Avatar id={account.user} name={account.name} account={account.account} />
              <div className="setting-words">
                <span className="setting-label">
                  <bdi>{account.name}</bdi>
                </span>
                <span className="fine">
                  <bdi>{account.serverName}</bdi> · <AccountState account={account} />
                </span>
                {account.embedded ? (
                  <span className="fine">{say('link.here')}</span>
                ) : (
                  <span className="fine mono" dir="ltr">
                    {account.api}
                  </span>
                )}
              </div>
              <button type="button" className="button small" onClick={() => setLeaving(account)}>
                {say('signout.action')}
              </button>
            </li>
          ))}
        </ul>
        <button type="button" className="button" data-testid="settings-account-add" onClick={add}>
          <Plus size={16} aria-hidden="true" />
          {say('accounts.add')}
        </button>
        {leaving && <SignOutDialog account={leaving} onClose={() => setLeaving(null)} />}
      </div>
      <LanSettings />
    </>
  );
}

function AccountState({ account }: { account: AccountSummary }) {
  const { say } = useWords();
  const session = useKnown((state) => state.sessions[account.account]);
  const embedded = useKnown((state) => (account.embedded ? (state.app?.embedded ?? null) : null));
  return say(`accounts.tone.${statusWords(session ?? { kind: 'idle' }, embedded, true, Date.now()).tone}`);
}
