import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Loss } from '@matchbook/protocol/bridge/views';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Database } from '../files/database.ts';
import { BESIDE, setAside, syncFile, syncFolder } from '../files/files.ts';
import { DAMAGED_ROWS, KEEP_SUMS } from '../files/row-sums.ts';
import { HISTORY_MIGRATIONS, OUTBOX_MIGRATIONS } from '../files/schemas.ts';
import { isDamage, isFull, RowDamage } from '../files/store-error.ts';
import { openingFault } from './opening-fault.ts';
import { salvage } from './salvage.ts';

/** Backups of earlier days, and the size up to which there are any. */
const DAILY_KEPT = 3;
const DAILY_BYTES = 64 * 1024 * 1024;

/** In the notice about a file that was set aside. */
const BY_PERSON = 'set aside as asked';

/** No database is shorter. */
const HEADER_BYTES = 512;
/** Where a header says how it is written: 1 with a journal, 2 with a WAL (sqlite.org/fileformat2.html, 1.3). */
const WRITE_VERSION = 18;
/** Where it has the version of its schema, and below what any of ours is. */
const USER_VERSION = 60;
const VERSIONS = 1_000;

/** One that a person has set aside. */
export type SetAside = 'outbox' | 'history' | null;

/** The two databases of an account, opened, checked, and put right where that was needed. */
export class AccountFiles {
  readonly outbox: Database;
  readonly history: Database;
  readonly notices: Loss[] = [];
  /** history.db says of itself that it is open. */
  #marked = false;
  readonly #folder: string;
  readonly #account: string;

