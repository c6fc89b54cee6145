import { closeSync, existsSync, fsyncSync, openSync, renameSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What SQLite keeps beside a database. */
export const BESIDE = ['-wal', '-shm'];

export function syncFile(path: string): void {
  // Windows flushes only what is open for writing.
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the renames and new files of a folder durable. */
export function syncFolder(path: string): void {
  // Windows opens no folders; there a rename is durable with the journal of the file system.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Renames a database and what belongs to it to a free name with the date, so that nothing of it is ever overwritten.
 *
 * @returns the new path of the database
 */
export function setAside(path: string, now: number): string {
  const folder = dirname(path);
  const stem = basename(path, '.db');
  const date = new Date(now).toISOString().replaceAll(':', '-').slice(0, 19);
  let aside = join(folder, `${stem}.damaged-${date}.db`);
  for (let k = 2; existsSync(aside); k++) aside = join(folder, `${stem}.damaged-${date}-${k}.db`);
  // The database last: while it has its old name, the next start finds the damage again.
  for (const end of [...BESIDE, ''])
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`);
  syncFolder(folder);
  return aside;
}

/** Bytes that must be free for a file of an index, which grows with the WAL. */
const INDEX_ROOM = 1024 * 1024;

/**
 * Whether the index of the WAL may lie beside it. SQLite maps that file into memory: without room it does not open the database at all, and where blocks are
 * smaller than pages it takes the whole process with it.
 */
export function roomBeside(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize >= INDEX_ROOM;
  } catch {
    // Where the system does not say.
    return true;
  }
}
