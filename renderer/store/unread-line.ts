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

/** What comes while somebody looks on is not new to them: the line stays where it is shown, and is none where it was none. */
export function lookedOn(before: Timeline, now: Timeline): Timeline {
  if (now.held || now.newer || before.rows.some((row) => isNews(row, before.lineAfter))) return now;
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
