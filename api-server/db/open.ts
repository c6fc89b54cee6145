import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { MIGRATIONS } from './migrations.ts';
import type { Database } from './schema.ts';

/** Bytes after which the write-ahead log is checkpointed by the next commit: 1,000 pages of 4 KiB. */
const CHECKPOINT_PAGES = 1_000;

export interface Store {
  db: Kysely<Database>;
  close(): Promise<void>;
}

/**
 * Opens `api.db`, brings its schema forward, and reads back that a commit means an fsync.
 *
 * @throws Error where the file is damaged, newer than this program, or the setting does not hold
 */
export function openStore(directory: string): Store {
  const raw = new DatabaseSync(join(directory, 'api.db'));
  raw.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`,
  );
  const setting = raw.prepare('PRAGMA synchronous').get() as { synchronous: number };
  if (setting.synchronous !== 2)
    throw new Error('api.db: synchronous is not FULL; a commit would not be durable.');
  migrate(raw);
  const db = new Kysely<Database>({
    dialect: new SqliteDialect({
      database: {
        prepare(sql) {
          const statement = raw.prepare(sql);
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...(parameters as never[])),
            run: (parameters) => statement.run(...(parameters as never[])) as never,
            iterate: (parameters) => statement.iterate(...(parameters as never[])) as never,
          };
        },
        close: () => {
          // Statements that wait for the garbage collector keep the file open beyond this: the WAL is emptied here.
          raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
          raw.close();
        },
      },
    }),
  });
  return { db, close: () => db.destroy() };
}

function migrate(raw: DatabaseSyncInstance): void {
  const { user_version: version } = raw.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length)
    throw new Error(
      `api.db has schema ${version}; this program knows ${MIGRATIONS.length}. Use the newer program.`,
    );
  for (let next = version; next < MIGRATIONS.length; next++) {
    raw.exec('BEGIN IMMEDIATE');
    try {
      raw.exec(MIGRATIONS[next]!);
      raw.exec(`PRAGMA user_version = ${next + 1}`);
      raw.exec('COMMIT');
    } catch (error) {
      raw.exec('ROLLBACK');
      throw error;
    }
  }
}
