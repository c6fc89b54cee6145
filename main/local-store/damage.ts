/**
 * What happens to a damaged file: it is set aside, never overwritten; what can be read of it is taken over, else the backup is; and
 * the person is told. The outbox is small enough to be checked whole at every start.
 */
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Database } from './database.ts';

export interface Opened {
  db: Database;
  /** Where the damaged file lies now; null where nothing was wrong. */
  setAside: string | null;
}

/** Opens a file after a whole check of its integrity. */
export function openChecked(path: string, migrations: readonly string[]): Database {
  const db = new Database(path, migrations);
  const verdict = db.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check;
  if (verdict === 'ok') return db;
  db.close();
  throw new Error(`${path} is damaged: ${verdict}`);
}

/** Renames a database with its companions; answers the new name. @param now wall clock, ms, goes into the name */
export function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const aside = path.replace(/\.db$/, `.damaged-${stamp}.db`);
  for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}

/** Copies a database, committed and synced, over its backup. */
export function backUp(db: Database, path: string): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  db.raw.exec(`VACUUM INTO '${fresh.replaceAll("'", "''")}'`);
  syncFile(fresh);
  renameSync(fresh, path);
  syncFile(dirname(path));
}

/**
 * Rows of tables that can still be read from a damaged file, one by one, so that one bad page costs its rows only.
 * The file itself is not touched: a copy is read.
 */
export function salvage(path: string, tables: readonly string[]): Map<string, Record<string, unknown>[]> {
  const found = new Map<string, Record<string, unknown>[]>();
  const copy = `${path}.reading`;
  try {
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
    const db = new DatabaseSync(copy);
    try {
      for (const table of tables) found.set(table, readable(db, table));
    } finally {
      db.close();
    }
  } catch {
    // Not even a database any more: nothing to salvage.
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true });
  }
  return found;
}

function readable(db: InstanceType<typeof DatabaseSync>, table: string): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (const order of ['ASC', 'DESC']) {
    // From both ends: a bad page stops one walk, and what lies behind it is reached by the other.
    try {
      const seen = new Set(rows.map((row) => row.rowid));
      for (const row of db.prepare(`SELECT rowid, * FROM ${table} ORDER BY rowid ${order}`).iterate()) {
        const plain = row as Record<string, unknown>;
        if (!seen.has(plain.rowid)) rows.push(plain);
      }
    } catch {
      // The rows up to here are kept.
    }
  }
  return rows;
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
