import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { roomBeside } from './files.ts';
import { knowSums, type Value } from './row-sums.ts';
import { NewerFile, StoreError } from './store-error.ts';

/** The WAL is cut back to this after a checkpoint. */
const WAL_BYTES = 64 * 1024 * 1024;

/**
 * One SQLite file with its one connection: WAL, synchronous FULL, and both read back, because a platform that does not
 * keep them cannot keep the promise that what was answered is durable. Statements are prepared once.
 *
 * In this SQLite library a prepared statement keeps its file open, also after `close`, until it is garbage collected or its
 * thread ends. So nothing is prepared while a file is opened and checked: a damaged one can be closed and renamed.
 */
export class Database {
  readonly path: string;
  readonly #db: DatabaseSyncInstance;
  /** As many as there are SQL texts in this folder. */
  readonly #statements = new Map<string, StatementSyncInstance>();

  /**
   * Opens or creates the file and brings it to the newest version.
   *
   * @param migrations SQL that leads from version i to i + 1; `user_version` counts those done
   */
  constructor(path: string, migrations: readonly string[]) {
    this.path = path;
    this.#db = opened(path, migrations, roomBeside(path) ? 'beside' : 'in memory');
  }

  get<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#prepared(sql).get(...values) as T | undefined;
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return this.#prepared(sql).all(...values) as T[];
  }

  iterate<T>(sql: string, ...values: Value[]): IterableIterator<T> {
    return this.#prepared(sql).iterate(...values) as IterableIterator<T>;
  }

  /** Answers with the number of rows that changed. */
  run(sql: string, ...values: Value[]): number {
    return this.#prepared(sql).run(...values).changes;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Everything in `work` or nothing of it; when this returns, it is on the disk. A transaction inside another is part of it. */
  transaction<T>(work: () => T): T {
    if (this.#db.isTransaction) return work();
    this.run('BEGIN IMMEDIATE');
    try {
      const answer = work();
      this.run('COMMIT');
      return answer;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Copies the WAL back and overwrites it with nothing, as far as no other connection reads from it. */
  checkpoint(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** What is wrong with the file by its own account, or null. `quick` leaves out the comparison of indexes with tables. */
  fault(quick: boolean): string | null {
    const check = quick ? 'quick_check' : 'integrity_check';
    const [found] = this.told(check, `pragma_${check} LIMIT 1`);
    return found === 'ok' ? null : String(found);
  }

  /** All of one column, without a prepared statement. */
  told(column: string, from: string): unknown[] {
    return rowsWithoutStatement(this.#db, column, from).map(([value]) => value);
  }

  /** The WAL is copied back first: the connection itself may live until its statements are collected. */
  close(): void {
    this.#statements.clear();
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.close();
    }
  }

  /** Without touching the file: it is damaged, or was never in order. */
  abandon(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * @param index where the index of the WAL is kept. In memory the file is locked for as long as it is open. What is there can be read all the same, and what
 * is new is refused as `disk_full` until there is room.
 */
function opened(
  path: string,
  migrations: readonly string[],
  index: 'beside' | 'in memory',
): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: 2_000 });
  try {
    if (index === 'in memory') db.exec('PRAGMA locking_mode = EXCLUSIVE;');
    // Only a new file takes it: pages that are free can be given back without copying the rest. To others it would be a write, for which there may be no room.
    if (toldOnce(db, 'page_count') === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL;');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES};`);
    db.exec(
      'PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;',
    );
    expectSetting(db, 'journal_mode', 'wal');
    expectSetting(db, 'synchronous', 2);
    if (process.platform === 'darwin') {
      expectSetting(db, 'fullfsync', 1);
      expectSetting(db, 'checkpoint_fullfsync', 1);
    }
    knowSums(db);
    migrate(db, migrations);
    // SQLite opens a file that may not be written for reading alone and says so at the first message: too late.
    db.exec('BEGIN IMMEDIATE; ROLLBACK;');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function expectSetting(db: DatabaseSyncInstance, name: string, wanted: string | number): void {
  const found = toldOnce(db, name);
  if (found === wanted) return;
  throw new StoreError({
    kind: 'store_failed',
    message: `SQLite answers ${name} = ${String(found)}; ${wanted} is needed.`,
  });
}

function migrate(db: DatabaseSyncInstance, migrations: readonly string[]): void {
  const version = Number(toldOnce(db, 'user_version'));
  if (version > migrations.length) throw new NewerFile(version, migrations.length);
  for (let next = version; next < migrations.length; next++) {
    const sql = `BEGIN IMMEDIATE; ${migrations[next]}; PRAGMA user_version = ${next + 1}; COMMIT;`;
    try {
      db.exec(sql);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

const toldOnce = (db: DatabaseSyncInstance, pragma: string): unknown =>
  rowsWithoutStatement(db, pragma, `pragma_${pragma}`)[0]?.[0];

/**
 * Rows by way of a function that SQL calls once a row, up to the first one that cannot be read.
 *
 * @param take called with each row; what it returns is kept nowhere
 */
export function readWithoutStatement(
  db: DatabaseSyncInstance,
  columns: string,
  from: string,
  take: (row: Value[]) => void,
): void {
  db.function('take_row', { varargs: true }, (...row: Value[]) => {
    take(row);
    return null;
  });
  db.exec(`SELECT take_row(${columns}) FROM ${from}`);
}

function rowsWithoutStatement(db: DatabaseSyncInstance, columns: string, from: string): Value[][] {
  const rows: Value[][] = [];
  readWithoutStatement(db, columns, from, (row) => rows.push(row));
  return rows;
}
