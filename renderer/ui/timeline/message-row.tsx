import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { shownText } from '@matchbook/protocol/shown-text';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import { DeliveryMark } from './delivery-mark.tsx';
import { MessageText } from './message-text.tsx';

/** One message: sender, text, time, in the order they are read. */
export const MessageRow = memo(function MessageRow(props: {
  address: Address;
  row: TimelineRow;
  name: string;
  first: boolean;
  last: boolean;
}) {
  const { row, name, first, last } = props;
  const { say, time, moment, failure } = useWords();
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
          <span className="only-read">{row.own ? say('app.you') : name}</span>
          <Content row={row} />
          <span className="meta">
            <time dateTime={new Date(row.time).toISOString()} title={moment(row.time)}>
              {time(row.time)}
            </time>
            {row.own && <DeliveryMark row={row} />}
          </span>
        </div>
        {row.own && row.delivery !== 'failed' && <Actions {...props} />}
      </div>
      {row.own && row.failure && (
        <p className={row.delivery === 'failed' ? 'message-why error' : 'message-why'}>
          {failure(row.failure)}
        </p>
      )}
      {row.delivery === 'failed' && <Actions {...props} />}
    </article>
  );
});

function Content({ row }: { row: TimelineRow }) {
  const { say } = useWords();
  const body = bodyAsWanted(row);
  if (row.kind === 'message' && !body) return <p className="placeholder">{say('timeline.erased')}</p>;
  const text = row.kind === 'message' && body ? shownText(body) : null;
  if (text === null) return <p className="placeholder">{say('timeline.newer')}</p>;
  return <MessageText text={text} />;
}

/** With what waits to change about it done already; a change that was refused is taken back, and its words stand in the outbox. */
function bodyAsWanted({ body, changes = [] }: TimelineRow): TimelineRow['body'] {
  let now = body;
  for (const { append, delivery } of changes) {
    if (delivery === 'failed') continue;
    if (append.kind === 'delete') now = null;
    else if (append.kind === 'edit') now = append.body;
  }
  return now;
}

/** What can be done about a message that has not gone out: all of it where it failed, taking it back while it was never tried. */
function Actions({ address, row }: { address: Address; row: TimelineRow }) {
  const store = useMatchbook();
  const { say } = useWords();
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
    </fieldset>
  );
}
