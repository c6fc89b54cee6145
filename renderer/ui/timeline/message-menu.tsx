import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { formatMessageLink } from '@matchbook/protocol/message-link';
import { BellRing, Copy, EyeOff, Info, Link2, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import type { Address } from '../../store/state.ts';
import { Confirm } from '../base/dialog.tsx';
import { MenuItem, MenuSeparator } from '../base/menu.tsx';
import { PassportDialog } from '../passport/passport-dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import { useRowHost } from './row-host.ts';
import { wanted } from './wanted.ts';

/** The reactions that are one click away. */
const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const;

/** What can be done about a message that the log has, or may have. */
export function MessageMenu(props: {
  address: Address;
  row: TimelineRow;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  /** The menu around the items. */
  frame: (items: ReactNode) => ReactNode;
}) {
  const { address, row, user, nameOf, frame } = props;
  const store = useMatchbook();
  const host = useRowHost();
  const { say } = useWords();
  const [asking, setAsking] = useState<'all' | 'me' | null>(null);
  const [details, setDetails] = useState(false);
  const { n } = row;
  const now = wanted(row, user);
  const text = row.kind === 'message' ? (saidIn(now.body)?.text ?? null) : null;
  const mine = new Set(now.reactions.filter(({ by }) => by.includes(user)).map(({ emoji }) => emoji));
  const there = row.kind === 'message' && !now.deleted;
  return (
    <>
      {frame(
        <>
          {there && (
            <div className="menu-reactions">
              {REACTIONS.map((emoji) => (
                <MenuItem
                  key={emoji}
                  testId={`react-${emoji}`}
                  onSelect={() => void store.react(address, row, emoji, !mine.has(emoji))}
                >
                  <span role="img" aria-label={say('message.react', { emoji })}>
                    {emoji}
                  </span>
                </MenuItem>
              ))}
            </div>
          )}
          {there && text !== null && text !== '' && (
            <MenuItem icon={<Copy size={15} />} testId="message-copy" onSelect={() => void store.copy(text)}>
              {say('message.copy')}
            </MenuItem>
          )}
          {n !== null && (
            <MenuItem
              icon={<Link2 size={15} />}
              testId="message-link"
              onSelect={() => void store.copy(formatMessageLink({ conv: address.conv, n }))}
            >
              {say('message.copyLink')}
            </MenuItem>
          )}
          {row.own && there && text !== null && (
            <MenuItem icon={<Pencil size={15} />} testId="message-edit" onSelect={() => host.edit(row.key)}>
              {say('message.edit')}
            </MenuItem>
          )}
          {n !== null && !row.own && row.kind === 'message' && (
            <MenuItem
              icon={<BellRing size={15} />}
              testId="why-notification"
              onSelect={() => store.preferences.ask({ address, n })}
            >
              {say('row.why')}
            </MenuItem>
          )}
          {row.kind === 'message' && (
            <MenuItem icon={<Info size={15} />} testId="message-details" onSelect={() => setDetails(true)}>
              {say('passport.open')}
            </MenuItem>
          )}
          <MenuSeparator />
          {n !== null && (
            <MenuItem icon={<EyeOff size={15} />} testId="message-hide" onSelect={() => setAsking('me')}>
              {say('message.hide')}
            </MenuItem>
          )}
          {row.own && there && (
            <MenuItem
              icon={<Trash2 size={15} />}
              dangerous
              testId="message-delete"
              onSelect={() => setAsking('all')}
            >
              {say('message.delete')}
            </MenuItem>
          )}
        </>,
      )}
      {details && (
        <PassportDialog
          address={address}
          target={row.own ? { id: row.id } : n!}
          nameOf={nameOf}
          onClose={() => setDetails(false)}
        />
      )}
      <Confirm
        open={asking === 'all'}
        title={say('message.deleteTitle')}
        description={say('message.deleteLead')}
        action={say('message.delete')}
        dangerous
        testId="confirm-delete"
        onCancel={() => setAsking(null)}
        onConfirm={() => {
          setAsking(null);
          void store.removeMessage(address, row);
        }}
      />
      <Confirm
        open={asking === 'me'}
        title={say('message.hideTitle')}
        description={say('message.hideLead')}
        action={say('message.hide')}
        testId="confirm-hide"
        onCancel={() => setAsking(null)}
        onConfirm={() => {
          setAsking(null);
          if (n !== null) void store.hideMessage(address, n);
        }}
      />
    </>
  );
}
