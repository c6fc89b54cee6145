import type { SaveState } from '@matchbook/protocol/delivery';
import type { Body } from '@matchbook/protocol/entries';
import type { Database } from './database.ts';
import { type Full, hashOf, type Placed } from './incoming.ts';
import { ABOUT_ANOTHER, SYSTEM_KINDS } from './schemas.ts';

/** An entry as stored. */
export interface EntryRow extends Placed {
  kind: string;
  time: number;
  id: string | null;
  sender: string | null;
  own: number;
  acked: number;
  target: number | null;
  /** JSON of a Body. */
  body: string | null;
  hash: string | null;
  raw: string | null;
  save: SaveState | null;
  reason: string | null;
}

const COLUMNS = 'conv, n, m, h, kind, time, id, sender, own, acked, target, body, hash, raw, save, reason';

/** What has a line of its own. */
const LINE = `kind NOT IN (${ABOUT_ANOTHER})`;
/** Not deleted for oneself. */
const SHOWN = `NOT EXISTS (SELECT 1 FROM own_register WHERE own_register.account = entry.account AND reg = 'deleted_for_me'
  AND own_register.conv = entry.conv AND about = CAST(n AS TEXT) AND value = 1)`;

/** The stored entries of one account: one a (conversation, n), one a (sender, id). */
export class EntryRows {
  readonly #db: Database;
  readonly #account: string;
  readonly #leaving: (conv: string, message: number) => void;

  /** @param leaving called before the text of a message or of an edit of it goes: its words must leave the index by the text that they came from */
  constructor(db: Database, account: string, leaving: (conv: string, message: number) => void) {
    this.#db = db;
    this.#account = account;
    this.#leaving = leaving;
  }

