/** The index in PostgreSQL: a tsvector of our own words, without its parser and dictionaries. Facts are lexemes that begin with a character that no word has. */
import type { Wanted } from '@matchbook/protocol/search-document';
import { sql } from 'kysely';
import { pieces } from '../db/bulk.ts';
import type { Doc, SearchIndex } from './index-port.ts';

const FACT = '#';
/** The largest place that a tsvector knows (postgresql.org/docs/current/textsearch-limitations.html). */
const LAST_PLACE = 16_383;

export const postgresIndex: SearchIndex = {
  async add(trx, docs) {
    for (const piece of pieces(docs)) {
      const rows = piece.map(
        (doc) =>
          sql`(${doc.conv}, ${doc.n}::bigint, ${doc.target}::bigint, ${doc.sender}, ${doc.time}::bigint, ${vectorOf(doc)}::tsvector)`,
      );
      await sql`
        INSERT INTO "searchDoc" (conv, n, target, sender, time, words) VALUES ${sql.join(rows)}
        ON CONFLICT DO NOTHING`.execute(trx);
    }
  },
  async erase(trx, messages) {
    for (const { conv, target } of messages)
      await trx.deleteFrom('searchDoc').where('conv', '=', conv).where('target', '=', target).execute();
  },
  find: (wanted) => {
    const query = sql`${queryOf(wanted)}::tsquery`;
    const words = queryOf({ terms: wanted.terms.filter(({ without }) => !without), facts: [] });
    // Divided by the length of the text, as BM25 does.
    const rank = words === '' ? sql`0` : sql`-ts_rank(words, ${words}::tsquery, 1)`;
    return {
      // OFFSET 0 keeps the planner from walking all documents in order, in the hope of finding some early.
      from: sql`(SELECT *, ${rank} AS rank FROM "searchDoc" WHERE words @@ ${query} OFFSET 0) d`,
      where: sql`true`,
      doc: sql`d.doc`,
      rank: sql`d.rank`,
    };
  },
};

const quoted = (lexeme: string) => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

function vectorOf({ words, terms }: Doc): string {
  const places = new Map<string, number[]>();
  for (const [i, word] of words.entries()) {
    const known = places.get(word) ?? [];
    places.set(word, known);
    known.push(Math.min(i + 1, LAST_PLACE));
  }
  return [
    ...terms.map((one) => quoted(FACT + one)),
    // Of one word, a vector keeps 256 places and no more.
    ...[...places].map(([word, all]) => `${quoted(word)}:${all.slice(0, 256).join(',')}`),
  ].join(' ');
}

function queryOf({ terms, facts }: Wanted): string {
  const phrase = ({ words, joined, begun }: Wanted['terms'][number]) =>
    [words, ...(joined ? [joined] : [])]
      .map((all) =>
        all.map((word, i) => quoted(word) + (begun && i === all.length - 1 ? ':*' : '')).join(' <-> '),
      )
      .join(' | ');
  return [
    ...facts.map((group) => group.map((one) => quoted(FACT + one)).join(' | ')),
    ...terms.filter(({ without }) => !without).map(phrase),
    ...terms.filter(({ without }) => without).map((one) => `!(${phrase(one)})`),
  ]
    .map((one) => `(${one})`)
    .join(' & ');
}
