/** Single messages of a conversation, wherever in it they are, as the log has them: those of a thread, and those with files. Within the asker's time (I6). */
import type { ChosenEntries, FilesKind } from '@matchbook/protocol/http/history';
import { type FileReference, readContent } from '@matchbook/protocol/message-body';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import { PREPARED } from '../db/prepared.ts';
import type { Database, EntryRow } from '../db/schema.ts';
import { problem } from '../problems.ts';
import { authorize, type Range, sees } from './access.ts';
import { ABOUT, ABOUT_ANOTHER } from './folded.ts';

/** Of a thread whose beginning the asker may not see, so many answers are looked at. */
const LOOKED_AT = 2_000;
/** Messages with files that are looked at for one page, to find those of one kind. */
const LOOKED_THROUGH = 500;

const KINDS = sql.join(ABOUT_ANOTHER.map((kind) => sql.lit(kind)));

/** The message that began it, and everything that answers it or one of its answers. */
export async function thread(
  db: Kysely<Database>,
  user: string,
  conv: string,
  asked: { n: number; after: number; limit: number },
): Promise<ChosenEntries> {
  const ranges = await authorize(db, user, conv);
  const { n, after, limit } = asked;
  const found = await db
    .selectFrom('entry')
    .leftJoin('answer', (join) =>
      join.onRef('answer.conv', '=', 'entry.conv').onRef('answer.n', '=', 'entry.n'),
    )
    .select(['entry.kind', 'answer.root'])
    .where('entry.conv', '=', conv)
    .where('entry.n', '=', n)
    .executeTakeFirst();
  if (!found || !sees(ranges, n))
    throw problem('unknown_place', 'n: there is no such place for you.', { field: 'n' });
  const root = found.root ?? n;
  const places = sees(ranges, root)
    ? await placesOf(db, conv, ranges, { root, after, limit: limit + 1 })
    : (await connected(db, conv, ranges, { n, root })).filter((place) => place > after);
  const shown = places.slice(0, limit);
  return {
    conv,
    items: inOrder(await rowsAt(db, conv, ranges, shown)),
    next: places.length > limit ? shown.at(-1)! : null,
    upTo: await lastOf(db, conv, ranges),
  };
}

/** Messages with files of a kind: the last ones before a place, or the first ones after one. */
export async function files(
  db: Kysely<Database>,
  user: string,
  conv: string,
  asked: { kind: FilesKind; from: { before: number } | { after: number }; limit: number },
): Promise<ChosenEntries> {
  const ranges = await authorize(db, user, conv);
  const { kind, limit } = asked;
  const found: EntryRow[] = [];
  let from: typeof asked.from | null = asked.from;
  let taken = 0;
  for (let looked = 0; from && taken < limit && looked < LOOKED_THROUGH; looked += limit) {
    const places = await withFiles(db, conv, ranges, from, limit + 1);
    const page = places.slice(0, limit);
    const rows = await rowsAt(db, conv, ranges, page);
    const wanted = page.filter((n) => hasFiles(rows, n, kind)).slice(0, limit - taken);
    found.push(...rows.filter((row) => wanted.includes(row.target ?? row.n)));
    taken += wanted.length;
    const last = taken === limit ? wanted.at(-1) : page.at(-1);
    from =
      last === undefined || last === places.at(-1)
        ? null
        : 'before' in from
          ? { before: last }
          : { after: last };
  }
  const next = from && ('before' in from ? from.before : from.after);
  return { conv, items: inOrder(found), next, upTo: await lastOf(db, conv, ranges) };
}

const IS: Record<FilesKind, (file: FileReference) => boolean> = {
  file: () => true,
  media: ({ type, waveform }) => !waveform && /^(?:image|video)\//.test(type),
  sound: ({ type, waveform }) => waveform !== undefined || type.startsWith('audio/'),
  other: ({ type, waveform }) => !waveform && !/^(?:image|video|audio)\//.test(type),
};

