/** Full-text search over what a person may see: in their ranges of membership, the newest version that they see of each message, without what they deleted for themselves. */
import type { SearchPage } from '@matchbook/protocol/http/history';
import { readContent } from '@matchbook/protocol/message-body';
import { shownOf, term } from '@matchbook/protocol/search-document';
import { asksNothing, marksIn, parseQuery, type SearchQuery } from '@matchbook/protocol/search-query';
import { snippetOf } from '@matchbook/protocol/snippet';
import { fold } from '@matchbook/protocol/words';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import type { Database, SearchDocRow } from '../db/schema.ts';
import { problem } from '../problems.ts';
import type { SearchIndex } from './index-port.ts';
import { knownKeys } from './keys.ts';

/** Hits are counted up to here; beyond, the total is "more than". */
const COUNTED = 1_000;
/** The best ones are looked for among so many, by relevance. */
const RANKED = 1_000;

export interface SearchRequest {
  user: string;
  q: string;
  /** The searcher's minutes east of UTC. */
  zone: number;
  order: 'newest' | 'relevance';
  limit: number;
  /** `next` of the page before. */
  cursor: number | null;
}

/**
 * Whose conversations are few, and hold little of everything, is looked for within them: what others write costs nothing. For all others the words say more than the places, which are looked
 * at hit by hit.
 */
const FEW = { conversations: 64, share: 0.1 };

type Hit = Omit<SearchDocRow, 'doc'> & { doc: number };

/** @throws FailureError `invalid_field` where nothing is asked for */
export async function search(
  db: Kysely<Database>,
  index: SearchIndex,
  request: SearchRequest,
): Promise<SearchPage> {
  const query = parseQuery(request.q, request.zone);
  if (asksNothing(query))
    throw problem('invalid_field', 'q: say what to look for: a word, or a filter.', { field: 'q' });
  const coverage = await coverageOf(db);
  const facts = await factsOf(db, request.user, query);
  if (facts === null) return { items: [], total: 0, more: false, next: null, coverage };
  const by = index.find({ terms: query.terms, facts });
  const where = sql`${by.where} AND ${visible(request.user, query)}`;
  const newest = request.order === 'newest';
  const { cursor, limit } = request;
  const page = newest
    ? sql`${cursor === null ? sql`` : sql`AND ${by.doc} < ${cursor}`} ORDER BY ${by.doc} DESC LIMIT ${limit + 1}`
    : sql`ORDER BY ${by.rank}, ${by.doc} DESC LIMIT ${limit + 1} OFFSET ${cursor ?? 0}`;
  const { rows } = await sql<Hit>`
    SELECT d.doc, d.conv, d.n, d.target, d.sender, d.time FROM ${by.from} WHERE ${where} ${page}`.execute(db);
  const counted = await sql<{ total: number }>`
    SELECT count(*) AS total FROM (SELECT 1 FROM ${by.from} WHERE ${where} LIMIT ${COUNTED + 1}) AS hits`.execute(
    db,
  );
  const total = counted.rows[0]?.total ?? 0;
  const shown = rows.slice(0, limit);
  const further = rows.length > limit;
  const next = newest ? (shown.at(-1)?.doc ?? null) : (cursor ?? 0) + limit;
  return {
    items: await itemsOf(db, shown, query),
    total: Math.min(total, COUNTED),
    more: total > COUNTED,
    next: further && (newest || (next ?? 0) < RANKED) ? next : null,
    coverage,
  };
}

async function allMessages(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('conversation')
    .select(({ fn }) => fn.sum<number>('headM').as('sum'))
    .executeTakeFirst();
  return Number(row?.sum ?? 0);
}

/** Conversations and people that are looked at, as facts of the index; null where there are none. */
async function factsOf(db: Kysely<Database>, user: string, query: SearchQuery): Promise<string[][] | null> {
  const mine = await db
    .selectFrom('member')
    .innerJoin('conversation', 'conversation.conv', 'member.conv')
    .select(['member.conv', 'headM'])
    .distinct()
    .where('user', '=', user)
    .execute();
  let conversations = mine.map(({ conv }) => conv);
  if (query.in.length > 0) conversations = await named(db, user, conversations, query.in);
  const places = await knownKeys(db, conversations);
  if (places.size === 0) return null;
  const facts: string[][] = [];
  const sees = mine.reduce((sum, { headM }) => sum + headM, 0);
  const few = places.size <= FEW.conversations && sees <= FEW.share * (await allMessages(db));
  const byWords = query.terms.some(({ without }) => !without);
  if (few || query.in.length > 0 || !byWords) facts.push([...places.values()].map(term.conversation));
  if (query.from.length > 0) {
    const people = await knownKeys(db, await peopleCalled(db, user, query.from));
    if (people.size === 0) return null;
    facts.push([...people.values()].map(term.sender));
  }
  for (const has of query.has) facts.push([term[has]]);
  return facts;
}

