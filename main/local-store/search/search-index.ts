/**
 * The full-text index of history.db: one document a message, with the words of its newest text. Words are made by protocol/words.ts, as the server's are.
 * FTS5 keeps no texts: to take a document out, the words are made again from the text that it was made from, which therefore leaves the tables last.
 */
import type { Body } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { documentOf, term } from '@matchbook/protocol/search-document';
import { bodyOf, type EntryRow } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import type { Database } from '../files/database.ts';
import { SEARCH_WORDS, UNINDEXED } from '../files/schemas.ts';
import { takeOutLost } from './lost-documents.ts';

/** Numbers of documents grow with time, so that the newest can be had first without sorting: this many within one millisecond. */
const A_MILLISECOND = 4_096;
const LATEST = 2 ** 41 - 1;
/** Changes with protocol/words.ts; ICU and its dictionaries change with the runtime. */
const VERSION = `2 ${process.versions.icu} ${process.versions.unicode}`;
/** Pages written in one step of `tighten`. */
const TIGHTENED = 32;
/** No message has this number, nor this word alone. */
const SECOND = -1;
const SECOND_WORD = 'second';
/** Keys kept in memory. */
const KEYS = 10_000;

/** The lowest number of a document that is not older than a time (ms). */
export const firstDocAt = (time: number): number => Math.min(Math.max(0, time), LATEST) * A_MILLISECOND;

interface Indexed {
  doc: number | null;
  docN: number | null;
}

export interface IndexCoverage {
  from: number | null;
  waiting: number;
}

export class SearchIndex {
  readonly #db: Database;
  readonly #account: string;
  readonly #rows: EntryRows;
  readonly #keys = new Map<string, number>();
  /** What is in the tables was made in another way, and is being taken out of them. */
  #stale = false;

  constructor(db: Database, account: string, rows: EntryRows) {
    this.#db = db;
    this.#account = account;
    this.#rows = rows;
    const found = db.get<{ version: string }>('SELECT version FROM search_state');
    if (!found) db.run('INSERT INTO search_state (one, version) VALUES (1, ?)', VERSION);
    this.#stale = found !== undefined && found.version !== VERSION;
  }

