/**
 * What was decided about each message, and how far each conversation has been looked at: the answer to "why was there no notification?", and what
 * keeps one message from two of them. One small file a profile, without any text of a message.
 *
 * Bounded to 50,000 rows, and to 30 days before the third of the last days on which something was decided. Not synced at every commit, as all else is: of what a power cut takes, the messages that are still unread are summed up at the next start.
 */
import { renameSync } from 'node:fs';
import type { Decision, DecisionFacts, Reason, Withdrawal } from '@matchbook/protocol/bridge/notifications';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { roomBeside } from '../local-store/files/files.ts';
import { isDamage } from '../local-store/files/store-error.ts';

const DAY = 86_400_000;
const KEPT_FOR = 30 * DAY;
/** Days, this one among them, that say what time it is. */
const SURE_DAYS = 3;
const KEPT_ROWS = 50_000;
/** Old rows are looked for once in so many new ones. */
const TIDY_EVERY = 500;

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304;
  CREATE TABLE IF NOT EXISTS decision (
    place INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, conv TEXT NOT NULL,
    from_n INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, facts TEXT NOT NULL,
    withdrawn_at INTEGER, withdrawn_why TEXT,
    UNIQUE (account, conv, n)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS decision_at ON decision (at);
  CREATE TABLE IF NOT EXISTS heard (
    account TEXT NOT NULL, conv TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (account, conv)
  ) STRICT, WITHOUT ROWID;
`;
/** Stands for "this account was looked at before" among its conversations. */
const ACCOUNT_ITSELF = '';

interface Row {
  from_n: number;
  n: number;
  at: number;
  reason: string;
  facts: string;
  withdrawn_at: number | null;
  withdrawn_why: string | null;
}

export interface Entry {
  account: string;
  conv: string;
  from: number;
  n: number;
  reason: Reason;
  facts: DecisionFacts;
}

export interface LedgerOptions {
  path: string;
  now: () => number;
  log: (line: string) => void;
  limits?: { rows: number; age: number };
}

export class Ledger {
  readonly #options: LedgerOptions;
  readonly #limits: { rows: number; age: number };
  #db: DatabaseSyncInstance;
  readonly #statements = new Map<string, StatementSyncInstance>();
  /** By account, then conversation: the places up to which it was decided. */
  readonly #heard = new Map<string, Map<string, number>>();
  #sinceTidy = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? { rows: KEPT_ROWS, age: KEPT_FOR };
    this.#db = this.#open();
    const rows = this.#prepared('SELECT account, conv, n FROM heard').all() as {
      account: string;
      conv: string;
      n: number;
    }[];
    for (const { account, conv, n } of rows) this.#of(account).set(conv, n);
    this.#write(() => this.#tidy());
  }

  /** Places up to which each conversation of an account was decided; null where the account was never looked at. */
  heard(account: string): ReadonlyMap<string, number> | null {
    const heard = this.#heard.get(account);
    return heard?.has(ACCOUNT_ITSELF) ? heard : null;
  }

  heardIn(account: string, conv: string): number {
    return this.#heard.get(account)?.get(conv) ?? 0;
  }

  /** Notes decisions, each for good: what was decided before is left out. Answers with those that are new. */
  decide(entries: readonly Entry[]): Entry[] {
    const fresh = entries.filter(({ account, conv, n }) => n > this.heardIn(account, conv));
    if (fresh.length === 0) return fresh;
    // In memory first: a disk that is full must not ring twice.
    for (const { account, conv, n } of fresh) this.#climb(account, conv, n);
    this.#write(() => {
      for (const { account, conv, from, n, reason, facts } of fresh)
        this.#prepared(
          `INSERT OR IGNORE INTO decision (account, conv, from_n, n, at, reason, facts) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ).run(account, conv, from, n, this.#options.now(), reason, JSON.stringify(facts));
      for (const { account, conv, n } of fresh) this.#hear(account, conv, n);
      this.#sinceTidy += fresh.length;
      if (this.#sinceTidy >= TIDY_EVERY) this.#tidy();
    });
    return fresh;
  }

  /** Looked at up to these places, with nothing to note. Also says that the account has been looked at. */
  hear(account: string, places: Iterable<readonly [conv: string, n: number]>): void {
    const all = [...places, [ACCOUNT_ITSELF, 1] as const];
    const climbed = all.filter(([conv, n]) => this.#climb(account, conv, n));
    if (climbed.length === 0) return;
    this.#write(() => {
      for (const [conv, n] of climbed) this.#hear(account, conv, n);
    });
  }

  /** What the desktop made of it. */
  answered(account: string, conv: string, n: number, reason: Reason, facts: DecisionFacts): void {
    this.#write(() => {
      this.#prepared(
        'UPDATE decision SET reason = ?, facts = ? WHERE account = ? AND conv = ? AND n = ?',
      ).run(reason, JSON.stringify(facts), account, conv, n);
    });
  }

  /** Shown notifications of a conversation up to n went away. */
  withdrawn(account: string, conv: string, n: number, why: Withdrawal): void {
    this.#write(() => {
      this.#prepared(
        `UPDATE decision SET withdrawn_at = ?, withdrawn_why = ?
         WHERE account = ? AND conv = ? AND n <= ? AND withdrawn_at IS NULL AND reason IN ('shown', 'summarised')`,
      ).run(this.#options.now(), why, account, conv, n);
    });
  }

  /** The decision about the message at n, or the one that it was part of. */
  about(account: string, conv: string, n: number): Decision | null {
    const row = this.#prepared(
      `SELECT from_n, n, at, reason, facts, withdrawn_at, withdrawn_why FROM decision
       WHERE account = ? AND conv = ? AND n >= ? ORDER BY n LIMIT 1`,
    ).get(account, conv, n) as Row | undefined;
    if (!row || row.from_n > n) return null;
    return {
      at: row.at,
      reason: row.reason as Reason,
      facts: JSON.parse(row.facts) as DecisionFacts,
      from: row.from_n,
      n: row.n,
      withdrawn:
        row.withdrawn_at === null ? null : { at: row.withdrawn_at, why: row.withdrawn_why as Withdrawal },
    };
  }

  /** Everything of an account that is removed from this device. */
  forget(account: string): void {
    this.#heard.delete(account);
    this.#write(() => {
      for (const table of ['decision', 'heard'])
        this.#prepared(`DELETE FROM ${table} WHERE account = ?`).run(account);
    });
  }

  get size(): number {
    return (this.#prepared('SELECT count(*) AS count FROM decision').get() as { count: number }).count;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #hear(account: string, conv: string, n: number): void {
    this.#prepared(
      'INSERT INTO heard (account, conv, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n WHERE excluded.n > n',
    ).run(account, conv, n);
  }

  #climb(account: string, conv: string, n: number): boolean {
    const heard = this.#of(account);
    if (n <= (heard.get(conv) ?? 0)) return false;
    heard.set(conv, n);
    return true;
  }

  #of(account: string): Map<string, number> {
    const present = this.#heard.get(account) ?? new Map<string, number>();
    this.#heard.set(account, present);
    return present;
  }

  #tidy(): void {
    this.#sinceTidy = 0;
    const { rows, age } = this.#limits;
    this.#prepared('DELETE FROM decision WHERE at < ?').run(this.#sureTime() - age);
    this.#prepared('DELETE FROM decision WHERE place <= (SELECT max(place) FROM decision) - ?').run(rows);
  }

  /**
   * A clock that is a year ahead for a day must not empty it: what counts is the third of the last days on which something was decided. A clock that is wrong for longer is
   * the time of this computer.
   */
  #sureTime(): number {
    const before = this.#prepared('SELECT max(at) AS at FROM decision WHERE at < ?');
    let at = this.#options.now();
    for (let days = 1; days < SURE_DAYS; days++) {
      const found = before.get(Math.floor(at / DAY) * DAY) as { at: number | null };
      if (found.at === null) return Number.NEGATIVE_INFINITY;
      at = found.at;
    }
    return at;
  }

  /** A ledger that cannot be written costs the explanation, not the notification. */
  #write(work: () => void): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#options.log(`notifications: the ledger was not written: ${error}`);
    }
  }

  #prepared(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** A damaged file is set aside, and no other; without one that can be opened at all, the ledger lives as long as the app. */
  #open(): DatabaseSyncInstance {
    const { path, now, log } = this.#options;
    const opened = (place: string) => {
      const db = new DatabaseSync(place, { timeout: 1_000 });
      try {
        if (!roomBeside(place)) db.exec('PRAGMA locking_mode = EXCLUSIVE;');
        db.exec(SCHEMA);
        return db;
      } catch (error) {
        db.close();
        throw error;
      }
    };
    try {
      return opened(path);
    } catch (error) {
      log(`notifications: the ledger cannot be opened: ${error}`);
      if (!isDamage(error)) return opened(':memory:');
    }
    try {
      renameSync(path, `${path}.damaged-${now()}`);
      return opened(path);
    } catch (error) {
      log(`notifications: no ledger on the disk: ${error}`);
      return opened(':memory:');
    }
  }
}
