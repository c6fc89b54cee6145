import { hash } from 'node:crypto';
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
  device?: string | Uint8Array;
  time: number;
  hash?: Uint8Array;
  type?: string | undefined;
  body?: string | Uint8Array | undefined;
  position?: number | undefined;
  prev?: number | undefined;
  target?: number | undefined;
}

/** SHA-256 in one call: several times as fast as createHash for what is this short. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** The end of the log: gives out seqs, without gaps, and the running hash. */
export class Tail {
  readonly #insert: StatementSyncInstance;
  #head: LogHead;

  constructor(db: DatabaseSyncInstance) {
    this.#insert = db.prepare(
      `INSERT INTO log (seq, r, kind, conv, n, m, h, id, sender, device, time, hash, type, body, position, prev, target)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    const running = runningHash(previous, seq, bytes);
    this.#insert.run(
      seq,
      running,
      KIND[row.kind],
      row.conv ?? null,
      row.n ?? null,
      row.m ?? null,
      row.h ?? null,
      row.id ?? null,
      row.sender ?? null,
      row.device ?? null,
      row.time,
      row.hash ?? null,
      row.type ?? null,
      row.body ?? null,
      row.position ?? null,
      row.prev ?? null,
      row.target ?? null,
    );
    this.#head = { epoch, seq, running: hexOf(running) };
    return this.#head;
  }
}

/** 8 bytes. */
export function runningHash(previous: string, seq: number, bytes: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(16 + bytes.length);
  input.write(previous, 0, 'hex');
  input.writeUInt32BE(Math.floor(seq / 2 ** 32), 8);
  input.writeUInt32BE(seq >>> 0, 12);
  input.set(bytes, 16);
  return sha256(input).subarray(0, 8);
}
