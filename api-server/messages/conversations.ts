/** The conversations of a person, as their list shows them: names, members, what is unread, what they set for themselves. */
import type { ConversationSummary, ConversationsPage, MemberList } from '@matchbook/protocol/http/history';
import { type Kysely, sql } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import type { Database } from '../db/schema.ts';
import { authorize, type Range, sees } from './access.ts';
import { folded } from './folded.ts';

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
    SELECT r.conv, ${unreadIn(user)} AS unread FROM ${rangesOf(user)} GROUP BY r.conv`.execute(db);
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
  const items: ConversationSummary[] = [];
  for (const row of rows.slice(0, limit)) items.push(await summaryOf(db, user, row));
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
  return summaryOf(db, user, rows[0]!);
}

async function summaryOf(db: Kysely<Database>, user: string, row: Row): Promise<ConversationSummary> {
  const { conv, form, headN, readN, unread, inside, role, updatedAt } = row;
  const ranges = await authorize(db, user, conv);
  const facts = await factsOf(db, conv, ranges);
  const { count, users } = await membersAt(db, conv, ranges);
  const settings = await settingsOf(db, user, conv);
  const last = await lastMessage(db, conv, ranges);
  return {
    ...{ conv, form, headN, readN, unread: Math.max(0, Number(unread)) },
    // Of who is not in it any more: what happens without them is not told.
    updatedAt: inside === 1 ? updatedAt : (last?.entry.time ?? 0),
    member: inside === 1,
    role: role || 'member',
    name: facts.rename && 'text' in facts.rename ? facts.rename.text : null,
    picture: facts.picture,
    members: count,
    users,
    last,
    ...settings,
  };
}

/** The newest name and picture that this person saw. */
async function factsOf(db: Kysely<Database>, conv: string, ranges: readonly Range[]) {
  const found: { rename: ConversationSummary['picture']; picture: ConversationSummary['picture'] } = {
    rename: null,
    picture: null,
  };
  for (const kind of ['rename', 'picture'] as const) {
    const rows = await db
      .selectFrom('entry')
      .selectAll()
      .where('conv', '=', conv)
      .where('kind', '=', kind)
      .where((where) =>
        where.or(ranges.map(({ from, to }) => where.and([where('n', '>=', from), where('n', '<=', to)]))),
      )
      .orderBy('n', 'desc')
      .limit(1)
      .execute();
    const entry = rows[0] && entryOf(rows[0]);
    if (entry && 'body' in entry && entry.body) found[kind] = entry.body;
  }
  return found;
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
  return { conv, members: rows.map(({ user: who, name, role }) => ({ user: who, name, role })) };
}

async function settingsOf(db: Kysely<Database>, user: string, conv: string) {
  const rows = await db
    .selectFrom('ownRegister')
    .select(['kind', 'amount'])
    .where('user', '=', user)
    .where('kind', 'in', ['mute', 'pinned', 'archived'])
    .where('conv', '=', conv)
    .execute();
  const amount = (kind: string) => rows.find((row) => row.kind === kind)?.amount ?? 0;
  return { mutedUntil: amount('mute'), pinned: amount('pinned'), archived: amount('archived') === 1 };
}

async function lastMessage(db: Kysely<Database>, conv: string, ranges: readonly Range[]) {
  for (const { from, to } of [...ranges].reverse()) {
    const rows = await db
      .selectFrom('entry')
      .selectAll()
      .where('conv', '=', conv)
      .where('n', '>=', from)
      .where('n', '<=', to)
      .where('kind', '=', 'message')
      .orderBy('n', 'desc')
      .limit(1)
      .execute();
    const row = rows[0];
    if (row && sees(ranges, row.n)) return (await folded(db, ranges, [row]))[0] ?? null;
  }
  return null;
}
