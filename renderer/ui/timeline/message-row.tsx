import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { shownText } from '@matchbook/protocol/shown-text';
import { memo, useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { writtenText } from '../../store/message-actions.ts';
import type { Address } from '../../store/state.ts';
import { Popover } from '../base/popover.tsx';
import { PassportDialog } from '../passport/passport-dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import { DeliveryMark } from './delivery-mark.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageMenu } from './message-menu.tsx';
import { MessageText } from './message-text.tsx';
import { Reactions } from './reactions.tsx';
import { type Wanted, wanted } from './wanted.ts';

/** One message: sender, text, time, in the order they are read. */
export const MessageRow = memo(function MessageRow(props: {
  address: Address;
  row: TimelineRow;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  first: boolean;
  last: boolean;
}) {
  const { address, row, user, nameOf, first, last } = props;
  const { say, time, moment, failure } = useWords();
  const [editing, setEditing] = useState(false);
  const now = useMemo(() => wanted(row, user), [row, user]);
  const sender = row.own ? say('app.you') : nameOf(row.sender);
  const text = row.kind === 'message' && now.body ? shownText(now.body) : null;
  const written = row.own && row.kind === 'message' ? writtenText(now.body) : null;
  // Until it was tried the outbox's own actions stand here: nothing is queued behind what can still be changed.
  const settled = row.n !== null || row.frozen;
  return (
    <article
      className={`message${row.own ? ' own' : ''}${first ? ' first' : ''}${last ? ' last' : ''}`}
      data-testid="message-row"
      data-message-id={row.id}
      data-delivery={row.delivery ?? undefined}
      data-save={row.save ?? undefined}
      data-own={row.own}
    >
      <div className="said">
        <div className="bubble">
          <span className="only-read">{sender}</span>
          {editing && written !== null ? (
            <MessageEditor address={address} row={row} text={written} onDone={() => setEditing(false)} />
          ) : (
            <Content row={row} now={now} text={text} />
          )}
          <span className="meta">
            {now.edited && !now.deleted && <Edited earlier={now.earlier} />}
            <time dateTime={new Date(row.time).toISOString()} title={moment(row.time)}>
              {time(row.time)}
            </time>
            {row.own && <DeliveryMark row={row} />}
          </span>
        </div>
        {row.own && row.delivery !== 'failed' && <Actions {...props} />}
        {settled && row.delivery !== 'failed' && !editing && (row.kind === 'message' || row.n !== null) && (
          <MessageMenu
            address={address}
            row={row}
            label={`${sender}: ${(text ?? '').slice(0, 40)}`}
            text={text}
            mine={mineOf(now, user)}
            onEdit={written === null ? null : () => setEditing(true)}
            nameOf={nameOf}
          />
        )}
      </div>
      {!now.deleted && (
        <Reactions address={address} row={row} reactions={now.reactions} user={user} nameOf={nameOf} />
      )}
      {row.own && row.failure && (
        <p className={row.delivery === 'failed' ? 'message-why error' : 'message-why'}>
          {failure(row.failure)}
        </p>
      )}
      {row.delivery === 'failed' && <Actions {...props} />}
    </article>
  );
});

const mineOf = ({ reactions }: Wanted, user: string): ReadonlySet<string> =>
  new Set(reactions.filter(({ by }) => by.includes(user)).map(({ emoji }) => emoji));

function Content({ row, now, text }: { row: TimelineRow; now: Wanted; text: string | null }) {
  const { say } = useWords();
  if (row.kind === 'message' && now.deleted) return <p className="placeholder">{say('timeline.erased')}</p>;
  if (text === null) return <p className="placeholder">{say('timeline.newer')}</p>;
  return <MessageText text={text} />;
}

/** That it once said something else, and what. */
function Edited({ earlier }: { earlier: Wanted['earlier'] }) {
  const { say, moment } = useWords();
  return (
    <Popover
      title={say('message.earlier')}
      trigger={
        <button type="button" className="edited" data-testid="edited">
          {say('message.edited')}
        </button>
      }
    >
      <ol className="earlier">
        {earlier.map(({ time, text }, i) => (
          <li key={i}>
            {time !== null && <time className="fine">{moment(time)}</time>}
            <p dir="auto">{text}</p>
          </li>
        ))}
      </ol>
    </Popover>
  );
}

/** What can be done about a message that has not gone out: all of it where it failed, taking it back while it was never tried. */
function Actions(props: { address: Address; row: TimelineRow; nameOf: (user: string) => string }) {
  const { address, row, nameOf } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const [details, setDetails] = useState(false);
  const failed = row.delivery === 'failed';
  if (!failed && (row.delivery !== 'queued' || row.frozen)) return null;
  return (
    <fieldset className={failed ? 'actions' : 'actions actions-quiet'} aria-label={say('row.actions')}>
      {failed && (
        <button type="button" className="button small" onClick={() => void store.retry(address, row)}>
          {say('row.retry')}
        </button>
      )}
      <button type="button" className="button small" onClick={() => void store.toDraft(address, row)}>
        {say('row.toDraft')}
      </button>
      <button type="button" className="button small" onClick={() => void store.discard(address, row)}>
        {say('row.discard')}
      </button>
      <button type="button" className="button small" onClick={() => setDetails(true)}>
        {say('passport.open')}
      </button>
      {details && (
        <PassportDialog
          address={address}
          target={{ id: row.id }}
          nameOf={nameOf}
          onClose={() => setDetails(false)}
        />
      )}
    </fieldset>
  );
}
