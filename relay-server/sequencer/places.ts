import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

/** Every how many places of a conversation one stands in `places`. */
export const PLACE_STEP = 64;

/** The end of a conversation: where the way back begins. */
export interface ChainEnd {
  key: number;
  n: number;
  seq: number;
}
export interface PlacedSeq {
  n: number;
  seq: number;
  m: number;
  /** Key of its sender. */
  sender: number;
}

/**
 * Finds the seqs of places. Every entry names the one before it; every 64th place stands in a table, so that a place anywhere is at most that many steps away.
 * For the writer and for readers, each on their own connection.
 */
export class Places {
  readonly #step: StatementSyncInstance;
  readonly #mark: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    this.#step = db.prepare('SELECT n, m, sender, prev FROM log WHERE seq = ?');
    this.#mark = db.prepare('SELECT n, seq FROM places WHERE conv = ? AND n >= ? ORDER BY n LIMIT 1');
  }

  /** Where place n is, or null: after the end, or trimmed. */
  find({ key, n: last, seq }: ChainEnd, n: number): PlacedSeq | null {
    if (n < 1 || n > last) return null;
    let from = { n: last, seq };
    if (last - n > PLACE_STEP)
      from = (this.#mark.get(key, n) as { n: number; seq: number } | undefined) ?? from;
    for (const place of this.back(from.seq)) if (place.n <= n) return place.n === n ? place : null;
    return null;
  }

  /** Places from..to, descending. Ends early where the rest was trimmed. */
  *range(end: ChainEnd, from: number, to: number): Generator<PlacedSeq> {
    const start = this.find(end, to);
    if (!start) return;
    for (const place of this.back(start.seq)) {
      if (place.n < from) return;
      yield place;
    }
  }

  /** From a seq back to the first place that is still there. */
  *back(seq: number): Generator<PlacedSeq> {
    let at: number | null = seq;
    while (at !== null && at > 0) {
      const row = this.#step.get(at) as (Omit<PlacedSeq, 'seq'> & { prev: number | null }) | undefined;
      if (!row) return;
      yield { n: row.n, m: row.m, sender: row.sender, seq: at };
      at = row.prev;
    }
  }
}
