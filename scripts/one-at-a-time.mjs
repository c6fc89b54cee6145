/** Work that two scripts must not do at once, as building into the same folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError } from './project.mjs';

const PAUSE = 200;
const LIMIT = 5 * 60_000;

/** @template T @param {string} lock a file that names the process @param {() => T} work */
export function oneAtATime(lock, work) {
  for (const end = Date.now() + LIMIT; !take(lock); pause())
    if (Date.now() > end) throw new SetupError(`Another process has held ${lock} for too long.`);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (!isAlive(holder(lock))) rmSync(lock, { force: true });
  return false;
}

/** @param {string} lock */
function holder(lock) {
  try {
    // Empty for the moment between its making and its writing: taken for alive.
    return Number(readFileSync(lock, 'utf8') || process.pid);
  } catch {
    return process.pid;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

const pause = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