  /** To be called after a message or something about it came: its newest text is what is found. */
  put(conv: string, n: number): void {
    if (this.#stale) return;
    const row = this.#rows.at(conv, n);
    if (row?.kind !== 'message') return;
    const newest = this.#newest(row);
    const { doc, docN } = this.#indexed(row);
    if (doc !== null && docN === newest?.n) return;
    if (doc) this.#remove(row, doc, docN);
    if (!newest) return this.#note(row, null, null);
    const words = this.#wordsOf(row, newest.body);
    if (!words) return this.#note(row, 0, newest.n);
    const number = doc || this.#free(row);
    this.#db.run('INSERT INTO search_words (rowid, terms, words) VALUES (?, ?, ?)', number, ...words);
    this.#note(row, number, newest.n);
  }

  /** To be called before the text of a message, or of an edit of it, goes. It is indexed again by `put`, or in its turn. */
  drop(conv: string, n: number): void {
    const row = this.#rows.at(conv, n);
    if (row?.kind !== 'message') return;
    const { doc, docN } = this.#indexed(row);
    if (doc && !this.#stale) this.#remove(row, doc, docN);
    if (doc !== null) this.#note(row, null, null);
  }

  /** To be called before a row goes of which nobody knows what it said when it was indexed. Its document is of no message until `mend` takes it out. */
  lose(conv: string, n: number): void {
    const row = this.#rows.at(conv, n);
    // What was changed by it is indexed again by what it says without it.
    if (row?.kind !== 'edit' || row.target === null) return;
    const message = this.#rows.at(conv, row.target);
    if (message?.kind === 'message' && this.#indexed(message).docN === n) this.#note(message, null, null);
  }

  /** Takes out what is of no message any more, a little at a time. */
  *mend(): Generator<void, void, void> {
    if (this.#stale) return;
    if (!(yield* takeOutLost(this.#db))) this.reset();
  }

  /**
   * Indexes what is not, the newest first, or takes out what was made in another way.
   *
   * @param limit messages of this slice
   * @returns whether there is more to do
   */
  fill(limit: number): boolean {
    if (this.#stale) return this.#clear(limit * 10);
    const rows = this.#db.all<{ conv: string; n: number }>(
      `SELECT conv, n FROM entry WHERE account = ? AND ${UNINDEXED} ORDER BY time DESC LIMIT ?`,
      this.#account,
      limit,
    );
    // Ascending: FTS5 writes a piece of its own whenever a number is lower than the one before.
    this.#db.transaction(() => {
      for (const { conv, n } of rows.reverse()) this.put(conv, n);
    });
    return rows.length === limit;
  }

  /** Messages in it, by its own account. */
  get documents(): number {
    return this.#db.get<{ documents: number }>('SELECT count(*) AS documents FROM search_words_docsize')!
      .documents;
  }

  coverage(): IndexCoverage {
    const { waiting, newest } = this.#db.get<{ waiting: number; newest: number | null }>(
      `SELECT count(*) AS waiting, max(time) AS newest FROM entry WHERE account = ? AND ${this.#stale ? "kind = 'message' AND body IS NOT NULL" : UNINDEXED}`,
      this.#account,
    )!;
    return { waiting, from: newest === null ? null : newest + 1 };
  }

  /**
   * Begins to put together what is left of the index after much was taken out: what is deleted leaves its pages at once, but not the room that they take. In steps,
   * each of a few pages, until `tighten` says that it is done; a process that ends meanwhile leaves the index whole.
   */
  loosened(): void {
    if (this.#stale) return;
    // FTS5 puts nothing together where it has one piece only: a second one, which nothing finds.
    this.#db.run("INSERT INTO search_words (rowid, terms, words) VALUES (?, '', ?)", SECOND, SECOND_WORD);
    this.#merge(-TIGHTENED);
    this.#db.run(
      "INSERT INTO search_words (search_words, rowid, terms, words) VALUES ('delete', ?, '', ?)",
      ...[SECOND, SECOND_WORD],
    );
  }

  /** Answers whether there is more to do. */
  tighten(): boolean {
    return !this.#stale && this.#merge(TIGHTENED);
  }

  #merge(pages: number): boolean {
    const before = this.#changes();
    this.#db.run("INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)", pages);
    // One change is that of the command itself (sqlite.org/fts5.html, 6.8).
    return this.#changes() - before > 1;
  }

  #changes(): number {
    return this.#db.get<{ changes: number }>('SELECT total_changes() AS changes')!.changes;
  }

  /** The index contradicts itself: made anew, in its turn. */
  reset(): void {
    this.#db.run("UPDATE search_state SET version = ''");
    this.#stale = true;
  }

  /** Only those that are in the index; the others have no documents. */
  known(ids: Iterable<string>): Map<string, number> {
    const keys = new Map<string, number>();
    for (const id of ids) {
      const row = this.#db.get<{ key: number }>(
        'SELECT key FROM search_key WHERE account = ? AND id = ?',
        this.#account,
        id,
      );
      if (row) keys.set(id, row.key);
    }
    return keys;
  }

  #clear(limit: number): boolean {
    return this.#db.transaction(() => {
      const cleared = this.#db.run(
        'UPDATE entry SET doc = NULL, doc_n = NULL WHERE rowid IN (SELECT rowid FROM entry WHERE doc IS NOT NULL LIMIT ?)',
        limit,
      );
      if (cleared === limit) return true;
      this.#db.exec(`DROP TABLE search_words; ${SEARCH_WORDS}`);
      this.#db.run('UPDATE search_state SET version = ?', VERSION);
      this.#stale = false;
      return true;
    });
  }

  #indexed({ conv, n }: EntryRow): Indexed {
    return this.#db.get<Indexed>(
      'SELECT doc, doc_n AS docN FROM entry WHERE account = ? AND conv = ? AND n = ?',
      this.#account,
      conv,
      n,
    )!;
  }

  #note({ conv, n }: EntryRow, doc: number | null, docN: number | null): void {
    this.#db.run(
      'UPDATE entry SET doc = ?, doc_n = ? WHERE account = ? AND conv = ? AND n = ?',
      ...[doc, docN, this.#account, conv, n],
    );
  }

  #newest(row: EntryRow): { n: number; body: Body } | null {
    const own = bodyOf(row);
    if (!own) return null;
    const edit = this.#db.get<{ n: number; body: string }>(
      `SELECT n, body FROM entry WHERE account = ? AND conv = ? AND target = ? AND kind = 'edit' AND sender = ? AND n > ?
         AND body IS NOT NULL ORDER BY n DESC LIMIT 1`,
      ...[this.#account, row.conv, row.n, row.sender, row.n],
    );
    return edit ? { n: edit.n, body: JSON.parse(edit.body) as Body } : { n: row.n, body: own };
  }

  #remove(row: EntryRow, doc: number, docN: number | null): void {
    const version = docN === null || docN === row.n ? row : this.#rows.at(row.conv, docN);
    const body = version && bodyOf(version);
    const words = body && this.#wordsOf(row, body);
    // Without the text that it was made from, nothing can be taken out but all of it.
    if (!words) return this.reset();
    this.#db.run(
      "INSERT INTO search_words (search_words, rowid, terms, words) VALUES ('delete', ?, ?, ?)",
      doc,
      ...words,
    );
  }

  /** Facts and words, as FTS5 takes them; null where there is nothing to be found. */
  #wordsOf({ conv, sender }: EntryRow, body: Body): [string, string] | null {
    const content = readContent(body);
    if (!content) return null;
    const { words, terms } = documentOf(content);
    const facts = [term.conversation(this.#key(conv)), term.sender(this.#key(sender ?? '')), ...terms];
    return [facts.join(' '), words.join(' ')];
  }

  #free({ n, time }: EntryRow): number {
    const first = firstDocAt(time);
    for (let k = 0; ; k++) {
      // Within a millisecond in the order of their places.
      const doc = first + (k < A_MILLISECOND ? (n + k) % A_MILLISECOND : k);
      if (!this.#isTaken(doc || 1)) return doc || 1;
    }
  }

  /** Also by what is of no message any more. */
  #isTaken(doc: number): boolean {
    return (
      this.#db.get(
        'SELECT 1 WHERE EXISTS (SELECT 1 FROM entry WHERE doc = ?1) OR EXISTS (SELECT 1 FROM search_words_docsize WHERE id = ?1)',
        doc,
      ) !== undefined
    );
  }

  #key(id: string): number {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    this.#db.run('INSERT OR IGNORE INTO search_key (account, id) VALUES (?, ?)', this.#account, id);
    const key = this.known([id]).get(id)!;
    if (this.#keys.size >= KEYS) this.#keys.clear();
    this.#keys.set(id, key);
    return key;
  }
}