  at(conv: string, n: number): EntryRow | undefined {
    return this.#db.get<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n = ?`,
      this.#account,
      conv,
      n,
    );
  }

  /** Ascending. */
  within(conv: string, from: number, to: number): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ? ORDER BY n`,
      ...[this.#account, conv, from, to],
    );
  }

  /** Places that have a row. */
  places(conv: string, from: number, to: number): number[] {
    return this.#db
      .all<{ n: number }>(
        'SELECT n FROM entry WHERE account = ? AND conv = ? AND n BETWEEN ? AND ?',
        ...[this.#account, conv, from, to],
      )
      .map(({ n }) => n);
  }

  /** Messages there that an entry has erased. */
  erasedWithin(conv: string, from: number, to: number): Set<number> {
    return new Set(
      this.#db
        .all<{ target: number }>(
          `SELECT target FROM entry WHERE account = ? AND conv = ? AND target BETWEEN ? AND ? AND kind = 'delete'`,
          ...[this.#account, conv, from, to],
        )
        .map(({ target }) => target),
    );
  }

  /** Of all conversations, in the order of their names and places. */
  after(conv: string, n: number, limit: number): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND (conv, n) > (?, ?) ORDER BY conv, n LIMIT ?`,
      ...[this.#account, conv, n, limit],
    );
  }

  /** The log itself is known to contradict itself there. */
  isFault(conv: string, n: number): boolean {
    return (
      this.#db.get(
        'SELECT 1 FROM fault WHERE account = ? AND conv = ? AND n = ? LIMIT 1',
        this.#account,
        conv,
        n,
      ) !== undefined
    );
  }

  remove(conv: string, n: number): void {
    this.#db.run('DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?', this.#account, conv, n);
  }

  byId(sender: string, id: string): EntryRow | undefined {
    return this.#db.get<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND sender = ? AND id = ?`,
      this.#account,
      sender,
      id,
    );
  }

  /** The last `limit` lines at or before `to`, ascending. */
  before(conv: string, to: number, limit: number): EntryRow[] {
    return this.#db
      .all<EntryRow>(
        `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n <= ? AND ${LINE} AND ${SHOWN} ORDER BY n DESC LIMIT ?`,
        this.#account,
        conv,
        to,
        limit,
      )
      .reverse();
  }

  /** Lines from a place on, ascending. */
  from(conv: string, from: number, limit: number): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? ORDER BY n LIMIT ?`,
      this.#account,
      conv,
      from,
      limit,
    );
  }

  /** The first `limit` lines at or after `from`, ascending. */
  onward(conv: string, from: number, limit: number): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? AND ${LINE} AND ${SHOWN} ORDER BY n LIMIT ?`,
      ...[this.#account, conv, from, limit],
    );
  }

  anyAfter(conv: string, n: number): boolean {
    return (
      this.#db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND n > ? AND ${LINE} AND ${SHOWN} LIMIT 1`,
        ...[this.#account, conv, n],
      ) !== undefined
    );
  }

  anyBefore(conv: string, n: number): boolean {
    return (
      this.#db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND n < ? AND ${LINE} AND ${SHOWN} LIMIT 1`,
        this.#account,
        conv,
        n,
      ) !== undefined
    );
  }

  /** That was not put away. */
  lastMessage(conv: string): EntryRow | undefined {
    return this.#db.get<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND kind = 'message' AND ${SHOWN} ORDER BY n DESC LIMIT 1`,
      this.#account,
      conv,
    );
  }

  /** Messages of others from a place on that may mention a user, or somebody by name. */
  mentioning(conv: string, from: number, user: string): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? AND own = 0 AND kind = 'message' AND body IS NOT NULL
         AND (instr(body, ?) > 0 OR instr(body, '@') > 0) AND ${SHOWN}`,
      ...[this.#account, conv, from, user],
    );
  }

  /** The newest entries about messages from..to, ascending. */
  about(conv: string, from: number, to: number, limit: number): EntryRow[] {
    return this.#db
      .all<EntryRow>(
        `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND target BETWEEN ? AND ? ORDER BY n DESC LIMIT ?`,
        ...[this.#account, conv, from, to, limit],
      )
      .reverse();
  }

  /** What changes members and what all see of a conversation, ascending. */
  system(conv: string): EntryRow[] {
    return this.#db.all<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND kind IN (${SYSTEM_KINDS}) ORDER BY n`,
      this.#account,
      conv,
    );
  }

  /** There is an entry that erased this message. */
  erased(conv: string, target: number): boolean {
    return (
      this.#db.get(
        `SELECT 1 FROM entry WHERE account = ? AND conv = ? AND target = ? AND kind = 'delete' LIMIT 1`,
        ...[this.#account, conv, target],
      ) !== undefined
    );
  }

  /** Takes the bodies of a message and of its edits out of everything that holds them; their hashes stay. */
  erase(conv: string, target: number): void {
    const message = this.at(conv, target);
    if (message?.kind === 'message' && message.body) this.#eraseBody(message);
    for (const edit of this.about(conv, target, target, Number.MAX_SAFE_INTEGER))
      if (edit.kind === 'edit' && edit.body) this.#eraseBody(edit);
  }

  #eraseBody(row: EntryRow): void {
    this.#leaving(row.conv, row.target ?? row.n);
    this.#db.run(
      'UPDATE entry SET body = NULL, hash = ? WHERE account = ? AND conv = ? AND n = ?',
      contentHashOf(row),
      this.#account,
      row.conv,
      row.n,
    );
    // The same id elsewhere: in a log that was put back, or where the log contradicted itself.
    this.#db.run(
      `UPDATE displaced SET entry = json_remove(entry, '$.body', '$.raw') WHERE account = ? AND conv = ? AND entry ->> '$.id' = ? AND entry ->> '$.sender' = ?`,
      ...[this.#account, row.conv, row.id, row.sender],
    );
    for (const { n, what } of this.#db.all<{ n: number; what: string }>(
      `UPDATE fault SET detail = json_object('id', detail ->> '$.id') WHERE account = ? AND conv = ? AND what IN ('duplicate', 'conflict')
         AND detail ->> '$.id' = ? AND detail ->> '$.sender' = ? RETURNING n, what`,
      ...[this.#account, row.conv, row.id, row.sender],
    ))
      if (what === 'duplicate')
        this.#db.run(
          `UPDATE entry SET raw = NULL WHERE account = ? AND conv = ? AND n = ? AND kind = 'duplicate'`,
          ...[this.#account, row.conv, n],
        );
  }

  /** Messages up to n, as far as rows tell: the m of the last row at or before it. */
  messagesAt(conv: string, n: number): number {
    return (
      this.#db.get<{ m: number }>(
        'SELECT m FROM entry WHERE account = ? AND conv = ? AND n <= ? ORDER BY n DESC LIMIT 1',
        this.#account,
        conv,
        n,
      )?.m ?? 0
    );
  }

  ownMessagesAfter(conv: string, n: number): number {
    return this.#db.get<{ count: number }>(
      `SELECT count(*) AS count FROM entry WHERE account = ? AND conv = ? AND n > ? AND own = 1 AND kind = 'message'`,
      this.#account,
      conv,
      n,
    )!.count;
  }

  /** False, and nothing is done, where the (sender, id) is there already. */
  insert(entry: Full, own: boolean, acked: boolean): boolean {
    return this.#insert(entry, {
      ...{ kind: entry.kind, time: entry.time, id: entry.id, sender: entry.sender, own, acked },
      target: entry.target,
      body: entry.body && JSON.stringify(entry.body),
      hash: entry.hash,
      raw: entry.raw,
    });
  }

  /** A row that only keeps the place: `hidden`, or `duplicate` where its content already stands elsewhere. */
  insertPlace(place: Placed, kind: 'hidden' | 'duplicate', time: number, raw: string | null): void {
    this.#insert(place, {
      ...{ kind, time, id: null, sender: null, own: false, acked: false },
      ...{ target: null, body: null, hash: null, raw },
    });
  }

  /** The same entry again: a frame confirms what an ack told, an erased body goes, a hidden row gets its content. */
  merge(present: EntryRow, entry: Full | null, own: boolean, viaFrame: boolean): void {
    const { conv, n } = present;
    if (viaFrame && present.acked === 1)
      this.#db.run(
        'UPDATE entry SET acked = 0 WHERE account = ? AND conv = ? AND n = ?',
        this.#account,
        conv,
        n,
      );
    if (!entry) return;
    if (present.kind === 'hidden') {
      this.#db.run('DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?', this.#account, conv, n);
      this.insert(entry, own, false);
    } else if (present.kind === entry.kind && present.body && !entry.body && entry.hash) {
      this.#eraseBody(present);
    }
  }

  /** Rows from..to leave the timeline and are kept aside; those that only an ack told of stay where `keepAcked`. */
  displace(conv: string, from: number, keepAcked: boolean): void {
    const where = `account = ? AND conv = ? AND n >= ?${keepAcked ? ' AND acked = 0' : ''}`;
    for (const { message } of this.#db.all<{ message: number }>(
      `SELECT coalesce(target, n) AS message FROM entry WHERE ${where} AND kind IN ('message', 'edit') AND body IS NOT NULL`,
      ...[this.#account, conv, from],
    ))
      this.#leaving(conv, message);
    this.#db.run(
      `INSERT OR IGNORE INTO displaced (account, conv, n, h, entry)
       SELECT account, conv, n, h, json_object('id', id, 'sender', sender, 'kind', kind, 'm', m, 'time', time, 'body', json(body), 'raw', json(raw))
       FROM entry WHERE ${where}`,
      this.#account,
      conv,
      from,
    );
    this.#db.run(`DELETE FROM entry WHERE ${where}`, this.#account, conv, from);
  }

  /** Of whatever kind. */
  highest(conv: string): EntryRow | undefined {
    return this.#db.get<EntryRow>(
      `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? ORDER BY n DESC LIMIT 1`,
      this.#account,
      conv,
    );
  }

  setSave(sender: string, id: string, save: SaveState | null, reason: string | null): string | null {
    const row = this.#db.get<{ conv: string }>(
      `UPDATE entry SET save = ?, reason = ? WHERE account = ? AND sender = ? AND id = ?
         AND save IS NOT 'saved' AND (save IS NOT ? OR reason IS NOT ?) RETURNING conv`,
      save,
      reason,
      this.#account,
      sender,
      id,
      save,
      reason,
    );
    return row?.conv ?? null;
  }

  /** Ids of own entries whose saving is not decided, newest first. */
  unsaved(limit: number): string[] {
    return this.#db
      .all<{ id: string }>(
        `SELECT id FROM entry WHERE account = ? AND own = 1 AND (save IS NULL OR save = 'save_delayed')
         ORDER BY time DESC, n DESC LIMIT ?`,
        this.#account,
        limit,
      )
      .map(({ id }) => id);
  }

  #insert(
    { conv, n, m, h }: Placed,
    row: {
      kind: string;
      time: number;
      id: string | null;
      sender: string | null;
      own: boolean;
      acked: boolean;
      target: number | null;
      body: string | null;
      hash: string | null;
      raw: string | null;
    },
  ): boolean {
    const inserted = this.#db.run(
      `INSERT INTO entry (account, conv, n, m, h, kind, time, id, sender, own, acked, target, body, hash, raw)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, sender, id) WHERE id IS NOT NULL DO NOTHING`,
      this.#account,
      conv,
      n,
      m,
      h,
      row.kind,
      row.time,
      row.id,
      row.sender,
      row.own ? 1 : 0,
      row.acked ? 1 : 0,
      row.target,
      row.body,
      row.hash,
      row.raw,
    );
    return inserted > 0;
  }
}

export const bodyOf = (row: Pick<EntryRow, 'body'>): Body | null =>
  row.body === null ? null : (JSON.parse(row.body) as Body);

/** Content hash of a stored entry in hex; null where it cannot be known. */
export function contentHashOf(row: Pick<EntryRow, 'conv' | 'kind' | 'body' | 'hash' | 'raw'>): string | null {
  const body = bodyOf(row);
  if (row.kind !== 'message' || !body) return row.hash;
  return hashOf(row.conv, { kind: 'message', body, ...(saysOf(row) as { silent?: true }) });
}

/** What an entry of a known kind says beside its body and target. */
export const saysOf = (row: Pick<EntryRow, 'raw'>): object =>
  row.raw === null ? {} : (JSON.parse(row.raw) as object);
