import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { BellRing, Copy, EyeOff, Info, MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { Confirm } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { PassportDialog } from '../passport/passport-dialog.tsx';
import { useMatchbook } from '../use-store.ts';

/** The reactions that are one click away. */
const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const;

/** What can be done about a message that the log has, or may have. */
export function MessageMenu(props: {
  address: Address;
  row: TimelineRow;
  /** Of which message, for who does not see it. */
  label: string;
  /** What can be read of it; null where it was deleted or needs a newer version. */
  text: string | null;
  /** One's own reactions that stand. */
  mine: ReadonlySet<string>;
  /** Null where it is nobody's to change. */
  onEdit: (() => void) | null;
  nameOf: (user: string) => string;
}) {
  const { address, row, label, text, mine, onEdit, nameOf } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const [asking, setAsking] = useState<'all' | 'me' | null>(null);
  const [details, setDetails] = useState(false);
  const { n } = row;
  return (
    <div className="message-menu">
      <Menu
        trigger={
          <button
            type="button"
            className="button icon quiet small"
            data-testid="message-menu"
            aria-label={say('message.menu', { label })}
          >
            <MoreHorizontal size={16} aria-hidden="true" />
          </button>
        }
      >
        {text !== null && (
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
        {text !== null && (
          <MenuItem icon={<Copy size={15} />} onSelect={() => void store.copy(text)}>
            {say('message.copy')}
          </MenuItem>
        )}
        {onEdit && (
          <MenuItem icon={<Pencil size={15} />} testId="message-edit" onSelect={onEdit}>
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
        {row.own && text !== null && (
          <MenuItem
            icon={<Trash2 size={15} />}
            dangerous
            testId="message-delete"
            onSelect={() => setAsking('all')}
          >
            {say('message.delete')}
          </MenuItem>
        )}
      </Menu>
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
    </div>
  );
}
