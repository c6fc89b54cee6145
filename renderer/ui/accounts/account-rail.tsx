import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useEffect } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { ContextMenu, MenuItem } from '../base/menu.tsx';
import { keysText } from '../keyboard/keys.ts';
import { statusWords } from '../status-words.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Accounts that a key chooses. */
const KEYS = 9;

const unreadOf = (rows: readonly ConversationRow[] | undefined) =>
  (rows ?? []).reduce((sum, { unread }) => sum + unread, 0);

/** Ctrl or Cmd with 1 to 9 chooses an account by its place. */
export function useAccountKeys(): void {
  const store = useMatchbook();
  useEffect(() => {
    const chosen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      if (!/^[1-9]$/.test(event.key)) return;
      event.preventDefault();
      store.navigation.chooseAt(Number(event.key) - 1);
    };
    addEventListener('keydown', chosen);
    return () => removeEventListener('keydown', chosen);
  }, [store]);
}

/** All accounts, with what waits in each and how it is connected. */
export function AccountRail({ current }: { current: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  const accounts = useKnown((state) => state.app?.accounts);
  if (!accounts || accounts.length < 2) return null;
  return (
    <nav className="rail" aria-label={say('accounts.label')} data-testid="account-rail">
      <ul>
        {accounts.map((account, place) => (
          <li key={account.account}>
            <RailItem
              account={account}
              place={place}
              last={place === accounts.length - 1}
              current={account.account === current}
            />
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button icon quiet"
        aria-label={say('accounts.add')}
        title={say('accounts.add')}
        data-testid="account-add"
        onClick={() => store.navigation.addAccount(true)}
      >
        <Plus size={18} aria-hidden="true" />
      </button>
    </nav>
  );
}

function RailItem(props: { account: AccountSummary; place: number; last: boolean; current: boolean }) {
  const { account, place, last, current } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const unread = useKnown((state) => unreadOf(state.conversations[account.account]));
  const session = useKnown((state) => state.sessions[account.account]);
  const embedded = useKnown((state) => (account.embedded ? (state.app?.embedded ?? null) : null));
  const tone = statusWords(session ?? { kind: 'idle' }, embedded, true, Date.now()).tone;
  const state = say(`accounts.tone.${tone}`);
  const label = say('accounts.item', { name: account.name, server: account.serverName, unread, state });
  return (
    <ContextMenu
      menu={
        <>
          <MenuItem
            icon={<ArrowUp size={14} />}
            disabled={place === 0}
            onSelect={() => void store.accounts.move(account.account, -1)}
          >
            {say('accounts.up')}
          </MenuItem>
          <MenuItem
            icon={<ArrowDown size={14} />}
            disabled={last}
            onSelect={() => void store.accounts.move(account.account, 1)}
          >
            {say('accounts.down')}
          </MenuItem>
        </>
      }
    >
      <button
        type="button"
        className="rail-item"
        aria-current={current ? 'true' : undefined}
        aria-label={label}
        title={place < KEYS ? `${label} (${keysText('account').replace('1', String(place + 1))})` : label}
        data-testid="account-item"
        data-account={account.account}
        data-tone={tone}
        onClick={() => store.navigation.choose(account.account)}
      >
        <Avatar id={account.user} name={account.name} account={account.account} />
        <span className="rail-dot" data-tone={tone} aria-hidden="true" />
        {unread > 0 && (
          <span className="unread" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </button>
    </ContextMenu>
  );
}
