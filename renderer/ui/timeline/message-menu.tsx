import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { formatMessageLink } from '@matchbook/protocol/message-link';
import {
  BellRing,
  Bookmark,
  Copy,
  CornerUpLeft,
  EyeOff,
  Flag,
  Forward,
  Info,
  Link2,
  Mail,
  MessagesSquare,
  Pencil,
  Pin,
  SmilePlus,
  SquareCheck,
  Trash2,
  UserRound,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import type { Address } from '../../store/state.ts';
import { Confirm, Dialog } from '../base/dialog.tsx';
import { MenuItem, MenuSeparator } from '../base/menu.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { SaveItems } from '../files/save-items.tsx';
import { PassportDoor } from '../passport/passport-door.tsx';
import { useMatchbook } from '../use-store.ts';
import { type MenuPart, useMembership, useStewardship } from './row-host.ts';
import { isUnsent } from './unsent.ts';
import { UnsentMenu } from './unsent-menu.tsx';
import { wanted } from './wanted.ts';

const EmojiPicker = lazy(() => import('../emoji/emoji-picker.tsx'));

/** The reactions that are one click away. */
const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const;

/** What can be done about a message: one that the log has, or may have, or one that has not gone out. */
export function MessageMenu(props: {
  address: Address;
  row: TimelineRow;
  part: MenuPart;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  /** Who gets the focus when the menu closes, in the place of what opened it. */
  focusAfter: (element: HTMLElement | null) => void;
  /** The menu around the items. */
  frame: (items: ReactNode) => ReactNode;
}) {
  const { address, row, part, user, nameOf, focusAfter, frame } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const [asking, setAsking] = useState(false);
  const [details, setDetails] = useState(false);
  const [picking, setPicking] = useState(false);
  const { n } = row;
  const now = wanted(row, user);
  const text = row.kind === 'message' ? (saidIn(now.body)?.text ?? null) : null;
  const mine = new Set(now.reactions.filter(({ by }) => by.includes(user)).map(({ emoji }) => emoji));
  const there = row.kind === 'message' && !now.deleted;
  // Whoever has left reads, keeps and passes on, and changes nothing.
  const changeable = useMembership() && there;
  const steward = useStewardship();
  return (
    <>
      {frame(
        isUnsent(row) ? (
          <UnsentMenu {...{ address, row, text, focusAfter }} onDetails={() => setDetails(true)} />
        ) : (
          <>
            {changeable && (
              <div className="menu-reactions">
                {REACTIONS.map((emoji) => (
                  <MenuItem
                    key={emoji}
                    testId={`react-${emoji}`}
                    onSelect={() => void store.messages.react(address, row, emoji, !mine.has(emoji))}
                  >
                    <span role="img" aria-label={say('message.react', { emoji })}>
                      {emoji}
                    </span>
                  </MenuItem>
                ))}
              </div>
            )}
            {changeable && (
              <MenuItem icon={<SmilePlus size={15} />} testId="react-more" onSelect={() => setPicking(true)}>
                {say('emoji.more')}
              </MenuItem>
            )}
            {part === 'all' && (
              <>
                {changeable && (
                  <MenuItem
                    icon={<CornerUpLeft size={15} className="turns" />}
                    shortcut="R"
                    testId="message-reply"
                    onSelect={() => {
                      store.sending.answer(address, row);
                      focusAfter(document.getElementById(COMPOSER_ID));
                    }}
                  >
                    {say('message.reply')}
                  </MenuItem>
                )}
                {n !== null && (row.answers !== undefined || (there && row.replyTo !== undefined)) && (
                  <MenuItem
                    icon={<MessagesSquare size={15} />}
                    testId="message-thread"
                    onSelect={() => store.talk.show({ kind: 'thread', n })}
                  >
                    {say('message.thread')}
                  </MenuItem>
                )}
                {there && (
                  <MenuItem
                    icon={<Forward size={15} />}
                    testId="message-forward"
                    onSelect={() => store.talk.forward([row])}
                  >
                    {say('message.forward')}
                  </MenuItem>
                )}
                {there && text !== null && text !== '' && (
                  <MenuItem
                    icon={<Copy size={15} />}
                    testId="message-copy"
                    onSelect={() => void store.copy(text)}
                  >
                    {say('message.copy')}
                  </MenuItem>
                )}
                {there && <SaveItems account={address.account} body={now.body} />}
                {n !== null && (
                  <MenuItem
                    icon={<Link2 size={15} />}
                    testId="message-link"
                    onSelect={() => void store.copy(formatMessageLink({ conv: address.conv, n }))}
                  >
                    {say('message.copyLink')}
                  </MenuItem>
                )}
                {row.own && changeable && text !== null && (
                  <MenuItem
                    icon={<Pencil size={15} />}
                    testId="message-edit"
                    onSelect={() => {
                      focusAfter(null);
                      store.talk.edit(row.key);
                    }}
                  >
                    {say('message.edit')}
                  </MenuItem>
                )}
                {n !== null && changeable && (
                  <MenuItem
                    icon={<Pin size={15} />}
                    testId="message-pin"
                    onSelect={() => void store.told(store.talk.pin(address, row, !now.pinned))}
                  >
                    {say(now.pinned ? 'message.unpin' : 'message.pin')}
                  </MenuItem>
                )}
                {n !== null && there && (
                  <MenuItem
                    icon={<Bookmark size={15} />}
                    testId="message-save"
                    onSelect={() => void store.told(store.talk.keep(address, n, !now.saved))}
                  >
                    {say(now.saved ? 'message.letGo' : 'message.keepIt')}
                  </MenuItem>
                )}
                {there && (
                  <MenuItem
                    icon={<SquareCheck size={15} />}
                    testId="message-select"
                    onSelect={() => store.talk.choose(row, true)}
                  >
                    {say('message.select')}
                  </MenuItem>
                )}
                {n !== null && (
                  <MenuItem
                    icon={<Mail size={15} />}
                    testId="message-unread"
                    onSelect={() => void store.reading.markUnread(address, n)}
                  >
                    {say('message.unreadFrom')}
                  </MenuItem>
                )}
                {!row.own && row.sender !== '' && (
                  <MenuItem
                    icon={<UserRound size={15} />}
                    testId="message-sender"
                    onSelect={() => store.panels.card({ account: address.account, user: row.sender })}
                  >
                    {say('card.label', { name: nameOf(row.sender) })}
                  </MenuItem>
                )}
                {n !== null && !row.own && there && (
                  <MenuItem
                    icon={<Flag size={15} />}
                    testId="message-report"
                    onSelect={() => store.panels.open({ kind: 'report', address, n, user: row.sender })}
                  >
                    {say('report.menu')}
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
                  <MenuItem
                    icon={<Info size={15} />}
                    testId="message-details"
                    onSelect={() => setDetails(true)}
                  >
                    {say('passport.open')}
                  </MenuItem>
                )}
                <MenuSeparator />
                {n !== null && (
                  <MenuItem
                    icon={<EyeOff size={15} />}
                    testId="message-hide"
                    onSelect={() => {
                      // Its row goes.
                      focusAfter(document.getElementById(COMPOSER_ID));
                      void store.messages.hide(address, [n]);
                    }}
                  >
                    {say('message.hide')}
                  </MenuItem>
                )}
                {changeable && (row.own || (steward && n !== null)) && (
                  <MenuItem
                    icon={<Trash2 size={15} />}
                    dangerous
                    testId="message-delete"
                    onSelect={() => setAsking(true)}
                  >
                    {say('message.delete')}
                  </MenuItem>
                )}
              </>
            )}
          </>
        ),
      )}
      {picking && (
        <Dialog open onClose={() => setPicking(false)} title={say('emoji.react')} testId="react-dialog">
          <Suspense fallback={<p className="fine appears-late">{say('shelf.loading')}</p>}>
            <EmojiPicker
              onPick={(emoji) => {
                setPicking(false);
                void store.messages.react(address, row, emoji, !mine.has(emoji));
              }}
            />
          </Suspense>
        </Dialog>
      )}
      {details && (
        <PassportDoor
          address={address}
          target={row.own ? { id: row.id } : n!}
          nameOf={nameOf}
          onClose={() => setDetails(false)}
        />
      )}
      <Confirm
        open={asking}
        title={say('message.deleteTitle')}
        description={say('message.deleteLead')}
        action={say('message.delete')}
        dangerous
        testId="confirm-delete"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void store.messages.remove(address, row);
        }}
      />
    </>
  );
}
