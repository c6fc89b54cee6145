import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useRowWords } from './row-words.ts';

/** A message in a list: who, when, and the beginning of what they wrote. */
export function CompactRow(props: {
  row: TimelineRow;
  user: string;
  name: string;
  /** Where it is, in a list of several conversations. */
  place?: string;
  onOpen: (() => void) | null;
  children?: ReactNode;
}) {
  const { row, user, name, place, onOpen, children } = props;
  const { say, short } = useWords();
  const text = useRowWords(user)(row);
  const inside = (
    <>
      <span className="compact-head">
        <bdi className="quote-who">{name}</bdi>
        {place !== undefined && <bdi className="fine">{place}</bdi>}
        <time className="fine" dateTime={new Date(row.time).toISOString()}>
          {short(row.time, Date.now())}
        </time>
      </span>
      <span className="compact-text" dir="auto">
        {text}
      </span>
    </>
  );
  return (
    <li className="compact" data-testid="compact-row" data-n={row.n}>
      {onOpen ? (
        <button type="button" className="compact-open" onClick={onOpen}>
          {inside}
          <span className="only-read"> {say('shelf.open')}</span>
        </button>
      ) : (
        <div className="compact-open">{inside}</div>
      )}
      {children && <div className="compact-actions">{children}</div>}
    </li>
  );
}
