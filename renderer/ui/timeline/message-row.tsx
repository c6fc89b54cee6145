import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { isVisible } from '@matchbook/protocol/text';
import { Bookmark, CornerUpLeft, Forward, MoreHorizontal, Pin, SmilePlus } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import { namedBy } from '../../store/mentions.ts';
import type { Address } from '../../store/state.ts';
import type { TalkState } from '../../store/talk.ts';
import { Avatar } from '../avatar.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { hueOf } from '../people.ts';
import { QuoteView } from '../talk/quote.tsx';
import { useMatchbook } from '../use-store.ts';
import { Answers } from './answers.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { Content, Edited } from './message-content.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageTime } from './message-time.tsx';
import { Reactions } from './reactions.tsx';
import { useRowHost } from './row-host.ts';
import { isUnsent } from './unsent.ts';
import { UnsentActions } from './unsent-actions.tsx';
import { wanted } from './wanted.ts';

/** Of a text, so much is looked at for the name of its menu. */
const LABEL = 200;

/** What in a row has a click of its own. */
const WITH_CLICK = 'a, button, input, textarea, audio, video, [role="slider"], [role="menuitem"]';

/** One message: sender, text, time, in the order they are read. */
export const MessageRow = memo(function MessageRow(props: {
  address: Address;
  row: TimelineRow;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  first: boolean;
  last: boolean;
  /** Somebody was led here. */
  lit: boolean;
}) {
  const { address, row, user, nameOf, first, last, lit } = props;
  const { say, failure } = useWords();
  const host = useRowHost();
  const now = useMemo(() => wanted(row, user), [row, user]);
  const sender = row.own ? say('app.you') : nameOf(row.sender);
  const said = useMemo(() => (row.kind === 'message' ? saidIn(now.body) : null), [row.kind, now.body]);
  const store = useMatchbook();
  /** The pointer or the focus was here: until then a row is as light as what is written in it. */
  const [near, setNear] = useState(false);
  const part = useStore(store.talk.state, (state) => partOf(state, row.key));
  const editing = part === 'edited' && row.own && said !== null && host.member;
  const chosen = part === 'chosen';
  const choosable = (chosen || part === 'choosable') && row.kind === 'message' && !now.deleted;
  // Its place is among the others, though there is nothing to choose.
  const beside = !choosable && part === 'choosable';
  const written = plainText((said?.text ?? '').slice(0, LABEL)).slice(0, 40);
  const called =
    written ||
    (said?.files ?? [])
      .map(({ name }) => name)
      .join(', ')
      .slice(0, 40);
  const label = `${sender}: ${row.kind === 'message' && now.deleted ? say('quote.deleted') : called}`;
  const named = useMemo(
    () =>
      said && said.mentions.length + said.audiences.length > 0
        ? { own: user, people: namedBy(said, nameOf) }
        : undefined,
    [said, user, nameOf],
  );
  // Until it was tried the outbox's own actions stand here: nothing is queued behind what can still be changed.
  const settled = row.n !== null || row.frozen;
  const hasMenu =
    settled && row.delivery !== 'failed' && !editing && (row.kind === 'message' || row.n !== null);
  // Its actions stand in the row already: no button for them, but a menu where one looks for one.
  const menu = hasMenu || (isUnsent(row) && row.kind === 'message' && !editing);
  const onKeyDown = (event: KeyboardEvent) => {
    // Of the row itself, not of what is in it.
    const { target, currentTarget } = event;
    if (target !== currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === 'r' && hasMenu && said !== null && host.member) {
      event.preventDefault();
      store.sending.answer(address, row);
      focusComposer();
    } else if (event.key === ' ' && choosable) {
      event.preventDefault();
      choose(!chosen, event);
    } else if (event.key === 'Enter' && menu && currentTarget instanceof HTMLElement) {
      event.preventDefault();
      // At what was said, on whichever side it stands; the focus comes back to the row.
      host.openMenu(row, currentTarget.querySelector('.bubble') ?? currentTarget, 'all', currentTarget);
    }
  };
  const onContextMenu = (event: MouseEvent) => {
    const { target, clientX, clientY } = event;
    // A selection and a link have menus of their own.
    if (
      !menu ||
      String(getSelection()) !== '' ||
      (target instanceof Element && target.closest('a, input, textarea'))
    )
      return;
    event.preventDefault();
    host.openMenu(row, { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) });
  };
  const choose = (on: boolean, by: { shiftKey?: boolean } | object) => {
    if (on && 'shiftKey' in by && by.shiftKey) store.talk.chooseUpTo(row, store.reading.answerable());
    else store.talk.choose(row, on);
  };
  const faced = host.group && !row.own;
  const foot = (
    <span className="meta">
      {now.pinned && !now.deleted && (
        <Pin size={12} role="img" aria-label={say('message.pinned')} data-testid="pinned" />
      )}
      {now.saved && !now.deleted && (
        <Bookmark size={12} role="img" aria-label={say('message.saved')} data-testid="saved" />
      )}
      {now.edited && !now.deleted && <Edited earlier={now.earlier} />}
      <MessageTime at={row.time} />
      {row.own && <DeliveryMark row={row} />}
    </span>
  );
  return (
    <article
      className={`message${row.own ? ' own' : ''}${faced ? ' faced' : ''}${first ? ' first' : ''}${last ? ' last' : ''}${lit ? ' lit' : ''}${choosable ? ' choosable' : ''}${beside ? ' beside' : ''}${chosen ? ' chosen' : ''}`}
      tabIndex={-1}
      onContextMenu={onContextMenu}
      // Shift chooses messages then, and no text.
      onMouseDown={(event) => choosable && event.shiftKey && event.preventDefault()}
      onClick={(event) => {
        // While one chooses, the whole row is what is chosen; what stands in it does what it does.
        if (!choosable || event.defaultPrevented || String(getSelection()) !== '') return;
        if (event.target instanceof Element && event.target.closest(WITH_CLICK)) return;
        choose(!chosen, event);
      }}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setNear(true)}
      onFocus={() => setNear(true)}
      data-testid="message-row"
      data-message-id={row.id}
      data-delivery={row.delivery ?? undefined}
      data-save={row.save ?? undefined}
      data-own={row.own}
    >
      {choosable && (
        <input
          type="checkbox"
          className="choose"
          data-testid="choose"
          aria-label={say('message.chosen', { label })}
          checked={chosen}
          onChange={({ target, nativeEvent }) => choose(target.checked, nativeEvent)}
        />
      )}
      <div className="said">
        <div className="bubble">
          {faced && first ? (
            // By the keyboard it is in the message's menu: a stop at every name would be in the way.
            <button
              type="button"
              className="sender sender-button"
              tabIndex={-1}
              data-testid="sender"
              style={{ ['--hue' as string]: hueOf(row.sender) }}
              onClick={() => store.panels.card({ account: address.account, user: row.sender })}
            >
              <bdi>{sender}</bdi>
            </button>
          ) : (
            <span className="only-read">{sender}</span>
          )}
          {said?.forwarded && (
            <p className="forwarded" data-testid="forwarded">
              <Forward size={13} aria-hidden="true" />
              {isVisible(said.forwarded.by)
                ? say('message.forwarded', { name: said.forwarded.by })
                : say('message.forwardedOn')}
            </p>
          )}
          {row.quote && !now.deleted && (
            <QuoteView
              quote={row.quote}
              name={row.quote.sender === user ? say('app.you') : nameOf(row.quote.sender)}
              onOpen={host.leadTo}
            />
          )}
          {editing ? (
            <>
              <MessageEditor
                address={address}
                row={row}
                text={said.text}
                group={host.group}
                onDone={() => {
                  store.talk.edit(null);
                  focusComposer();
                }}
                onGiveUp={(text) => {
                  store.talk.giveUp(row, text);
                  focusComposer();
                }}
              />
              {foot}
            </>
          ) : (
            <Content {...{ address, row, now, said, named, nameOf, foot, lit }} />
          )}
        </div>
        {faced && last && (
          // A way for the pointer: by the keyboard it is in the message's menu.
          <button
            type="button"
            className="face"
            tabIndex={-1}
            aria-hidden="true"
            onClick={() => store.panels.card({ account: address.account, user: row.sender })}
          >
            <Avatar id={row.sender} name={sender} account={address.account} />
          </button>
        )}
        {row.own && row.delivery !== 'failed' && <UnsentActions {...props} />}
        {hasMenu && (
          <div className="message-menu">
            {near && said !== null && !now.deleted && host.member && (
              // By the keyboard they are in the menu, and R answers: stops at every message would be in the way.
              <>
                <button
                  type="button"
                  className="button icon quiet small"
                  tabIndex={-1}
                  data-testid="message-react"
                  aria-haspopup="menu"
                  aria-label={say('message.reactTo', { label })}
                  title={say('emoji.react')}
                  onClick={(event) => host.openMenu(row, event.currentTarget, 'reactions')}
                >
                  <SmilePlus size={16} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  className="button icon quiet small"
                  tabIndex={-1}
                  data-testid="message-answer"
                  aria-label={say('message.replyTo', { label })}
                  title={`${say('message.reply')} (R)`}
                  onClick={() => {
                    store.sending.answer(address, row);
                    focusComposer();
                  }}
                >
                  <CornerUpLeft size={16} className="turns" aria-hidden="true" />
                </button>
              </>
            )}
            <button
              type="button"
              className="button icon quiet small"
              data-testid="message-menu"
              aria-haspopup="menu"
              aria-label={say('message.menu', { label })}
              onClick={(event) => host.openMenu(row, event.currentTarget)}
            >
              {near && <MoreHorizontal size={16} aria-hidden="true" />}
            </button>
          </div>
        )}
      </div>
      {!now.deleted && now.reactions.length > 0 && (
        <Reactions address={address} row={row} reactions={now.reactions} user={user} nameOf={nameOf} />
      )}
      {row.answers && <Answers row={row} />}
      {row.own && row.failure && (
        <p className={row.delivery === 'failed' ? 'message-why error' : 'message-why'}>
          {failure(row.failure)}
        </p>
      )}
      {row.delivery === 'failed' && <UnsentActions {...props} />}
    </article>
  );
});

/** The part of one row in what is done with messages: asked in one question, there are many rows. One edits, or chooses. */
function partOf({ editing, selecting }: TalkState, key: string): 'edited' | 'chosen' | 'choosable' | null {
  if (editing === key) return 'edited';
  if (selecting === null) return null;
  return selecting.has(key) ? 'chosen' : 'choosable';
}
