import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

const POLL = 100;
const SQLITE_BUSY = 5;

/** Another process holds the log. */
class LogLocked extends Error {
  constructor(holder: string) {
    super(`The log is held by process ${holder}; only one relay may write it.`);
    this.name = 'LogLocked';
  }
}

/**
 * Holds `lock.db` exclusively for the life of the process: the operating system frees it however the process ends, also from a
 * stopped one never. A lock beside the log, because a locked WAL database lets no reader in.
 */
export class LogLock {
  readonly #db: DatabaseSyncInstance;

  private constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  /** @param wait ms until it gives up and names the holder */
  static async take(folder: string, wait: number): Promise<LogLock> {
    const holder = join(folder, 'lock.pid');
    const db = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
    const deadline = performance.now() + wait;
    for (;;) {
      try {
        db.exec('BEGIN EXCLUSIVE');
        writeFileSync(holder, String(process.pid));
        return new LogLock(db);
      } catch (error) {
        if ((error as { errcode?: number }).errcode !== SQLITE_BUSY || performance.now() >= deadline) {
          db.close();
          if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
          throw new LogLocked(readHolder(holder));
        }
        await sleep(POLL);
      }
    }
  }

  close(): void {
    this.#db.close();
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unknown';
  }
}
