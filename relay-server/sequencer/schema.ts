import { randomBytes } from 'node:crypto';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/**
 * The log's one file. Users and conversations have small integer keys, UUIDs are 16 bytes. Each message costs one row in
 * `log`, one in its (conv, n) index for fetch, and one in `ids`, which is never trimmed.
 *
 * A register's row carries its value; when it is replaced the row stays, emptied and marked, so that a cursor at any seq can be
 * checked with one read by primary key.
 */
const DDL = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS conversations (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, form TEXT NOT NULL,
  n INTEGER NOT NULL, m INTEGER NOT NULL, h BLOB NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  r BLOB NOT NULL,
  kind INTEGER NOT NULL,
  conv INTEGER, n INTEGER, m INTEGER, h BLOB,
  id, sender INTEGER, device TEXT, time INTEGER NOT NULL,
  hash BLOB, type TEXT, body,
  position INTEGER,
  superseded INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS log_place ON log (conv, n) WHERE n IS NOT NULL;
CREATE TABLE IF NOT EXISTS ids (
  sender INTEGER NOT NULL, id NOT NULL, seq INTEGER NOT NULL, conv INTEGER NOT NULL,
  n INTEGER NOT NULL, m INTEGER NOT NULL, h BLOB NOT NULL, time INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (sender, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
  conv INTEGER NOT NULL, user INTEGER NOT NULL,
  from_n INTEGER NOT NULL, from_seq INTEGER NOT NULL, until_n INTEGER, until_seq INTEGER,
  PRIMARY KEY (conv, user, from_n)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_user ON members (user);
CREATE TABLE IF NOT EXISTS registers (
  conv INTEGER NOT NULL, kind INTEGER NOT NULL, user INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (conv, kind, user)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (seq INTEGER PRIMARY KEY, reason TEXT NOT NULL, time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS scratch (key INTEGER PRIMARY KEY, time INTEGER NOT NULL);
`;

/** Kinds as the log stores them. Numbers are for ever. */
export const KIND = { epoch: 0, create: 1, message: 2, delivered: 16, read: 17, profile: 18 } as const;
export type KindName = keyof typeof KIND;
export const KIND_NAME = new Map<number, KindName>(
  Object.entries(KIND).map(([name, number]) => [number, name as KindName]),
);

const FORMAT = 1;

/** Opens the log for writing. Throws where the file or the platform cannot keep the promise of durability. */
export function openLog(path: string, cacheMegabytes = 64): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: 2_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;');
  db.exec('PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1;');
  db.exec(`PRAGMA cache_size = -${cacheMegabytes * 1024}; PRAGMA temp_store = MEMORY;`);
  expectPragma(db, 'journal_mode', 'wal');
  expectPragma(db, 'synchronous', 2);
  if (process.platform === 'darwin') {
    expectPragma(db, 'fullfsync', 1);
    expectPragma(db, 'checkpoint_fullfsync', 1);
  }
  db.exec('BEGIN IMMEDIATE');
  db.exec(DDL);
  const meta = db.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)');
  meta.run('format', FORMAT);
  meta.run('epoch', randomBytes(8));
  meta.run('saved_seq', 0);
  db.exec('COMMIT');
  const format = readMeta(db, 'format');
  if (format !== FORMAT) throw new Error(`The log has format ${String(format)}; this relay reads ${FORMAT}.`);
  return db;
}

export function readMeta(db: DatabaseSyncInstance, key: string): unknown {
  return (db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: unknown } | undefined)
    ?.value;
}

function expectPragma(db: DatabaseSyncInstance, name: string, wanted: string | number): void {
  const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>;
  const found = Object.values(row)[0];
  if (found !== wanted) throw new Error(`SQLite answers ${name} = ${String(found)}; ${wanted} is needed.`);
}