/** As its newest text that the asker sees has them. */
function hasFiles(rows: readonly EntryRow[], n: number, kind: FilesKind): boolean {
  const versions = rows.filter((row) => row.n === n || (row.target === n && row.kind === 'edit'));
  const newest = versions.reduce<EntryRow | null>((last, row) => (last && last.n > row.n ? last : row), null);
  const entry = newest && entryOf(newest);
  const body = entry && 'body' in entry ? entry.body : undefined;
  return (body ? (readContent(body)?.files ?? []) : []).some(IS[kind]);
}

const within = (place: RawBuilder<unknown>, ranges: readonly Range[]) =>
  sql`(${sql.join(
    ranges.map(({ from, to }) => sql`${place} BETWEEN ${from} AND ${to}`),
    sql` OR `,
  )})`;

/** Ascending; the beginning is the first of them. */
async function placesOf(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  { root, after, limit }: { root: number; after: number; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ n: number }>`
    SELECT ${PREPARED} n FROM answer
    WHERE conv = ${conv} AND root = ${root} AND n > ${after} AND ${within(sql`n`, ranges)}
    ORDER BY n LIMIT ${limit}`.execute(db);
  const answers = rows.map(({ n }) => n);
  return after < root ? [root, ...answers].slice(0, limit) : answers;
}

/** Whose beginning is hidden: only what hangs together by messages that the asker sees. How the others belong together is not told. */
async function connected(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  { n, root }: { n: number; root: number },
): Promise<number[]> {
  const { rows } = await sql<{ n: number; reply: number }>`
    SELECT n, reply FROM answer WHERE conv = ${conv} AND root = ${root} AND ${within(sql`n`, ranges)}
    ORDER BY n LIMIT ${LOOKED_AT}`.execute(db);
  const above = new Map(rows.map((row) => [row.n, row.reply]));
  let top = n;
  for (let reply = above.get(top); reply !== undefined && sees(ranges, reply); reply = above.get(top))
    top = reply;
  const found = new Set([top]);
  // What is answered comes before its answers.
  for (const row of rows) if (found.has(row.reply)) found.add(row.n);
  return [...found].sort((one, other) => one - other);
}

/** From there on. */
async function withFiles(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  from: { before: number } | { after: number },
  limit: number,
): Promise<number[]> {
  const [beyond, order] =
    'before' in from
      ? [sql`target < ${from.before}`, sql.raw('DESC')]
      : [sql`target > ${from.after}`, sql.raw('ASC')];
  const { rows } = await sql<{ target: number }>`
    SELECT ${PREPARED} target FROM "fileUse" AS shown
    WHERE conv = ${conv} AND ${beyond} AND ${within(sql`target`, ranges)} AND ${within(sql`n`, ranges)}
      AND EXISTS (SELECT 1 FROM entry WHERE entry.conv = shown.conv AND entry.n = shown.target AND entry.kind = 'message')
    GROUP BY target ORDER BY target ${order} LIMIT ${limit}`.execute(db);
  return rows.map(({ target }) => target);
}

const inOrder = (rows: readonly EntryRow[]) =>
  [...rows].sort((one, other) => one.n - other.n).map((row) => entryOf(row));

/** Entries, and what is about them, as far as the asker sees it; of the latter the newest ones. */
async function rowsAt(
  db: Kysely<Database>,
  conv: string,
  ranges: readonly Range[],
  places: readonly number[],
): Promise<EntryRow[]> {
  if (places.length === 0) return [];
  const entries = db.selectFrom('entry').selectAll().where('conv', '=', conv);
  const rows = await entries.where('n', 'in', places).execute();
  const about = await entries
    .where('target', 'in', places)
    .where(sql<boolean>`kind IN (${KINDS})`)
    .orderBy(sql`n + 0`, 'desc')
    .limit(ABOUT)
    .execute();
  return [...rows, ...about].filter(({ n }) => sees(ranges, n));
}

/** The last place that the asker may see. */
async function lastOf(db: Kysely<Database>, conv: string, ranges: readonly Range[]): Promise<number> {
  const head = await db
    .selectFrom('conversation')
    .select('headN')
    .where('conv', '=', conv)
    .executeTakeFirst();
  return Math.min(head?.headN ?? 0, ranges.at(-1)!.to);
}
