import type { EarlierText } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Database } from '../files/database.ts';

/** Shorter ones are not worth coming back to. */
const WORTH = 10;
const DAY = 86_400_000;
const KEPT_FOR = LIMITS.earlierTextDays * DAY;
/** Days of the last 30 on which something must have been written before what is older goes: a clock that jumped has one or two. */
const DAYS_TRUSTED = 3;

/**
 * Whether a text lives on in another one: all of it, or at least half of it in its old order, at the beginning and the end. What does
 * not was replaced.
 */
export function survives(text: string, next: string): boolean {
  if (text === '' || next.includes(text)) return true;
  const most = Math.min(text.length, next.length);
  let head = 0;
  while (head < most && text[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < most - head && text.at(-1 - tail) === next.at(-1 - tail)) tail += 1;
  return (head + tail) * 2 >= text.length;
}

/** Texts that were replaced or taken back without being sent: 30 days, 50 a conversation, 5,000 in all; the oldest go. */
export class EarlierTexts {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;

  constructor(db: Database, account: string, now: () => number) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
  }

  /** One that is there already becomes the newest; one that is the beginning of this makes room. `always`: however short. */
  keep(conv: string, text: string, always = false): void {
    if (text.trim() === '' || (!always && text.length < WORTH)) return;
    const newest = this.#db.get<{ id: number; text: string }>(
      'SELECT id, text FROM earlier_text WHERE account = ? AND conv = ? ORDER BY id DESC LIMIT 1',
      this.#account,
      conv,
    );
    if (newest && text.includes(JSON.parse(newest.text) as string))
      this.#db.run('DELETE FROM earlier_text WHERE id = ?', newest.id);
    const json = JSON.stringify(text);
    this.#db.run(
      'DELETE FROM earlier_text WHERE account = ? AND conv = ? AND text = ?',
      this.#account,
      conv,
      json,
    );
    this.#db.run(
      'INSERT INTO earlier_text (account, conv, text, time) VALUES (?, ?, ?, ?)',
      ...[this.#account, conv, json, this.#now()],
    );
    this.#db.run(
      `DELETE FROM earlier_text WHERE account = ? AND conv = ? AND id NOT IN (
         SELECT id FROM earlier_text WHERE account = ? AND conv = ? ORDER BY id DESC LIMIT ${LIMITS.earlierTexts})`,
      ...[this.#account, conv, this.#account, conv],
    );
    this.prune();
  }

  /** What is too old by a clock that has held for some days, and what is too much. */
  prune(): void {
    const { oldest } = this.#db.get<{ oldest: number | null }>(
      'SELECT min(time) AS oldest FROM earlier_text WHERE account = ?',
      this.#account,
    )!;
    const since = this.#now() - KEPT_FOR;
    if (oldest !== null && oldest < since && this.#clockHolds())
      this.#db.run('DELETE FROM earlier_text WHERE account = ? AND time < ?', this.#account, since);
    this.#db.run(
      `DELETE FROM earlier_text WHERE account = ? AND id <= (
         SELECT id FROM earlier_text WHERE account = ? ORDER BY id DESC LIMIT 1 OFFSET ${LIMITS.earlierTextsInAll})`,
      this.#account,
      this.#account,
    );
  }

  /** Newest first. */
  list(conv: string): EarlierText[] {
    return this.#db
      .all<EarlierText>(
        'SELECT id, text, time FROM earlier_text WHERE account = ? AND conv = ? AND time >= ? ORDER BY id DESC',
        ...[this.#account, conv, this.#clockHolds() ? this.#now() - KEPT_FOR : Number.MIN_SAFE_INTEGER],
      )
      .map((row) => ({ ...row, text: JSON.parse(row.text) as string }));
  }

  /** Something was written here on several days up to the one that the clock shows: one jump of it must cost nobody their texts. */
  #clockHolds(): boolean {
    const [now, since] = [this.#now(), this.#now() - KEPT_FOR];
    const { days } = this.#db.get<{ days: number }>(
      `SELECT count(DISTINCT day) AS days FROM (
         SELECT time / ${DAY} AS day FROM earlier_text WHERE account = ? AND time BETWEEN ? AND ?
         UNION SELECT at / ${DAY} FROM passport WHERE account = ? AND at BETWEEN ? AND ?)`,
      ...[this.#account, since, now, this.#account, since, now],
    )!;
    return days >= DAYS_TRUSTED;
  }

  find(conv: string, id: number): string | null {
    return this.list(conv).find((one) => one.id === id)?.text ?? null;
  }
}
