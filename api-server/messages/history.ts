/** History of a conversation for one of its members: only what their ranges of membership hold. */
import type { ConversationEntry } from '@matchbook/protocol/entries';
import type { HistoryPage, MessagePage } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import { type Kysely, sql } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import { PREPARED } from '../db/prepared.ts';
import type { Database, EntryRow } from '../db/schema.ts';
import { problem } from '../problems.ts';
import { authorize, OPEN, type Range, sees } from './access.ts';
import { ABOUT, ABOUT_ANOTHER, foldedWith } from './folded.ts';

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
  const before = await page(db, conv, ranges, { from: first, to: middle - 1 }, older && older + 1, 'desc');
  const after = await page(db, conv, ranges, { from: middle, to: last }, newer && newer + 1, 'asc');
  const rows = [...before.lines.slice(0, older).reverse(), ...after.lines.slice(0, newer)];
  return {
    conv,
    anchor,
    items: foldedWith(ranges, rows, [...before.about, ...after.about]),
    more: {
      before: older === 0 ? middle > first : before.lines.length > older,
      after: newer === 0 ? before.beyond : after.lines.length > newer,
    },
  };
}

interface Page {
  lines: EntryRow[];
  /** What is about these lines. */
  about: EntryRow[];
  /** Of a page backwards: whether there are lines after it. */
  beyond: boolean;
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

const entriesOf = (db: Pick<Kysely<Database>, 'selectFrom'>, conv: string) =>
  db.selectFrom('entry').selectAll().where('conv', '=', conv);
type Entries = ReturnType<typeof entriesOf>;

const between = (query: Entries, { from, to }: Range) => query.where('n', '>=', from).where('n', '<=', to);

/**
 * Lines, what is about them, and whether there are lines after them: in one statement for each range of membership, as every further one costs the way to the database and back.
 *
 * @param limit none asks nothing
 */
async function page(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  asked: Range,
  limit: number,
  order: 'asc' | 'desc',
): Promise<Page> {
  const found: Page = { lines: [], about: [], beyond: false };
  for (const range of order === 'asc' ? ranges : [...ranges].reverse()) {
    const missing = limit - found.lines.length;
    if (missing === 0) break;
    const part = common(range, asked);
    const after = common(range, { from: asked.to + 1, to: order === 'desc' && !found.beyond ? OPEN : 0 });
    if (isEmpty(part) && isEmpty(after)) continue;
    for (const row of await lookedUp(db, conv, part, after, missing, order)) {
      if (ABOUT_ANOTHER.includes(row.kind)) found.about.push(row);
      else if (row.n > asked.to) found.beyond = true;
      else found.lines.push(row);
    }
  }
  found.lines.sort((one, other) => (order === 'asc' ? one.n - other.n : other.n - one.n));
  return found;
}

const KINDS = sql.join(ABOUT_ANOTHER.map((kind) => sql.lit(kind)));
const DIRECTION = { asc: sql.raw('ASC'), desc: sql.raw('DESC') };

/** Up to `limit` lines of a part, what is about them, and the first line of another part, in no order. */
async function lookedUp(
  db: Kysely<Database>,
  conv: string,
  part: Range,
  after: Range,
  limit: number,
  order: 'asc' | 'desc',
): Promise<EntryRow[]> {
  const first = isEmpty(after)
    ? sql``
    : sql`UNION ALL SELECT * FROM (
        SELECT * FROM entry
        WHERE conv = ${conv} AND n >= ${after.from} AND n <= ${after.to} AND kind NOT IN (${KINDS})
        ORDER BY n LIMIT 1) first`;
  // What is about the lines is put in order by n + 0: in that of the index it would be a walk through the whole conversation.
  const { rows } = await sql<EntryRow>`
    WITH line AS MATERIALIZED (
      SELECT * FROM entry
      WHERE conv = ${conv} AND n >= ${part.from} AND n <= ${part.to} AND kind NOT IN (${KINDS})
      ORDER BY n ${DIRECTION[order]} LIMIT ${limit})
    SELECT ${PREPARED} * FROM line
    UNION ALL SELECT * FROM (
      SELECT * FROM entry
      WHERE conv = ${conv} AND target >= (SELECT min(n) FROM line) AND target <= (SELECT max(n) FROM line)
        AND kind IN (${KINDS})
      ORDER BY n + 0 DESC LIMIT ${ABOUT}) about
    ${first}`.execute(db);
  return rows;
}

const isEmpty = ({ from, to }: Range) => from > to;

const common = (one: Range, other: Range): Range => ({
  from: Math.max(one.from, other.from),
  to: Math.min(one.to, other.to),
});

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
    const part = common(range, asked);
    if (isEmpty(part)) continue;
    const found = await only(between(entriesOf(db, conv), part))
      .orderBy('n', order)
      .limit(limit - rows.length)
      .execute();
    rows.push(...found);
    if (rows.length === limit) break;
  }
  return rows;
}
