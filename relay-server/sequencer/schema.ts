import { randomBytes } from 'node:crypto';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { migrate } from './migrate.ts';

/** Registers of this kind and above are their owner's alone. */
export const FIRST_PRIVATE_KIND = 32;

/** Kinds as the log stores them. Numbers are for ever. */
export const KIND = {
  epoch: 0,
  create: 1,
  message: 2,
  edit: 3,
  delete: 4,
  reaction: 5,
  pin: 6,
  rename: 7,
  picture: 8,
  settings: 9,
  member_add: 10,
  member_remove: 11,
  member_leave: 12,
  member_role: 13,
  delivered: 16,
  read: 17,
  profile: 18,
  draft: 33,
  mute: 34,
  pinned: 35,
  archived: 36,
  deleted_for_me: 37,
  saved: 38,
  block: 39,
  unread: 40,
  revoke: 64,
} as const;
export type KindName = keyof typeof KIND;
export const KIND_NAME = new Map<number, KindName>(
  Object.entries(KIND).map(([name, number]) => [number, name as KindName]),
);

/**
 * The log's one file. Users and conversations have small integer keys, UUIDs are 16 bytes. What each index costs an append, measured by bench/log, is
 * in docs/decisions/0009:
 * - `ids` begins with the id, not with the sender: ids of UUIDv7 climb, so that a group touches few pages of it
 * - there is no index over (conv, n). Each entry names the seq of the one before it (`prev`), and every 64th place of a conversation
 *   stands in `places`: see places.ts
 * - `marks` holds the running hash (8 bytes) and of entries their h (8) and content hash (32): what crosses into SQLite one by one costs more than what
 *   SQLite does with it
 * - heads of conversations are in memory; their rows are written now and then (`folded_seq` says up to where), and what came after is read from
 *   the end of the log
 *
 * A register's row carries its value; when it is replaced the row stays, emptied and marked, so that a cursor at any seq can be
 * checked with one read by primary key. An entry that is trimmed keeps its place, kind, sender and marks (about 90 B), so that what is about it
 * can still be judged, and a retry gets its first answer.
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
  marks BLOB NOT NULL,
  kind INTEGER NOT NULL,
  conv INTEGER, n INTEGER, m INTEGER,
  id, sender INTEGER, time INTEGER NOT NULL,
  type TEXT, body,
  prev INTEGER, target INTEGER, position INTEGER,
  gone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS log_target ON log (conv, target) WHERE target IS NOT NULL AND n IS NOT NULL;
CREATE TABLE IF NOT EXISTS places (
  conv INTEGER NOT NULL, n INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (conv, n)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ids (
  id NOT NULL, sender INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB,
  PRIMARY KEY (id, sender)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
  conv INTEGER NOT NULL, user INTEGER NOT NULL,
  from_n INTEGER NOT NULL, from_seq INTEGER NOT NULL, until_n INTEGER, until_seq INTEGER,
  role INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (conv, user, from_n)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_user ON members (user);
CREATE TABLE IF NOT EXISTS registers (
  conv INTEGER NOT NULL, kind INTEGER NOT NULL, user INTEGER NOT NULL, target INTEGER NOT NULL,
  seq INTEGER NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (conv, kind, user, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS registers_private ON registers (user, kind) WHERE kind > ${FIRST_PRIVATE_KIND};
CREATE INDEX IF NOT EXISTS registers_profiles ON registers (seq) WHERE kind = ${KIND.profile};
CREATE TABLE IF NOT EXISTS revoked (session TEXT PRIMARY KEY, user INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (seq INTEGER PRIMARY KEY, reason TEXT NOT NULL, time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS scratch (key INTEGER PRIMARY KEY, time INTEGER NOT NULL);
`;

const FORMAT = 2;

/** Bits of `log.gone`: a register that was replaced or a body that was erased; trimmed. */
export const GONE = { replaced: 1, trimmed: 2 } as const;

/** Roles of members as the log stores them. */
export const ROLES = ['member', 'admin', 'owner'] as const;

/** Opens the log for writing. Throws where the file or the platform cannot keep the promise of durability. */
export function openLog(path: string, cacheMegabytes = 128): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: 2_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;');
  db.exec('PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1;');
  db.exec(
    `PRAGMA cache_size = -${cacheMegabytes * 1024}; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;`,
  );
  expectPragma(db, 'journal_mode', 'wal');
  expectPragma(db, 'synchronous', 2);
  if (process.platform === 'darwin') {
    expectPragma(db, 'fullfsync', 1);
    expectPragma(db, 'checkpoint_fullfsync', 1);
  }
  db.exec('BEGIN IMMEDIATE');
  const old = db.prepare("SELECT name FROM sqlite_schema WHERE name = 'meta'").get();
  if (old) migrate(db, FORMAT, () => db.exec(DDL));
  else db.exec(DDL);
  const meta = db.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)');
  meta.run('format', FORMAT);
  meta.run('epoch', randomBytes(8));
  meta.run('saved_seq', 0);
  db.exec('COMMIT');
  return db;
}

/** Prepared once a connection: readers ask several times an answer. */
const META = new WeakMap<DatabaseSyncInstance, StatementSyncInstance>();

export function readMeta(db: DatabaseSyncInstance, key: string): unknown {
  let statement = META.get(db);
  if (!statement) {
    statement = db.prepare('SELECT value FROM meta WHERE key = ?');
    META.set(db, statement);
  }
  return (statement.get(key) as { value: unknown } | undefined)?.value;
}

function expectPragma(db: DatabaseSyncInstance, name: string, wanted: string | number): void {
  const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>;
  const found = Object.values(row)[0];
  if (found !== wanted) throw new Error(`SQLite answers ${name} = ${String(found)}; ${wanted} is needed.`);
}
