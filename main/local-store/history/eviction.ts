/**
 * The size of history.db: above its limit, the oldest parts of conversations that nobody has looked at for longest become holes, which are filled again when
 * somebody comes to them. What only this device knows stays (own messages that the API has not saved), and so does what counts and lists are derived from, what was pinned or
 * kept, and what was said about a message later: one that is fetched again shows at once what became of it.
 */

import type { EntryRows } from '../entries/entry-rows.ts';
import type { Holes } from '../entries/holes.ts';
import type { Database } from '../files/database.ts';
import { ABOUT_ANOTHER, SYSTEM_KINDS } from '../files/schemas.ts';
import { isFull } from '../files/store-error.ts';

/** Of every conversation so many of the newest places stay. */
const KEPT = 200;
/** Entries given up in one step. */
const AT_ONCE = 50;
/** Once begun, it goes on until so much of the limit is used. */
const ENOUGH = 0.95;
/** So many messages leave the index, and so much of it, before the room that they took in it is given back: that costs as much as what stays. */
const LOOSE = 1_000;
const LOOSE_SHARE = 0.1;
/** Free pages that may stay in the file, to be used again, and those given back in one step. */
const FREE_PAGES = 64;
const GIVEN_BACK = 64;

export interface EvictionParts {
  db: Database;
  account: string;
  rows: EntryRows;
  holes: Holes;
  /** Bytes that history.db may have. */
  limit: () => number;
  /** Takes a message out of the index. */
  drop: (conv: string, n: number) => void;
  /** Messages in the index. */
  documents: () => number;
  /** Much was taken out of the index: from now on `tighten` gives back what it took, step by step, and answers whether there is more to do. */
  loosened: () => void;
  tighten: () => boolean;
  /** Rows of a conversation went. */
  changed: (conv: string) => void;
}

export class Eviction {
  readonly #parts: EvictionParts;
  #running = false;
  /** The person wants the room back, whatever the limit is; also where the app ended in the middle of it. Null until the file was asked. */
  #clearing: boolean | null = null;
  /** Somebody reads all of it. */
  #kept = false;
  /** Messages taken out of the index since it was put together. */
  #loose = 0;
  #mayBeLoose = 0;
  #tightening = false;
  /** Pages were given back: they leave the file when its WAL is copied into it. */
  #shrinking = false;
  /**
   * How far each conversation was gone through in this run: what comes back meanwhile, because somebody looks at it, is not given up again and again. Infinity: nothing
   * more can be given up of it.
   */
  readonly #reached = new Map<string, number>();
  /** Conversations whose holes are still to be left alone in this run; null before it. */
  #leaving: { conv: string; headN: number }[] | null = null;

  constructor(parts: EvictionParts) {
    this.#parts = parts;
  }

  /** Bytes that are in use. */
  get used(): number {
    return this.#pages().used;
  }

  /** Gives up all that can be fetched again, step by step from now on. */
  clear(): void {
    this.#wish(true);
  }

  /** As long as somebody reads all of it, nothing is given up, whatever the limit is. */
  keep(on: boolean): void {
    this.#kept = on;
  }

