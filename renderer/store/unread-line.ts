/** Where the unread line of a timeline stands: before what came while nobody looked on. */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Timeline } from './state.ts';

/** What happened to the conversation itself, told in a sentence. */
export const SYSTEM_KINDS: ReadonlySet<string> = new Set([
  'create',
  'rename',
  'picture',
  'settings',
  'member_add',
  'member_remove',
  'member_leave',
  'member_role',
]);

/** Entries that keep their place and show nothing. */
const SILENT = new Set(['hidden', 'duplicate']);

/** Deleted for oneself, on its way to the server. */
const isPutAway = ({ changes }: TimelineRow): boolean => {
  const last = changes?.findLast(
    ({ append, delivery }) => append.kind === 'deleted_for_me' && delivery !== 'failed',
  );
  return last?.append.kind === 'deleted_for_me' && last.append.value === 1;
};

/** It keeps its place and shows nothing. */
export const isUnseen = (row: TimelineRow): boolean => SILENT.has(row.kind) || isPutAway(row);

/** The line stands before the first such row: somebody else said it behind this place. */
export const isNews = (row: TimelineRow, after: number): boolean =>
  row.n !== null && row.n > after && !row.own && !SYSTEM_KINDS.has(row.kind) && !isUnseen(row);

/** So many that come late are still taken in as they come. */
const AT_A_GLANCE = 10;

/**
 * What comes while somebody looks on is not new to them: the line stays where it is shown, and is none where it was none. What was said before and comes only now nobody saw coming: where
 * it is much the line stands before it, behind what was read elsewhere meanwhile.
 *
 * @param missed the device was catching up
 */
export function lookedOn(before: Timeline, now: Timeline, missed = false): Timeline {
  if (now.held || now.newer || before.rows.some((row) => isNews(row, before.lineAfter))) return now;
  const last = before.rows.at(-1)?.n ?? 0;
  // Whether it is much is known once it is there.
  if (now.holes.some(({ to }) => to > last)) return now;
  if (missed || now.rows.some(({ n }) => n !== null && n > last && n <= before.headN)) {
    const lineAfter = Math.max(now.lineAfter, now.readN);
    if (now.rows.filter((row) => isNews(row, lineAfter)).length > AT_A_GLANCE) return { ...now, lineAfter };
  }
  return { ...now, lineAfter: Math.max(now.lineAfter, now.headN) };
}

/**
 * Messages of others that are not read.
 *
 * @param unread of the whole conversation, as its row in the list has it: the rows that are shown are asked first, which are newer than it, but they may not reach from what is read to the newest
 */
export function newsIn({ rows, readN, newer }: Timeline, unread: number): number {
  const reaches = !newer && (rows[0]?.n ?? 0) <= readN + 1;
  return reaches ? rows.filter((row) => isNews(row, readN)).length : unread;
}

/**
 * Where what is new begins: at the line, or behind what is read where that is earlier; a place at or before it where its row is not shown. Null where nothing is new.
 *
 * @param unread as of `newsIn`
 */
export function firstNews({ rows, readN, lineAfter, headN, newer }: Timeline, unread: number): number | null {
  const after = Math.min(readN, lineAfter);
  if ((rows[0]?.n ?? 0) <= after + 1) {
    const first = rows.find((row) => isNews(row, after))?.n;
    if (first || !newer) return first ?? null;
  }
  const is = (unread > 0 && readN < headN) || rows.some((row) => isNews(row, after));
  return is ? after + 1 : null;
}
