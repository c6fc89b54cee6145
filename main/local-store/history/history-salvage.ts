/**
 * What can be read of a history.db that was damaged and set aside comes back into the new one, a little at a time, beside everything else. Only what the chain
 * of its conversation vouches for: all else the server has too. The damaged file is only read.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { EntryRow } from '../entries/entry-row.ts';
import type { Full } from '../entries/incoming.ts';
import type { Database } from '../files/database.ts';
import { vouchedFor } from './history-check.ts';

/** Rows read in one step. */
const AT_ONCE = 150;
/** Damage is stepped over by ever larger strides; beyond this there is nothing more. */
const LONGEST = 2 ** 40;

export interface HistorySalvageParts {
  db: Database;
  account: string;
  /** In one transaction. */
  take: (entries: Full[]) => void;
  /** All of a file was read. */
  finished: (convs: Map<string, { first: number; last: number }>) => void;
}

/** Rows whose h is remembered, to vouch for those that come after them. */
const CHAINED = 10_000;

type OldRow = EntryRow & { row: number; account: string };

export class HistorySalvage {
  readonly #parts: HistorySalvageParts;
  #file: { path: string; db: DatabaseSyncInstance } | null = null;
  readonly #chain = new Map<string, string>();
  readonly #found = new Map<string, { first: number; last: number }>();

  constructor(parts: HistorySalvageParts) {
    this.#parts = parts;
  }

  /** Answers whether there is more to do now. */
  step(): boolean {
    const { db, account, take, finished } = this.#parts;
    const job = db.get<{ file: string; row: number; jump: number }>(
      'SELECT file, row, jump FROM salvage WHERE account = ? LIMIT 1',
      account,
    );
    if (!job) return false;
    const { rows, last, broken } = this.#read(job.file, job.row);
    const jump = broken ? Math.max(1, rows.length > 0 ? 1 : job.jump * 2) : 0;
    const done = last === null ? !broken || jump > LONGEST : false;
    db.transaction(() => {
      take(rows);
      if (done) {
        finished(this.#found);
        db.run('DELETE FROM salvage WHERE account = ? AND file = ?', account, job.file);
      } else
        db.run(
          'UPDATE salvage SET row = ?, jump = ? WHERE account = ? AND file = ?',
          ...[(last ?? job.row) + jump, jump, account, job.file],
        );
    });
    for (const { conv, n } of rows) {
      const range = this.#found.get(conv);
      if (range) {
        range.first = Math.min(range.first, n);
        range.last = Math.max(range.last, n);
      } else this.#found.set(conv, { first: n, last: n });
    }
    if (done) this.end();
    return true;
  }

  end(): void {
    this.#file?.db.close();
    this.#file = null;
    this.#found.clear();
    this.#chain.clear();
  }

  #remember({ conv, n, h }: OldRow): void {
    if (this.#chain.size >= CHAINED) this.#chain.delete(this.#chain.keys().next().value!);
    this.#chain.set(`${conv} ${n}`, h);
  }

  /** Entries after a row, up to the first that cannot be read. */
  #read(path: string, after: number): { rows: Full[]; last: number | null; broken: boolean } {
    const rows: Full[] = [];
    let last: number | null = null;
    try {
      const db = this.#open(path);
      if (!db) return { rows, last, broken: false };
      const statement = db.prepare(
        // Of the table alone: an index may be damaged where its table is not.
        `SELECT rowid AS row, * FROM entry NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ${AT_ONCE}`,
      );
      for (const found of statement.iterate(after)) {
        const row = found as unknown as OldRow;
        last = row.row;
        if (row.account !== this.#parts.account) continue;
        const full = sound(row, this.#chain.get(`${row.conv} ${row.n - 1}`));
        this.#remember(row);
        if (full) rows.push(full);
      }
      return { rows, last, broken: false };
    } catch {
      return { rows, last, broken: true };
    }
  }

  #open(path: string): DatabaseSyncInstance | null {
    if (this.#file?.path === path) return this.#file.db;
    this.end();
    if (!existsSync(path)) return null;
    const db = new DatabaseSync(path, { readOnly: true });
    // Otherwise a file that was cut off is not read at all.
    db.enableDefensive(false);
    db.exec('PRAGMA writable_schema = ON');
    this.#file = { path, db };
    return db;
  }
}

/** Null for what its chain does not vouch for. */
function sound(row: OldRow, before: string | undefined): Full | null {
  const { conv, n, m, h, id, sender, kind, time } = row;
  if (row.hash === null && (kind !== 'message' || row.body === null)) return null;
  if (row.acked !== 0 || id === null || sender === null) return null;
  if (before === undefined && n !== 1) return null;
  if (![n, m, time].every(Number.isSafeInteger) || !vouchedFor(row, n === 1 ? null : before!)) return null;
  return {
    is: 'entry',
    ...{ conv, n, m, h, id, sender, kind, time },
    target: row.target ?? null,
    body: row.body === null ? null : JSON.parse(row.body),
    hash: row.hash,
    raw: row.raw,
  };
}
