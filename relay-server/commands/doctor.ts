import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Config } from '../config.ts';
import { hexOf } from '../sequencer/compact.ts';
import { readMeta } from '../sequencer/schema.ts';

/** What somebody who is called at night wants to know about a relay's folder, without touching it. One line a fact; `!` where something wants attention. */
export async function diagnose(config: Config): Promise<{ lines: string[]; healthy: boolean }> {
  const lines: string[] = [];
  let healthy = true;
  const say = (what: string, value: string, bad = false) => {
    if (bad) healthy = false;
    lines.push(`${bad ? '!' : ' '} ${what.padEnd(16)} ${value}`);
  };
  const folder = config.RELAY_DATA_DIR;
  const path = join(folder, 'log.db');
  if (!existsSync(path)) {
    say('log', `there is none in ${folder}`, true);
    return { lines, healthy };
  }
  const size = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  say('log', `${path}, ${megabytes(size(path))}`);
  const wal = size(`${path}-wal`);
  say('write-ahead log', megabytes(wal), wal > 80_000_000);
  const { bavail, bsize } = statfsSync(folder);
  say('free on disk', megabytes(bavail * bsize), bavail * bsize < 500_000_000);
  const holder = existsSync(join(folder, 'lock.pid')) ? readFileSync(join(folder, 'lock.pid'), 'utf8') : '';
  say('process', holder && alive(Number(holder)) ? `${holder} holds the log` : 'none holds the log');
  for (const file of ['keys.json', 'ticket.key']) {
    const there = existsSync(join(folder, file));
    // Group and others have no business with either.
    const open = there && (statSync(join(folder, file)).mode & 0o077) !== 0 && process.platform !== 'win32';
    say(file, there ? (open ? 'can be read by others' : 'there') : 'not there yet', open);
  }
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  try {
    const number = (key: string) => Number(readMeta(db, key) ?? 0);
    const count = (sql: string) => (db.prepare(sql).get() as { c: number }).c;
    const head = db.prepare('SELECT seq, time FROM log ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; time: number }
      | undefined;
    say('format', String(number('format')));
    say('epoch', `${hexOf(readMeta(db, 'epoch') as Uint8Array)}, since seq ${number('epoch_start')}`);
    say('head', head ? `seq ${head.seq}, ${new Date(head.time).toISOString()}` : 'empty');
    const oldest = db
      .prepare('SELECT time FROM log WHERE seq > ? ORDER BY seq LIMIT 1')
      .get(number('saved_seq')) as { time: number } | undefined;
    const backlog = Math.max(0, (head?.seq ?? 0) - number('saved_seq'));
    const age = oldest && backlog > 0 ? (Date.now() - oldest.time) / 1_000 : 0;
    say('not yet saved', `${backlog} rows, the oldest ${Math.round(age)} s old`, age > 600);
    say('trimmed', `up to seq ${number('trimmed_seq')}`);
    const dead = count('SELECT count(*) AS c FROM dead_letters');
    // Admins see and settle them at the API; here is what their senders are told.
    say('not saved', `${dead} entries that the API refused`);
    say('conversations', String(count('SELECT count(*) AS c FROM conversations')));
    say('users', String(count('SELECT count(*) AS c FROM users')));
  } finally {
    db.close();
  }
  const answer = await fetch(`${config.RELAY_API_URL}/api/auth/keys`, {
    signal: AbortSignal.timeout(3_000),
  }).then(
    ({ status }) => (status === 200 ? '' : `answers ${status}`),
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message,
  );
  say('API', `${config.RELAY_API_URL} ${answer || 'answers'}`, answer !== '');
  return { lines, healthy };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
