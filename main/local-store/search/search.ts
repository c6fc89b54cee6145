/** Full-text search over what is on this device: the same questions, answered in the same way as by the API (api-server/search), as far as messages are here. */
import type { LocalSearchPage } from '@matchbook/protocol/bridge/views';
import { readContent } from '@matchbook/protocol/message-body';
import { matchOf, shownOf, term } from '@matchbook/protocol/search-document';
import { asksNothing, marksIn, parseQuery, type SearchQuery } from '@matchbook/protocol/search-query';
import { snippetOf } from '@matchbook/protocol/snippet';
import { fold } from '@matchbook/protocol/words';
import { bodyOf } from '../entries/entry-row.ts';
import type { Database } from '../files/database.ts';
import { StoreError } from '../files/store-error.ts';
import { firstDocAt, type SearchIndex } from './search-index.ts';

/** Hits are counted up to here; beyond, the total is "more than". */
const COUNTED = 1_000;

export interface SearchRequest {
  q: string;
  /** The searcher's minutes east of UTC. */
  zone: number;
  limit: number;
  /** `next` of the page before. */
  cursor: number | null;
}

interface Hit {
  doc: number;
  conv: string;
  n: number;
  sender: string;
  time: number;
  /** JSON of the body whose words are in the index. */
  body: string;
}

/** @throws StoreError `invalid_field` where nothing is asked for */
export function search(
  db: Database,
  account: string,
  user: string,
  index: SearchIndex,
  { q, zone, limit, cursor }: SearchRequest,
): LocalSearchPage {
  const query = parseQuery(q, zone);
  if (asksNothing(query))
    throw new StoreError({
      ...{ kind: 'invalid_field', field: 'q' },
      message: 'q: say what to look for: a word, or a filter.',
    });
  const coverage = coverageOf(db, account, index);
  const facts = new Facts(db, account, user, index).of(query);
  if (facts === null) return { items: [], total: 0, more: false, next: null, coverage };
  const match = matchOf({ terms: query.terms, facts });
  const low = query.after === null ? 0 : firstDocAt(query.after);
  const high = query.before === null ? Number.MAX_SAFE_INTEGER : firstDocAt(query.before) - 1;
  const found = (columns: string, upTo: number, most: number) =>
    db.all<Hit>(
      `SELECT ${columns} FROM search_words CROSS JOIN entry ON entry.doc = search_words.rowid
       WHERE search_words MATCH ? AND search_words.rowid BETWEEN ? AND ? AND entry.account = ?
         AND NOT EXISTS (SELECT 1 FROM own_register AS gone WHERE gone.account = entry.account AND gone.reg = 'deleted_for_me'
           AND gone.conv = entry.conv AND gone.about = CAST(entry.n AS TEXT) AND gone.value = 1)
       ORDER BY search_words.rowid DESC LIMIT ?`,
      ...[match, low, upTo, account, most],
    );
  const columns = `doc, conv, n, sender, time,
    (SELECT body FROM entry AS shown WHERE shown.account = entry.account AND shown.conv = entry.conv AND shown.n = entry.doc_n) AS body`;
  const hits = found(columns, Math.min(high, cursor === null ? high : cursor - 1), limit + 1);
  const total = found('1', high, COUNTED + 1).length;
  const shown = hits.slice(0, limit);
  return {
    items: shown.map((hit) => itemOf(hit, query)),
    total: Math.min(total, COUNTED),
    more: total > COUNTED,
    next: hits.length > limit ? (shown.at(-1)?.doc ?? null) : null,
    coverage,
  };
}

function itemOf({ conv, n, sender, time, body }: Hit, query: SearchQuery): LocalSearchPage['items'][number] {
  const content = readContent(bodyOf({ body })!)!;
  const text = shownOf(content);
  return { conv, n, sender, time, ...snippetOf(text, marksIn(text, query.terms)) };
}

function coverageOf(db: Database, account: string, index: SearchIndex): LocalSearchPage['coverage'] {
  const { waiting, from } = index.coverage();
  const { missing } = db.get<{ missing: number }>(
    'SELECT coalesce(sum(to_n - from_n + 1), 0) AS missing FROM hole WHERE account = ?',
    account,
  )!;
  return { complete: waiting === 0 && missing === 0, from, waiting, missing };
}

/** Conversations and people that are looked at, as facts of the index. */
class Facts {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;
  readonly #index: SearchIndex;

  constructor(db: Database, account: string, user: string, index: SearchIndex) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
    this.#index = index;
  }

  /** Null where there are none of those asked for. */
  of(query: SearchQuery): string[][] | null {
    const facts: string[][] = [];
    if (query.in.length > 0) {
      const places = this.#index.known(this.#conversationsCalled(query.in));
      if (places.size === 0) return null;
      facts.push([...places.values()].map(term.conversation));
    }
    if (query.from.length > 0) {
      const called = this.#peopleCalled(query.from);
      const people = this.#index.known(query.from.includes('me') ? [...called, this.#user] : called);
      if (people.size === 0) return null;
      facts.push([...people.values()].map(term.sender));
    }
    for (const has of query.has) facts.push([term[has]]);
    const byWords = query.terms.some(({ without }) => !without);
    if (byWords || facts.length > 0) return facts;
    // All there is, but for what is not wanted, or of some time.
    const all = this.#db.all<{ conv: string }>(
      'SELECT conv FROM conversation WHERE account = ?',
      this.#account,
    );
    const places = this.#index.known(all.map(({ conv }) => conv));
    return places.size === 0 ? null : [[...places.values()].map(term.conversation)];
  }

  #peopleCalled(asked: readonly string[]): string[] {
    return this.#db
      .all<{ user: string; name: string }>('SELECT user, name FROM profile WHERE account = ?', this.#account)
      .filter(({ user, name }) => matches(name, user, asked))
      .map(({ user }) => user);
  }

  /** By id, by the name of the group, or by who is in it where it is a direct one. */
  #conversationsCalled(asked: readonly string[]): Set<string> {
    const chosen = new Set<string>();
    const people = new Set(this.#peopleCalled(asked.filter((one) => one !== 'me')));
    for (const { conv, name } of this.#db.all<{ conv: string; name: string | null }>(
      "SELECT conv, name ->> '$.text' AS name FROM conversation WHERE account = ?",
      this.#account,
    ))
      if (asked.includes(conv) || (name !== null && matches(name, conv, asked))) chosen.add(conv);
    for (const { conv, user } of this.#db.all<{ conv: string; user: string }>(
      `SELECT conv, user FROM conversation JOIN member USING (account, conv) WHERE account = ? AND form = 'direct' AND user <> ?`,
      this.#account,
      this.#user,
    ))
      if (people.has(user)) chosen.add(conv);
    return chosen;
  }
}

const matches = (name: string, id: string, asked: readonly string[]): boolean =>
  asked.some((one) => one === id || fold(name).includes(fold(one)));
