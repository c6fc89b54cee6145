import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from './compact.ts';
import { marksOf, runningHash, runningOf } from './marks.ts';
import type { LogHead } from './messages.ts';
import { KIND, type KindName, readMeta } from './schema.ts';

/** A register or a control row to be written; what is absent is NULL. */
export interface NewRow {
  kind: KindName;
  conv?: number | null;
  m?: number | null;
  id?: string | Uint8Array;
  sender?: number;
  time: number;
  type?: string | undefined;
  body?: string | Uint8Array | undefined;
  position?: number | undefined;
  target?: number | undefined;
}
/** An entry to be written. */
export interface NewEntry {
  kind: KindName;
  conv: number;
  n: number;
  m: number;
  h: string;
  id: string | Uint8Array;
  sender: number;
  time: number;
  /** Content hash, hex. */
  hash: string;
  prev: number | null;
  type: string | null;
  body: string | Uint8Array | null;
}

/** The end of the log: gives out seqs, without gaps, and the running hash. */
export class Tail {
  readonly #insert: StatementSyncInstance;
  readonly #insertEntry: StatementSyncInstance;
  readonly #insertAbout: StatementSyncInstance;
  #head: LogHead;

  constructor(db: DatabaseSyncInstance) {
    const into = (columns: string) =>
      db.prepare(
        `INSERT INTO log (${columns}) VALUES (${columns
          .split(',')
          .map(() => '?')
          .join(', ')})`,
      );
    this.#insert = into('seq, marks, kind, conv, m, id, sender, time, type, body, position, target');
    this.#insertEntry = into('seq, marks, kind, conv, n, m, id, sender, time, type, body, prev');
    this.#insertAbout = into(
      'seq, marks, kind, conv, n, m, id, sender, time, type, body, prev, position, target',
    );
    const epoch = hexOf(readMeta(db, 'epoch') as Uint8Array);
    const row = db.prepare('SELECT seq, marks FROM log ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; marks: Uint8Array }
      | undefined;
    this.#head = { epoch, seq: row?.seq ?? 0, running: row ? runningOf(row.marks) : epoch };
  }

  get head(): LogHead {
    return this.#head;
  }

  /** Back to where a transaction that failed began, or forward to where an epoch does. */
  moveTo(head: LogHead): void {
    this.#head = head;
  }

  /** @param bytes what the row is, for the running hash */
  append(bytes: Uint8Array, row: NewRow): LogHead {
    const { seq, running } = this.#next(bytes);
    this.#insert.run(
      seq,
      marksOf(running),
      KIND[row.kind],
      row.conv ?? null,
      row.m ?? null,
      row.id ?? null,
      row.sender ?? null,
      row.time,
      row.type ?? null,
      row.body ?? null,
      row.position ?? null,
      row.target ?? null,
    );
    return this.#head;
  }

  /** @param about flag and target, where it has one */
  entry(entry: NewEntry, about: { position: number | null; target: number | null } | null): LogHead {
    const { kind, conv, n, m, h, id, sender, time, hash, prev, type, body } = entry;
    const { seq, running } = this.#next(Buffer.from(hash, 'hex'));
    const marks = marksOf(running, h, hash);
    if (!about) this.#insertEntry.run(seq, marks, KIND[kind], conv, n, m, id, sender, time, type, body, prev);
    else
      this.#insertAbout.run(
        ...[seq, marks, KIND[kind], conv, n, m, id, sender, time, type, body, prev],
        about.position,
        about.target,
      );
    return this.#head;
  }

  #next(bytes: Uint8Array): LogHead {
    const { epoch, seq: last, running: previous } = this.#head;
    const seq = last + 1;
    this.#head = { epoch, seq, running: runningHash(previous, seq, bytes) };
    return this.#head;
  }
}
