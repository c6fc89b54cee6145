import type { ConversationRow as Row } from '@matchbook/protocol/bridge/views';
import { AtSign, BellOff, Pin } from 'lucide-react';
import { memo, useEffect } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { mutedUntil, pinnedAt } from '../../store/conversation-order.ts';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { usePeople } from '../people/use-people.ts';
import { firstWord, otherName } from '../people.ts';
import { DeliveryIcon } from '../timeline/delivery-mark.tsx';
import { useMatchbook } from '../use-store.ts';
import { useTimeUntil } from '../use-time-until.ts';
import { useToday } from '../use-today.ts';
import { previewWords } from './preview-words.ts';
import { typingWords, writers } from './typing-words.ts';

const MANY = 999;

/** One conversation of the list. Rows that say the same are the same object: only what changed is drawn anew. */
export const ConversationRow = memo(function ConversationRow(props: {
  row: Row;
  user: string;
  current: boolean;
}) {
  const { row, user, current } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say, short } = words;
  // What was said today has a time, and a day from tomorrow on.
  useToday();
  const other =
    row.form === 'direct' && !row.self ? row.members.find((one) => one.user !== user)?.user : null;
  const presence = usePeople((state) => (other ? state.presences[row.account]?.users.get(other) : undefined));
  const name = row.self ? say('app.selfTitle') : (otherName(row, user, say) ?? say('app.someone'));
  const address = { account: row.account, conv: row.conv };
  const muted = mutedUntil(row) > useTimeUntil(mutedUntil(row));
  const pinned = pinnedAt(row) > 0;
  const marked = pinned || row.mentions > 0 || row.unread > 0;
  return (
    <button
      type="button"
      className={marked ? 'conversation' : 'conversation conversation-unmarked'}
      data-testid="conversation-row"
      data-conv={row.conv}
      data-pinned={pinned ? pinnedAt(row) : undefined}
      draggable={pinned}
      aria-current={current ? 'true' : undefined}
      onClick={() => store.navigation.open(address)}
      onDoubleClick={() => void store.navigation.openWindow(address)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void store.navigation.openWindow(address);
      }}
    >
      <span className="conversation-face">
        <ConversationAvatar row={row} user={user} />
        {presence && (
          <span className="presence-dot" data-state={presence}>
            <span className="only-read">{say(`presence.${presence}`)}</span>
          </span>
        )}
      </span>
      <span className="conversation-title">
        <bdi>{name}</bdi>
        {muted && (
          <>
            <BellOff size={12} aria-hidden="true" />
            <span className="only-read">{say('sidebar.muted')}</span>
          </>
        )}
      </span>
      {/* Of the last message: where there is none, nothing happened at any time. */}
      {row.preview && (
        <time className="conversation-time" dateTime={new Date(row.time).toISOString()}>
          {short(row.time, Date.now())}
        </time>
      )}
      <Preview row={row} user={user} current={current} />
      <span className="conversation-marks">
        {pinned && (
          <>
            <Pin size={12} aria-hidden="true" />
            <span className="only-read">{say('sidebar.pinned')}</span>
          </>
        )}
        {row.mentions > 0 && (
          <span
            className="unread mentions"
            data-testid="mentions"
            title={say('sidebar.mentions', { count: row.mentions })}
          >
            <AtSign size={11} aria-hidden="true" />
            <span aria-hidden="true">{row.mentions > 1 ? row.mentions : ''}</span>
            <span className="only-read">{say('sidebar.mentions', { count: row.mentions })}</span>
          </span>
        )}
        {row.unread > 0 && row.marked && (
          <span className={muted ? 'unread-dot unread-muted' : 'unread-dot'} data-testid="unread-dot">
            <span className="only-read">{say('sidebar.markedUnread')}</span>
          </span>
        )}
        {row.unread > 0 && !row.marked && (
          <span
            className={muted ? 'unread unread-muted' : 'unread'}
            title={say('sidebar.unread', { count: row.unread })}
          >
            <span aria-hidden="true">{row.unread > MANY ? `${MANY}+` : row.unread}</span>
            <span className="only-read">{say('sidebar.unread', { count: row.unread })}</span>
          </span>
        )}
      </span>
    </button>
  );
});

function Preview({ row, user, current }: { row: Row; user: string; current: boolean }) {
  const words = useWords();
  const { say } = words;
  const typing = usePeople((state) => state.presences[row.account]?.typing.get(row.conv));
  const people = usePeople((state) => state.known[row.account]);
  const { preview } = row;
  const found = (one: string) =>
    row.members.find((member) => member.user === one)?.name ?? people?.get(one)?.name ?? null;
  const nameOf = (one: string) => found(one) ?? say('app.someone');
  const book = useMatchbook().people;
  const unnamed =
    row.form === 'group' && preview && !preview.own && found(preview.sender) === null ? preview.sender : null;
  // Who said it may have left, and is among those whom one knows: asked for once.
  useEffect(() => {
    if (unnamed !== null) book.show(row.account)();
  }, [unnamed, book, row.account]);
  const writing = writers(typing, row, user);
  if (writing.length > 0)
    return (
      <span className="conversation-preview">
        <em data-testid="row-typing">{typingWords(writing.map(nameOf), row.form === 'direct', words)}</em>
      </span>
    );
  // Where it is open it stands in the composer.
  if (row.draft !== null && !current)
    return (
      <span className="conversation-preview" data-testid="row-draft">
        <em>{say('sidebar.draft')}</em>
        <span>
          <bdi>{row.draft}</bdi>
        </span>
      </span>
    );
  const text = preview && previewWords(preview, words);
  return (
    <span className="conversation-preview">
      {preview?.own && preview.delivery && !row.self ? <DeliveryIcon delivery={preview.delivery} /> : null}
      <span>
        {preview && text !== null ? (
          <>
            {preview.own && !row.self ? (
              <span className="preview-lead">{before(say('sidebar.own', { text: MARK }))}</span>
            ) : row.form === 'group' ? (
              <span className="preview-lead">
                {before(say('sidebar.by', { name: firstWord(nameOf(preview.sender)), text: MARK }))}
              </span>
            ) : null}
            <bdi>{text}</bdi>
          </>
        ) : (
          <bdi>{say('sidebar.noMessages')}</bdi>
        )}
      </span>
    </span>
  );
}

/** Stands where the text would: what was said is cut off at its own end, whatever its direction, and so is apart from who said it. */
const MARK = '\u2063';
const before = (sentence: string): string => sentence.split(MARK)[0] ?? '';
