import type { SaveState } from '@matchbook/protocol/delivery';
import type { Database } from '../files/database.ts';
import { EntryReads } from './entry-reads.ts';
import { contentHashOf, type EntryRow, replyOf, saysOf } from './entry-row.ts';
import type { Full, Placed } from './incoming.ts';

/** What of a message's content outlives its text, JSON: what it answered, so that its answers stay in their thread. */
function remainsOf(row: EntryRow): string | null {
  const reply = row.kind === 'message' ? replyOf(row) : null;
  return reply === null ? row.raw : JSON.stringify({ ...saysOf(row), reply });
}

/** The stored entries of one account: one a (conversation, n), one a (sender, id). */
export class EntryRows extends EntryReads {
  readonly #leaving: (conv: string, message: number) => void;

  /** @param leaving called before the text of a message or of an edit of it goes: its words must leave the index by the text that they came from */
  constructor(db: Database, account: string, leaving: (conv: string, message: number) => void) {
    super(db, account);
    this.#leaving = leaving;
  }

  remove(conv: string, n: number): void {
    this.db.run('DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?', this.account, conv, n);
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
    this.db.run(
      'UPDATE entry SET body = NULL, hash = ?, raw = ? WHERE account = ? AND conv = ? AND n = ?',
      contentHashOf(row),
      remainsOf(row),
      this.account,
      row.conv,
      row.n,
    );
    // The same id elsewhere: in a log that was put back, or where the log contradicted itself.
    this.db.run(
      `UPDATE displaced SET entry = json_remove(entry, '$.body', '$.raw') WHERE account = ? AND conv = ? AND entry ->> '$.id' = ? AND entry ->> '$.sender' = ?`,
      ...[this.account, row.conv, row.id, row.sender],
    );
    for (const { n, what } of this.db.all<{ n: number; what: string }>(
      `UPDATE fault SET detail = json_object('id', detail ->> '$.id') WHERE account = ? AND conv = ? AND what IN ('duplicate', 'conflict')
         AND detail ->> '$.id' = ? AND detail ->> '$.sender' = ? RETURNING n, what`,
      ...[this.account, row.conv, row.id, row.sender],
    ))
      if (what === 'duplicate')
        this.db.run(
          `UPDATE entry SET raw = NULL WHERE account = ? AND conv = ? AND n = ? AND kind = 'duplicate'`,
          ...[this.account, row.conv, n],
        );
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
      this.db.run(
        'UPDATE entry SET acked = 0 WHERE account = ? AND conv = ? AND n = ?',
        this.account,
        conv,
        n,
      );
    if (!entry) return;
    if (present.kind === 'hidden') {
      this.db.run('DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?', this.account, conv, n);
      this.insert(entry, own, false);
    } else if (present.kind === entry.kind && present.body && !entry.body && entry.hash) {
      this.#eraseBody(present);
    }
  }

  /** Rows from..to leave the timeline and are kept aside; those that only an ack told of stay where `keepAcked`. */
  displace(conv: string, from: number, keepAcked: boolean): void {
    const where = `account = ? AND conv = ? AND n >= ?${keepAcked ? ' AND acked = 0' : ''}`;
    for (const { message } of this.db.all<{ message: number }>(
      `SELECT coalesce(target, n) AS message FROM entry WHERE ${where} AND kind IN ('message', 'edit') AND body IS NOT NULL`,
      ...[this.account, conv, from],
    ))
      this.#leaving(conv, message);
    this.db.run(
      `INSERT OR IGNORE INTO displaced (account, conv, n, h, entry)
       SELECT account, conv, n, h, json_object('id', id, 'sender', sender, 'kind', kind, 'm', m, 'time', time, 'body', json(body), 'raw', json(raw))
       FROM entry WHERE ${where}`,
      this.account,
      conv,
      from,
    );
    this.db.run(`DELETE FROM entry WHERE ${where}`, this.account, conv, from);
  }

  /** The row that is another one by it. */
  setSave(
    sender: string,
    id: string,
    save: SaveState | null,
    reason: string | null,
  ): { conv: string; n: number } | undefined {
    return this.db.get<{ conv: string; n: number }>(
      `UPDATE entry SET save = ?, reason = ? WHERE account = ? AND sender = ? AND id = ?
         AND save IS NOT 'saved' AND (save IS NOT ? OR reason IS NOT ?) RETURNING conv, n`,
      save,
      reason,
      this.account,
      sender,
      id,
      save,
      reason,
    );
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
    const inserted = this.db.run(
      `INSERT INTO entry (account, conv, n, m, h, kind, time, id, sender, own, acked, target, body, hash, raw)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, sender, id) WHERE id IS NOT NULL DO NOTHING`,
      this.account,
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
