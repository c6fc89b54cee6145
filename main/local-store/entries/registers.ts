import type {
  BlockRegister,
  Body,
  DraftRegister,
  MarkRegister,
  PositionRegister,
  ProfileRegister,
  SettingRegister,
} from '@matchbook/protocol/entries';
import type { Database } from '../files/database.ts';

export interface PositionRow {
  user: string;
  delivered: number;
  read: number;
  /** Messages up to `read`. */
  readM: number;
}

/** What only this user's devices receive. */
export type OwnRegister = DraftRegister | SettingRegister | MarkRegister | BlockRegister;
export type OwnKind = OwnRegister['reg'];

/** The last value of a register of one's own. */
export interface OwnValue {
  reg: OwnKind;
  /** Empty for `block`. */
  conv: string;
  /** Place of the target (deleted_for_me, saved), user (block); else empty. */
  about: string;
  /** What an append names in `replaces`. */
  v: number;
  time: number;
  /** Null for a draft. */
  value: number | null;
  /** Null where there is no draft any more, and for everything else. */
  body: Body | null;
}
type OwnRow = Omit<OwnValue, 'body'> & { body: string | null };

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

  profile({ user, name, avatar, status, time }: Omit<ProfileRegister, 'reg'>): boolean {
    return (
      this.#db.run(
        `INSERT INTO profile (account, user, name, time, avatar, status, status_until) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET name = excluded.name, time = excluded.time, avatar = excluded.avatar,
           status = excluded.status, status_until = excluded.status_until
         WHERE excluded.time > time OR (excluded.time = time AND (excluded.name <> name OR excluded.avatar IS NOT avatar
           OR excluded.status IS NOT status OR excluded.status_until IS NOT status_until))`,
        ...[this.#account, user, name, time, avatar ?? null],
        ...[status?.text ?? null, status?.until ?? null],
      ) > 0
    );
  }

  unknown(raw: string): void {
    this.#db.run('INSERT OR IGNORE INTO unknown (account, raw) VALUES (?, ?)', this.#account, raw);
  }

  positionOf(conv: string, user: string): Pick<PositionRow, 'delivered' | 'read'> {
    const row = this.#db.get<Pick<PositionRow, 'delivered' | 'read'>>(
      'SELECT delivered_n AS delivered, read_n AS read FROM position WHERE account = ? AND conv = ? AND user = ?',
      ...[this.#account, conv, user],
    );
    return row ?? { delivered: 0, read: 0 };
  }

  positions(conv: string): PositionRow[] {
    return this.#db.all<PositionRow>(
      `SELECT user, delivered_n AS delivered, read_n AS read, read_m AS readM FROM position WHERE account = ? AND conv = ?`,
      this.#account,
      conv,
    );
  }

  /**
   * Takes the last value of a key. Answers whether anything changed.
   *
   * @param snapshot of a log that may have been put back: its versions count, whatever was stored before
   */
  takeOwn(register: OwnRegister, snapshot: boolean): boolean {
    const { reg, v, time } = register;
    const { conv, about } = ownKey(register);
    return (
      this.#db.run(
        `INSERT INTO own_register (account, reg, conv, about, v, time, value, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET v = excluded.v, time = excluded.time, value = excluded.value, body = excluded.body
         WHERE ${snapshot ? 'excluded.v <> v OR excluded.value IS NOT value OR excluded.body IS NOT body' : 'excluded.v > v'}`,
        ...[this.#account, reg, conv, about, v, time],
        'value' in register ? register.value : null,
        'body' in register && register.body ? JSON.stringify(register.body) : null,
      ) > 0
    );
  }

  /** Undefined where it was never set (version 0). `about` is empty but for deleted_for_me, saved (a place) and block (a user). */
  own(reg: OwnKind, conv: string, about: string | number = ''): OwnValue | undefined {
    const row = this.#db.get<OwnRow>(
      `SELECT ${OWN_COLUMNS} FROM own_register WHERE account = ? AND reg = ? AND conv = ? AND about = ?`,
      ...[this.#account, reg, conv, String(about)],
    );
    return row && ownValue(row);
  }

  /** All of a kind, in one conversation or in all. */
  allOwn(reg: OwnKind, conv?: string): OwnValue[] {
    const where = conv === undefined ? '' : ' AND conv = ?';
    return this.#db
      .all<OwnRow>(
        `SELECT ${OWN_COLUMNS} FROM own_register WHERE account = ? AND reg = ?${where} ORDER BY conv, about`,
        ...[this.#account, reg, ...(conv === undefined ? [] : [conv])],
      )
      .map(ownValue);
  }
}

const OWN_COLUMNS = 'reg, conv, about, v, time, value, body';

const ownValue = (row: OwnRow): OwnValue => ({
  ...row,
  body: row.body === null ? null : (JSON.parse(row.body) as Body),
});

function ownKey(register: OwnRegister): { conv: string; about: string } {
  if (register.reg === 'block') return { conv: '', about: register.of };
  return { conv: register.conv, about: 'target' in register ? String(register.target) : '' };
}
