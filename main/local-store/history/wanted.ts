/** What somebody comes to is wanted on this device again, where it was given up for room. */
import type { Holes, Range } from '../entries/holes.ts';
import type { Database } from '../files/database.ts';
import { isFull } from '../files/store-error.ts';

/** That a person looks at a conversation is noted so often, ms. */
const OPENED_AGAIN = 3_600_000;
/** Evicted places that are wanted again at once, the newest of those that somebody comes to. */
export const REFILLED = 400;

export interface WantedParts {
  db: Database;
  account: string;
  holes: Holes;
  /** Wall clock, ms. */
  now: () => number;
}

export class Wanted {
  readonly #parts: WantedParts;

  constructor(parts: WantedParts) {
    this.#parts = parts;
  }

  /** Somebody looks at a conversation, from a place on. */
  range(conv: string, from: number, to: number): void {
    const about = this.#parts.db.get<{ opened: number }>(
      'SELECT opened FROM conversation WHERE account = ? AND conv = ?',
      this.#parts.account,
      conv,
    );
    if (!about) return;
    const holes = this.#parts.holes.evicted(conv).filter((hole) => hole.from <= to && hole.to >= from);
    const now = this.#parts.now();
    if (holes.length === 0 && Math.abs(now - about.opened) < OPENED_AGAIN) return;
    this.#note(() => this.#open(conv, holes, to, now));
  }

  /** A list names single messages: nothing beside them is wanted. */
  places(places: readonly { conv: string; n: number }[]): void {
    if (places.length === 0) return;
    this.#note(() => {
      for (const { conv, n } of places) this.#parts.holes.mark(conv, n, n, false);
    });
  }

  #note(work: () => void): void {
    try {
      this.#parts.db.transaction(work);
    } catch (error) {
      // On a full disk one can read on: it is noted the next time.
      if (!isFull(error)) throw error;
    }
  }

  #open(conv: string, evicted: Range[], to: number, now: number): void {
    this.#parts.db.run(
      'UPDATE conversation SET opened = ? WHERE account = ? AND conv = ?',
      now,
      this.#parts.account,
      conv,
    );
    let left = REFILLED;
    for (const hole of evicted.reverse()) {
      const last = Math.min(hole.to, to);
      const first = Math.max(hole.from, last - left + 1);
      if (first > last) return;
      this.#parts.holes.mark(conv, first, last, false);
      left -= last - first + 1;
    }
  }
}
