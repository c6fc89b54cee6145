/**
 * Tells a copied profile from the original: a file that names its own place on the disk. A copy of the file has another place, so the profile around
 * it was copied too. What this cannot see (a disk that was cloned whole) the servers see: docs/decisions/0015.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

interface Home {
  inode: string;
  /** ms. */
  born: number;
}

const FILE = 'home.json';
/** By which Chromium knows that a profile is in use. */
const LOCKS = ['SingletonLock', 'SingletonCookie', 'SingletonSocket'];

/** Before anything else touches the profile. Makes the file where there is none. @returns true where the profile is a copy, until it is settled */
export function isCopiedHome(folder: string): boolean {
  const path = join(folder, FILE);
  let kept: Home;
  try {
    kept = JSON.parse(readFileSync(path, 'utf8')) as Home;
  } catch {
    settleHome(folder);
    return false;
  }
  const { ino, birthtimeMs } = statSync(path);
  // Some file systems number their files anew at each mount, others know no time of birth: both must differ.
  return kept.inode !== String(ino) && Math.abs(kept.born - birthtimeMs) > 1;
}

/** The profile is at home here from now on. */
export function settleHome(folder: string): void {
  // In place: the number of the file is what it says.
  const file = openSync(join(folder, FILE), 'w', 0o600);
  try {
    const { ino, birthtimeMs } = fstatSync(file);
    writeSync(file, `${JSON.stringify({ inode: String(ino), born: birthtimeMs } satisfies Home)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Of a copy: the lock that was copied with it is the original's, and would hand this start over to that. */
export function dropCopiedLocks(folder: string): void {
  for (const name of LOCKS) rmSync(join(folder, name), { force: true });
}

/** The computer that holds the profile, where it is another one than this; null where nobody does, or it is this one. */
export function lockHolder(folder: string): string | null {
  try {
    const holder = /^(.*)-\d+$/.exec(readlinkSync(join(folder, 'SingletonLock')))?.[1] ?? null;
    return holder === hostname() ? null : holder;
  } catch {
    return null;
  }
}
