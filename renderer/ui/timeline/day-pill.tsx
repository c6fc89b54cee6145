import { type Ref, type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { ListHandle } from '../windowed/list-handle.ts';
import type { Line } from './lines.ts';
import { useDayWords } from './use-day-words.ts';

/** Shown for so long after the last scrolling, ms. */
const SHOWN = 1_200;
/** px from the upper edge within which the line of a day itself says it, and the unread line would lie below the pill. */
const NEAR = 56;

export interface DayPillHandle {
  scrolled: () => void;
}

/** While one scrolls: the day of what is at the top. The lines between the days say it to who listens. */
export function DayPill(props: {
  ref: Ref<DayPillHandle>;
  list: RefObject<ListHandle | null>;
  lines: readonly Line[];
}) {
  const { ref, list, lines } = props;
  const dayWords = useDayWords();
  const [at, setAt] = useState<number | null>(null);
  const [shown, setShown] = useState<'yes' | 'no' | 'said'>('no');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useImperativeHandle(ref, () => ({
    scrolled: () => {
      const day = list.current && dayAtTop(list.current, lines);
      // Told once a day, not once a frame.
      if (day) setAt((before) => (before !== null && sameDay(before, day.at) ? before : day.at));
      setShown(day === null ? 'no' : day.said ? 'said' : 'yes');
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setShown('no'), SHOWN);
    },
  }));
  useEffect(() => () => clearTimeout(timer.current), []);
  if (at === null) return null;
  return (
    <p className="day-pill" aria-hidden="true" data-testid="day-pill" data-shown={shown}>
      {dayWords(at)}
    </p>
  );
}

const sameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();

/** `said`: a line of a day stands where the pill would, or the unread line, at which conversations open. */
function dayAtTop(list: ListHandle, lines: readonly Line[]): { at: number; said: boolean } | null {
  // Too short to be scrolled far: its days are in view.
  if (list.scrollSize < 2 * list.viewportSize) return null;
  const top = list.findItemIndex(list.scrollOffset);
  const last = list.findItemIndex(list.scrollOffset + NEAR);
  const said = lines.slice(top, last + 1).some(({ kind }) => kind === 'day' || kind === 'unread');
  const line = lines[top];
  if (!line) return null;
  if (line.kind === 'day') return { at: line.at, said };
  if ('row' in line) return { at: line.row.time, said };
  const next = lines.slice(top).find((one) => 'row' in one);
  return next && 'row' in next ? { at: next.row.time, said } : null;
}
