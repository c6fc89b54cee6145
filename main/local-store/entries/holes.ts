import type { Hole } from '@matchbook/protocol/bridge/views';
import type { Database } from '../files/database.ts';

export interface Range {
  from: number;
  to: number;
}

/** Most holes that one question is answered with. */
export const HOLES_AT_ONCE = 100;

/** Known missing ranges of one account: never empty, never over a stored row, and none touches another that waits for the same. */
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

  /** Everything in from..to of which there is no row. What was evicted there stays so. */
  add(conv: string, from: number, to: number): void {
    const evicted = this.#within(conv, from, to).filter((hole) => hole.evicted === 1);
    for (const gap of this.#gaps(conv, from, to))
      for (const part of without(gap, evicted)) this.#join(conv, part);
  }

  /** Holes in from..to are of those that wait until somebody comes to them, or to be filled. */
  mark(conv: string, from: number, to: number, evicted: boolean): void {
    const flag = evicted ? 1 : 0;
    for (const hole of this.#within(conv, from, to)) {
      if (hole.evicted === flag) continue;
      this.#delete(conv, hole.from);
      if (hole.from < from) this.#insert(conv, { from: hole.from, to: from - 1 }, hole.evicted);
      if (hole.to > to) this.#insert(conv, { from: to + 1, to: hole.to }, hole.evicted);
      this.#join(conv, { from: Math.max(hole.from, from), to: Math.min(hole.to, to) }, flag);
      this.#changed = true;
    }
  }

  /** Ranges given up for room, ascending. */
  evicted(conv: string): Range[] {
    return this.#within(conv, 0, Number.MAX_SAFE_INTEGER)
      .filter((hole) => hole.evicted === 1)
      .map(({ from, to }) => ({ from, to }));
  }

  #within(conv: string, from: number, to: number): (Range & { evicted: number })[] {
    return this.#db.all<Range & { evicted: number }>(
      `SELECT from_n AS "from", to_n AS "to", evicted FROM hole WHERE account = ? AND conv = ? AND to_n >= ? AND from_n <= ? ORDER BY from_n`,
      ...[this.#account, conv, from, to],
    );
  }

  /** Rows arrived at from..to: the holes around them shrink, split or close. */
  fill(conv: string, from: number, to: number): void {
    for (const hole of this.#within(conv, from, to)) {
      this.#delete(conv, hole.from);
      if (hole.from < from) this.#insert(conv, { from: hole.from, to: from - 1 }, hole.evicted);
      if (hole.to > to) this.#insert(conv, { from: to + 1, to: hole.to }, hole.evicted);
      this.#changed = true;
    }
  }

  clear(conv: string): void {
    const removed = this.#db.run('DELETE FROM hole WHERE account = ? AND conv = ?', this.#account, conv);
    if (removed > 0) this.#changed = true;
  }

  /** To be filled now. */
  any(): boolean {
    return (
      this.#db.get('SELECT 1 FROM hole WHERE account = ? AND evicted = 0 LIMIT 1', this.#account) !==
      undefined
    );
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

  /** In the order to fill them: the focused conversation, then by recency, the newest part of each first. @param skip so many of them are known */
  toFill(focused: string | null, skip: number): Hole[] {
    return this.#db
      .all<Hole>(
        `SELECT hole.conv AS conv, from_n AS "from", to_n AS "to" FROM hole
         LEFT JOIN conversation USING (account, conv) WHERE hole.account = ? AND evicted = 0
         ORDER BY hole.conv = ? DESC, time DESC, hole.conv, from_n DESC LIMIT ${HOLES_AT_ONCE} OFFSET ?`,
        ...[this.#account, focused ?? '', skip],
      )
      .map(({ conv, from, to }) => ({ conv, from, to }));
  }

  /** Those of which all is still to be filled. */
  stillToFill(parts: readonly Hole[]): Hole[] {
    return parts.filter(
      ({ conv, from, to }) =>
        this.#db.get(
          'SELECT 1 FROM hole WHERE account = ? AND conv = ? AND from_n <= ? AND to_n >= ? AND evicted = 0',
          ...[this.#account, conv, from, to],
        ) !== undefined,
    );
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

  #join(conv: string, { from, to }: Range, evicted = 0): void {
    const touching = this.#db.all<Range>(
      `SELECT from_n AS "from", to_n AS "to" FROM hole WHERE account = ? AND conv = ? AND to_n >= ? AND from_n <= ? AND evicted = ?`,
      ...[this.#account, conv, from - 1, to + 1, evicted],
    );
    const only = touching[0];
    if (touching.length === 1 && only && only.from <= from && only.to >= to) return;
    for (const hole of touching) this.#delete(conv, hole.from);
    this.#insert(
      conv,
      {
        from: Math.min(from, ...touching.map((hole) => hole.from)),
        to: Math.max(to, ...touching.map((hole) => hole.to)),
      },
      evicted,
    );
    this.#changed = true;
  }

  #insert(conv: string, { from, to }: Range, evicted: number): void {
    this.#db.run(
      'INSERT INTO hole (account, conv, from_n, to_n, evicted) VALUES (?, ?, ?, ?, ?)',
      ...[this.#account, conv, from, to, evicted],
    );
  }

  #delete(conv: string, from: number): void {
    this.#db.run('DELETE FROM hole WHERE account = ? AND conv = ? AND from_n = ?', this.#account, conv, from);
  }
}

function without({ from, to }: Range, parts: readonly Range[]): Range[] {
  const left: Range[] = [];
  let start = from;
  for (const part of parts) {
    if (part.from > start) left.push({ from: start, to: Math.min(to, part.from - 1) });
    start = Math.max(start, part.to + 1);
  }
  if (start <= to) left.push({ from: start, to });
  return left;
}
