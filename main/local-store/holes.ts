import type { Hole } from '@matchbook/protocol/bridge/views';
import type { Database } from './database.ts';

export interface Range {
  from: number;
  to: number;
}

/** Most holes that one question answers with. */
const ANSWERED = 100;

/** Known missing ranges of one account: never empty, never touching, never over a stored row. */
export class Holes {
  readonly #db: Database;
  readonly #account: string;
  #changed = false;

  constructor(db: Database, account: string) {
    this.#db = db;
    this.#account = account;
  }

  /** Whether holes came or went since this was last asked. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  /** Everything in from..to of which there is no row. */
  add(conv: string, from: number, to: number): void {
    for (const gap of this.#gaps(conv, from, to)) this.#join(conv, gap);
  }

  /** A row arrived at n: the hole around it shrinks, splits or closes. */
  fill(conv: string, n: number): void {
    const hole = this.#db.get<Range>(
      `SELECT from_n AS "from", to_n AS "to" FROM hole WHERE account = ? AND conv = ? AND from_n <= ? ORDER BY from_n DESC LIMIT 1`,
      this.#account,
      conv,
      n,
    );
    if (!hole || hole.to < n) return;
    this.#delete(conv, hole.from);
    if (hole.from < n) this.#insert(conv, { from: hole.from, to: n - 1 });
    if (hole.to > n) this.#insert(conv, { from: n + 1, to: hole.to });
    this.#changed = true;
  }

  clear(conv: string): void {
    const removed = this.#db.run('DELETE FROM hole WHERE account = ? AND conv = ?', this.#account, conv);
    if (removed > 0) this.#changed = true;
  }

  any(): boolean {
    return this.#db.get('SELECT 1 FROM hole WHERE account = ? LIMIT 1', this.#account) !== undefined;
  }

  /** Cut to from..to, ascending. */
  within(conv: string, from: number, to: number): Range[] {
    return this.#db
      .all<Range>(
        `SELECT from_n AS "from", to_n AS "to" FROM hole WHERE account = ? AND conv = ? AND to_n >= ? AND from_n <= ? ORDER BY from_n`,
        this.#account,
        conv,
        from,
        to,
      )
      .map((hole) => ({ from: Math.max(hole.from, from), to: Math.min(hole.to, to) }));
  }

  /** In the order to fill them: the focused conversation, then by recency, the newest part of each first. */
  toFill(focused: string | null): Hole[] {
    return this.#db
      .all<Hole>(
        `SELECT hole.conv AS conv, from_n AS "from", to_n AS "to" FROM hole
         LEFT JOIN conversation USING (account, conv) WHERE hole.account = ?
         ORDER BY hole.conv = ? DESC, time DESC, hole.conv, from_n DESC LIMIT ${ANSWERED}`,
        this.#account,
        focused ?? '',
      )
      .map(({ conv, from, to }) => ({ conv, from, to }));
  }

  /** How much is missing in all. */
  extent(): { ranges: number; entries: number } {
    return this.#db.get<{ ranges: number; entries: number }>(
      'SELECT count(*) AS ranges, coalesce(sum(to_n - from_n + 1), 0) AS entries FROM hole WHERE account = ?',
      this.#account,
    )!;
  }

  #gaps(conv: string, from: number, to: number): Range[] {
    if (from > to) return [];
    const after = this.#db.all<Range>(
      `SELECT n + 1 AS "from", next - 1 AS "to" FROM
         (SELECT n, lead(n) OVER (ORDER BY n) AS next FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ?)
       WHERE next > n + 1`,
      this.#account,
      conv,
      from,
      to,
    );
    const ends = this.#db.get<{ first: number | null; last: number | null }>(
      'SELECT min(n) AS first, max(n) AS last FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ?',
      this.#account,
      conv,
      from,
      to,
    );
    if (!ends || ends.first === null || ends.last === null) return [{ from, to }];
    const gaps = after.map((gap) => ({ from: gap.from, to: gap.to }));
    if (ends.first > from) gaps.unshift({ from, to: ends.first - 1 });
    if (ends.last < to) gaps.push({ from: ends.last + 1, to });
    return gaps;
  }

  #join(conv: string, { from, to }: Range): void {
    const touching = this.#db.all<Range>(
      `SELECT from_n AS "from", to_n AS "to" FROM hole WHERE account = ? AND conv = ? AND to_n >= ? AND from_n <= ?`,
      this.#account,
      conv,
      from - 1,
      to + 1,
    );
    const only = touching[0];
    if (touching.length === 1 && only && only.from <= from && only.to >= to) return;
    for (const hole of touching) this.#delete(conv, hole.from);
    this.#insert(conv, {
      from: Math.min(from, ...touching.map((hole) => hole.from)),
      to: Math.max(to, ...touching.map((hole) => hole.to)),
    });
    this.#changed = true;
  }

  #insert(conv: string, { from, to }: Range): void {
    this.#db.run(
      'INSERT INTO hole (account, conv, from_n, to_n) VALUES (?, ?, ?, ?)',
      this.#account,
      conv,
      from,
      to,
    );
  }

  #delete(conv: string, from: number): void {
    this.#db.run('DELETE FROM hole WHERE account = ? AND conv = ? AND from_n = ?', this.#account, conv, from);
  }
}