  #wish(clearing: boolean): void {
    const { db, account } = this.#parts;
    this.#clearing = clearing;
    try {
      db.run('UPDATE state SET clearing = ? WHERE account = ?', clearing ? 1 : 0, account);
    } catch (error) {
      // Where there is no room at all this is what makes some: it is done now, and only not gone on with after an end in the middle.
      if (!isFull(error)) throw error;
    }
  }

  #wished(): boolean {
    const { db, account } = this.#parts;
    this.#clearing ??=
      db.get<{ clearing: number }>('SELECT clearing FROM state WHERE account = ?', account)?.clearing === 1;
    return this.#clearing;
  }

  /** Answers whether there is more to do now. */
  step(): boolean {
    if (this.#kept) return false;
    if (this.#tightening) {
      this.#tightening = this.#parts.tighten();
      return true;
    }
    const { used, free } = this.#pages();
    const limit = this.#wished() ? 0 : this.#parts.limit();
    if (used > limit) this.#running = true;
    const more = this.#running && used > limit * ENOUGH;
    if (more && this.#leaveHoles()) return true;
    if (more && this.#loose === 0) this.#mayBeLoose = Math.max(LOOSE, this.#parts.documents() * LOOSE_SHARE);
    if (more && this.#loose < this.#mayBeLoose && this.#evict()) return true;
    // Before more is given up than has to be: the index may still take the room of what is gone.
    if (this.#loose > 0) {
      this.#loose = 0;
      this.#parts.loosened();
      this.#tightening = true;
      return true;
    }
    this.#running = false;
    if (this.#clearing) this.#wish(false);
    this.#reached.clear();
    this.#leaving = null;
    if (free > FREE_PAGES) {
      this.#parts.db.exec(`PRAGMA incremental_vacuum(${GIVEN_BACK})`);
      this.#shrinking = true;
      // A file that was made before it could shrink keeps its free pages, and uses them again.
      if (this.#pages().free < free) return true;
    }
    if (this.#shrinking) this.#parts.db.checkpoint();
    this.#shrinking = false;
    return false;
  }

  #pages(): { used: number; free: number } {
    const { pages, free, size } = this.#parts.db.get<{ pages: number; free: number; size: number }>(
      `SELECT (SELECT page_count FROM pragma_page_count) AS pages, (SELECT freelist_count FROM pragma_freelist_count) AS free,
         (SELECT page_size FROM pragma_page_size) AS size`,
    )!;
    return { used: (pages - free) * size, free };
  }

  /**
   * What is missing and would have to be given up again is not filled of itself: once a run, below the newest places that stay. What somebody comes to meanwhile is theirs. Answers
   * whether there was something to do.
   */
  #leaveHoles(): boolean {
    const { db, account, holes } = this.#parts;
    this.#leaving ??= db.all<{ conv: string; headN: number }>(
      `SELECT DISTINCT hole.conv AS conv, head_n AS headN FROM hole JOIN conversation USING (account, conv)
         WHERE hole.account = ? AND evicted = 0 AND from_n <= head_n - ?`,
      ...[account, KEPT],
    );
    const some = this.#leaving.splice(0, AT_ONCE);
    db.transaction(() => {
      for (const { conv, headN } of some) holes.mark(conv, 1, headN - KEPT, true);
    });
    return some.length > 0;
  }

  /** Gives up the oldest few of the conversation that was left alone for longest; false where there is nothing to be had. */
  #evict(): boolean {
    const { db, account } = this.#parts;
    for (const { conv } of db.all<{ conv: string }>(
      'SELECT conv FROM conversation WHERE account = ? ORDER BY opened, time',
      account,
    )) {
      if (this.#reached.get(conv) === Number.POSITIVE_INFINITY) continue;
      if (db.transaction(() => this.#evictFrom(conv))) {
        this.#parts.changed(conv);
        return true;
      }
      this.#reached.set(conv, Number.POSITIVE_INFINITY);
    }
    return false;
  }

  #evictFrom(conv: string): boolean {
    const { db, account, holes, drop } = this.#parts;
    const about = db.get<{ headN: number; readN: number }>(
      'SELECT head_n AS headN, read_n AS readN FROM conversation WHERE account = ? AND conv = ?',
      ...[account, conv],
    )!;
    // The count of what is unread starts there.
    const anchor = db.get<{ n: number }>(
      'SELECT n FROM entry WHERE account = ? AND conv = ? AND n <= ? ORDER BY n DESC LIMIT 1',
      ...[account, conv, about.readN],
    );
    const rows = db.all<{ n: number; kind: string }>(
      `SELECT n, kind FROM entry WHERE account = ? AND conv = ? AND n > ? AND n <= ? AND n <> ?
         AND kind NOT IN (${SYSTEM_KINDS}) AND kind NOT IN (${ABOUT_ANOTHER}) AND acked = 0
         AND NOT (own = 1 AND (save IS NOT 'saved' OR (kind = 'message' AND n > ?)))
         AND NOT EXISTS (SELECT 1 FROM entry AS pin WHERE pin.account = entry.account AND pin.conv = entry.conv AND pin.target = entry.n AND pin.kind = 'pin')
         AND NOT EXISTS (SELECT 1 FROM own_register AS kept WHERE kept.account = entry.account AND kept.reg = 'saved' AND kept.conv = entry.conv
           AND kept.about = CAST(entry.n AS TEXT) AND kept.value = 1)
       ORDER BY n LIMIT ?`,
      ...[
        account,
        conv,
        this.#reached.get(conv) ?? 0,
        about.headN - KEPT,
        anchor?.n ?? 0,
        about.readN,
        AT_ONCE,
      ],
    );
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return false;
    this.#reached.set(conv, last.n);
    for (const { n, kind } of rows)
      if (kind === 'message') {
        drop(conv, n);
        this.#loose++;
      }
    for (const { n } of rows)
      db.run('DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?', account, conv, n);
    for (const { n } of rows) {
      holes.add(conv, n, n);
      holes.mark(conv, n, n, true);
    }
    return true;
  }
}
