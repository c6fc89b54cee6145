/** From rows to the lines of a timeline: days, the unread line, gaps, and who stands grouped with whom. */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { rowKey } from '../../store/reconcile.ts';
import { isNews, isUnseen, SYSTEM_KINDS } from '../../store/unread-line.ts';

/** Messages of one sender within this time stand together, ms. */
export const GROUP_SPAN = 5 * 60_000;

export type Line =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'gap'; key: string }
  | { kind: 'system'; key: string; row: TimelineRow }
  | { kind: 'message'; key: string; row: TimelineRow; first: boolean; last: boolean };

/**
 * @param rows in the order shown
 * @param holes ranges of n that are missing
 * @param lineAfter the unread line stands before the first message of another person after this n
 */
export function linesOf(
  rows: readonly TimelineRow[],
  holes: readonly { from: number; to: number }[],
  lineAfter: number,
): Line[] {
  const lines: Line[] = [];
  let day = { from: 0, to: 0 };
  let unread = false;
  let hole = 0;
  const gapBefore = (n: number) => {
    let gap = false;
    while (hole < holes.length && holes[hole]!.from < n) {
      gap = true;
      hole++;
    }
    if (gap) lines.push({ kind: 'gap', key: `gap-${n}` });
  };
  for (const row of rows) {
    if (isUnseen(row)) continue;
    gapBefore(row.n ?? Number.POSITIVE_INFINITY);
    if (row.time < day.from || row.time >= day.to) {
      day = dayOf(row.time);
      lines.push({ kind: 'day', key: `day-${new Date(row.time).toDateString()}`, at: row.time });
    }
    if (!unread && isNews(row, lineAfter)) {
      unread = true;
      lines.push({ kind: 'unread', key: 'unread' });
    }
    if (SYSTEM_KINDS.has(row.kind)) {
      lines.push({ kind: 'system', key: rowKey(row), row });
      continue;
    }
    const before = lines.at(-1);
    const joins =
      before?.kind === 'message' &&
      before.row.sender === row.sender &&
      Math.abs(row.time - before.row.time) < GROUP_SPAN;
    if (joins) before.last = false;
    lines.push({ kind: 'message', key: rowKey(row), row, first: !joins, last: true });
  }
  gapBefore(Number.POSITIVE_INFINITY);
  return distinct(lines);
}

/** The lines with those of before in the place of equal ones: a line that stays the same object is not drawn again. */
export function sharedLines(lines: readonly Line[], before: readonly Line[]): Line[] {
  const known = new Map(before.map((line) => [line.key, line]));
  return lines.map((line) => {
    const old = known.get(line.key);
    return old && sameLine(old, line) ? old : line;
  });
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

/** A day may come twice where clocks disagree; keys must not. */
function distinct(lines: Line[]): Line[] {
  const seen = new Map<string, number>();
  for (const line of lines) {
    const times = seen.get(line.key) ?? 0;
    seen.set(line.key, times + 1);
    if (times > 0) line.key = `${line.key}-${times}`;
  }
  return lines;
}
