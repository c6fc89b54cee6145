import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { readMeta } from '../sequencer/schema.ts';

/** The last entry of a conversation. */
export interface End {
  n: number;
  m: number;
  h: Uint8Array;
  time: number;
  seq: number;
}

/** Conversations above which those that are in their rows are forgotten. */
const REMEMBERED = 100_000;

/**
 * The ends of conversations. Their rows are written now and then only; what came after is read from the end of the log, each
 * row once. To be refreshed in each snapshot.
 */
export class Ends {
  readonly #db: DatabaseSyncInstance;
  readonly #after: StatementSyncInstance;
  readonly #newer = new Map<number, End>();
  #known = 0;

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
    this.#after = db.prepare(
      'SELECT conv, n, m, substr(marks, 9, 8) AS h, time, seq FROM log WHERE seq > ? AND n IS NOT NULL ORDER BY seq',
    );
  }

  refresh(): void {
    const folded = Number(readMeta(this.#db, 'folded_seq') ?? 0);
    this.#known = Math.max(this.#known, folded);
    if (this.#newer.size > REMEMBERED)
      for (const [conv, { seq }] of this.#newer) if (seq <= folded) this.#newer.delete(conv);
    for (const row of this.#after.iterate(this.#known) as unknown as Iterable<End & { conv: number }>) {
      this.#newer.set(row.conv, row);
      this.#known = row.seq;
    }
  }

  /** @param row as its own row in `conversations` says */
  of(conv: number, row: End): End {
    return this.#newer.get(conv) ?? row;
  }
}
