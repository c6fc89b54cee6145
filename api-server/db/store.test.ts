import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messages } from '../messages/history.ts';
import { saveBatch } from '../messages/save.ts';
import { postgresIndex } from '../search/postgres-index.ts';
import { onBothDatabases } from '../testing/databases.ts';
import { roomEnds } from '../testing/full-store.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { SERVICE, startTestApi } from '../testing/running-api.ts';
import { forPostgres } from './dialects.ts';
import { MIGRATIONS } from './migrations.ts';
import { openStore } from './open.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import { type Store, TRIES, untilAlone } from './store.ts';
import { TABLE_NAMES } from './tables.ts';

const silent = pino({ level: 'silent' });

onBothDatabases('the store', (database) => {
  let folder: string;
  let config: { dataDir: string; databaseUrl: string | null };
  let stores: Store[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matchbook-store-'));
    config = { dataDir: folder, databaseUrl: (await database.env()).API_DATABASE_URL ?? null };
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const open = async () => {
    const store = await openStore(config, silent);
    stores.push(store);
    return store;
  };

  it('many queries at once, and one long transaction, leave everything else its turns', async () => {
    const store = await open();
    let rows = 100_000;
    const long = (db: Pick<Store['db'], 'getExecutor'>) =>
      sql`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${sql.raw(String(rows))}) SELECT COUNT(*) FROM c`.execute(
        db,
      );
    const quickest = async () => {
      const took = [];
      for (let i = 0; i < 3; i++) {
        const begun = process.cpuUsage();
        await long(store.db);
        took.push(process.cpuUsage(begun).user / 1_000);
      }
      return Math.min(...took);
    };
    // Each takes longer than queries may follow each other without a pause, 10 ms, also on a fast machine, and on one that was busy when it was measured.
    while (database.name === 'sqlite' && (await quickest()) < 15) rows *= 2;
    let turns = 0;
    let counting = true;
    const count = () => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 10 }, () => long(store.db)));
    expect(turns).toBeGreaterThanOrEqual(9);
    turns = 0;
    await store.write(async (trx) => {
      for (let i = 0; i < 10; i++) await long(trx);
    });
    counting = false;
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('of many who look and then write, by several connections, each sees what the others did', async () => {
    const [one, two] = [await open(), await open()];
    await one.write((trx) => trx.insertInto('setting').values({ name: 'count', value: '0' }).execute());
    const add = (store: Store) =>
      store.write(async (trx) => {
        const { value } = await trx
          .selectFrom('setting')
          .select('value')
          .where('name', '=', 'count')
          .executeTakeFirstOrThrow();
        await trx
          .updateTable('setting')
          .set({ value: String(Number(value) + 1) })
          .where('name', '=', 'count')
          .execute();
      });
    let refused = 0;
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        add(i % 2 === 0 ? one : two).catch((error: { failure?: { kind: string } }) => {
          // Too busy for too long is an answer; half a transaction is none.
          expect(error.failure?.kind).toBe('storage_unavailable');
          refused += 1;
        }),
      ),
    );
    const { value } = await one.db.selectFrom('setting').select('value').executeTakeFirstOrThrow();
    expect(Number(value)).toBe(12 - refused);
    expect(refused).toBeLessThan(12);
  });

  it('what fails in the middle has not happened', async () => {
    const store = await open();
    const failing = store.write(async (trx) => {
      await trx.insertInto('setting').values({ name: 'a', value: '1' }).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.db.selectFrom('setting').selectAll().execute()).toEqual([]);
  });

  it('two programs that start at once make one schema, and a newer one is left alone', async () => {
    await Promise.all([open(), open(), open()]);
    const [store] = stores as [Store];
    if (database.name === 'sqlite') {
      const raw = new DatabaseSync(join(folder, 'api.db'));
      raw.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
      raw.close();
    } else {
      const client = new pg.Client({ connectionString: config.databaseUrl! });
      await client.connect();
      expect((await client.query('SELECT version FROM schema_version')).rows).toEqual([
        { version: String(MIGRATIONS.length) },
      ]);
      await client.query('UPDATE schema_version SET version = version + 1');
      await client.end();
    }
    await expect(openStore(config, silent)).rejects.toThrow('Use the newer program');
    expect(await store.db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  it.each(MIGRATIONS.map((_, version) => version))(
    'moves forward from version %i, with what was in it',
    async (version) => {
      const steps = MIGRATIONS.slice(0, version);
      const account = `INSERT INTO account ("user", name, secret, recovery, admin, "registrationDevice", "createdAt") VALUES ('ann', 'Ann', 's', 'r', 1, 'd', 1)`;
      const entry = `INSERT INTO entry (conv, n, seq, m, h, id, sender, kind, time, hash, "bodyType", "bodyText") VALUES ('c', 1, 1, 1, 'h', 'i', 'ann', 'message', 1, 'x', 'text/plain', 'old words')`;
      const member = `INSERT INTO member (conv, "user", "fromN") VALUES ('c', 'ann', 1)`;
      const conversation = `INSERT INTO conversation (conv, form, "headN", "headM", "updatedAt") VALUES ('c', 'direct', 1, 1, 1)`;
      const rows = version === 0 ? [] : [account, entry, member, conversation];
      if (database.name === 'sqlite') {
        const raw = new DatabaseSync(join(folder, 'api.db'));
        for (const step of steps) raw.exec(typeof step === 'string' ? step : step.sqlite);
        for (const row of rows) raw.exec(row);
        raw.exec(`PRAGMA user_version = ${version}`);
        raw.close();
      } else {
        const client = new pg.Client({ connectionString: config.databaseUrl! });
        await client.connect();
        for (const step of steps)
          await client.query(typeof step === 'string' ? forPostgres(step) : step.postgres);
        for (const row of rows) await client.query(row);
        await client.query('CREATE TABLE schema_version (version BIGINT NOT NULL)');
        await client.query(`INSERT INTO schema_version VALUES (${version})`);
        await client.end();
      }
      const { db } = await open();
      const [found] = await db.selectFrom('account').selectAll().execute();
      expect(found?.name).toBe(version === 0 ? undefined : 'Ann');
      const [kept] = await db.selectFrom('entry').selectAll().execute();
      expect(kept?.bodyText).toBe(version === 0 ? undefined : 'old words');
    },
  );

  it.each(MIGRATIONS.map((_, version) => version))(
    'a step from version %i that was killed before its end is made again, whole',
    async (version) => {
      const of = (step: (typeof MIGRATIONS)[number]) =>
        database.name === 'sqlite'
          ? typeof step === 'string'
            ? step
            : step.sqlite
          : typeof step === 'string'
            ? forPostgres(step)
            : step.postgres;
      const before = MIGRATIONS.slice(0, version).map(of);
      // Everything of the step is done, and nothing of it is committed.
      if (database.name === 'sqlite') {
        const raw = new DatabaseSync(join(folder, 'api.db'));
        for (const step of before) raw.exec(step);
        raw.exec(`PRAGMA user_version = ${version}; BEGIN IMMEDIATE`);
        raw.exec(of(MIGRATIONS[version]!));
        raw.close();
      } else {
        const client = new pg.Client({ connectionString: config.databaseUrl! });
        client.on('error', () => {});
        await client.connect();
        for (const step of before) await client.query(step);
        await client.query('CREATE TABLE schema_version (version BIGINT NOT NULL)');
        await client.query(`INSERT INTO schema_version VALUES (${version})`);
        await client.query('BEGIN');
        await client.query(of(MIGRATIONS[version]!));
        const other = new pg.Client({ connectionString: config.databaseUrl! });
        await other.connect();
        const killed = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()`;
        await other.query(killed);
        await other.end();
      }
      const { db } = await open();
      for (const table of TABLE_NAMES) expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    },
  );
});

describe('untilAlone', () => {
  it('tries again where it collides, with a bound, and not where it fails otherwise', async () => {
    const collision = new Error('collision');
    let tried = 0;
    const pauses: number[] = [];
    const work = async () => {
      tried += 1;
      throw collision;
    };
    const pause = async (ms: number) => void pauses.push(ms);
    await expect(
      untilAlone(
        work,
        (error) => error === collision,
        pause,
        () => 1,
      ),
    ).rejects.toBe(collision);
    expect([tried, pauses]).toEqual([TRIES, [10, 20, 40, 80, 160, 200, 200]]);
    tried = 0;
    await expect(untilAlone(work, () => false, pause)).rejects.toBe(collision);
    expect(tried).toBe(1);
  });
});

describe.skipIf(postgresPrograms() === null)('PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('killed under load: nothing is lost that was saved, and saving goes on when it is back', async () => {
    const api = await startTestApi({ API_DATABASE_URL: await postgres.create() });
    try {
      const log = new LogWriter();
      log.create('c', 'direct', ['ann', 'bob']);
      for (let i = 0; i < 256 * 40; i++) log.say('c', 'bob', `word ${i}`);
      let saved = 0;
      let refused = 0;
      let killed: Promise<void> | null = null;
      for (const batch of log.batches()) {
        if (saved === 256 * 10) killed = postgres.kill().then(() => postgres.start());
        for (;;) {
          const answer = await api.post('/api/messages/save', batch, SERVICE);
          if (answer.status === 200) break;
          // As the persister does: where it stands, and again. A batch whose answer was lost is there.
          if (answer.status === 409 && (answer.body.progress as { seq: number }).seq === batch.upTo) break;
          expect(answer.body).toMatchObject({ status: 503, kind: 'storage_unavailable' });
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        saved = batch.upTo;
      }
      await killed;
      expect(refused).toBeGreaterThan(0);
      await api.inStore(async ({ db }) => {
        const rows = await db.selectFrom('entry').select('n').orderBy('n').execute();
        expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: log.items.length }, (_, i) => i + 1));
        const { docs } = await db
          .selectFrom('searchDoc')
          .select(({ fn }) => fn.countAll<number>().as('docs'))
          .executeTakeFirstOrThrow();
        expect(Number(docs)).toBe(256 * 40);
      });
    } finally {
      await api.close();
    }
  }, 120_000);

  it('a page of history is two statements, and the large one is planned once for each connection', async () => {
    const store = await openPostgres(await postgres.create(), silent);
    const ends: number[] = [];
    try {
      const log = new LogWriter();
      log.create('c', 'direct', ['ann', 'bob']);
      for (let n = 2; n <= 200; n++) log.say('c', 'bob', `text ${n}`);
      for (const batch of log.batches()) await saveBatch(store, postgresIndex, batch, 1);
      await store.db.connection().execute(async (one) => {
        const asked = () =>
          sql<{
            asked: number;
          }>`SELECT (generic_plans + custom_plans)::int AS asked FROM pg_prepared_statements`.execute(one);
        // More than the five after which PostgreSQL may stop to look at the values.
        for (const before of [200, 150, 100, 50, 20, 10, 190, 3, 201]) {
          const { items, more } = await messages(one, 'ann', 'c', { before }, 10);
          ends.push(items.at(-1)!.entry.n, items.length);
          expect(more).toEqual({ before: before > 11, after: before < 201 });
        }
        expect((await asked()).rows).toEqual([{ asked: 9 }]);
      });
      expect(ends).toEqual([199, 10, 149, 10, 99, 10, 49, 10, 19, 10, 9, 9, 189, 10, 2, 2, 200, 10]);
    } finally {
      await store.close();
    }
  });

  it('one that does not make commits durable is not used, and one that is away is named', async () => {
    const url = await postgres.create();
    const lax = new URL(url.replace('@/', '@localhost/'));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`ALTER DATABASE ${lax.pathname.slice(1)} SET synchronous_commit = off`);
    await client.end();
    await expect(openPostgres(url, silent)).rejects.toThrow('would not be durable');
    await expect(openPostgres('postgres://nobody@127.0.0.1:65535/x', silent)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('SQLite that has no more room', () => {
  it('refuses as retryable, answers what it has, and takes it when there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matchbook-full-'));
    const store = openSqlite(folder);
    try {
      await roomEnds(store, {
        begin: () => sql`PRAGMA max_page_count = 250`.execute(store.db),
        end: () => sql`PRAGMA max_page_count = 100000`.execute(store.db),
      });
    } finally {
      await store.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
