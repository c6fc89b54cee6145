import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { ArrowDownLeft, ArrowUpRight, Dot } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';
import { size } from '../quantities.ts';
import { aboutOf, preciseTime } from './about.ts';
import type { BookView } from './event-book.ts';
import { EVERYTHING } from './filter.ts';
import type { Names } from './names.ts';
import { useRowWindow } from './row-window.ts';
import { indexOf, isChosen, type Selection } from './selection.ts';

/** Of a row, in the size of the page's letters; the same stands in log.css. */
const ROW_REM = 1.75;

interface LogRowsProps {
  view: BookView;
  names: Names;
  selection: Selection;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  onChoose: (no: number, extend: boolean) => void;
  onAll: () => void;
  onCopy: () => void;
}

/** The rows themselves: one focus, arrows to move, Shift to choose a range; only what is on screen is in the page. */
export function LogRows(props: LogRowsProps) {
  const { view, names, selection, follow, onFollow, onChoose, onAll, onCopy } = props;
  const words = useWords();
  const { say } = words;
  const { rows, count, left } = view;
  const height = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize || '16');
  const { scroller, first, end, onScroll, reveal } = useRowWindow({ count, left, height, follow, onFollow });
  const at = selection.active === null ? -1 : indexOf(rows, count, selection.active);
  const active = at >= 0 && rows[at]?.no === selection.active ? at : -1;

  const onKeyDown = (event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    const page = Math.max(1, end - first - 25);
    const target = moveOf(event.key, active, count, page);
    if (command && event.key.toLowerCase() === 'a') onAll();
    else if (command && event.key.toLowerCase() === 'c') onCopy();
    else if (target !== null && count > 0 && !command) {
      onChoose(rows[target]!.no, event.shiftKey);
      reveal(target);
    } else return;
    event.preventDefault();
  };

  const shown = rows.slice(first, end);
  return (
    <div className="log-table">
      <div
        ref={scroller}
        className="log-scroll"
        role="listbox"
        tabIndex={0}
        aria-label={say('log.label')}
        aria-multiselectable="true"
        aria-activedescendant={active >= first && active < end ? `event-${rows[active]!.no}` : undefined}
        data-testid="log-rows"
        data-count={count}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {count === 0 ? (
          <p className="log-empty">{say(view.filter === EVERYTHING ? 'log.empty' : 'log.emptyFilter')}</p>
        ) : (
          <div className="log-space" role="presentation" style={{ blockSize: count * height }}>
            <div
              className="log-shown"
              role="presentation"
              style={{ transform: `translateY(${first * height}px)` }}
            >
              {shown.map((event, i) => (
                <Row
                  key={event.no}
                  event={event}
                  index={first + i}
                  count={count}
                  names={names}
                  words={words}
                  chosen={isChosen(selection, event.no)}
                  active={event.no === selection.active}
                  onChoose={onChoose}
                />
              ))}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}

/** @returns the index to go to, or null where the key is not ours */
function moveOf(key: string, at: number, count: number, page: number): number | null {
  const bounded = (index: number) => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowDown':
      return bounded(at < 0 ? count - 1 : at + 1);
    case 'ArrowUp':
      return bounded(at < 0 ? count - 1 : at - 1);
    case 'PageDown':
      return bounded(at + page);
    case 'PageUp':
      return bounded(at - page);
    case 'Home':
      return 0;
    case 'End':
      return bounded(count - 1);
    default:
      return null;
  }
}

interface RowProps {
  event: NumberedEvent;
  index: number;
  count: number;
  names: Names;
  words: Words;
  chosen: boolean;
  active: boolean;
  onChoose: (no: number, extend: boolean) => void;
}

const Row = memo(function Row({ event, index, count, names, words, chosen, active, onChoose }: RowProps) {
  const { say } = words;
  const direction = event.dir ?? 'life';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it hears the keys
    <div
      id={`event-${event.no}`}
      className={`log-row dir-${direction}${active ? ' is-active' : ''}`}
      role="option"
      tabIndex={-1}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-selected={chosen}
      data-testid="log-row"
      data-type={event.type}
      onClick={(click) => onChoose(event.no, click.shiftKey)}
    >
      <span className="cell-time">{preciseTime(event.at, words)}</span>
      <span className="cell-dir">
        <Arrow direction={direction} />
        <span className="only-read">{say(`log.${direction}`)}</span>
      </span>
      <span className="cell-type">{event.type}</span>
      <span className="cell-size">{event.via === 'life' ? '' : size(event.size, words)}</span>
      {/* Cut at its own end, also where the window is written from the other side. */}
      <span className="cell-about" dir="auto">
        {aboutOf(event, names, words)}
      </span>
    </div>
  );
});

function Arrow({ direction }: { direction: 'in' | 'out' | 'life' }) {
  const props = { size: 14, 'aria-hidden': true } as const;
  if (direction === 'in') return <ArrowDownLeft {...props} />;
  return direction === 'out' ? <ArrowUpRight {...props} /> : <Dot {...props} />;
}
