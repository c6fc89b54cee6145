/** The conversations of a person, as their list shows them: names, members, what is unread, what they set for themselves. */
import type { ConversationSummary, ConversationsPage, MemberList } from '@matchbook/protocol/http/history';
import { type Kysely, sql } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import { PREPARED } from '../db/prepared.ts';
import type { Database, EntryRow } from '../db/schema.ts';
import { authorize, type Range, rangeOf } from './access.ts';
import { folded } from './folded.ts';

/** Places that one question names: SQLite bounds the depth of an expression. */
const PLACES_AT_ONCE = 200;
/** Users named in a summary; a larger group asks for its members. */
const NAMED = 8;

interface Row {
  conv: string;
  form: 'direct' | 'group';
  headN: number;
  updatedAt: number;
  readN: number;
  unread: number;
  inside: number;
  /** Empty for who is not in it any more. */
  role: 'owner' | 'admin' | 'member' | '';
}

/**
 * Unread messages of the ranges that are added up, as `unreadOf` in protocol/unread.ts does it. By range, so that rows are summed in the order of an index.
 *
 * @param user whose own messages do not count
 */
const unreadIn = (user: string) => {
  const readM = sql`COALESCE(p.m, 0)`;
  const from = sql`CASE WHEN r."fromM" > ${readM} THEN r."fromM" ELSE ${readM} END`;
  const until = sql`COALESCE(r."untilM", c."headM")`;
  return sql`SUM(CASE WHEN ${until} > ${from} THEN ${until} - ${from} ELSE 0 END
    - (SELECT COUNT(*) FROM entry o WHERE o.conv = r.conv AND o.sender = ${user} AND o.kind = 'message'
      AND o.n > COALESCE(p.n, 0) AND o.n >= r."fromN" AND (r."untilN" IS NULL OR o.n < r."untilN")))`;
};

/** The ranges of a user, each with its conversation and their read position in it. */
const rangesOf = (user: string) => sql`member r
  JOIN conversation c ON c.conv = r.conv
  LEFT JOIN position p ON p.conv = r.conv AND p."user" = ${user} AND p.kind = 'read'
  WHERE r."user" = ${user}`;

/** Unread messages of every conversation of a user. */
export async function unreadCounts(db: Kysely<Database>, user: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ conv: string; unread: number }>`
    SELECT ${PREPARED} r.conv, ${unreadIn(user)} AS unread FROM ${rangesOf(user)} GROUP BY r.conv`.execute(
    db,
  );
  const counts: Record<string, number> = {};
  for (const { conv, unread } of rows) counts[conv] = Math.max(0, Number(unread));
  return counts;
}

/**
 * One row for each conversation of a user.
 *
 * @param conv only this one
 */
const listed = (user: string, conv: string | null) => sql<Row>`
  SELECT r.conv, MAX(c.form) AS form, MAX(c."updatedAt") AS "updatedAt", MAX(COALESCE(p.n, 0)) AS "readN",
    MAX(CASE WHEN r."untilN" IS NULL THEN 1 ELSE 0 END) AS inside,
    MAX(CASE WHEN r."untilN" IS NULL THEN r.role ELSE '' END) AS role,
    MAX(CASE WHEN r."untilN" IS NULL THEN c."headN" ELSE r."untilN" - 1 END) AS "headN",
    ${unreadIn(user)} AS unread
  FROM ${rangesOf(user)} ${conv === null ? sql`` : sql`AND r.conv = ${conv}`}
  GROUP BY r.conv`;

/** Time of the last message in each range: what is said when somebody is not in it does not move it up in their list. */
const lastSeenMessage = sql`MAX(CASE WHEN r."untilN" IS NOT NULL THEN
    (SELECT o.time FROM entry o WHERE o.conv = r.conv AND o.kind = 'message' AND o.n >= r."fromN" AND o.n < r."untilN" ORDER BY o.n DESC LIMIT 1)
  WHEN c."headM" > r."fromM" THEN c."lastMessageAt" END)`;

