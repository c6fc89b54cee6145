/**
 * Reads history.db through, a little at a time: after a start that no orderly end came before, and once a week. Damage that SQLite sees is thrown; entries
 * that say something else than their chain vouches for become holes, to be filled again.
 */
import { chainLink } from '@matchbook/protocol/chain';
import { type EntryRow, hashOfStored } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { bytesOf } from '../entries/incoming.ts';
import type { Database } from '../files/database.ts';

const WEEK = 7 * 86_400_000;
/** Rows read in one step. */
const AT_ONCE = 150;
/** Up to here the whole file is looked at by SQLite itself as well, in one step. */
const WHOLE_BYTES = 16 * 1024 * 1024;

export interface HistoryCheckParts {
  db: Database;
  account: string;
  rows: EntryRows;
  now: () => number;
  /** The entry there is not what the log had. */
  mistrust: (conv: string, n: number) => void;
  /** Of what was mistrusted, the index is mended. */
  mendIndex: () => Generator<void, void, void>;
  /** All was read, and nothing found. */
  whole: () => void;
}

/** Small tables, each read at once; sums make SQLite read every value. */
const SMALL = [
  'SELECT total(length(cursor)) FROM state',
  'SELECT total(length(conv) + length(preview_text) + length(base)) FROM conversation',
  'SELECT total(length(user) + since) FROM member',
  'SELECT total(length(conv) + from_n) FROM hole',
  'SELECT total(length(user) + read_n) FROM position',
  'SELECT total(length(name)) FROM profile',
  'SELECT total(length(conv) + length(body)) FROM own_register',
  'SELECT total(length(raw)) FROM unknown',
  'SELECT total(length(entry)) FROM displaced',
];

export class HistoryCheck {
  readonly #parts: HistoryCheckParts;
  #steps: Generator<void, void, void> | null = null;

  constructor(parts: HistoryCheckParts) {
    this.#parts = parts;
  }

  /** Answers whether there is more to do now. @throws what SQLite says of a damaged file */
  step(): boolean {
    if (!this.#steps) {
      if (!this.#due()) return false;
      this.#steps = this.#check();
    }
    const { done } = this.#steps.next();
    if (done) this.#steps = null;
    return !done;
  }

  #due(): boolean {
    const { db, account, now } = this.#parts;
    const row = db.get<{ checked: number; suspect: number }>(
      'SELECT checked, suspect FROM state WHERE account = ?',
      account,
    )!;
    // A clock that was set back must not put it off for ever.
    return row.suspect === 1 || Math.abs(now() - row.checked) >= WEEK;
  }

  *#check(): Generator<void, void, void> {
    const { db, account, now, mendIndex, whole } = this.#parts;
    for (const sql of SMALL) {
      db.get(sql);
      yield;
    }
    yield* this.#entries();
    yield* this.#words();
    yield* mendIndex();
    const { bytes } = db.get<{ bytes: number }>(
      'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
    )!;
    const fault = bytes <= WHOLE_BYTES ? db.fault(true) : null;
    if (fault !== null) throw Object.assign(new Error(fault), { errcode: 11 });
    db.run('UPDATE state SET checked = ?, suspect = 0 WHERE account = ?', now(), account);
    whole();
  }

  /** In the order of their places, so that each has the one before it at hand. */
  *#entries(): Generator<void, void, void> {
    const { rows, mistrust } = this.#parts;
    let [conv, n] = ['', 0];
    let before: EntryRow | null = null;
    for (;;) {
      const some = rows.after(conv, n, AT_ONCE);
      for (const row of some) {
        const follows =
          before?.conv === row.conv && before.n === row.n - 1 ? before.h : row.n === 1 ? null : undefined;
        if (follows !== undefined && !vouchedFor(row, follows) && !rows.isFault(row.conv, row.n))
          mistrust(row.conv, row.n);
        // Also after one that is mistrusted: where its h was wrong the next is fetched again for nothing, and where both were, both are.
        before = row;
        [conv, n] = [row.conv, row.n];
      }
      if (some.length < AT_ONCE) return;
      yield;
    }
  }

  *#words(): Generator<void, void, void> {
    const { db } = this.#parts;
    for (let id = -1; ; ) {
      const read = db.get<{ last: number | null; some: unknown }>(
        'SELECT max(id) AS last, max(block) AS some FROM (SELECT id, block FROM search_words_data WHERE id > ? ORDER BY id LIMIT ?)',
        ...[id, AT_ONCE],
      )!;
      if (read.last === null) return;
      id = read.last;
      yield;
    }
  }
}

/** @param before h of the place before; null at the first */
export function vouchedFor(row: EntryRow, before: string | null): boolean {
  if (row.id === null) return true;
  try {
    const hash = hashOfStored(row);
    return hash === null || chainLink(before, row.id, row.kind, bytesOf(hash)) === row.h;
  } catch {
    // Not JSON any more, nothing of its kind, or h is not what h looks like.
    return false;
  }
}
