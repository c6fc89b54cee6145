import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, postgresPrograms, someoneWaits, startPostgres } from '../testing/postgres.ts';
import type { Held } from './folder-lock.ts';
import { PostgresLock } from './postgres-lock.ts';

const SOCKET = '.s.PGSQL.5432';

/** A line to the database whose near end can break while the database hears nothing of it. */
async function lineTo(url: string): Promise<{ url: string; breakHere(): void; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-line-'));
  const there = join(new URL(url.replace('@/', '@localhost/')).searchParams.get('host')!, SOCKET);
  const near = new Set<Socket>();
  const far = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const database = createConnection(there);
    near.add(socket);
    far.add(database);
    for (const one of [socket, database]) one.on('error', () => {});
    socket.on('data', (bytes) => database.write(bytes));
    database.on('data', (bytes) => socket.write(bytes));
    database.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(join(folder, SOCKET), resolve));
  return {
    url: url.replace(/host=.*$/, `host=${encodeURIComponent(folder)}`),
    breakHere: () => {
      for (const socket of near) socket.destroy();
      near.clear();
    },
    close: () => {
      for (const socket of [...near, ...far]) socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

describe.skipIf(postgresPrograms() === null)('the lock of a PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  async function held() {
    const url = await postgres.create();
    const line = await lineTo(url);
    const said: string[] = [];
    const log = pino({}, { write: (text: string) => void said.push(text) });
    const lost: Held[] = [];
    const lock = await PostgresLock.take(line.url, 0, { log, onLost: (error) => lost.push(error) });
    return {
      ...{ url, line, lock, lost },
      again: () => said.filter((text) => text.includes('holds the database again')).length,
    };
  }

  it('is taken again from the session of before, which the database still believes in', async () => {
    const { line, lock, lost, again } = await held();
    try {
      // Twice: also what was taken again can break.
      for (const times of [1, 2]) {
        line.breakHere();
        await expect.poll(() => again() + lost.length, { timeout: 10_000 }).toBe(times);
        expect(lost).toEqual([]);
        expect(lock.held).toBe(true);
      }
    } finally {
      await lock.close();
      line.close();
    }
  });

  it('is lost where another waited for it', async () => {
    const { url, line, lock, lost, again } = await held();
    const other = new pg.Client({ connectionString: url });
    other.on('error', () => {});
    await other.connect();
    try {
      const theirs = other.query('SELECT pg_advisory_lock(7201874)');
      await someoneWaits(url);
      line.breakHere();
      await expect.poll(() => again() + lost.length, { timeout: 10_000 }).toBe(1);
      expect(lost[0]?.message).toContain('in use by another server');
      expect(lock.held).toBe(false);
      await theirs;
    } finally {
      await lock.close();
      await other.end();
      line.close();
    }
  });
});
