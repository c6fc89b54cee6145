import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import {
  AppWindow,
  Archive,
  ArchiveRestore,
  ArrowDown,
  ArrowUp,
  Bell,
  BellOff,
  CheckCheck,
  Info,
  LogOut,
  MailOpen,
  Pin,
  PinOff,
} from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { isArchived, mutedUntil, pinnedAt } from '../../store/conversation-order.ts';
import { MenuItem, MenuSeparator, Submenu } from '../base/menu.tsx';
import { keysText } from '../keyboard/keys.ts';
import { MuteItems } from '../notifications/mute-items.tsx';
import { useMatchbook } from '../use-store.ts';

/** What can be done with a conversation without opening it. */
export function ConversationMenu({ row, onLeave }: { row: ConversationRow; onLeave: () => void }) {
  const store = useMatchbook();
  const { say } = useWords();
  const address = { account: row.account, conv: row.conv };
  const [pinned, archived] = [pinnedAt(row), isArchived(row)];
  const muted = mutedUntil(row) > Date.now();
  return (
    <>
      {row.unread > 0 && (
        <MenuItem
          icon={<CheckCheck size={14} />}
          shortcut={keysText('toggleRead')}
          testId="mark-read"
          onSelect={() => void store.told(store.conversations.markRead(row))}
        >
          {say('sidebar.markRead')}
        </MenuItem>
      )}
      {row.unread === 0 && row.headN > 0 && (
        <MenuItem
          icon={<MailOpen size={14} />}
          shortcut={keysText('toggleRead')}
          testId="mark-unread"
          onSelect={() => void store.reading.markUnread(address, row.headN)}
        >
          {say('sidebar.markUnread')}
        </MenuItem>
      )}
      {!archived && (
        <MenuItem
          icon={pinned > 0 ? <PinOff size={14} /> : <Pin size={14} />}
          testId="pin"
          onSelect={() => void store.told(store.conversations.pin(row, pinned > 0 ? 0 : 'last'))}
        >
          {say(pinned > 0 ? 'sidebar.unpin' : 'sidebar.pin')}
        </MenuItem>
      )}
      {pinned > 0 && !archived && (
        <>
          <MenuItem
            icon={<ArrowUp size={14} />}
            disabled={pinned === 1}
            shortcut={keysText('pinUp')}
            testId="pin-up"
            onSelect={() => void store.told(store.conversations.pin(row, pinned - 1))}
          >
            {say('sidebar.pinUp')}
          </MenuItem>
          <MenuItem
            icon={<ArrowDown size={14} />}
            shortcut={keysText('pinDown')}
            testId="pin-down"
            onSelect={() => void store.told(store.conversations.pin(row, pinned + 1))}
          >
            {say('sidebar.pinDown')}
          </MenuItem>
        </>
      )}
      {!row.self && !muted && (
        <Submenu icon={<BellOff size={14} />} label={say('sidebar.mute')} testId="mute">
          <MuteItems onMute={(until) => void store.told(store.preferences.mute(address, until))} />
        </Submenu>
      )}
      {!row.self && muted && (
        <MenuItem
          icon={<Bell size={14} />}
          testId="unmute"
          onSelect={() => void store.told(store.preferences.mute(address, 0))}
        >
          {say('bell.unmute')}
        </MenuItem>
      )}
      <MenuItem
        icon={archived ? <ArchiveRestore size={14} /> : <Archive size={14} />}
        testId="archive"
        onSelect={() => void store.told(store.conversations.archive(row, !archived))}
      >
        {say(archived ? 'sidebar.unarchive' : 'sidebar.archive')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<Info size={14} />}
        testId="row-info"
        onSelect={() => {
          store.navigation.open(address);
          store.panels.showInfo(address);
        }}
      >
        {say('info.open')}
      </MenuItem>
      <MenuItem
        icon={<AppWindow size={14} />}
        shortcut={keysText('ownWindow')}
        testId="open-window"
        onSelect={() => void store.navigation.openWindow(address)}
      >
        {say('sidebar.window')}
      </MenuItem>
      {row.form === 'group' && row.member && (
        <>
          <MenuSeparator />
          <MenuItem icon={<LogOut size={14} />} dangerous testId="row-leave" onSelect={onLeave}>
            {say('group.leave')}
          </MenuItem>
        </>
      )}
    </>
  );
}