const matches = (name: string, id: string, asked: readonly string[]) =>
  asked.some((one) => one === id || fold(name).includes(fold(one)));

/** Of those who share a conversation with the asking person, and `me`. */
async function peopleCalled(db: Kysely<Database>, user: string, asked: readonly string[]): Promise<string[]> {
  const people = await db
    .selectFrom('profile')
    .select(['user', 'name'])
    .where('user', 'in', (others) =>
      others
        .selectFrom('member as theirs')
        .innerJoin('member as mine', 'mine.conv', 'theirs.conv')
        .select('theirs.user')
        .where('mine.user', '=', user),
    )
    .execute();
  const called = people.filter((one) => matches(one.name, one.user, asked)).map((one) => one.user);
  return asked.includes('me') ? [...called, user] : called;
}

/** Conversations by id, by the name of the group as this person last saw it, or by who is in it where it is a direct one. */
async function named(
  db: Kysely<Database>,
  user: string,
  conversations: readonly string[],
  asked: readonly string[],
): Promise<string[]> {
  const chosen = new Set(conversations.filter((conv) => asked.includes(conv)));
  const people = await peopleCalled(
    db,
    user,
    asked.filter((one) => one !== 'me'),
  );
  const direct = await db
    .selectFrom('conversation')
    .innerJoin('member as mine', 'mine.conv', 'conversation.conv')
    .innerJoin('member as theirs', 'theirs.conv', 'conversation.conv')
    .select('conversation.conv')
    .where('conversation.form', '=', 'direct')
    .where('mine.user', '=', user)
    .where('theirs.user', 'in', people.length > 0 ? people : [''])
    .where('theirs.user', '!=', user)
    .execute();
  for (const { conv } of direct) chosen.add(conv);
  const renames = await db
    .selectFrom('entry')
    .innerJoin('member', 'member.conv', 'entry.conv')
    .select(['entry.conv', 'entry.n', 'entry.bodyText'])
    .where('entry.kind', '=', 'rename')
    .where('member.user', '=', user)
    .whereRef('entry.n', '>=', 'member.fromN')
    .where((or) => or.or([or('member.untilN', 'is', null), or('entry.n', '<', or.ref('member.untilN'))]))
    .orderBy('entry.n')
    .execute();
  const names = new Map(renames.map(({ conv, bodyText }) => [conv, bodyText ?? '']));
  for (const [conv, name] of names) if (name && matches(name, conv, asked)) chosen.add(conv);
  return [...chosen];
}

/** What of the documents `d` this person may see and has not put away. */
function visible(user: string, { before, after }: SearchQuery): RawBuilder<boolean> {
  const inRange = (place: RawBuilder<unknown>) => sql`EXISTS (
    SELECT 1 FROM member v WHERE v.conv = d.conv AND v."user" = ${user} AND ${place} >= v."fromN" AND (v."untilN" IS NULL OR ${place} < v."untilN"))`;
  return sql`${inRange(sql`d.n`)} AND (d.target = d.n OR ${inRange(sql`d.target`)})
    AND NOT EXISTS (SELECT 1 FROM "searchDoc" later WHERE later.conv = d.conv AND later.target = d.target AND later.n > d.n AND ${inRange(sql`later.n`)})
    AND NOT EXISTS (SELECT 1 FROM "ownRegister" gone WHERE gone."user" = ${user} AND gone.kind = 'deleted_for_me' AND gone.conv = d.conv AND gone.about = CAST(d.target AS TEXT) AND gone.amount = 1)
    ${after === null ? sql`` : sql`AND d.time >= ${after}`} ${before === null ? sql`` : sql`AND d.time < ${before}`}`;
}

/** With the place that is looked for, and where the words stand in it. */
async function itemsOf(
  db: Kysely<Database>,
  hits: readonly Hit[],
  query: SearchQuery,
): Promise<SearchPage['items']> {
  const items: SearchPage['items'] = [];
  for (const { conv, n, target, sender, time } of hits) {
    const row = await db
      .selectFrom('entry')
      .selectAll()
      .where('conv', '=', conv)
      .where('n', '=', n)
      .executeTakeFirst();
    const entry = row && entryOf(row);
    const content = entry && 'body' in entry && entry.body ? readContent(entry.body) : null;
    // Erased between the two questions.
    if (!content) continue;
    const text = shownOf(content);
    items.push({ conv, n: target, sender, time, ...snippetOf(text, marksIn(text, query.terms)) });
  }
  return items;
}

async function coverageOf(db: Kysely<Database>): Promise<SearchPage['coverage']> {
  const newest = await db
    .selectFrom('progress')
    .select('updatedAt')
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const waiting = await db.selectFrom('searchPending').select('n').limit(1).executeTakeFirst();
  return { upTo: newest?.updatedAt ?? null, complete: waiting === undefined };
}
