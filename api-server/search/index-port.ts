/** What the two databases' full-text indexes have in common: documents in, documents out, in words and terms of search.ts. */
import type { Wanted } from '@matchbook/protocol/search-document';
import type { RawBuilder } from 'kysely';
import type { SearchDocRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

/** One version of a message. */
export interface Doc extends Omit<SearchDocRow, 'doc'> {
  /** Folded words of the text, in order. */
  words: readonly string[];
  /** Facts, as words that no text has: see `term` of search-document.ts. */
  terms: readonly string[];
}

export interface SearchIndex {
  add(trx: Trx, docs: readonly Doc[]): Promise<void>;
  /** Everything about these messages. */
  erase(trx: Trx, messages: readonly { conv: string; target: number }[]): Promise<void>;
  /** Parts of a query for what is wanted; documents are `d` in it. It may find more than the asking person may see. */
  find(wanted: Wanted): FoundBy;
}

interface FoundBy {
  from: RawBuilder<unknown>;
  where: RawBuilder<unknown>;
  /** Number of the document, by which the newest can be had first without sorting everything. */
  doc: RawBuilder<number>;
  /** The smaller, the more relevant. */
  rank: RawBuilder<number>;
}
