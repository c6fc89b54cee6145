/** The smoke run: the app on a profile that is thrown away sends itself a message through the whole path and tells the times. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From the launch of the app to its verdict. The app bounds itself to less; this catches one that hangs. */
const SMOKE_LIMIT = 120_000;

/** @typedef {(args: string[]) => import('node:child_process').ChildProcess} Launch */

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
export function ended(child) {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
}

/** @param {Launch} app @returns {Promise<number>} exit code; the app has printed its line */
export async function smoke(app) {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-smoke-'));
  const child = app([`--user-data-dir=${folder}`, '--smoke', `--smoke-started=${Date.now()}`]);
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, SMOKE_LIMIT);
  const code = await ended(child);
  clearTimeout(timer);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (hung) process.stdout.write(`smoke: failed: the app gave no answer within ${SMOKE_LIMIT / 1000} s\n`);
  return code === 0 ? 0 : 1;
}
