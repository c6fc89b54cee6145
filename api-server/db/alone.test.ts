import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateStore, restore } from '../commands/copies.ts';
import { onBothDatabases } from '../testing/databases.ts';
import { someoneWaits } from '../testing/postgres.ts';
import { startTestApi, type TestApi } from '../testing/running-api.ts';
import { FolderLock, Held } from './folder-lock.ts';

const silent = pino({ level: 'silent' });
const HURRY = { API_LOCK_WAIT_MS: '200' };

onBothDatabases('a server is alone', (database) => {
  let env: Record<string, string>;
  let api: TestApi;
  beforeEach(async () => {
    env = { ...(await database.env()), ...HURRY, API_REGISTRATION: 'open' };
    api = await startTestApi(env);
  });
  afterEach(() => api.close());
  const elsewhere = mkdtempSync(join(tmpdir(), 'matchbook-elsewhere-'));

  it('on its folder: a second one does not start, and says who is there', async () => {
    await expect(startTestApi({ ...env, API_DATA_DIR: api.folder })).rejects.toThrow(
      new RegExp(`^${api.folder} is in use by process ${process.pid} on .+; only one API server may run`),
    );
    // The first one noticed nothing.
    await api.register('Ann');
    await api.restart();
    expect((await api.get('/readyz')).status).toBe(200);
  });

  it('on its folder of files, wherever its data is', async () => {
    await expect(
      startTestApi({
        ...(await database.env()),
        ...HURRY,
        API_DATA_DIR: elsewhere,
        API_FILES_DIR: api.folder,
      }),
    ).rejects.toThrow(Held);
    // What it had taken by then it let go.
    const lock = await FolderLock.take(elsewhere, 0);
    lock.close();
  });

  it('as far as commands go that need it stopped', async () => {
    const backup = join(api.folder, 'no backup');
    await expect(restore(api.config, backup, silent)).rejects.toThrow('is no backup');
    await expect(
      migrateStore(
        { ...api.config, databaseUrl: api.config.databaseUrl ?? 'postgres://x@127.0.0.1:1/x' },
        { from: 'sqlite', to: 'postgres' },
        silent,
        () => {},
      ),
    ).rejects.toThrow(/^Stop the server first: .* is in use by process/);
  });

  it('on its database', async () => {
    if (!database.postgres) return;
    await expect(startTestApi({ ...env, API_DATA_DIR: elsewhere })).rejects.toThrow(
      /^The database is in use by process \d+ on .+; only one API server may run on it\.$/,
    );
  });

  it('takes its database again when the connection broke, and writes nothing before', async () => {
    if (!database.postgres) return;
    await api.register('Ann');
    const other = new pg.Client({ connectionString: env.API_DATABASE_URL });
    await other.connect();
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await other.end();
    // Refused as retryable at worst, until the lock is there again. A try counts against the limit of its address, whose clock goes on with it.
    await expect
      .poll(
        () => {
          api.clock.now += 1_000;
          return api.register('Bob').then(
            () => true,
            (error: Error) => error.message,
          );
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    await expect(startTestApi({ ...env, API_DATA_DIR: elsewhere })).rejects.toThrow(Held);
  });

  it('ends when somebody else took its database meanwhile', async () => {
    if (!database.postgres) return;
    const other = new pg.Client({ connectionString: env.API_DATABASE_URL });
    await other.connect();
    // Who waits for it gets it the moment that the connection is gone.
    const theirs = other.query('SELECT pg_advisory_lock(7201874)');
    await someoneWaits(env.API_DATABASE_URL!);
    const killer = new pg.Client({ connectionString: env.API_DATABASE_URL });
    await killer.connect();
    await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'matchbook-api %'`,
    );
    await theirs;
    await expect
      .poll(() => api.logged.some((line) => line.includes('another server took the database')), {
        timeout: 10_000,
      })
      .toBe(true);
    await expect(api.register('Bob')).rejects.toThrow('storage_unavailable');
    await killer.end();
    await other.end();
  });
});

describe('the lock of a folder', () => {
  it('says which folder it cannot write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matchbook-lock-'));
    mkdirSync(join(folder, 'lock.db'));
    await expect(FolderLock.take(folder, 0)).rejects.toThrow(`${folder} cannot be written by this server`);
    rmSync(folder, { recursive: true });
  });

  it('is free when its holder was killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matchbook-lock-'));
    let child: ChildProcess | null = null;
    try {
      child = spawn(process.execPath, [
        '--input-type=module',
        '-e',
        `import { createRequire } from 'node:module';
         const { DatabaseSync } = createRequire(${JSON.stringify(join(import.meta.dirname, '../package.json'))})('@photostructure/sqlite');
         const db = new DatabaseSync(${JSON.stringify(join(folder, 'lock.db'))});
         db.exec('BEGIN EXCLUSIVE');
         console.log('held');
         setInterval(() => {}, 1000);`,
      ]);
      await new Promise((resolve) => child!.stdout!.once('data', resolve));
      await expect(FolderLock.take(folder, 100)).rejects.toThrow('in use by another process');
      child.kill('SIGKILL');
      const lock = await FolderLock.take(folder, 5_000);
      expect(existsSync(join(folder, 'lock.holder'))).toBe(true);
      await expect(FolderLock.take(folder, 0)).rejects.toThrow(`process ${process.pid}`);
      lock.close();
    } finally {
      child?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
