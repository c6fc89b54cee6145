import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { AccountSection } from '../accounts/account-section.tsx';
import { Select } from '../base/select.tsx';
import { useKnown } from '../use-store.ts';

/** The account at its server, and the devices that are signed in: of one account at a time. */
export function AccountRoom() {
  const { say } = useWords();
  const accounts = useKnown((state) => state.app?.accounts) ?? [];
  const shown = useKnown((state) => state.account);
  const [chosen, setChosen] = useState<string | null>(null);
  const account = accounts.find((one) => one.account === (chosen ?? shown)) ?? accounts[0];
  if (!account) return <p className="fine">{say('diag.none')}</p>;
  return (
    <>
      {accounts.length > 1 && (
        <Select
          label={say('settings.which')}
          value={account.account}
          options={accounts.map((one) => ({
            value: one.account,
            label: say('account.of', { name: one.name, server: one.serverName }),
          }))}
          onChange={setChosen}
        />
      )}
      <AccountSection key={account.account} account={account} />
    </>
  );
}
