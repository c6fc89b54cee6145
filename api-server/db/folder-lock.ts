/** One server a folder: keys, the SQLite database and files would not survive two that each think they are alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

const POLL = 100;
const SQLITE_BUSY = 5;

/** Another server holds what this one needs for itself. The message says what, and who. */
export class Held extends Error {}

/** Who holds it, as the next one will say. */
const holder = (): string => `process ${process.pid} on ${hostname()}`;

/**
 * Holds `lock.db` in a folder exclusively for the life of the process: the operating system frees it however the process ends. Beside the database, because
 * commands and readers may open that while a server runs.
 */
export class FolderLock {
  readonly #db: DatabaseSyncInstance;

  private constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  /**
   * @param wait ms until it gives up: the one before may just be stopping
   * @throws Held
   */
  static async take(folder: string, wait: number): Promise<FolderLock> {
    const name = join(folder, 'lock.holder');
    const db = opened(folder);
    const deadline = performance.now() + wait;
    for (;;) {
      try {
        db.exec('BEGIN EXCLUSIVE');
        writeFileSync(name, holder());
        return new FolderLock(db);
      } catch (error) {
        const busy = (error as { errcode?: number }).errcode === SQLITE_BUSY;
        if (!busy || performance.now() >= deadline) {
          db.close();
          if (!busy) throw error;
          throw new Held(`${folder} is in use by ${named(name)}; only one API server may run on it.`);
        }
        await sleep(POLL);
      }
    }
  }

  close(): void {
    this.#db.close();
  }
}

/** @throws Error that names the folder: SQLite says only that it cannot */
function opened(folder: string): DatabaseSyncInstance {
  try {
    return new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  } catch (error) {
    throw new Error(`${folder} cannot be written by this server: ${(error as Error).message}`);
  }
}

function named(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'another process';
  }
}
