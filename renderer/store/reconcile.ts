/** How pages, waiting items and optimistic rows become one list in which each message stands exactly once (I3, I4). */
import type { TimelineLines } from '@matchbook/protocol/bridge/places';
import type { TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import { higher } from '@matchbook/protocol/delivery';
import { sameData } from './same-data.ts';
import type { Pending, Timeline } from './state.ts';

/** Rows kept while the newest are on screen, and what remains once more have gathered (I13). */
export const WINDOW_ROWS = { most: 600, kept: 300 } as const;

/** Identity of a message in the window. The same before and after the log took it. As it came, not put together anew: all rows are asked for it with each message. */
export const rowKey = (row: Pick<TimelineRow, 'key'>): string => row.key;

/** A row that came again: its delivery only climbs, and where nothing changed it is the very row that is shown. */
function again(row: TimelineRow, before: TimelineRow | undefined): TimelineRow {
  if (!before) return row;
  const climbed =
    before.delivery && row.delivery ? { ...row, delivery: higher(before.delivery, row.delivery) } : row;
  return sameData(before, climbed) ? before : climbed;
}

/** What is known after a page came. Null where the page does not touch the window: a range between them is missing. */
export function withPage(before: Timeline | null, whole: TimelinePage): Timeline | null {
  const page = before ? within(whole, before.rows[0]?.n ?? 0) : whole;
  const fresh = {
    rows: page.rows,
    waiting: page.waiting,
    holes: page.holes,
    older: page.older,
    ...{ headN: page.headN, pinsN: page.headN },
    ...{ readN: page.readN, unreadN: page.unreadN, unbroken: page.unbroken },
  };
  if (!before)
    return {
      ...{ ...fresh, lineAfter: page.readN, held: false },
      newer: false,
    };
  const known = new Map([...before.rows, ...before.waiting].map((row) => [rowKey(row), row]));
  const first = page.rows[0]?.n ?? null;
  const kept = first === null ? before.rows : before.rows.filter((row) => (row.n ?? 0) < first);
  const last = kept.at(-1)?.n ?? null;
  if (first !== null && last !== null && last + 1 < first && !bridged(page, last, first)) return null;
  const rows = [...kept, ...page.rows.map((row) => again(row, known.get(rowKey(row))))];
  return {
    ...before,
    ...fresh,
    rows,
    waiting: page.waiting.map((row) => again(row, known.get(rowKey(row)))),
    holes: first === null ? page.holes : [...before.holes.filter((hole) => hole.to < first), ...page.holes],
    older: before.rows.length > 0 ? before.older : page.older,
    ...headIn(before, page),
    ...readIn(before, page),
  };
}

/** Of a whole page nobody knows what it has besides its lines: it may be a pin. */
function headIn(before: Timeline, page: TimelinePage): Pick<Timeline, 'headN' | 'pinsN'> {
  const headN = Math.max(before.headN, page.headN);
  return { headN, pinsN: headN };
}

/**
 * How far it is read after a page came. The position climbs, but where one marked something as unread meanwhile, here or elsewhere: there the unread line goes, and it stays unread
 * while it is shown.
 */
function readIn(
  before: Timeline,
  { readN, unreadN }: Pick<TimelinePage, 'readN' | 'unreadN'>,
): Pick<Timeline, 'readN' | 'unreadN' | 'held' | 'lineAfter'> {
  const marked = unreadN > 0 && (before.unreadN === 0 || unreadN < before.unreadN);
  if (marked) return { readN, unreadN, held: true, lineAfter: readN };
  const over = before.unreadN > 0 && unreadN === 0;
  return {
    readN: Math.max(before.readN, readN),
    ...{ unreadN, held: before.held && !over, lineAfter: before.lineAfter },
  };
}

/** A newest page may reach further back than the window. That part is left out: rows come to the start only on scroll. */
function within(page: TimelinePage, start: number): TimelinePage {
  const rows = page.rows.filter((row) => (row.n ?? 0) >= start);
  if (rows.length === page.rows.length) return page;
  return { ...page, rows, older: true, holes: page.holes.filter((hole) => hole.to >= start) };
}

const bridged = (page: TimelinePage, last: number, first: number): boolean =>
  page.holes.some((hole) => hole.from <= last + 1 && hole.to >= first - 1);

/** What is known after older rows came. */
export function withOlder(before: Timeline, page: TimelinePage): Timeline {
  const first = before.rows[0]?.n ?? Number.POSITIVE_INFINITY;
  const rows = page.rows.filter((row) => row.n !== null && row.n < first);
  return {
    ...before,
    rows: [...rows, ...before.rows],
    holes: [...page.holes.filter((hole) => hole.from < first), ...before.holes].filter(
      (hole, at, all) => all.findIndex((other) => other.from === hole.from) === at,
    ),
    older: page.older,
  };
}

/** What is known after newer rows came behind the last one. */
export function withNewer(before: Timeline, page: TimelinePage): Timeline {
  const last = before.rows.at(-1)?.n ?? 0;
  const holes = page.holes.filter((hole) => !before.holes.some(({ from }) => from === hole.from));
  return {
    ...before,
    rows: [...before.rows, ...page.rows.filter((row) => row.n !== null && row.n > last)],
    holes: [...before.holes, ...holes],
    waiting: page.waiting,
    newer: page.newer,
    ...headIn(before, page),
    ...readIn(before, page),
  };
}

/** The rows of a window that does not reach the newest, as they are now; what came behind its end stays away. */
export function renewed(before: Timeline, page: TimelinePage): Timeline {
  const last = before.rows.at(-1)?.n ?? 0;
  const known = new Map(before.rows.map((row) => [rowKey(row), row]));
  const rows = page.rows.filter((row) => row.n !== null && row.n <= last);
  return {
    ...before,
    rows: rows.map((row) => again(row, known.get(rowKey(row)))),
    holes: page.holes.filter((hole) => hole.from <= last),
    waiting: page.waiting,
    ...headIn(before, page),
    ...readIn(before, page),
    unbroken: page.unbroken,
  };
}

/** Rows that show something of others: what they quote, and how many of their answers are new, which is so until those are read. */
export function alsoChanged({ rows }: Timeline, stale: ReadonlySet<number>): number[] {
  const places: number[] = [];
  for (const { n, replyTo, answers } of rows)
    if (
      n !== null &&
      !stale.has(n) &&
      ((replyTo !== undefined && stale.has(replyTo)) || (answers?.fresh ?? 0) > 0)
    )
      places.push(n);
  return places;
}

/**
 * The window after some of its rows were asked for again, and those that came behind its end. Null where that is not enough to know it: a row is gone, or there is a place between
 * the end and a row that came of which nobody asked.
 */
export function withLines(
  before: Timeline,
  asked: readonly number[],
  answer: TimelineLines,
): Timeline | null {
  const [first, last] = [before.rows[0]?.n, before.rows.at(-1)?.n];
  if (!first || !last) return null;
  const came = new Map(answer.rows.map((row) => [row.n, row]));
  const places = new Set(asked);
  const known = Math.max(before.headN, last);
  const headN = Math.max(known, ...asked);
  if (!before.newer) for (let n = known + 1; n <= headN; n++) if (!places.has(n)) return null;
  const waiting = new Map(before.waiting.map((row) => [rowKey(row), row]));
  // What is no line of its own is about another one: it may pin it. So may a pinned message be another one now.
  let pins = asked.some((n) => !came.has(n));
  const rows = before.rows.map((row) => {
    const now = came.get(row.n);
    if (!now) return row;
    const next = again(now, row);
    pins ||= next !== row && (isPinned(row) || isPinned(next));
    return next;
  });
  if (before.rows.some(({ n }) => n !== null && places.has(n) && !came.has(n))) return null;
  const behind = before.newer ? [] : answer.rows.filter(({ n }) => n !== null && n > last);
  return {
    ...before,
    rows: [...rows, ...behind.map((row) => again(row, waiting.get(rowKey(row))))],
    waiting: answer.waiting.map((row) => again(row, waiting.get(rowKey(row)))),
    ...{ headN, pinsN: pins ? headN : before.pinsN },
    ...readIn(before, answer),
  };
}

const isPinned = ({ folded }: TimelineRow): boolean => folded?.pinned === true;

/** A window around a place, of the rows up to it and those behind it. */
export function around(upTo: TimelinePage, behind: TimelinePage): Timeline {
  return {
    rows: [...upTo.rows, ...behind.rows],
    waiting: behind.waiting,
    holes: [
      ...upTo.holes,
      ...behind.holes.filter(({ from }) => !upTo.holes.some((one) => one.from === from)),
    ],
    older: upTo.older,
    newer: behind.newer,
    ...{ headN: behind.headN, pinsN: behind.headN },
    ...{ readN: behind.readN, unreadN: behind.unreadN, held: false },
    unbroken: upTo.unbroken && behind.unbroken,
    lineAfter: behind.readN,
  };
}

/** Forgets rows at the end away from which the person scrolls, where the window has grown too long. */
export function bounded(timeline: Timeline, end: 'oldest' | 'newest'): Timeline {
  if (timeline.rows.length <= WINDOW_ROWS.most) return timeline;
  if (end === 'oldest') {
    const rows = timeline.rows.slice(-WINDOW_ROWS.kept);
    const first = rows[0]?.n ?? 0;
    return { ...timeline, rows, older: true, holes: timeline.holes.filter((hole) => hole.to >= first) };
  }
  const rows = timeline.rows.slice(0, WINDOW_ROWS.kept);
  const last = rows.at(-1)?.n ?? 0;
  return { ...timeline, rows, newer: true, holes: timeline.holes.filter((hole) => hole.from <= last) };
}

/** Forgets the oldest rows of a window that has grown too long. Only while the person looks at the newest. */
export const trimmed = (timeline: Timeline): Timeline => bounded(timeline, 'oldest');

/** Pending rows that a page asked for as number `asked` leaves: those it shows, or should have shown, go. */
export function stillPending(
  pending: readonly Pending[],
  page: Pick<TimelinePage, 'rows' | 'waiting'>,
  asked: number,
): readonly Pending[] {
  if (pending.length === 0) return pending;
  const shown = new Set([...page.rows, ...page.waiting].map(rowKey));
  const left = pending.filter(
    (one) => !shown.has(rowKey(one.row)) && (one.settled === null || one.settled >= asked),
  );
  return left.length === pending.length ? pending : left;
}

/** The rows as they are shown: places of the log, then the outbox in the order of release, then what is being saved. */
export function shownRows(timeline: Timeline | null, pending: readonly Pending[]): TimelineRow[] {
  const seen = new Set<string>();
  const all: TimelineRow[] = [];
  const take = (row: TimelineRow) => {
    const key = rowKey(row);
    if (seen.has(key)) return;
    seen.add(key);
    all.push(row);
  };
  for (const row of timeline?.rows ?? []) take(row);
  if (timeline?.newer) return all;
  for (const row of timeline?.waiting ?? []) take(row);
  for (const { row } of pending) take(row);
  return all;
}
