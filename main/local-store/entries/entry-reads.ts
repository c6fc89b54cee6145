import type { Database } from '../files/database.ts';
import { ABOUT_ANOTHER, SYSTEM_KINDS } from '../files/schemas.ts';
import { ENTRY_COLUMNS, type EntryRow } from './entry-row.ts';

/** What has a line of its own. */
const LINE = `kind NOT IN (${ABOUT_ANOTHER})`;
/** Not deleted for oneself. */
const SHOWN = `NOT EXISTS (SELECT 1 FROM own_register WHERE own_register.account = entry.account AND reg = 'deleted_for_me'
  AND own_register.conv = entry.conv AND about = CAST(n AS TEXT) AND value = 1)`;

/** The stored entries of one account, as they are asked for. */
export class EntryReads {
  protected readonly db: Database;
  protected readonly account: string;

  constructor(db: Database, account: string) {
    this.db = db;
    this.account = account;
  }

  at(conv: string, n: number): EntryRow | undefined {
    return this.db.get<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n = ?`,
      this.account,
      conv,
      n,
    );
  }

  /** Ascending. */
  within(conv: string, from: number, to: number): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ? ORDER BY n`,
      ...[this.account, conv, from, to],
    );
  }

  /** Lines at these places, ascending. */
  lines(conv: string, places: readonly number[]): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n IN (SELECT value FROM json_each(?)) AND ${LINE} AND ${SHOWN} ORDER BY n`,
      ...[this.account, conv, JSON.stringify(places)],
    );
  }

  /** Places that have a row. */
  places(conv: string, from: number, to: number): number[] {
    return this.db
      .all<{ n: number }>(
        'SELECT n FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ?',
        ...[this.account, conv, from, to],
      )
      .map(({ n }) => n);
  }

  /** Messages there that an entry has erased. */
  erasedWithin(conv: string, from: number, to: number): Set<number> {
    return new Set(
      this.db
        .all<{ target: number }>(
          `SELECT target FROM entry WHERE account = ? AND conv = ? AND target BETWEEN ? AND ? AND kind = 'delete'`,
          ...[this.account, conv, from, to],
        )
        .map(({ target }) => target),
    );
  }

  /** Of all conversations, in the order of their names and places. */
  after(conv: string, n: number, limit: number): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND (conv, n) > (?, ?) ORDER BY conv, n LIMIT ?`,
      ...[this.account, conv, n, limit],
    );
  }

  /** The log itself is known to contradict itself there. */
  isFault(conv: string, n: number): boolean {
    return (
      this.db.get(
        'SELECT 1 FROM fault WHERE account = ? AND conv = ? AND n = ? LIMIT 1',
        this.account,
        conv,
        n,
      ) !== undefined
    );
  }

  byId(sender: string, id: string): EntryRow | undefined {
    return this.db.get<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND sender = ? AND id = ?`,
      this.account,
      sender,
      id,
    );
  }

  /** The last `limit` lines at or before `to`, ascending. */
  before(conv: string, to: number, limit: number): EntryRow[] {
    return this.db
      .all<EntryRow>(
        `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n <= ? AND ${LINE} AND ${SHOWN} ORDER BY n DESC LIMIT ?`,
        this.account,
        conv,
        to,
        limit,
      )
      .reverse();
  }

  /** Lines from a place on, ascending. */
  from(conv: string, from: number, limit: number): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? ORDER BY n LIMIT ?`,
      this.account,
      conv,
      from,
      limit,
    );
  }

  /** The first `limit` lines at or after `from`, ascending. */
  onward(conv: string, from: number, limit: number): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? AND ${LINE} AND ${SHOWN} ORDER BY n LIMIT ?`,
      ...[this.account, conv, from, limit],
    );
  }

  anyAfter(conv: string, n: number): boolean {
    return (
      this.db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND n > ? AND ${LINE} AND ${SHOWN} LIMIT 1`,
        ...[this.account, conv, n],
      ) !== undefined
    );
  }

  anyBefore(conv: string, n: number): boolean {
    return (
      this.db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND n < ? AND ${LINE} AND ${SHOWN} LIMIT 1`,
        this.account,
        conv,
        n,
      ) !== undefined
    );
  }

  /** That was not put away. */
  lastMessage(conv: string): EntryRow | undefined {
    return this.db.get<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND kind = 'message' AND ${SHOWN} ORDER BY n DESC LIMIT 1`,
      this.account,
      conv,
    );
  }

  /**
   * Messages of others from a place on that may mention a user, somebody by name, or everybody.
   * @param also places of messages of which a later text may
   */
  mentioning(conv: string, from: number, user: string, also: readonly number[]): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? AND own = 0 AND kind = 'message' AND body IS NOT NULL
         AND (instr(body, ?) > 0 OR instr(body, '@') > 0 OR instr(body, 'audiences') > 0 OR n IN (SELECT value FROM json_each(?))) AND ${SHOWN}`,
      ...[this.account, conv, from, user, JSON.stringify(also)],
    );
  }

  /** The newest edits of others' messages from a place on, ascending. */
  editsAfter(conv: string, from: number, limit: number): EntryRow[] {
    return this.db
      .all<EntryRow>(
        `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND target >= ? AND kind = 'edit' AND own = 0 AND body IS NOT NULL
         ORDER BY n DESC LIMIT ?`,
        ...[this.account, conv, from, limit],
      )
      .reverse();
  }

  /** The newest entries about messages from..to, ascending. */
  about(conv: string, from: number, to: number, limit: number): EntryRow[] {
    return this.db
      .all<EntryRow>(
        `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND target BETWEEN ? AND ? ORDER BY n DESC LIMIT ?`,
        ...[this.account, conv, from, to, limit],
      )
      .reverse();
  }

  /** What changes members and what all see of a conversation, ascending. */
  system(conv: string): EntryRow[] {
    return this.db.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? AND kind IN (${SYSTEM_KINDS}) ORDER BY n`,
      this.account,
      conv,
    );
  }

  /** There is an entry that erased this message. */
  erased(conv: string, target: number): boolean {
    return (
      this.db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND target = ? AND kind = 'delete' LIMIT 1`,
        ...[this.account, conv, target],
      ) !== undefined
    );
  }

  /** Messages up to n, as far as rows tell: the m of the last row at or before it. */
  messagesAt(conv: string, n: number): number {
    return (
      this.db.get<{ m: number }>(
        'SELECT m FROM entry WHERE account = ? AND conv = ? AND n <= ? ORDER BY n DESC LIMIT 1',
        this.account,
        conv,
        n,
      )?.m ?? 0
    );
  }

  ownMessagesAfter(conv: string, n: number): number {
    return this.db.get<{ count: number }>(
      `SELECT count(*) AS count FROM entry WHERE account = ? AND conv = ? AND n > ? AND own = 1 AND kind = 'message'`,
      this.account,
      conv,
      n,
    )!.count;
  }

  /** Messages that are not one's own and that an entry which is here erased, whether or not they were here. */
  erasedAfter(conv: string, n: number): number {
    return this.db.get<{ count: number }>(
      `SELECT count(DISTINCT gone.target) AS count FROM entry AS gone
         WHERE gone.account = ? AND gone.conv = ? AND gone.target > ? AND gone.kind = 'delete'
           AND NOT EXISTS (SELECT 1 FROM entry AS own WHERE own.account = gone.account AND own.conv = gone.conv
             AND own.n = gone.target AND own.own = 1)`,
      ...[this.account, conv, n],
    )!.count;
  }

  /** Of whatever kind. */
  highest(conv: string): EntryRow | undefined {
    return this.db.get<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry WHERE account = ? AND conv = ? ORDER BY n DESC LIMIT 1`,
      this.account,
      conv,
    );
  }

  /** Ids of own entries whose saving is not decided, newest first. */
  unsaved(limit: number): string[] {
    return this.db
      .all<{ id: string }>(
        `SELECT id FROM entry WHERE account = ? AND own = 1 AND (save IS NULL OR save = 'save_delayed')
         ORDER BY time DESC, n DESC LIMIT ?`,
        this.account,
        limit,
      )
      .map(({ id }) => id);
  }
}
