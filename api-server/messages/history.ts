/** History of a conversation for one of its members: only what their ranges of membership hold. */
import type { ConversationEntry } from '@matchbook/protocol/entries';
import type { HistoryPage, MessagePage } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Kysely } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import type { Database, EntryRow } from '../db/schema.ts';
import { problem } from '../problems.ts';
import { authorize, type Range, sees } from './access.ts';
import { folded } from './folded.ts';

/** What is about another entry is folded into it; everything else has a line of its own. */
const ABOUT_ANOTHER = ['edit', 'delete', 'reaction', 'pin'];

/** The newest part of from..to that fits into a page, as the log has it: to fill holes. Entries outside of the ranges are not in it. */
export async function history(
  db: Kysely<Database>,
  user: string,
  conv: string,
  asked: Range,
): Promise<HistoryPage> {
  const ranges = await authorize(db, user, conv);
  const rows = await within(db, conv, ranges, asked, LIMITS.pageEntries, 'desc');
  const complete = rows.length < LIMITS.pageEntries;
  const from = complete ? asked.from : rows.at(-1)!.n;
  return { conv, from, to: asked.to, items: rows.reverse().map((row) => seenIn(ranges, row)) };
}

/** What is about a place that this user may not see keeps only its own place (I6). */
function seenIn(ranges: readonly Range[], row: EntryRow): ConversationEntry {
  const { conv, n, m, h, target } = row;
  return target === null || sees(ranges, target) ? entryOf(row) : { conv, n, m, h, hidden: true };
}

/** Where a page of messages is looked for. */
export type Around =
  | { before: number }
  | { after: number }
  /** Half of the page before, half from there on. */
  | { around: number }
  /** The first that is not older, ms. */
  | { date: number }
  /** The first that this person has not read. */
  | { unread: true };

/** A page of messages as they look now, and of what else has a line of its own. */
export async function messages(
  db: Kysely<Database>,
  user: string,
  conv: string,
  asked: Around,
  limit: number,
): Promise<MessagePage> {
  const ranges = await authorize(db, user, conv);
  const [first, last] = [ranges[0]!.from, ranges.at(-1)!.to];
  const anchor = 'before' in asked || 'after' in asked ? null : await anchorOf(db, user, conv, ranges, asked);
  const older = anchor !== null ? Math.floor(limit / 2) : 'before' in asked ? limit : 0;
  const newer = limit - older;
  const middle = anchor ?? ('before' in asked ? asked.before : 'after' in asked ? asked.after + 1 : 1);
  // One more each, to know whether there is more.
  const before =
    older === 0 ? [] : await lines(db, conv, ranges, { from: first, to: middle - 1 }, older + 1, 'desc');
  const after =
    newer === 0 ? [] : await lines(db, conv, ranges, { from: middle, to: last }, newer + 1, 'asc');
  const rows = [...before.slice(0, older).reverse(), ...after.slice(0, newer)];
  return {
    conv,
    anchor,
    items: await folded(db, ranges, rows),
    more: {
      before: older === 0 ? middle > first : before.length > older,
      after: newer === 0 ? await anyAfter(db, conv, ranges, middle) : after.length > newer,
    },
  };
}

async function anyAfter(db: Kysely<Database>, conv: string, ranges: readonly Range[], from: number) {
  const rows = await lines(db, conv, ranges, { from, to: ranges.at(-1)!.to }, 1, 'asc');
  return rows.length > 0;
}

async function anchorOf(
  db: Kysely<Database>,
  user: string,
  conv: string,
  ranges: readonly Range[],
  asked: Exclude<Around, { before: number } | { after: number }>,
): Promise<number> {
  if ('around' in asked) {
    const { around: n } = asked;
    if ((await within(db, conv, ranges, { from: n, to: n }, 1, 'asc')).length === 0)
      throw problem('unknown_place', 'around: there is no such place for you.', { field: 'around' });
    return n;
  }
  if ('date' in asked) return firstSince(db, conv, ranges, asked.date);
  const read = await db
    .selectFrom('position')
    .select('n')
    .where('conv', '=', conv)
    .where('user', '=', user)
    .where('kind', '=', 'read')
    .executeTakeFirst();
  const next = { from: (read?.n ?? 0) + 1, to: ranges.at(-1)!.to };
  const [row] = await within(db, conv, ranges, next, 1, 'asc', (query) =>
    query.where('kind', '=', 'message').where('sender', '!=', user),
  );
  return row?.n ?? next.from;
}

/** Times do not fall within a conversation, so the place is found by halving, with an index that is there anyway. */
async function firstSince(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  time: number,
): Promise<number> {
  const head = await db
    .selectFrom('conversation')
    .select('headN')
    .where('conv', '=', conv)
    .executeTakeFirst();
  // Within what this person may see: how far a conversation came without them is not told.
  let [low, high] = [ranges[0]!.from, Math.min(head?.headN ?? 0, ranges.at(-1)!.to) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await db
      .selectFrom('entry')
      .select(['n', 'time'])
      .where('conv', '=', conv)
      .where('n', '>=', middle)
      .orderBy('n')
      .limit(1)
      .executeTakeFirst();
    if (!row || row.time >= time) high = middle;
    else low = row.n + 1;
  }
  return low;
}

const lines = (
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  asked: Range,
  limit: number,
  order: 'asc' | 'desc',
) => within(db, conv, ranges, asked, limit, order, (query) => query.where('kind', 'not in', ABOUT_ANOTHER));

const entriesOf = (db: Kysely<Database>, conv: string) =>
  db.selectFrom('entry').selectAll().where('conv', '=', conv);
type Entries = ReturnType<typeof entriesOf>;

/** Range by range, so that each question is one walk along the index, however many there are. */
async function within(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  asked: Range,
  limit: number,
  order: 'asc' | 'desc',
  only: (query: Entries) => Entries = (query) => query,
): Promise<EntryRow[]> {
  const rows: EntryRow[] = [];
  for (const range of order === 'asc' ? ranges : [...ranges].reverse()) {
    const [from, to] = [Math.max(range.from, asked.from), Math.min(range.to, asked.to)];
    if (from > to) continue;
    const query = entriesOf(db, conv).where('n', '>=', from).where('n', '<=', to);
    const found = await only(query)
      .orderBy('n', order)
      .limit(limit - rows.length)
      .execute();
    rows.push(...found);
    if (rows.length === limit) break;
  }
  return rows;
}
