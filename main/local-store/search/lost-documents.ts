/**
 * Documents of the index that are of no message any more: where a row was damaged, nobody knows what the words were that it had when it was indexed. The index itself is
 * asked for them, a part of its terms at a time, so that they can be taken out: nothing is found by them, and nothing of what was erased stays.
 */
import type { Database } from '../files/database.ts';

/** Documents looked at in one step, and places of words read in one. */
const DOCUMENTS = 1_000;
const PLACES = 20_000;
/** With more of them the index is made anew: that takes no longer. */
const MOST = 1_000;

type Words = Record<'terms' | 'words', string[]>;

const OF_NOBODY = 'NOT EXISTS (SELECT 1 FROM entry WHERE doc = search_words_docsize.id)';

/** Answers whether all were taken out. */
export function* takeOutLost(db: Database): Generator<void, boolean, void> {
  const lost = yield* lostDocuments(db);
  if (lost.length === 0) return true;
  if (lost.length > MOST) return false;
  const found = yield* wordsOf(db, lost);
  db.transaction(() => {
    for (const [doc, { terms, words }] of found) {
      // It may have been made anew meanwhile, and the number given to another.
      if (!db.get(`SELECT 1 FROM search_words_docsize WHERE id = ? AND ${OF_NOBODY}`, doc)) continue;
      db.run(
        "INSERT INTO search_words (search_words, rowid, terms, words) VALUES ('delete', ?, ?, ?)",
        ...[doc, terms.join(' '), words.join(' ')],
      );
    }
  });
  return true;
}

function* lostDocuments(db: Database): Generator<void, number[], void> {
  const lost: number[] = [];
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const some = db.all<{ id: number; lost: number }>(
      `SELECT id, ${OF_NOBODY} AS lost FROM search_words_docsize WHERE id > ? ORDER BY id LIMIT ?`,
      ...[last, DOCUMENTS],
    );
    for (const one of some) if (one.lost === 1) lost.push(one.id);
    const end = some.at(-1);
    if (!end || some.length < DOCUMENTS) return lost;
    last = end.id;
    yield;
  }
}

/** Word by word through all of the index, as each document has them. */
function* wordsOf(db: Database, documents: readonly number[]): Generator<void, Map<number, Words>, void> {
  const found = new Map<number, Words>(documents.map((doc) => [doc, { terms: [], words: [] }]));
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab (main, search_words, row);
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_places USING fts5vocab (main, search_words, instance);`);
  for (let after = ''; ; ) {
    let upTo = after;
    let most = PLACES;
    for (const { term, cnt } of db.iterate<{ term: string; cnt: number }>(
      'SELECT term, cnt FROM temp.search_terms WHERE term > ? ORDER BY term',
      after,
    )) {
      upTo = term;
      most -= cnt;
      if (most <= 0) break;
    }
    if (upTo === after) return found;
    const places = db.all<{ doc: number; col: 'terms' | 'words'; offset: number; term: string }>(
      `SELECT doc, col, "offset", term FROM temp.search_places WHERE term > ? AND term <= ? AND doc IN (SELECT value FROM json_each(?))`,
      ...[after, upTo, JSON.stringify(documents)],
    );
    for (const { doc, col, offset, term } of places) found.get(doc)![col][offset] = term;
    after = upTo;
    yield;
  }
}
