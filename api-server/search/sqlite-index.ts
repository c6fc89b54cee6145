/** The index in SQLite: FTS5 without a copy of the texts. Tokens are ours; the tokenizer only finds the spaces between them. */
import { matchOf } from '@matchbook/protocol/search-document';
import { sql } from 'kysely';
import { pieces } from '../db/bulk.ts';
import type { Trx } from '../db/store.ts';
import type { Doc, SearchIndex } from './index-port.ts';

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
