import { createHash } from 'node:crypto';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from './compact.ts';
import type { LogHead } from './messages.ts';
import { KIND, type KindName, readMeta } from './schema.ts';

/** A row to be written; what is absent is NULL. */
export interface NewRow {
  kind: KindName;
  conv?: number | null;
  n?: number;
  m?: number | null;
  h?: Uint8Array;
  id?: string | Uint8Array;
  sender?: number;
  device?: string;
  time: number;
  hash?: Uint8Array;
  type?: string;
  body?: string | Uint8Array | null;
  position?: number | null;
}

/** The end of the log: gives out seqs, without gaps, and the running hash. */
export class Tail {
  readonly #insert: StatementSyncInstance;
  #head: LogHead;

  constructor(db: DatabaseSyncInstance) {
    this.#insert = db.prepare(
      `INSERT INTO log (seq, r, kind, conv, n, m, h, id, sender, device, time, hash, type, body, position)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const epoch = hexOf(readMeta(db, 'epoch') as Uint8Array);
    const row = db.prepare('SELECT seq, r FROM log ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; r: Uint8Array }
      | undefined;
    this.#head = { epoch, seq: row?.seq ?? 0, running: row ? hexOf(row.r) : epoch };
  }

  get head(): LogHead {
    return this.#head;
  }

  /** Back to where a transaction that failed began, or forward to where an epoch does. */
  moveTo(head: LogHead): void {
    this.#head = head;
  }

  /**
   * Running hash = first 8 bytes of SHA-256(previous, seq, bytes).
   *
   * @param bytes what the row is, for the running hash
   */
  append(bytes: Uint8Array, row: NewRow): LogHead {
    const { epoch, seq: last, running: previous } = this.#head;
    const seq = last + 1;
    const place = Buffer.alloc(8);
    place.writeBigUInt64BE(BigInt(seq));
    const hash = createHash('sha256')
      .update(Buffer.from(previous, 'hex'))
      .update(place)
      .update(bytes)
      .digest();
    const running = hash.subarray(0, 8);
    const { conv, n, m, h, id, sender, device, time, type, body, position } = row;
    const values = [conv, n, m, h, id, sender, device, time, row.hash, type, body, position];
    this.#insert.run(seq, running, KIND[row.kind], ...values.map((value) => value ?? null));
    this.#head = { epoch, seq, running: hexOf(running) };
    return this.#head;
  }
}
