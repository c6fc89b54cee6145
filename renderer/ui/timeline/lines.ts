/**
 * From rows to the lines of a timeline: days, the unread line, gaps, and who stands grouped with whom. With each message that comes they are made from those of before: only what is
 * new is looked at, and a line that stays the same object is not drawn again.
 */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { rowKey } from '../../store/reconcile.ts';
import { isNews, isUnseen, SYSTEM_KINDS } from '../../store/unread-line.ts';

/** Messages of one sender within this time stand together, ms. */
export const GROUP_SPAN = 5 * 60_000;

export type Line =
  | { kind: 'day'; key: string; at: number; midnight: number }
  | { kind: 'unread'; key: string }
  | { kind: 'gap'; key: string }
  | { kind: 'system'; key: string; row: TimelineRow }
  | { kind: 'message'; key: string; row: TimelineRow; first: boolean; last: boolean };

type Holes = readonly { from: number; to: number }[];

/** Lines, and what they were made from. */
export interface Lines {
  readonly lines: readonly Line[];
  readonly rows: readonly TimelineRow[];
  readonly holes: Holes;
  /** Place among the rows of the one that the unread line stands before; -1: none. */
  readonly news: number;
  /** Place among the lines of the first one of each row, and of what stands behind all of them. */
  readonly starts: readonly number[];
}

export const NO_LINES: Lines = { lines: [], rows: [], holes: [], news: -1, starts: [0] };

/**
 * @param before those that were shown, of whatever rows
 * @param rows in the order shown
 * @param holes ranges of n that are missing
 * @param lineAfter the unread line stands before the first message of another person after this n
 */
export function linesAfter(
  before: Lines,
  rows: readonly TimelineRow[],
  holes: Holes,
  lineAfter: number,
): Lines {
  const news = rows.findIndex((row) => isNews(row, lineAfter));
  const same = sameHoles(before.holes, holes);
  const from = same ? rowsKept(before, rows, news) : 0;
  // What is missing before a row hangs on all rows before it.
  const behind = same && holes.length === 0 ? rowsKeptBehind(before.rows, rows, from) : 0;
  const lines = before.lines.slice(0, before.starts[from]);
  const starts = before.starts.slice(0, from);
  const begun = lines.length;
  const walk = walkFrom(before, from, holes);
  const shift = rows.length - before.rows.length;
  for (let at = from; at < rows.length; at++) {
    starts.push(lines.length);
    walk.line(rows[at]!, at === news, lines);
    const old = at - shift;
    if (at < rows.length - behind || !meets(lines, before, old, walk.days)) continue;
    if (Math.max(0, news - at) !== Math.max(0, before.news - old)) continue;
    return joined(before, old, { lines, rows, holes, news, starts }, begun);
  }
  starts.push(lines.length);
  walk.end(lines);
  share(lines, begun, before.lines, begun, before.lines.length);
  return kept(before, { lines, rows, holes, news, starts });
}

/** The same from nothing. */
export const linesOf = (rows: readonly TimelineRow[], holes: Holes, lineAfter: number): readonly Line[] =>
  linesAfter(NO_LINES, rows, holes, lineAfter).lines;

const sameHoles = (one: Holes, other: Holes): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ from, to }, i) => from === other[i]!.from && to === other[i]!.to));

/** Rows at the start whose lines stay as they are: without the last of them, which may not be the last of its group any more, or is now. */
function rowsKept({ rows: old, news: oldNews, starts }: Lines, rows: readonly TimelineRow[], news: number) {
  let count = 0;
  const most = Math.min(old.length, rows.length);
  while (count < most && old[count] === rows[count]) count++;
  if (news !== oldNews) for (const place of [news, oldNews]) if (place >= 0 && place < count) count = place;
  while (count > 0 && starts[count - 1] === starts[count]) count--;
  return Math.max(0, count - 1);
}

function rowsKeptBehind(old: readonly TimelineRow[], rows: readonly TimelineRow[], from: number): number {
  const most = Math.min(old.length, rows.length) - from;
  let count = 0;
  while (count < most && old.at(-1 - count) === rows.at(-1 - count)) count++;
  return count;
}

interface Walk {
  /** How often each day came, by its midnight. */
  days: Map<number, number>;
  line: (row: TimelineRow, isFirstNews: boolean, lines: Line[]) => void;
  end: (lines: Line[]) => void;
}

