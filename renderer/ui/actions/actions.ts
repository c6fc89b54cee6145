/** What can be done from anywhere, as the quick switcher lists it. Another room adds its own by a line here. */
import type { ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import {
  Activity,
  Archive,
  Bookmark,
  CalendarClock,
  CheckCheck,
  FolderDown,
  Keyboard,
  LogOut,
  type LucideIcon,
  MessageSquarePlus,
  Plus,
  RotateCw,
  Search,
  Send,
  Settings,
  Smile,
  UserPlus,
  UsersRound,
} from 'lucide-react';
import type { WordId } from '../../i18n/english.ts';
import type { MatchbookStore } from '../../store/store.ts';
import { runShortcut } from '../keyboard/use-shortcut.ts';
import { turnToArchive } from '../sidebar/archive-door.ts';

export interface Action {
  id: string;
  title: WordId;
  icon: LucideIcon;
  /** What others call it, to be found by. */
  also?: WordId;
  shortcut?: ShortcutId;
  run: (store: MatchbookStore, account: string) => void;
}

const ACTIONS: readonly Action[] = [
  {
    id: 'new-conversation',
    title: 'new.conversation',
    icon: MessageSquarePlus,
    shortcut: 'newConversation',
    run: (store, account) => store.panels.open({ kind: 'new-conversation', account }),
  },
  {
    id: 'new-group',
    title: 'new.group',
    icon: UsersRound,
    run: (store, account) => store.panels.open({ kind: 'new-group', account }),
  },
  {
    id: 'invite',
    title: 'new.invite',
    also: 'actionAlso.invite',
    icon: UserPlus,
    run: (store, account) => store.panels.open({ kind: 'invite', account }),
  },
  {
    id: 'search',
    title: 'search.everywhere',
    icon: Search,
    shortcut: 'searchEverywhere',
    run: (store, account) => store.finder.open(account, null),
  },
  {
    id: 'status',
    title: 'status.set',
    also: 'actionAlso.status',
    icon: Smile,
    run: (store, account) => store.panels.open({ kind: 'status', account }),
  },
  {
    id: 'all-read',
    title: 'actions.allRead',
    icon: CheckCheck,
    run: (store, account) => store.panels.open({ kind: 'all-read', account }),
  },
  {
    id: 'archive',
    title: 'actions.archive',
    icon: Archive,
    run: (store) => turnToArchive(store, true),
  },
  {
    id: 'saved',
    title: 'shelf.saved',
    also: 'actionAlso.saved',
    icon: Bookmark,
    run: (store) => store.talk.show({ kind: 'saved' }),
  },
  {
    id: 'scheduled',
    title: 'shelf.scheduled',
    also: 'actionAlso.scheduled',
    icon: CalendarClock,
    run: (store) => store.talk.show({ kind: 'scheduled' }),
  },
  {
    id: 'outbox',
    title: 'outbox.title',
    also: 'actionAlso.outbox',
    icon: Send,
    shortcut: 'outbox',
    run: () => void runShortcut('outbox'),
  },
  {
    id: 'reconnect',
    title: 'status.reconnect',
    also: 'actionAlso.reconnect',
    icon: RotateCw,
    run: (store, account) => void store.accounts.reconnect(account),
  },
  {
    id: 'settings',
    title: 'settings.title',
    icon: Settings,
    shortcut: 'settings',
    run: (store) => store.preferences.show(true),
  },
  {
    id: 'shortcuts',
    title: 'keys.title',
    icon: Keyboard,
    shortcut: 'shortcuts',
    run: () => void runShortcut('shortcuts'),
  },
  {
    id: 'add-account',
    title: 'accounts.add',
    also: 'actionAlso.add-account',
    icon: Plus,
    run: (store) => store.navigation.addAccount(true),
  },
  {
    id: 'export',
    title: 'mydata.menu',
    also: 'actionAlso.export',
    icon: FolderDown,
    run: (store, account) => store.panels.open({ kind: 'export', account }),
  },
  {
    id: 'sign-out',
    title: 'signout.action',
    also: 'actionAlso.sign-out',
    icon: LogOut,
    run: (store, account) => store.panels.open({ kind: 'sign-out', account }),
  },
  { id: 'diagnostics', title: 'diag.open', icon: Activity, run: (store) => void store.showDiagnostics() },
];

export const allActions = (): readonly Action[] => ACTIONS;
