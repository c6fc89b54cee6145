/** History of a conversation for one of its members: only what their ranges of membership hold. */
import type { ConversationEntry } from '@matchbook/protocol/entries';
import type { HistoryPage } from '@matchbook/protocol/http';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Kysely } from 'kysely';
import type { Database, EntryRow } from '../db/schema.ts';
import { problem } from '../problems.ts';
import { entryOf } from './rows.ts';

export interface Range {
  from: number;
  to: number;
}

/**
 * The ranges of n that a user may see: the one place that decides it, for every route.
 *
 * @throws FailureError `not_member` where there are none, also for a conversation that does not exist
 */
export async function authorize(db: Kysely<Database>, user: string, conv: string): Promise<Range[]> {
  const rows = await db
    .selectFrom('member')
    .select(['fromN', 'untilN'])
    .where('user', '=', user)
    .where('conv', '=', conv)
    .orderBy('fromN')
    .execute();
  if (rows.length === 0) throw problem('not_member', 'You are not in this conversation.');
  return rows.map((row) => ({
    from: row.fromN,
    to: row.untilN === null ? Number.MAX_SAFE_INTEGER : row.untilN - 1,
  }));
}

/** The newest part of from..to that fits into a page. Entries outside of the ranges are not in it. */
export async function history(
  db: Kysely<Database>,
  user: string,
  conv: string,
  asked: Range,
): Promise<HistoryPage> {
  const ranges = await authorize(db, user, conv);
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('conv', '=', conv)
    .where('n', '>=', asked.from)
    .where('n', '<=', asked.to)
    .where((where) =>
      where.or(ranges.map(({ from, to }) => where.and([where('n', '>=', from), where('n', '<=', to)]))),
    )
    .orderBy('n', 'desc')
    .limit(LIMITS.pageEntries)
    .execute();
  const complete = rows.length < LIMITS.pageEntries;
  const from = complete ? asked.from : rows.at(-1)!.n;
  return { conv, from, to: asked.to, items: rows.reverse().map((row) => seenIn(ranges, row)) };
}

/** What is about a place that this user may not see keeps only its own place (I6). */
function seenIn(ranges: readonly Range[], row: EntryRow): ConversationEntry {
  const { conv, n, m, h, target } = row;
  const sees = target === null || ranges.some(({ from, to }) => target >= from && target <= to);
  return sees ? entryOf(row) : { conv, n, m, h, hidden: true };
}