  /**
   * @param folder of the account, by whose id it is called
   * @param aside is treated as damaged, though it may only be one that this version or this user cannot open
   * @throws StoreError whose failure names the file and the reason
   */
  constructor(folder: string, now: number, aside: SetAside = null) {
    this.#folder = folder;
    this.#account = basename(resolve(folder));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      readdirSync(folder);
    } catch (error) {
      throw openingFault(error, folder, 'folder');
    }
    const [outbox, history] = [join(folder, 'outbox.db'), join(folder, 'history.db')];
    try {
      this.outbox = this.#openOutbox(outbox, now, aside === 'outbox');
      this.outbox.exec(KEEP_SUMS);
    } catch (error) {
      throw openingFault(error, outbox, 'outbox');
    }
    try {
      this.history = this.#openHistory(history, now, aside === 'history');
    } catch (error) {
      this.outbox.abandon();
      throw openingFault(error, history, 'history');
    }
  }

  /** A whole copy of outbox.db, put in place of the last one only once it is on the disk. */
  backup(now: number): void {
    this.#marked ||= markOpen(this.history);
    // A backup that has the damage too would be none.
    if (damagedRows(this.outbox) > 0) throw new RowDamage('a row of the outbox');
    const copy = join(this.#folder, 'outbox.backup.tmp');
    rmSync(copy, { force: true });
    this.outbox.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    syncFile(copy);
    const latest = join(this.#folder, 'outbox.backup.db');
    this.#keepDaily(latest, now);
    renameSync(copy, latest);
    syncFolder(this.#folder);
  }

  /** The last backup of a day stays for some days, for the case that damage went unseen into the newer ones. */
  #keepDaily(latest: string, now: number): void {
    if (!existsSync(latest)) return;
    const { mtimeMs, size } = statSync(latest);
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    if (day(mtimeMs) === day(now) || size > DAILY_BYTES) return;
    renameSync(latest, join(this.#folder, `outbox.backup-${day(mtimeMs)}.db`));
    const kept = dailyBackups(this.#folder);
    for (const name of kept.slice(DAILY_KEPT)) rmSync(join(this.#folder, name), { force: true });
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

  #openOutbox(path: string, now: number, aside: boolean): Database {
    // The one of an earlier day only where there is no other: what it has may long have gone out.
    const latest = join(this.#folder, 'outbox.backup.db');
    const [daily] = dailyBackups(this.#folder);
    const backup = daily && !isWhole(latest) ? join(this.#folder, daily) : latest;
    const salvaged = join(this.#folder, 'outbox.salvaged.db');
    if (existsSync(salvaged)) {
      // Whole, or it would not have this name: the last start was ended before it could give it the right one.
      const kept = this.#replace(path, salvaged, now);
      this.notices.push({ id: 'outbox-salvaged', detail: `${kept}: salvaged at an earlier start` });
    }
    // Missing, or cut so short that SQLite takes it for a new one.
    const short = !existsSync(path) || statSync(path).size < HEADER_BYTES;
    const opened = aside
      ? BY_PERSON
      : short && existsSync(backup)
        ? 'missing or empty'
        : checked(path, OUTBOX_MIGRATIONS, (db) => db.fault(false) ?? shapeFault(db));
    if (typeof opened !== 'string') return opened;
    // The new file is whole before the damaged one gives up its name: a crash at any point finds the one or the other.
    const making = join(this.#folder, 'outbox.salvage.tmp');
    for (const end of ['', ...BESIDE, '-journal']) rmSync(`${making}${end}`, { force: true });
    const { fromFile, fromBackup } = salvage(path, backup, making, this.#account);
    syncFile(making);
    renameSync(making, salvaged);
    syncFolder(this.#folder);
    const kept = this.#replace(path, salvaged, now);
    this.notices.push({
      id: 'outbox-salvaged',
      detail: `${kept}: ${opened}; ${fromFile} read from it, ${fromBackup} from the backup`,
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

  /**
   * A history.db is not read through before it is used, however it was closed: that comes later, beside everything else. Only where damage was met while it was
   * used it is looked at now; one that looks whole and is met again is set aside all the same.
   */
  #openHistory(path: string, now: number, aside: boolean): Database {
    const met = this.#metDamage();
    const opened = aside
      ? BY_PERSON
      : checked(path, HISTORY_MIGRATIONS, (db) =>
          met === 0 ? null : (db.fault(true) ?? (met > 1 ? 'damage was met twice while it was used' : null)),
        );
    let db: Database;
    if (typeof opened === 'string') {
      const kept = setAside(path, now);
      this.#forgetOlder(kept);
      this.notices.push({ id: 'history-reset', detail: `${basename(kept)}: ${opened}` });
      db = new Database(path, HISTORY_MIGRATIONS);
      // Of a newer version it says more than this one understands: the server has it all.
      if (!aside) db.run('INSERT INTO salvage (account, file) VALUES (?, ?)', this.#account, kept);
      this.trust();
    } else {
      db = opened;
      // What was met may have been the full-text index, which no check of the tables sees: it is made anew.
      if (met > 0) db.run("UPDATE search_state SET version = ''");
    }
    this.#marked = markOpen(db);
    return db;
  }

  /** Damage was met. To be called while the files are still open; the next opening looks into it. */
  suspect(): void {
    writeFileSync(this.#suspect(), String(this.#metDamage() + 1));
  }

  /** history.db is whole. */
  trust(): void {
    rmSync(this.#suspect(), { force: true });
  }

  #suspect = (): string => join(this.#folder, 'history.suspect');

  /** How often, since it was last found whole. */
  #metDamage(): number {
    return existsSync(this.#suspect()) ? Number(readFileSync(this.#suspect(), 'utf8')) || 1 : 0;
  }

  /** Of a cache one damaged copy is enough. */
  #forgetOlder(aside: string): void {
    for (const name of readdirSync(this.#folder)) {
      if (!name.startsWith('history.damaged-') || name.startsWith(basename(aside))) continue;
      rmSync(join(this.#folder, name), { force: true });
    }
  }
}

/** Until it is closed in order it is one that was not: to be looked at after the next start. @returns false where the disk has no room even for that */
function markOpen(history: Database): boolean {
  try {
    history.transaction(() => {
      history.run('UPDATE state SET suspect = 1 WHERE clean = 0');
      history.run('UPDATE state SET clean = 0');
    });
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

/** Newest first. */
const dailyBackups = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^outbox\.backup-\d{4}-\d{2}-\d{2}\.db$/.test(name))
    .sort()
    .reverse();

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
    if (!isSoundHeader(path)) return 'its header says what no program wrote';
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

/**
 * Where a damaged header asks for a way of writing that there is not, SQLite opens it for reading alone: nothing could be composed, and nothing would be set
 * aside. And a version that there will not be in a lifetime is no newer one.
 */
function isSoundHeader(path: string): boolean {
  if (!existsSync(path) || statSync(path).size < HEADER_BYTES) return true;
  const file = openSync(path, 'r');
  try {
    const [writing] = readBytes(file, WRITE_VERSION, 1);
    return (writing === 1 || writing === 2) && readBytes(file, USER_VERSION, 4).readUInt32BE() < VERSIONS;
  } finally {
    closeSync(file);
  }
}

function readBytes(file: number, from: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  readSync(file, bytes, 0, count, from);
  return bytes;
}

/** Whether it can be read as a database at all. */
function isWhole(path: string): boolean {
  if (!existsSync(path)) return false;
  let db: DatabaseSyncInstance | null = null;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    db.exec('SELECT count(*) FROM item; SELECT count(*) FROM draft;');
    return true;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/** What SQLite does not see: values that are not what this program writes. */
function shapeFault(db: Database): string | null {
  const [items] = db.told(
    'count(*)',
    'item WHERE NOT json_valid(content) OR (failure IS NOT NULL AND NOT json_valid(failure))',
  );
  const [drafts] = db.told('count(*)', 'draft WHERE NOT json_valid(text)');
  const rows = Math.max(Number(items) + Number(drafts), damagedRows(db));
  return rows === 0 ? null : `${rows} rows are not what was written`;
}

const damagedRows = (db: Database): number => Number(db.told('count(*)', DAMAGED_ROWS)[0]);

/** A version of 0, or a lower one than it is, in a file that has our tables: its header was damaged where that is read by nobody else. */
const isHeadless = (error: unknown): boolean =>
  error instanceof Error && /^(table \S+ already exists|duplicate column name)/.test(error.message);
