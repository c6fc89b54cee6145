import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kysely } from 'kysely';
import { problem } from '../problems.ts';
import { SlicedSqliteDialect } from './in-slices.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Database } from './schema.ts';
import { type Store, untilAlone } from './store.ts';

/** Pages of 4 KiB after which the next commit copies the write-ahead log back. */
const CHECKPOINT_PAGES = 1_000;
/** How long a statement waits for another process, ms. */
const BUSY = 5_000;
/** Prepared statements kept, the longest unused given up: their text is all that tells them apart. */
const STATEMENTS = 300;
/** Of memory for pages, KiB. */
const CACHE = 32 * 1024;

/** Result codes of SQLite (sqlite.org/rescode.html), without their extensions. */
const CODE = {
  busy: 5,
  locked: 6,
  ioError: 10,
  full: 13,
  cannotOpen: 14,
  readOnly: 8,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
};
const VALUES = new Set([CODE.tooBig, CODE.constraint, CODE.mismatch]);
const UNAVAILABLE = new Set([
  CODE.busy,
  CODE.locked,
  CODE.ioError,
  CODE.full,
  CODE.cannotOpen,
  CODE.readOnly,
]);

/**
 * Opens `api.db`, brings its schema forward, and reads back that a commit means an fsync.
 *
 * @throws Error where the file is damaged, newer than this program, or the setting does not hold
 */
export function openSqlite(directory: string): Store {
  const raw = new DatabaseSync(join(directory, 'api.db'));
  raw.exec(
    `PRAGMA busy_timeout = ${BUSY}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${CACHE}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`,
  );
  const setting = raw.prepare('PRAGMA synchronous').get() as { synchronous: number };
  if (setting.synchronous !== 2)
    throw new Error('api.db: synchronous is not FULL; a commit would not be durable.');
  // Its own knows the letters of ASCII.
  raw.function('lower', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.toLowerCase() : text,
  );
  migrate(raw);
  const db = new Kysely<Database>({ dialect: new SlicedSqliteDialect({ database: connection(raw) }) });
  return {
    dialect: 'sqlite',
    db,
    write: async (work) => {
      try {
        return await untilAlone(
          () => db.transaction().execute(work),
          (error) => codeOf(error) === CODE.busy,
        );
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        throw problem('storage_unavailable', `The database cannot take it now: ${(error as Error).message}`, {
          retryAfter: 5,
        });
      }
    },
    isUnavailable,
    blamesValues: (error) => VALUES.has(codeOf(error) ?? -1),
    close: () => db.destroy(),
  };
}

const isUnavailable = (error: unknown): boolean => UNAVAILABLE.has(codeOf(error) ?? -1);

function codeOf(error: unknown): number | null {
  const {
    code,
    errcode,
    message = '',
  } = (error ?? {}) as {
    code?: unknown;
    errcode?: unknown;
    message?: string;
  };
  if (typeof errcode === 'number') return errcode & 0xff;
  // The library leaves it out of what a statement with rows throws, also of an insert with RETURNING: only SQLite's words are there.
  if (code !== 'ERR_SQLITE_ERROR') return null;
  return WORDS.find(([words]) => words.test(message))?.[1] ?? null;
}

const WORDS: readonly [RegExp, number][] = [
  [/database is locked/, CODE.busy],
  [/table is locked/, CODE.locked],
  [/disk is full/, CODE.full],
  [/disk I\/O error/, CODE.ioError],
  [/readonly database/, CODE.readOnly],
  [/unable to open/, CODE.cannotOpen],
  [/too big/, CODE.tooBig],
  [/constraint failed|^cannot store /, CODE.constraint],
];

const NOTHING = { changes: 0, lastInsertRowid: 0 } as never;

/** With whether it answers with rows: to describe its columns takes longer than a small query does. */
interface Prepared {
  statement: ReturnType<DatabaseSyncInstance['prepare']>;
  reader: boolean;
}

function connection(raw: DatabaseSyncInstance) {
  const statements = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const statement = raw.prepare(sql);
    return { statement, reader: statement.columns().length > 0 };
  };
  const prepared = (sql: string): Prepared => {
    const known = statements.get(sql);
    const one = known ?? prepare(sql);
    if (known) statements.delete(sql);
    statements.set(sql, one);
    const oldest = statements.size > STATEMENTS ? statements.keys().next().value : undefined;
    if (oldest !== undefined) statements.delete(oldest);
    return one;
  };
  return {
    prepare(sql: string) {
      const { statement, reader } = prepared(sql);
      return {
        reader,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as never[])),
        run: (parameters: readonly unknown[]) => {
          // A full disk ends a transaction by itself; what is asked for then has happened.
          if (sql === 'rollback' && !raw.isTransaction) return NOTHING;
          return statement.run(...(parameters as never[])) as never;
        },
        // A statement that is read from while another one of the same text begins would start anew.
        iterate: (parameters: readonly unknown[]) =>
          raw.prepare(sql).iterate(...(parameters as never[])) as never,
      };
    },
    close: () => {
      statements.clear();
      // Statements that wait for the garbage collector keep the file open beyond this: the WAL is emptied here.
      try {
        raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // On a full disk it stays as long as it is: what is in it is as durable as what is not.
      }
      raw.close();
    },
  };
}

function migrate(raw: DatabaseSyncInstance): void {
  for (;;) {
    // Under the write lock, so that of two programs that start at once only one moves the schema.
    raw.exec('BEGIN IMMEDIATE');
    try {
      const { user_version: version } = raw.prepare('PRAGMA user_version').get() as { user_version: number };
      if (version > MIGRATIONS.length)
        throw new Error(
          `api.db has schema ${version}; this program knows ${MIGRATIONS.length}. Use the newer program.`,
        );
      const next = MIGRATIONS[version];
      if (next) {
        raw.exec(typeof next === 'string' ? next : next.sqlite);
        raw.exec(`PRAGMA user_version = ${version + 1}`);
      }
      raw.exec('COMMIT');
      if (!next) return;
    } catch (error) {
      raw.exec('ROLLBACK');
      throw error;
    }
  }
}
