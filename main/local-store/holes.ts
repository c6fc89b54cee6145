/** Holes: ranges of n that are known to be missing in a conversation. Disjoint and never empty. */
import type { Database } from './database.ts';

export interface Range {
  from: number;
  to: number;
}

export class Holes {
  #db: Database;
  #account: string;

  constructor(db: Database, account: string) {
    this.#db = db;
    this.#account = account;
  }

  of(conv: string): Range[] {
    return this.#db
      .all<Range>(
        'SELECT fromN AS "from", toN AS "to" FROM hole WHERE account = ? AND conv = ? ORDER BY fromN',
        this.#account,
        conv,
      )
      .map(({ from, to }) => ({ from, to }));
  }

  /** All holes, newest conversation first, newest part first; the focused conversation before all others. */
  list(focused: string | null, limit: number): (Range & { conv: string })[] {
    return this.#db
      .all<Range & { conv: string }>(
        `SELECT hole.conv, fromN AS "from", toN AS "to" FROM hole
         LEFT JOIN conversation USING (account, conv)
         WHERE hole.account = ? ORDER BY hole.conv = ? DESC, conversation.time DESC, fromN DESC LIMIT ?`,
        this.#account,
        focused ?? '',
        limit,
      )
      .map(({ conv, from, to }) => ({ conv, from, to }));
  }

  any(): boolean {
    return this.#db.get('SELECT 1 AS one FROM hole WHERE account = ? LIMIT 1', this.#account) !== undefined;
  }

  /** The parts of a range that no stored entry fills become holes. */
  add(conv: string, { from, to }: Range): void {
    if (to < from) return;
    const present = this.#db.all<{ n: number }>(
      'SELECT n FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ? ORDER BY n',
      this.#account,
      conv,
      from,
      to,
    );
    this.remove(conv, { from, to });
    let start = from;
    for (const { n } of [...present, { n: to + 1 }]) {
      if (n > start) this.#put(conv, { from: start, to: n - 1 });
      start = n + 1;
    }
  }

  /** Nothing in the range is missing any more. */
  remove(conv: string, { from, to }: Range): void {
    const touched = this.#db.all<{ fromN: number; toN: number }>(
      'SELECT fromN, toN FROM hole WHERE account = ? AND conv = ? AND fromN <= ? AND toN >= ?',
      this.#account,
      conv,
      to,
      from,
    );
    for (const hole of touched) {
      this.#db.run(
        'DELETE FROM hole WHERE account = ? AND conv = ? AND fromN = ?',
        this.#account,
        conv,
        hole.fromN,
      );
      if (hole.fromN < from) this.#put(conv, { from: hole.fromN, to: from - 1 });
      if (hole.toN > to) this.#put(conv, { from: to + 1, to: hole.toN });
    }
  }

  clear(conv: string): void {
    this.#db.run('DELETE FROM hole WHERE account = ? AND conv = ?', this.#account, conv);
  }

  #put(conv: string, { from, to }: Range): void {
    this.#db.run(
      'INSERT INTO hole (account, conv, fromN, toN) VALUES (?, ?, ?, ?)',
      this.#account,
      conv,
      from,
      to,
    );
  }
}