/** Those in which something was said last come first. */
export async function conversations(
  db: Kysely<Database>,
  user: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<ConversationsPage> {
  const { rows } = await sql<Row>`${listed(user, null)}
    ORDER BY COALESCE(${lastSeenMessage}, 0) DESC, r.conv LIMIT ${limit + 1} OFFSET ${offset}`.execute(db);
  const items = await summariesOf(db, user, rows.slice(0, limit));
  return { items, next: rows.length > limit ? offset + limit : null };
}

/** @throws FailureError `not_member`, also where there is none of that id */
export async function conversation(
  db: Kysely<Database>,
  user: string,
  conv: string,
): Promise<ConversationSummary> {
  await authorize(db, user, conv);
  const { rows } = await listed(user, conv).execute(db);
  return (await summariesOf(db, user, rows))[0]!;
}

/** A few questions for all of them together, and one for each that has a last message. */
async function summariesOf(
  db: Kysely<Database>,
  user: string,
  rows: readonly Row[],
): Promise<ConversationSummary[]> {
  if (rows.length === 0) return [];
  const convs = rows.map(({ conv }) => conv);
  const places = await placesOf(db, user, convs);
  const entries = await entriesAt(db, places);
  const settings = await settingsOf(db, user, convs);
  const present = await presentMembers(
    db,
    rows.filter(({ inside }) => inside === 1).map(({ conv }) => conv),
  );
  const summaries: ConversationSummary[] = [];
  for (const row of rows) {
    const { conv, form, headN, readN, unread, inside, role, updatedAt } = row;
    const { ranges, message, rename, picture } = places.get(conv)!;
    const at = (n: number | null) => (n === null ? null : (entries.get(conv)?.get(n) ?? null));
    const said = at(message);
    const last = said ? ((await folded(db, ranges, [said]))[0] ?? null) : null;
    const name = bodyAt(at(rename));
    const { count, users } = inside === 1 ? (present.get(conv) ?? NOBODY) : await membersAt(db, conv, ranges);
    summaries.push({
      ...{ conv, form, headN, readN, unread: Math.max(0, Number(unread)) },
      // Of who is not in it any more: what happens without them is not told.
      updatedAt: inside === 1 ? updatedAt : (last?.entry.time ?? 0),
      member: inside === 1,
      role: role || 'member',
      name: name && 'text' in name ? name.text : null,
      picture: bodyAt(at(picture)),
      members: count,
      users,
      last,
      ...(settings.get(conv) ?? UNSET),
    });
  }
  return summaries;
}

const NOBODY = { count: 0, users: [] as string[] };
const UNSET = { mutedUntil: 0, pinned: 0, archived: false };

function bodyAt(row: EntryRow | null): ConversationSummary['picture'] {
  const entry = row && entryOf(row);
  return entry && 'body' in entry && entry.body ? entry.body : null;
}

interface Places {
  ranges: Range[];
  /** The newest of each kind that this person sees. */
  message: number | null;
  rename: number | null;
  picture: number | null;
}

/** By conversation. One seek along an index for each range and kind. */
async function placesOf(
  db: Kysely<Database>,
  user: string,
  convs: readonly string[],
): Promise<Map<string, Places>> {
  const newest = (kind: string) => sql`(SELECT o.n FROM entry o WHERE o.conv = r.conv AND o.kind = ${kind}
    AND o.n >= r."fromN" AND (r."untilN" IS NULL OR o.n < r."untilN") ORDER BY o.n DESC LIMIT 1)`;
  const { rows } = await sql<{
    conv: string;
    fromN: number;
    untilN: number | null;
    message: number | null;
    rename: number | null;
    picture: number | null;
  }>`
    SELECT r.conv, r."fromN" AS "fromN", r."untilN" AS "untilN", ${newest('message')} AS message,
      ${newest('rename')} AS rename, ${newest('picture')} AS picture
    FROM member r WHERE r."user" = ${user} AND r.conv IN (${sql.join(convs)}) ORDER BY r.conv, r."fromN"`.execute(
    db,
  );
  const places = new Map<string, Places>();
  for (const { conv, fromN, untilN, ...found } of rows) {
    const about = places.get(conv) ?? { ranges: [], message: null, rename: null, picture: null };
    about.ranges.push(rangeOf({ fromN, untilN }));
    // Ranges come in order: what the later one has is newer.
    for (const kind of ['message', 'rename', 'picture'] as const) about[kind] = found[kind] ?? about[kind];
    places.set(conv, about);
  }
  return places;
}

/** The rows at these places, by conversation and n. */
async function entriesAt(
  db: Kysely<Database>,
  places: ReadonlyMap<string, Places>,
): Promise<Map<string, Map<number, EntryRow>>> {
  const wanted = [...places].flatMap(([conv, { message, rename, picture }]) =>
    [message, rename, picture].flatMap((n) => (n === null ? [] : [{ conv, n }])),
  );
  const found = new Map<string, Map<number, EntryRow>>();
  for (let i = 0; i < wanted.length; i += PLACES_AT_ONCE) {
    const some = wanted.slice(i, i + PLACES_AT_ONCE);
    const rows = await db
      .selectFrom('entry')
      .selectAll()
      .where((where) =>
        where.or(some.map(({ conv, n }) => where.and([where('conv', '=', conv), where('n', '=', n)]))),
      )
      .execute();
    for (const row of rows) {
      const of = found.get(row.conv) ?? new Map<number, EntryRow>();
      found.set(row.conv, of.set(row.n, row));
    }
  }
  return found;
}

/** Who is in each now: how many, and the first of them. */
async function presentMembers(
  db: Kysely<Database>,
  convs: readonly string[],
): Promise<Map<string, { count: number; users: string[] }>> {
  const present = new Map<string, { count: number; users: string[] }>();
  if (convs.length === 0) return present;
  const { rows } = await sql<{ conv: string; user: string; count: number }>`
    SELECT conv, "user", count FROM (
      SELECT conv, "user", "fromN", ROW_NUMBER() OVER (PARTITION BY conv ORDER BY "fromN", "user") AS place,
        COUNT(*) OVER (PARTITION BY conv) AS count
      FROM member WHERE conv IN (${sql.join(convs)}) AND "untilN" IS NULL) AS m
    WHERE place <= ${NAMED} ORDER BY conv, place`.execute(db);
  for (const { conv, user, count } of rows) {
    const of = present.get(conv) ?? { count: Number(count), users: [] };
    of.users.push(user);
    present.set(conv, of);
  }
  return present;
}

/** Who was in it at the last place that the ranges hold. */
async function membersAt(db: Kysely<Database>, conv: string, ranges: readonly Range[]) {
  const at = ranges.at(-1)!.to;
  const { rows } = await sql<{ user: string }>`
    SELECT "user" FROM member WHERE conv = ${conv} AND "fromN" <= ${at} AND ("untilN" IS NULL OR "untilN" > ${at}) ORDER BY "fromN", "user"`.execute(
    db,
  );
  return { count: rows.length, users: rows.slice(0, NAMED).map(({ user }) => user) };
}

/** @throws FailureError `not_member` */
export async function members(db: Kysely<Database>, user: string, conv: string): Promise<MemberList> {
  const ranges = await authorize(db, user, conv);
  const at = ranges.at(-1)!.to;
  const { rows } = await sql<MemberList['members'][number]>`
    SELECT m."user" AS "user", COALESCE(p.name, '') AS name, m.role AS role FROM member m LEFT JOIN profile p ON p."user" = m."user"
    WHERE m.conv = ${conv} AND m."fromN" <= ${at} AND (m."untilN" IS NULL OR m."untilN" > ${at}) ORDER BY m."fromN", m."user"`.execute(
    db,
  );
  const list = rows.map(({ user: who, name, role }) => ({ user: who, name, role }));
  const inside = await db
    .selectFrom('member')
    .select('user')
    .where('conv', '=', conv)
    .where('user', '=', user)
    .where('untilN', 'is', null)
    .executeTakeFirst();
  return { conv, members: list, ...(inside ? { now: await groupNow(db, conv) } : {}) };
}

/** What is true of a group for everybody who is in it, whenever they came. */
async function groupNow(db: Kysely<Database>, conv: string): Promise<NonNullable<MemberList['now']>> {
  const last = async (kind: string) => {
    const query = db.selectFrom('entry').selectAll().where('conv', '=', conv).where('kind', '=', kind);
    return bodyAt((await query.orderBy('n', 'desc').limit(1).executeTakeFirst()) ?? null);
  };
  const [name, picture, settings] = [await last('rename'), await last('picture'), await last('settings')];
  const head = await db
    .selectFrom('entry')
    .select('n')
    .where('conv', '=', conv)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { n: head?.n ?? 0, name, picture, settings };
}

async function settingsOf(db: Kysely<Database>, user: string, convs: readonly string[]) {
  const rows = await db
    .selectFrom('ownRegister')
    .select(['conv', 'kind', 'amount'])
    .where('user', '=', user)
    .where('kind', 'in', ['mute', 'pinned', 'archived'])
    .where('conv', 'in', convs)
    .execute();
  const settings = new Map<string, typeof UNSET>();
  for (const { conv, kind, amount } of rows) {
    const of = settings.get(conv) ?? { ...UNSET };
    if (kind === 'mute') of.mutedUntil = amount ?? 0;
    else if (kind === 'pinned') of.pinned = amount ?? 0;
    else of.archived = amount === 1;
    settings.set(conv, of);
  }
  return settings;
}
