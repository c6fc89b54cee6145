/** Single messages, wherever they are: what is pinned, kept, answered, and what a quote shows of another message. */
import { PLACES_LISTED } from '@matchbook/protocol/bridge/places';
import type { Quote } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { readContent } from '@matchbook/protocol/message-body';
import { isSpoken } from '@matchbook/protocol/shown-files';
import { type EntryRow, replyOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { foldsOf, newestBody } from '../entries/folds.ts';
import type { Holes } from '../entries/holes.ts';
import { cut } from '../entries/preview.ts';
import type { Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import { ANSWERS, ERASED_ANSWERS, ERASED_REPLY, REPLY } from '../files/schemas.ts';

/** Messages below those of one page that are counted; beyond it a count is too low. */
const ANSWERS_COUNTED = 5_000;

export class Places {
  readonly #db: Database;
  readonly #account: string;
  readonly #rows: EntryRows;
  readonly #registers: Registers;
  readonly #holes: Holes;

  constructor(parts: { db: Database; account: string; rows: EntryRows; registers: Registers; holes: Holes }) {
    this.#db = parts.db;
    this.#account = parts.account;
    this.#rows = parts.rows;
    this.#registers = parts.registers;
    this.#holes = parts.holes;
  }

  /** Messages whose last pin stands, the newest pin first; `absent`: places of those that are not on this device. */
  pinned(conv: string): { rows: EntryRow[]; absent: number[] } {
    const places = this.#db
      .all<{ target: number }>(
        `SELECT target FROM (SELECT target, n, raw, max(n) OVER (PARTITION BY target) AS last FROM entry
           WHERE account = ? AND conv = ? AND kind = 'pin') WHERE n = last AND coalesce(raw ->> '$.off', 0) = 0 ORDER BY n DESC LIMIT ?`,
        ...[this.#account, conv, PLACES_LISTED],
      )
      .map(({ target }) => target);
    return {
      rows: places.flatMap((n) => this.#shown(conv, n) ?? []),
      absent: places.filter((n) => this.#isAbsent(conv, n)),
    };
  }

  /** Messages that one kept, the last first; `absent`: those that are not on this device. */
  saved(): { messages: { row: EntryRow; savedAt: number }[]; absent: { conv: string; n: number }[] } {
    const kept = this.#registers
      .allOwn('saved')
      .filter(({ value }) => value === 1)
      .sort((one, other) => other.time - one.time)
      .slice(0, PLACES_LISTED)
      .map(({ conv, about, time }) => ({ conv, n: Number(about), savedAt: time }));
    return {
      messages: kept.flatMap(({ conv, n, savedAt }) => {
        const row = this.#shown(conv, n);
        return row ? [{ row, savedAt }] : [];
      }),
      absent: kept.filter(({ conv, n }) => this.#isAbsent(conv, n)).map(({ conv, n }) => ({ conv, n })),
    };
  }

  /** The message that began it, and everything that answers it or one of its answers, ascending. */
  thread(conv: string, n: number): { root: number; absent: boolean; rows: EntryRow[]; more: boolean } {
    let root = n;
    let absent = false;
    const above = new Set<number>();
    for (let at: number | null = n; at !== null && !above.has(at) && above.size < PLACES_LISTED; ) {
      above.add(at);
      const row = this.#rows.at(conv, at);
      root = at;
      absent = !row;
      at = row ? replyOf(row) : null;
    }
    const found = new Set([root]);
    const asked = [root];
    for (let at = asked.shift(); at !== undefined && found.size <= PLACES_LISTED; at = asked.shift())
      for (const { n: answer } of this.#answers(conv, at))
        if (!found.has(answer)) {
          found.add(answer);
          asked.push(answer);
        }
    const places = [...found].sort((one, other) => one - other);
    return {
      ...{ root, absent },
      rows: places
        .slice(0, PLACES_LISTED)
        .flatMap((place) => this.#shown(conv, place) ?? [])
        // What was deleted holds its answers, and is not shown but where it began the thread.
        .filter(({ n: place, body }) => body !== null || place === root),
      more: places.length > PLACES_LISTED,
    };
  }

  /** Place of the first line at or after a time, ms; of the last where all are before it. */
  dated(conv: string, time: number): number | null {
    const last = this.#rows.before(conv, Number.MAX_SAFE_INTEGER, 1)[0];
    if (!last) return null;
    // Places follow time but for clocks that were set: a search by halves finds the day.
    let [low, high] = [1, last.n];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#rows.onward(conv, middle, 1)[0] ?? last;
      if (row.time < time) low = Math.max(middle, row.n) + 1;
      else high = middle;
    }
    return this.#rows.onward(conv, Math.min(low, last.n), 1)[0]?.n ?? last.n;
  }

  /** What an answer shows of the message that it answers. */
  quote(conv: string, n: number): Quote {
    const row = this.#rows.at(conv, n);
    const base = { n, sender: row?.sender ?? '', text: null };
    if (!row) return { ...base, state: 'absent' };
    if (row.kind !== 'message' || this.#registers.own('deleted_for_me', conv, n)?.value === 1)
      return { ...base, sender: '', state: 'hidden' };
    const body = newestBody(row, foldsOf(this.#rows, [row]).get(n));
    if (!body) return { ...base, state: 'deleted' };
    const content = readContent(body);
    return {
      ...base,
      text: content ? cut(plainText(content.text)) : null,
      ...(content?.files?.length ? { files: content.files.map(({ name }) => name).slice(0, 3) } : {}),
      ...(content && isSpoken(content) ? { voice: true as const } : {}),
      state: 'there',
    };
  }

  /** How many messages stand below each of those in a range, answers to answers among them as a thread shows them, and how many of these come after a place. */
  answersIn(
    conv: string,
    range: { from: number; to: number },
    after: number,
    user: string,
  ): Map<number, { count: number; fresh: number }> {
    // With its plus sign the place has no affinity, and the index on the expression serves.
    const below = this.#db.all<{ n: number; answered: number; sender: string; erased: number }>(
      `WITH RECURSIVE below (n, answered, sender, erased) AS (
         SELECT n, ${REPLY}, sender, 0 FROM entry WHERE account = ?1 AND conv = ?2 AND ${ANSWERS} AND ${REPLY} BETWEEN ?3 AND ?4
         UNION SELECT n, ${ERASED_REPLY}, sender, 1 FROM entry
           WHERE account = ?1 AND conv = ?2 AND ${ERASED_ANSWERS} AND ${ERASED_REPLY} BETWEEN ?3 AND ?4
         UNION SELECT entry.n, ${REPLY}, entry.sender, 0 FROM below CROSS JOIN entry
           WHERE account = ?1 AND conv = ?2 AND ${ANSWERS} AND ${REPLY} = +below.n
         UNION SELECT entry.n, ${ERASED_REPLY}, entry.sender, 1 FROM below CROSS JOIN entry
           WHERE account = ?1 AND conv = ?2 AND ${ERASED_ANSWERS} AND ${ERASED_REPLY} = +below.n
         LIMIT ${ANSWERS_COUNTED})
       SELECT n, answered, sender, erased FROM below ORDER BY n DESC`,
      ...[this.#account, conv, range.from, range.to],
    );
    const counts = new Map<number, { count: number; fresh: number }>();
    if (below.length === 0) return counts;
    const away = this.#marked('deleted_for_me', conv);
    // From the newest on: what is below a message is counted before the message is.
    for (const { n, answered, sender, erased } of below) {
      if (answered >= n) continue;
      const own = counts.get(n) ?? { count: 0, fresh: 0 };
      const sum = counts.get(answered) ?? { count: 0, fresh: 0 };
      const shown = erased === 1 || away.has(n) ? 0 : 1;
      const count = sum.count + own.count + shown;
      const fresh = sum.fresh + own.fresh + (n > after && sender !== user ? shown : 0);
      if (count > 0) counts.set(answered, { count, fresh });
    }
    return counts;
  }

  /** Places of what one keeps. */
  savedIn(conv: string): ReadonlySet<number> {
    return this.#marked('saved', conv);
  }

  #marked(reg: 'saved' | 'deleted_for_me', conv: string): ReadonlySet<number> {
    return new Set(
      this.#registers
        .allOwn(reg, conv)
        .filter(({ value }) => value === 1)
        .map(({ about }) => Number(about)),
    );
  }

  #answers(conv: string, n: number): { n: number }[] {
    return this.#db.all<{ n: number }>(
      `SELECT n FROM entry WHERE account = ?1 AND conv = ?2 AND ${ANSWERS} AND ${REPLY} = ?3
       UNION ALL SELECT n FROM entry WHERE account = ?1 AND conv = ?2 AND ${ERASED_ANSWERS} AND ${ERASED_REPLY} = ?3
       ORDER BY n LIMIT ?4`,
      ...[this.#account, conv, n, PLACES_LISTED + 1],
    );
  }

  /** Neither here nor put away; its server has it. */
  #isAbsent(conv: string, n: number): boolean {
    if (this.#rows.at(conv, n) || this.#holes.within(conv, n, n).length === 0) return false;
    return this.#registers.own('deleted_for_me', conv, n)?.value !== 1;
  }

  /** A message that is here and was not put away. */
  #shown(conv: string, n: number): EntryRow | null {
    const row = this.#rows.at(conv, n);
    if (row?.kind !== 'message') return null;
    return this.#registers.own('deleted_for_me', conv, n)?.value === 1 ? null : row;
  }
}
