/** What the two databases' full-text indexes have in common: documents in, documents out, in words and terms of search.ts. */
import type { SearchTerm } from '@matchbook/protocol/search-query';
import type { RawBuilder } from 'kysely';
import type { SearchDocRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

/** One version of a message. */
export interface Doc extends Omit<SearchDocRow, 'doc'> {
  /** Folded words of the text, in order. */
  words: readonly string[];
  /** Facts, as words that no text has: see `term`. */
  terms: readonly string[];
}

/** Facts about a document: where, by whom, with what. */
export const term = {
  conversation: (key: number) => `c${key}`,
  sender: (key: number) => `s${key}`,
  file: 'file',
  link: 'link',
} as const;

export interface Wanted {
  terms: readonly SearchTerm[];
  /** All of these groups, of each any one. */
  facts: readonly (readonly string[])[];
}

/** A document in the index has words of at most this much text; what comes after is not found. Characters. */
export const TEXT_LIMIT = 64 * 1024;

export interface SearchIndex {
  add(trx: Trx, docs: readonly Doc[]): Promise<void>;
  /** Everything about these messages. */
  erase(trx: Trx, messages: readonly { conv: string; target: number }[]): Promise<void>;
  /** Parts of a query for what is wanted; documents are `d` in it. It may find more than the asking person may see. */
  find(wanted: Wanted): FoundBy;
}

export interface FoundBy {
  from: RawBuilder<unknown>;
  where: RawBuilder<unknown>;
  /** Number of the document, by which the newest can be had first without sorting everything. */
  doc: RawBuilder<number>;
  /** The smaller, the more relevant. */
  rank: RawBuilder<number>;
}
