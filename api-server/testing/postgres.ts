/** A PostgreSQL of the tests' own in a temporary folder, reached by its socket in there; nobody else's is touched. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';
/** A PostgreSQL that is run by root refuses to start. */
const NOBODY = 65_534;
const START_LIMIT = 20_000;

/** Where its programs are, the newest that is at least 15; null where there is none. */
export function postgresPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const best = versions.filter((version) => version >= 15).sort((a, b) => b - a)[0];
  const folder = best === undefined ? '' : join(DEBIAN, String(best), 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : null;
}

export interface Postgres {
  /** Address of a new, empty database. */
  create(): Promise<string>;
  /** `kill -9` of the whole server, as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('PostgreSQL 15 or newer is not installed (Debian: postgresql).');
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-pg-'));
  const data = join(folder, 'data');
  const root = process.getuid?.() === 0;
  const owner = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'matchbook', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=trust', '--no-sync'],
    { ...owner, stdio: 'ignore', cwd: folder },
  );
  const url = (database: string) => `postgres://matchbook@/${database}?host=${encodeURIComponent(folder)}`;
  let databases = 0;

  const ask = async (statement: string, database = 'postgres') => {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const process_ = {
    async start() {
      const child = spawn(
        join(programs, 'postgres'),
        [
          '-D',
          data,
          '-k',
          folder,
          '-c',
          'listen_addresses=',
          '-c',
          'max_connections=80',
          '-c',
          'shared_buffers=64MB',
        ],
        { ...owner, stdio: 'ignore', cwd: folder },
      );
      let ended = false;
      child.once('exit', () => (ended = true));
      for (const limit = performance.now() + START_LIMIT; ; ) {
        try {
          await ask('SELECT 1');
          return;
        } catch (error) {
          if (ended || performance.now() > limit) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    },
  };
  const postmaster = () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const gone = async (pid: number) => {
    while (existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await process_.start();
  return {
    async create() {
      const name = `test${++databases}`;
      await ask(`CREATE DATABASE ${name}`);
      return url(name);
    },
    async kill() {
      const pid = postmaster();
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      for (const one of [pid, ...children.map(Number)]) if (one) process.kill(one, 'SIGKILL');
      for (const one of [pid, ...children.map(Number)]) if (one) await gone(one);
      rmSync(join(data, 'postmaster.pid'), { force: true });
    },
    start: process_.start,
    async stop() {
      const pid = existsSync(join(data, 'postmaster.pid')) ? postmaster() : null;
      if (pid !== null) {
        // At once: nobody needs what is in it.
        process.kill(pid, 'SIGQUIT');
        await gone(pid);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Until somebody waits in the database for a lock that another has. */
export async function someoneWaits(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const waiting = async () =>
      (
        await client.query(
          `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        )
      ).rows.length > 0;
    while (!(await waiting())) await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    await client.end();
  }
}
