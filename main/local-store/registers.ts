import type { PositionRegister, ProfileRegister } from '@matchbook/protocol/entries';
import type { Database } from './database.ts';

export interface PositionRow {
  user: string;
  delivered: number;
  read: number;
  /** Messages up to `read`. */
  readM: number;
}

/** Positions only climb; of a profile the newest stays. */
export class Registers {
  readonly #db: Database;
  readonly #account: string;

  constructor(db: Database, account: string) {
    this.#db = db;
    this.#account = account;
  }

  /** Answers whether anything changed. */
  position({ reg, conv, user, n, m }: Pick<PositionRegister, 'reg' | 'conv' | 'user' | 'n' | 'm'>): boolean {
    const changed =
      reg === 'delivered'
        ? this.#db.run(
            `INSERT INTO position (account, conv, user, delivered_n) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET delivered_n = excluded.delivered_n WHERE excluded.delivered_n > delivered_n`,
            ...[this.#account, conv, user, n],
          )
        : this.#db.run(
            `INSERT INTO position (account, conv, user, read_n, read_m) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET read_n = excluded.read_n, read_m = excluded.read_m
             WHERE excluded.read_n > read_n OR (excluded.read_n = read_n AND excluded.read_m > read_m)`,
            ...[this.#account, conv, user, n, m],
          );
    return changed > 0;
  }

  profile({ user, name, time }: Pick<ProfileRegister, 'user' | 'name' | 'time'>): boolean {
    return (
      this.#db.run(
        `INSERT INTO profile (account, user, name, time) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET name = excluded.name, time = excluded.time WHERE excluded.time >= time
           AND (excluded.name <> name OR excluded.time > time)`,
        this.#account,
        user,
        name,
        time,
      ) > 0
    );
  }

  unknown(raw: string): void {
    this.#db.run('INSERT OR IGNORE INTO unknown (account, raw) VALUES (?, ?)', this.#account, raw);
  }

  positions(conv: string): PositionRow[] {
    return this.#db.all<PositionRow>(
      `SELECT user, delivered_n AS delivered, read_n AS read, read_m AS readM FROM position WHERE account = ? AND conv = ?`,
      this.#account,
      conv,
    );
  }
}
