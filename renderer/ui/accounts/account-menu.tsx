import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { FolderDown, LogOut, Plus, Smile, UserRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { useMatchbook } from '../use-store.ts';
import { AccountSection } from './account-section.tsx';

/** What can be done about the account, on its name. */
export function AccountMenu({ account, children }: { account: AccountSummary; children: ReactNode }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [shown, setShown] = useState(false);
  return (
    <>
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            className="account-who"
            data-testid="account-menu"
            aria-description={say('accounts.menu', { name: account.name })}
          >
            {children}
          </button>
        }
      >
        <MenuItem icon={<UserRound size={14} />} testId="account-open" onSelect={() => setShown(true)}>
          {say('account.title')}
        </MenuItem>
        <MenuItem
          icon={<Smile size={14} />}
          testId="status-open"
          onSelect={() => store.panels.open({ kind: 'status', account: account.account })}
        >
          {say('status.set')}
        </MenuItem>
        <MenuItem
          icon={<Plus size={14} />}
          testId="account-add-menu"
          onSelect={() => store.navigation.addAccount(true)}
        >
          {say('accounts.add')}
        </MenuItem>
        <MenuItem
          icon={<FolderDown size={14} />}
          testId="account-export"
          onSelect={() => store.panels.open({ kind: 'export', account: account.account })}
        >
          {say('mydata.menu')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<LogOut size={14} />}
          dangerous
          testId="account-sign-out"
          onSelect={() => store.panels.open({ kind: 'sign-out', account: account.account })}
        >
          {say('signout.action')}
        </MenuItem>
      </Menu>
      <Dialog
        open={shown}
        onClose={() => setShown(false)}
        title={say('account.title')}
        description={say('account.of', { name: account.name, server: account.serverName })}
        size="wide"
        testId="account-dialog"
      >
        <AccountSection account={account} />
      </Dialog>
    </>
  );
}
