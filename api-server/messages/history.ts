/** History of a conversation for one of its members: only what their ranges of membership hold. */
import { toBase64Url } from '@matchbook/protocol/bytes';
import type { FullEntry } from '@matchbook/protocol/entries';
import type { HistoryPage } from '@matchbook/protocol/http';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Kysely } from 'kysely';
import type { Database, EntryRow } from '../db/schema.ts';
import { problem } from '../problems.ts';

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
  return rows.map((row) => ({ from: row.fromN, to: row.untilN ?? Number.MAX_SAFE_INTEGER }));
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
  return { conv, from, to: asked.to, items: rows.reverse().map(entryOf) };
}

function entryOf(row: EntryRow): FullEntry {
  const { conv, n, m, h, id, sender, time } = row;
  const said = { conv, n, m, h, id, sender, time };
  if (row.kind === 'create') return { ...said, kind: 'create', ...JSON.parse(row.facts ?? '{}') };
  const type = row.bodyType ?? '';
  if (row.bodyText !== null) return { ...said, kind: 'message', body: { type, text: row.bodyText } };
  if (row.bodyData !== null)
    return { ...said, kind: 'message', body: { type, data: toBase64Url(row.bodyData) } };
  return { ...said, kind: 'message', hash: row.hash };
}