/** Goes on behind so many rows of before. */
function walkFrom(before: Lines, from: number, holes: Holes): Walk {
  const days = daysIn(before.lines, 0, before.starts[from]!);
  const last = before.lines.findLast(
    (line, at): line is Extract<Line, { kind: 'day' }> => at < before.starts[from]! && line.kind === 'day',
  );
  let day = last ? dayOf(last.at) : { from: 0, to: 0 };
  let hole = 0;
  const missedBefore = (n: number): boolean => {
    const known = hole;
    while (hole < holes.length && holes[hole]!.from < n) hole++;
    return hole > known;
  };
  if (holes.length > 0)
    for (let at = 0; at < from; at++)
      if (before.starts[at + 1]! > before.starts[at]!)
        missedBefore(before.rows[at]!.n ?? Number.POSITIVE_INFINITY);
  const gapBefore = (n: number, lines: Line[]) => {
    if (missedBefore(n)) lines.push({ kind: 'gap', key: `gap-${n}` });
  };
  return {
    days,
    end: (lines) => gapBefore(Number.POSITIVE_INFINITY, lines),
    line: (row, isFirstNews, lines) => {
      if (isUnseen(row)) return;
      gapBefore(row.n ?? Number.POSITIVE_INFINITY, lines);
      if (row.time < day.from || row.time >= day.to) {
        day = dayOf(row.time);
        const midnight = day.from;
        // A day may come twice where clocks disagree; keys must not.
        const times = days.get(midnight) ?? 0;
        days.set(midnight, times + 1);
        const key = times > 0 ? `day-${midnight}-${times}` : `day-${midnight}`;
        lines.push({ kind: 'day', key, at: row.time, midnight });
      }
      if (isFirstNews) lines.push({ kind: 'unread', key: 'unread' });
      const key = rowKey(row);
      if (SYSTEM_KINDS.has(row.kind)) {
        lines.push({ kind: 'system', key, row });
        return;
      }
      const above = lines.at(-1);
      const joins =
        above?.kind === 'message' &&
        above.row.sender === row.sender &&
        Math.abs(row.time - above.row.time) < GROUP_SPAN;
      if (joins && above.last) above.last = false;
      lines.push({ kind: 'message', key, row, first: !joins, last: true });
    },
  };
}

function daysIn(lines: readonly Line[], from: number, to: number): Map<number, number> {
  const days = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const line = lines[at]!;
    if (line.kind === 'day') days.set(line.midnight, (days.get(line.midnight) ?? 0) + 1);
  }
  return days;
}

/** What was said last here was shown before, and what stands behind it is as it was there. */
function meets(lines: readonly Line[], before: Lines, old: number, days: ReadonlyMap<number, number>) {
  const line = lines.at(-1);
  const row = before.rows[old];
  if (!line || !('row' in line) || line.row !== row) return false;
  const rest = before.starts[old + 1]!;
  const daysBehind = daysIn(before.lines, rest, before.lines.length);
  if (daysBehind.size === 0) return true;
  const daysBefore = daysIn(before.lines, 0, rest);
  for (const midnight of daysBehind.keys()) if (daysBefore.get(midnight) !== days.get(midnight)) return false;
  return true;
}

/** Behind row `old` of before everything stands as it stood. */
function joined(before: Lines, old: number, now: Lines & { lines: Line[]; starts: number[] }, begun: number) {
  const { lines, starts } = now;
  const rest = before.starts[old + 1]!;
  const [last, was] = [lines.at(-1)!, before.lines[rest - 1]!];
  if (last.kind === 'message' && was.kind === 'message') last.last = was.last;
  const shift = lines.length - rest;
  share(lines, begun, before.lines, begun, rest);
  for (let at = rest; at < before.lines.length; at++) lines.push(before.lines[at]!);
  for (let at = old + 1; at < before.starts.length; at++) starts.push(before.starts[at]! + shift);
  return kept(before, now);
}

/** Puts lines of before in the place of equal ones. */
function share(lines: Line[], from: number, before: readonly Line[], first: number, end: number): void {
  const known = new Map<string, Line>();
  for (let at = first; at < end; at++) known.set(before[at]!.key, before[at]!);
  for (let at = from; at < lines.length; at++) {
    const old = known.get(lines[at]!.key);
    if (old && sameLine(old, lines[at]!)) lines[at] = old;
  }
}

/** Where no line is another one, the lines are the very list of before. */
function kept(before: Lines, now: Lines): Lines {
  const { lines } = before;
  return lines.length === now.lines.length && lines.every((line, at) => line === now.lines[at])
    ? { ...now, lines }
    : now;
}

function sameLine(one: Line, other: Line): boolean {
  if (one.kind !== other.kind) return false;
  if ('row' in one && 'row' in other && one.row !== other.row) return false;
  if (one.kind === 'message' && other.kind === 'message')
    return one.first === other.first && one.last === other.last;
  return one.kind !== 'day' || other.kind !== 'day' || one.at === other.at;
}

/** From midnight to midnight where one is, ms: hundreds of rows are compared with it, and dates are dear. */
function dayOf(time: number): { from: number; to: number } {
  const date = new Date(time);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime() };
}
