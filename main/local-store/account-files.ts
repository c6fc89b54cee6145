import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Loss } from '@matchbook/protocol/bridge/views';
import { Database } from './database.ts';
import { BESIDE, setAside, syncFile, syncFolder } from './files.ts';
import { salvage } from './salvage.ts';
import { HISTORY_MIGRATIONS, OUTBOX_MIGRATIONS } from './schemas.ts';
import { isDamage } from './store-error.ts';

/** Above this, history.db is read through at the start only after it was not closed in order. */
const QUICK_CHECK_BYTES = 32 * 1024 * 1024;

/** No database is shorter. */
const HEADER_BYTES = 512;

/** The two databases of an account, opened, checked, and put right where that was needed. */
export class AccountFiles {
  readonly outbox: Database;
  readonly history: Database;
  readonly notices: Loss[] = [];
  readonly #folder: string;

  constructor(folder: string, now: number) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.outbox = this.#openOutbox(join(folder, 'outbox.db'), now);
    try {
      this.history = this.#openHistory(join(folder, 'history.db'), now);
    } catch (error) {
      this.outbox.abandon();
      throw error;
    }
  }

  /** A whole copy of outbox.db, put in place of the last one only once it is on the disk. */
  backup(): void {
    const copy = join(this.#folder, 'outbox.backup.tmp');
    rmSync(copy, { force: true });
    this.outbox.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    syncFile(copy);
    renameSync(copy, join(this.#folder, 'outbox.backup.db'));
    syncFolder(this.#folder);
  }

  /** In order: the next start need not read a large history through. */
  close(): void {
    try {
      this.history.run('UPDATE state SET clean = 1');
    } finally {
      try {
        this.history.close();
      } finally {
        this.outbox.close();
      }
    }
  }

  /** After damage was found: nothing is written any more. */
  abandon(): void {
    this.history.abandon();
    this.outbox.abandon();
  }

  #openOutbox(path: string, now: number): Database {
    const backup = join(this.#folder, 'outbox.backup.db');
    const salvaged = join(this.#folder, 'outbox.salvaged.db');
    if (existsSync(salvaged)) {
      // Whole, or it would not have this name: the last start was ended before it could give it the right one.
      const aside = this.#replace(path, salvaged, now);
      this.notices.push({ id: 'outbox-salvaged', detail: `${aside}: salvaged at an earlier start` });
    }
    // Missing, or cut so short that SQLite takes it for a new one.
    const short = !existsSync(path) || statSync(path).size < HEADER_BYTES;
    const opened =
      short && existsSync(backup)
        ? 'missing or empty'
        : checked(path, OUTBOX_MIGRATIONS, (db) => db.fault(false));
    if (typeof opened !== 'string') return opened;
    // The new file is whole before the damaged one gives up its name: a crash at any point finds the one or the other.
    const making = join(this.#folder, 'outbox.salvage.tmp');
    for (const end of ['', ...BESIDE, '-journal']) rmSync(`${making}${end}`, { force: true });
    const { fromFile, fromBackup } = salvage(path, backup, making);
    syncFile(making);
    renameSync(making, salvaged);
    syncFolder(this.#folder);
    const aside = this.#replace(path, salvaged, now);
    this.notices.push({
      id: 'outbox-salvaged',
      detail: `${aside}: ${opened}; ${fromFile} read from it, ${fromBackup} from the backup`,
    });
    return new Database(path, OUTBOX_MIGRATIONS);
  }

  /** Sets aside what is left of the outbox and gives its name to the salvaged file; answers with the name of the former. */
  #replace(path: string, salvaged: string, now: number): string {
    const aside = existsSync(path) ? setAside(path, now) : path;
    // A lost database must not leave its WAL to the new one.
    for (const end of BESIDE) rmSync(`${path}${end}`, { force: true });
    renameSync(salvaged, path);
    syncFolder(this.#folder);
    return basename(aside);
  }

  #openHistory(path: string, now: number): Database {
    const opened = checked(path, HISTORY_MIGRATIONS, (db) => {
      const unclean = db.told('clean', 'state WHERE clean = 0').length > 0;
      return unclean || statSync(path).size <= QUICK_CHECK_BYTES ? db.fault(true) : null;
    });
    let db: Database;
    if (typeof opened === 'string') {
      const aside = setAside(path, now);
      this.#forgetOlder(aside);
      this.notices.push({ id: 'history-reset', detail: `${basename(aside)}: ${opened}` });
      db = new Database(path, HISTORY_MIGRATIONS);
    } else db = opened;
    db.run('UPDATE state SET clean = 0');
    return db;
  }

  /** Of a cache one damaged copy is enough. */
  #forgetOlder(aside: string): void {
    for (const name of readdirSync(this.#folder)) {
      if (!name.startsWith('history.damaged-') || name.startsWith(basename(aside))) continue;
      rmSync(join(this.#folder, name), { force: true });
    }
  }
}

/** The database, or in words what is damaged in it. Other failures (a newer version, a full disk) are thrown. */
function checked(
  path: string,
  migrations: readonly string[],
  faultOf: (db: Database) => string | null,
): Database | string {
  // A lost database must not meet the WAL of the old one.
  if (!existsSync(path)) for (const end of BESIDE) rmSync(`${path}${end}`, { force: true });
  let db: Database | null = null;
  try {
    db = new Database(path, migrations);
    const fault = faultOf(db);
    if (fault === null) return db;
    db.abandon();
    return fault;
  } catch (error) {
    db?.abandon();
    if (isDamage(error) || isHeadless(error)) return (error as Error).message;
    throw error;
  }
}

/** A version of 0 in a file that has our tables: its header was damaged where that is read by nobody else. */
const isHeadless = (error: unknown): boolean =>
  error instanceof Error && /^table \S+ already exists/.test(error.message);
