import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import {
  Archive,
  ArrowLeft,
  MessageSquarePlus,
  Search,
  Settings,
  SquarePen,
  UserPlus,
  UsersRound,
} from 'lucide-react';
import { memo, useMemo } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { FILTERS, isArchived, listed } from '../../store/conversation-order.ts';
import type { Address } from '../../store/state.ts';
import { AccountMenu } from '../accounts/account-menu.tsx';
import { Avatar } from '../avatar.tsx';
import { Menu, MenuItem } from '../base/menu.tsx';
import { keysForReaders, keysText } from '../keyboard/keys.ts';
import { OutboxButton } from '../outbox/outbox-button.tsx';
import { SearchDoor } from '../search/search-door.tsx';
import { turnToArchive } from '../sidebar/archive-door.ts';
import { ConversationList } from '../sidebar/conversation-list.tsx';
import { ListEdge } from '../sidebar/list-edge.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { ConnectionStatus } from './connection-status.tsx';
import { ComputerNotice } from './notices.tsx';

const NO_ROWS: readonly ConversationRow[] = [];

/** Not drawn again with each message of the conversation that is open. */
export const Sidebar = memo(function Sidebar(props: {
  account: AccountSummary;
  open: Address | null;
  onInvite: () => void;
}) {
  const { account, open } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const count = useKnown(({ conversations }) => conversations[account.account]?.length ?? null);
  const searching = useStore(store.finder.state, (state) => state.account === account.account);
  return (
    <nav className="sidebar" aria-label={say('sidebar.label')}>
      <header className="sidebar-head">
        <AccountMenu account={account}>
          <Avatar id={account.user} name={account.name} account={account.account} />
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
      {searching ? (
        <SearchDoor
          account={account.account}
          meanwhile={<p className="sidebar-empty">{say('search.asking')}</p>}
        />
      ) : !count ? (
        <p className="sidebar-empty">
          {!account.fault && say(count === null ? 'sidebar.loading' : 'sidebar.empty')}
        </p>
      ) : (
        <Conversations account={account} open={open} />
      )}
      <footer className="sidebar-foot">
        <ComputerNotice />
        <OutboxButton />
        <button type="button" className="button wide" data-testid="invitation-open" onClick={props.onInvite}>
          <UserPlus size={16} aria-hidden="true" />
          {say('sidebar.invite')}
        </button>
      </footer>
      <ListEdge />
    </nav>
  );
});

/** The list with its filters; the archive stands behind a door of its own. */
function Conversations({ account, open }: { account: AccountSummary; open: Address | null }) {
  const rows = useKnown(({ conversations }) => conversations[account.account]) ?? NO_ROWS;
  const store = useMatchbook();
  const { conversations, finder } = store;
  const { say } = useWords();
  const { filter, archive, kept } = useStore(conversations.view);
  const shown = useMemo(() => listed(rows, { filter, archive, kept }), [rows, filter, archive, kept]);
  const archived = useMemo(() => rows.filter(isArchived), [rows]);
  const unread = archived.filter((row) => row.unread > 0).length;
  return (
    <>
      <button
        type="button"
        className="search-open"
        id="search-open"
        data-testid="search-open"
        aria-keyshortcuts={keysForReaders('searchEverywhere')}
        onClick={() => finder.open(account.account, null)}
      >
        <Search size={15} aria-hidden="true" />
        <span>{say('search.everywhere')}</span>
        <kbd>{keysText('searchEverywhere')}</kbd>
      </button>
      {archive ? (
        <button
          type="button"
          className="archive-door"
          data-testid="archive-close"
          onClick={() => turnToArchive(store, false)}
        >
          <ArrowLeft size={16} className="turns" aria-hidden="true" />
          {say('sidebar.archived')}
        </button>
      ) : (
        <fieldset className="filters" aria-label={say('filter.label')}>
          {FILTERS.map((one) => (
            <button
              key={one}
              type="button"
              className="filter"
              data-testid={`filter-${one}`}
              aria-pressed={filter === one}
              onClick={() => conversations.filter(one)}
            >
              {say(`filter.${one}`)}
            </button>
          ))}
        </fieldset>
      )}
      {shown.length === 0 ? (
        <p className="sidebar-empty" data-testid="sidebar-empty">
          {say(archive ? 'sidebar.noArchived' : `filter.none.${filter}`)}
        </p>
      ) : (
        <ConversationList rows={shown} user={account.user} open={open} />
      )}
      {!archive && archived.length > 0 && (
        <button
          type="button"
          className="archive-door"
          data-testid="archive-open"
          onClick={() => turnToArchive(store, true)}
        >
          <Archive size={16} aria-hidden="true" />
          {say('sidebar.archivedCount', { count: archived.length })}
          {unread > 0 && <span className="unread unread-muted">{unread}</span>}
        </button>
      )}
    </>
  );
}
