import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { FolderDown, LogOut, Plus, Smile, UserRound } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { useMatchbook } from '../use-store.ts';
import { AccountSection } from './account-section.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

const ExportDialog = lazy(async () => {
  const { ExportDialog: loaded } = await import('../export/export-dialog.tsx');
  return { default: loaded };
});

/** What can be done about the account, on its name. */
export function AccountMenu({ account, children }: { account: AccountSummary; children: ReactNode }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [dialog, setDialog] = useState<'account' | 'export' | 'sign-out' | null>(null);
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
        <MenuItem icon={<UserRound size={14} />} testId="account-open" onSelect={() => setDialog('account')}>
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
          onSelect={() => setDialog('export')}
        >
          {say('mydata.menu')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<LogOut size={14} />}
          dangerous
          testId="account-sign-out"
          onSelect={() => setDialog('sign-out')}
        >
          {say('signout.action')}
        </MenuItem>
      </Menu>
      <Dialog
        open={dialog === 'account'}
        onClose={() => setDialog(null)}
        title={say('account.title')}
        description={say('account.of', { name: account.name, server: account.serverName })}
        size="wide"
        testId="account-dialog"
      >
        <AccountSection account={account} />
      </Dialog>
      {dialog === 'export' && (
        <Suspense fallback={null}>
          <ExportDialog account={account} onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === 'sign-out' && <SignOutDialog account={account} onClose={() => setDialog(null)} />}
    </>
  );
}
