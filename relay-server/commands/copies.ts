import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { ApiClient } from '../saving/api-client.ts';
import { LogLock } from '../sequencer/lock.ts';
import { Log } from '../sequencer/log.ts';
import { verifyLog } from './verify.ts';

/** A command could not do what it was asked, and changed nothing. */
export class CommandError extends Error {}

/** Copies the log to a new file as it is at one moment, also while a relay writes it. Answers with the rows of the copy. */
export function backup(folder: string, target: string): number {
  const path = join(folder, 'log.db');
  if (!existsSync(path)) throw new CommandError(`There is no log in ${folder}.`);
  if (existsSync(target))
    throw new CommandError(`${target} is there already; a backup never replaces a file.`);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    db.prepare('VACUUM INTO ?').run(target);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    db.close();
  }
  sync(target);
  sync(dirname(target));
  return mustHold(target).rows;
}

/**
 * Puts a backup in the place of the log. What was there is kept beside it. Clients have seen more than the backup holds, so it begins a new
 * epoch above every seq that was given out: above its own, the one of the log it replaces, and what the API has.
 *
 * @returns where the former log is, and the first seq of the new epoch
 */
export async function restore(
  folder: string,
  source: string,
  limits: { bodyBytes: number; members: number },
  api: Pick<ApiClient, 'request'>,
  now: () => number,
): Promise<{ former: string | null; epochStart: number }> {
  if (!existsSync(source)) throw new CommandError(`There is no file ${source}.`);
  mustHold(source);
  const lock = await LogLock.take(folder, 0);
  try {
    const path = join(folder, 'log.db');
    const above = Math.max(headOf(path), await progressOf(api));
    const fresh = `${path}.restoring`;
    copyFileSync(source, fresh);
    sync(fresh);
    let former: string | null = null;
    if (existsSync(path)) {
      former = `${path}.before-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}`;
      // Its WAL belongs to it: the three names move together.
      for (const part of ['-wal', '-shm', ''])
        if (existsSync(path + part)) renameSync(path + part, former + part);
    }
    renameSync(fresh, path);
    sync(folder);
    const log = new Log({ path, limits, now });
    log.commit([{ type: 'epoch', above: Math.max(above, log.head.seq) }]);
    const epochStart = log.head.seq;
    log.close();
    return { former, epochStart };
  } finally {
    lock.close();
  }
}

function mustHold(path: string): { rows: number } {
  const { rows, faults } = verifyLog(path);
  if (faults.length > 0) throw new CommandError(`${path} does not hold: ${faults.slice(0, 3).join('; ')}`);
  return { rows };
}

/** The last seq that a log gave out; 0 where it cannot be read. */
function headOf(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
    try {
      return (db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM log').get() as { seq: number }).seq;
    } finally {
      db.close();
    }
  } catch {
    return 0;
  }
}

async function progressOf(api: Pick<ApiClient, 'request'>): Promise<number> {
  const answer = await api.request({ method: 'GET', path: '/api/messages/progress', timeout: 3_000 });
  const body = answer.ok ? (answer.body as { seq?: unknown; progress?: { seq?: unknown } }) : {};
  const seq = body.progress?.seq ?? body.seq;
  return typeof seq === 'number' ? seq : 0;
}

/** A file, or the names in a folder (where the platform can). */
function sync(path: string): void {
  try {
    const file = openSync(path, 'r');
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EACCES') throw error;
  }
}
