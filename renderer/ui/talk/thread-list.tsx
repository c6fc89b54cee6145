import { CornerUpLeft } from 'lucide-react';
import { Fragment, useEffect, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMembership } from '../timeline/row-host.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { CompactRow } from './compact-row.tsx';
import { Answered, type ListProps } from './lists.tsx';
import { useThread } from './use-thread.ts';

/** A message, what it answers, and all answers to it. */
export function ThreadList({ address, user, nameOf, leadTo, n }: ListProps & { n: number }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const member = useMembership();
  const timeline = useKnown((state) => state.timeline);
  /** The message that was answered from here. */
  const begun = useRef<number | null>(null);
  const { answer, holes, asking, unasked, whole, again } = useThread(address, n);
  const { account, conv } = address;
  // Who closes it writes to the conversation again; what is begun stays an answer.
  useEffect(
    () => () => {
      const { text, more } = store.sending.draft({ account, conv }).state.getState();
      if (text === '' && begun.current !== null && more?.reply === begun.current)
        store.sending.answerNothing({ account, conv });
    },
    [store, account, conv],
  );
  // Where the unread line of the conversation is, there it is in the thread.
  const after = timeline?.lineAfter ?? Number.POSITIVE_INFINITY;
  const fresh =
    answer?.ok === true
      ? answer.value.rows.find((row) => !row.own && row.n !== null && row.n > after)?.n
      : undefined;
  return (
    <Answered
      answer={answer}
      empty={(thread) => thread.rows.length === 0 && !thread.absent}
      none="timeline.notHere"
    >
      {({ root, rows, more, absent }) => (
        <>
          {absent && !asking && (
            <p className="fine thread-gap">
              {say(whole ? 'shelf.threadRootHidden' : 'shelf.threadRootMissing')}
            </p>
          )}
          {asking && (
            <p className="fine thread-gap" role="status">
              {say('info.asking')}
            </p>
          )}
          {unasked && !asking && (
            <p className="fine thread-gap" data-testid="thread-unasked">
              {say('shelf.threadUnasked', { reason: failure(unasked) })}{' '}
              <button type="button" className="button small" onClick={again}>
                {say('files.tryAgain')}
              </button>
            </p>
          )}
          <ul className="compact-list">
            {rows.map((row, i) => (
              <Fragment key={row.key}>
                {!asking && isGap(holes, rows[i - 1]?.n, row.n) && (
                  <li className="fine thread-gap" data-testid="thread-gap">
                    {say('shelf.threadMissing')}
                  </li>
                )}
                {row.n === fresh && (
                  <li className="divider divider-unread" data-testid="thread-unread">
                    <span>{say('timeline.unread')}</span>
                  </li>
                )}
                <CompactRow
                  account={address.account}
                  row={row}
                  user={user}
                  name={row.own ? say('app.you') : nameOf(row.sender)}
                  onOpen={() => leadTo(row.n!)}
                  onLook={(hash) => store.files.look({ address, n: row.n, key: null, hash })}
                />
              </Fragment>
            ))}
          </ul>
          {more && <p className="fine">{say('shelf.threadMore')}</p>}
          {!asking && isGap(holes, rows.at(-1)?.n, null) && (
            <p className="fine thread-gap" data-testid="thread-gap">
              {say('shelf.threadMissing')}
            </p>
          )}
          {member && (
            <button
              type="button"
              className="button"
              data-testid="thread-answer"
              data-begins-answer
              onClick={() => {
                store.sending.answer(address, { n: root, id: '' });
                store.talk.answerThread(root);
                begun.current = root;
                focusComposer();
              }}
            >
              <CornerUpLeft size={16} className="turns" aria-hidden="true" />
              {say('shelf.threadAnswer')}
            </button>
          )}
        </>
      )}
    </Answered>
  );
}

/** Something is missing between two places, or behind the last one. */
const isGap = (
  holes: readonly { from: number; to: number }[],
  after: number | null | undefined,
  before: number | null,
): boolean => holes.some(({ from, to }) => to > (after ?? 0) && from < (before ?? Number.POSITIVE_INFINITY));
