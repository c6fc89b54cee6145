/** What can be done with the conversation that is open, by the words of its menu. */
import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import {
  AppWindow,
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  CheckCheck,
  Info,
  LogOut,
  type LucideIcon,
  MailOpen,
  Pin,
  PinOff,
  Search,
} from 'lucide-react';
import type { WordId } from '../../i18n/english.ts';
import type { Words } from '../../i18n/words.tsx';
import { isArchived, mutedUntil, pinnedAt } from '../../store/conversation-order.ts';
import type { MatchbookStore } from '../../store/store.ts';
import { HOUR, tomorrowMorning } from '../notifications/pauses.ts';
import type { Goal } from './goal.ts';

/** @param title of it: the lines say of what they are */
export function openGoals(row: ConversationRow, title: string, { say }: Pick<Words, 'say'>): Goal[] {
  const address = { account: row.account, conv: row.conv };
  const goal = (id: string, word: WordId, Icon: LucideIcon, go: (store: MatchbookStore) => void): Goal => ({
    ...{ kind: 'action', key: `action/open-${id}`, name: say(word), note: title, go },
    picture: <Icon size={18} aria-hidden="true" />,
  });
  const mute = (id: string, word: WordId, until: (now: number) => number) =>
    goal(id, word, BellOff, (store) => void store.told(store.preferences.mute(address, until(Date.now()))));
  const [pinned, archived] = [pinnedAt(row) > 0, isArchived(row)];
  const goals = [
    goal('info', 'info.open', Info, (store) => store.panels.showInfo(address)),
    goal('search', 'search.here', Search, (store) => store.finder.open(row.account, row.conv)),
    goal(
      'archive',
      archived ? 'sidebar.unarchive' : 'sidebar.archive',
      archived ? ArchiveRestore : Archive,
      (store) => void store.told(store.conversations.archive(row, !archived)),
    ),
    goal('window', 'sidebar.window', AppWindow, (store) => void store.navigation.openWindow(address)),
  ];
  if (row.unread > 0)
    goals.push(
      goal(
        'read',
        'sidebar.markRead',
        CheckCheck,
        (store) => void store.told(store.conversations.markRead(row)),
      ),
    );
  else if (row.headN > 0)
    goals.push(
      goal(
        'unread',
        'sidebar.markUnread',
        MailOpen,
        (store) => void store.reading.markUnread(address, row.headN),
      ),
    );
  if (!archived)
    goals.push(
      goal(
        'pin',
        pinned ? 'sidebar.unpin' : 'sidebar.pin',
        pinned ? PinOff : Pin,
        (store) => void store.told(store.conversations.pin(row, pinned ? 0 : 'last')),
      ),
    );
  if (!row.self && mutedUntil(row) > Date.now())
    goals.push(
      goal('unmute', 'bell.unmute', Bell, (store) => void store.told(store.preferences.mute(address, 0))),
    );
  else if (!row.self)
    goals.push(
      mute('mute-hour', 'bell.muteHour', (now) => now + HOUR),
      mute('mute-morning', 'bell.muteMorning', tomorrowMorning),
      mute('mute-ever', 'bell.muteEver', () => FOREVER),
    );
  if (row.form === 'group' && row.member)
    goals.push(
      goal('leave', 'group.leave', LogOut, (store) => store.panels.open({ kind: 'leave', address })),
    );
  return goals;
}
