/** The index in SQLite: FTS5 without a copy of the texts. Tokens are ours; the tokenizer only finds the spaces between them. */
import { sql } from 'kysely';
import { pieces } from '../db/bulk.ts';
import type { Trx } from '../db/store.ts';
import type { Doc, SearchIndex, Wanted } from './index-port.ts';

export const sqliteIndex: SearchIndex = {
  async add(trx, docs) {
    for (const piece of pieces(docs)) {
      const rows = await trx
        .insertInto('searchDoc')
        .values(piece.map(({ conv, n, target, sender, time }) => ({ conv, n, target, sender, time })))
        .onConflict((conflict) => conflict.doNothing())
        .returning(['doc', 'conv', 'n'])
        .execute();
      const docOf = new Map(rows.map(({ doc, conv, n }) => [`${conv} ${n}`, doc]));
      for (const one of piece) {
        const doc = docOf.get(`${one.conv} ${one.n}`);
        if (doc !== undefined) await addWords(trx, doc, one);
      }
    }
  },
  async erase(trx, messages) {
    for (const { conv, target } of messages) {
      const rows = await trx
        .deleteFrom('searchDoc')
        .where('conv', '=', conv)
        .where('target', '=', target)
        .returning('doc')
        .execute();
      for (const { doc } of rows) await sql`DELETE FROM searchWords WHERE rowid = ${doc}`.execute(trx);
    }
  },
  find: (wanted) => ({
    from: sql`searchWords CROSS JOIN searchDoc d ON d.doc = searchWords.rowid`,
    where: sql`searchWords MATCH ${matchOf(wanted)}`,
    doc: sql`searchWords.rowid`,
    rank: sql`searchWords.rank`,
  }),
};

const addWords = (trx: Trx, doc: number, { terms, words }: Doc) =>
  sql`INSERT INTO searchWords (rowid, terms, words) VALUES (${doc}, ${terms.join(' ')}, ${words.join(' ')})`.execute(
    trx,
  );

/** In FTS5's language: every word is a string, so that none is an operator. */
function matchOf({ terms, facts }: Wanted): string {
  const text = (word: string) => `"${word.replaceAll('"', '""')}"`;
  const phrase = ({ words, begun }: Wanted['terms'][number]) =>
    `words : (${words.map(text).join(' + ')}${begun ? ' *' : ''})`;
  const wanted = [
    ...facts.map((group) => `terms : (${group.map(text).join(' OR ')})`),
    ...terms.filter(({ without }) => !without).map(phrase),
  ].map((one) => `(${one})`);
  const unwanted = terms.filter(({ without }) => without).map((one) => `(${phrase(one)})`);
  const all = wanted.join(' AND ');
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`;
}
