import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { AppWindow, MessageSquarePlus, Settings, SquarePen, UserPlus, UsersRound } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { AccountMenu } from '../accounts/account-menu.tsx';
import { Avatar } from '../avatar.tsx';
import { ContextMenu, Menu, MenuItem } from '../base/menu.tsx';
import { keysForReaders, keysText } from '../keyboard/keys.ts';
import { OutboxButton } from '../outbox/outbox-button.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { otherName } from '../people.ts';
import { DeliveryIcon } from '../timeline/delivery-mark.tsx';
import { useMatchbook } from '../use-store.ts';
import { ConnectionStatus } from './connection-status.tsx';
import { ComputerNotice } from './notices.tsx';

/** Up and down walk through the list. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.conversation')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

export function Sidebar(props: {
  account: AccountSummary;
  rows: readonly ConversationRow[];
  loading: boolean;
  open: Address | null;
  onInvite: () => void;
}) {
  const { account, rows, open } = props;
  const store = useMatchbook();
  const { say } = useWords();
  return (
    <nav className="sidebar" aria-label={say('sidebar.label')}>
      <header className="sidebar-head">
        <AccountMenu account={account}>
          <Avatar id={account.user} name={account.name} />
          <span className="sidebar-who">
            <strong>
              <bdi>{account.name}</bdi>
            </strong>
            <small>
              <bdi>{account.serverName}</bdi>
            </small>
          </span>
        </AccountMenu>
        <Menu
          trigger={
            <button
              type="button"
              className="button icon quiet"
              aria-label={say('new.open')}
              title={say('new.open')}
              data-testid="new-open"
            >
              <SquarePen size={18} aria-hidden="true" />
            </button>
          }
        >
          <MenuItem
            icon={<MessageSquarePlus size={14} />}
            testId="new-conversation-open"
            onSelect={() => store.panels.open({ kind: 'new-conversation', account: account.account })}
          >
            {say('new.conversation')}
          </MenuItem>
          <MenuItem
            icon={<UsersRound size={14} />}
            testId="new-group-open"
            onSelect={() => store.panels.open({ kind: 'new-group', account: account.account })}
          >
            {say('new.group')}
          </MenuItem>
          <MenuItem icon={<UserPlus size={14} />} onSelect={props.onInvite}>
            {say('new.invite')}
          </MenuItem>
        </Menu>
        <button
          type="button"
          className="button icon quiet"
          aria-label={say('settings.open')}
          title={`${say('settings.open')} (${keysText('settings')})`}
          aria-keyshortcuts={keysForReaders('settings')}
          data-testid="settings-open"
          onClick={() => store.preferences.show(true)}
        >
          <Settings size={18} aria-hidden="true" />
        </button>
      </header>
      {!open && (
        <div className="sidebar-status">
          <ConnectionStatus account={account} />
        </div>
      )}
      {rows.length === 0 ? (
        <p className="sidebar-empty">{say(props.loading ? 'sidebar.loading' : 'sidebar.empty')}</p>
      ) : (
        <ul className="conversations" onKeyDown={walk}>
          {rows.map((row) => (
            <li key={row.conv}>
              <Conversation row={row} user={account.user} current={row.conv === open?.conv} />
            </li>
          ))}
        </ul>
      )}
      <footer className="sidebar-foot">
        <ComputerNotice />
        <OutboxButton />
        <button type="button" className="button wide" data-testid="invitation-open" onClick={props.onInvite}>
          <UserPlus size={16} aria-hidden="true" />
          {say('sidebar.invite')}
        </button>
      </footer>
    </nav>
  );
}

/** Rows that say the same are the same object: only what changed is drawn anew. */
const Conversation = memo(function Conversation({
  row,
  user,
  current,
}: {
  row: ConversationRow;
  user: string;
  current: boolean;
}) {
  const store = useMatchbook();
  const { say, short } = useWords();
  const name = otherName(row, user);
  const { preview } = row;
  const address = { account: row.account, conv: row.conv };
  return (
    <ContextMenu
      menu={
        <MenuItem
          icon={<AppWindow size={14} />}
          shortcut={keysText('ownWindow')}
          testId="open-window"
          onSelect={() => void store.openWindow(address)}
        >
          {say('sidebar.window')}
        </MenuItem>
      }
    >
      <button
        type="button"
        className="conversation"
        data-testid="conversation-row"
        data-conv={row.conv}
        aria-current={current ? 'true' : undefined}
        onClick={() => store.open(address)}
        onDoubleClick={() => void store.openWindow(address)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void store.openWindow(address);
        }}
      >
        <ConversationAvatar row={row} user={user} />
        <span className="conversation-title">
          <bdi>{row.self ? say('app.selfTitle') : (name ?? say('app.someone'))}</bdi>
        </span>
        <time className="conversation-time" dateTime={new Date(row.time).toISOString()}>
          {short(row.time, Date.now())}
        </time>
        <span className="conversation-preview">
          {row.draft && !current ? (
            <em>{say('sidebar.draft')}</em>
          ) : preview?.own && preview.delivery && !row.self ? (
            <DeliveryIcon delivery={preview.delivery} />
          ) : null}
          <span>
            {preview ? (
              preview.own && !row.self ? (
                say('sidebar.own', { text: preview.text })
              ) : (
                <bdi>{preview.text}</bdi>
              )
            ) : row.draft && !current ? (
              ''
            ) : (
              say('sidebar.noMessages')
            )}
          </span>
        </span>
        {row.unread > 0 && (
          <span className="unread" title={say('sidebar.unread', { count: row.unread })}>
            <span aria-hidden="true">{row.unread > 999 ? '999+' : row.unread}</span>
            <span className="only-read">{say('sidebar.unread', { count: row.unread })}</span>
          </span>
        )}
      </button>
    </ContextMenu>
  );
});
