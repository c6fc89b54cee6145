/** Who may see what of a conversation: ranges of n, the one place that decides it, for every route (I6). */
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { problem } from '../problems.ts';

/** Places, both inclusive. */
export interface Range {
  from: number;
  to: number;
}

/** The end of a range that is still open. */
export const OPEN = Number.MAX_SAFE_INTEGER;

/**
 * The ranges of n that a user may see, in order.
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
  return rows.map(rangeOf);
}

export const rangeOf = ({ fromN, untilN }: { fromN: number; untilN: number | null }): Range => ({
  from: fromN,
  to: untilN === null ? OPEN : untilN - 1,
});

export const sees = (ranges: readonly Range[], n: number): boolean =>
  ranges.some(({ from, to }) => n >= from && n <= to);
