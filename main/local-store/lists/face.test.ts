import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStore, openLocalStore, type StoreThread } from '../local-store.ts';
import { builtStore } from '../testing/built-store.ts';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';

const account = 'account-1';
const conv = CONV;
const identity = { account, user: ME, device: 'd' };
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );

describe('the face over a real thread', () => {
  let directory: string;
  let store: LocalStore;
  const threads: Worker[] = [];

  beforeAll(() => {
    builtStore();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'matchbook-face-'));
    store = openLocalStore({
      directory,
      spawn: () => {
        const thread = new Worker(join(builtStore(), 'local-store-worker.js'));
        threads.push(thread);
        return thread;
      },
    });
  });
  afterEach(async () => {
    await store.close();
    threads.length = 0;
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const submit = (id: string) => store.submit({ account, conv, id, text: id, draftVersion: 0 });

  it('starts a dead thread anew with the next request, accounts opened', async () => {
    await store.openAccount(identity);
    await submit('a');
    // Idle: to end a thread within a call into SQLite would end the process.
    await threads[0]!.terminate();
    expect((await store.outbox(account)).map(({ id }) => id)).toEqual(['a']);
    expect(threads).toHaveLength(2);
  });

  it('closes in order: no WAL is left, and whatever comes later fails', async () => {
    await store.openAccount(identity);
    await submit('a');
    await store.close();
    expect(readdirSync(join(directory, account)).sort()).toEqual([
      'history.db',
      'outbox.backup.db',
      'outbox.db',
    ]);
    expect(await failure(submit('b'))).toMatchObject({ kind: 'store_failed' });
    const backup = new DatabaseSync(join(directory, account, 'outbox.backup.db'));
    expect(backup.prepare('SELECT id FROM item').all()).toMatchObject([{ id: 'a' }]);
    backup.close();
  });

  it('has damage that is found while working set aside in a new thread, tells it, and goes on', async () => {
    await store.openAccount(identity);
    const notices: unknown[] = [];
    store.onNotices((_account, found) => notices.push(...found));
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    // More than the page cache holds, so that reading meets the file again.
    for (let i = 0; i < 250; i++) log.message(PEER, `m${i}`, 'x'.repeat(20_000));
    for (let n = 1; n <= log.entries.length; n += 50) {
      const items = log.entries.slice(n - 1, n + 49);
      await store.storeFrame({ account, raw: entries(items, log.cursor(n + items.length - 1)) });
    }
    await submit('a');
    const path = join(directory, account, 'history.db');
    // Otherwise the WAL still has the good pages, and the new thread finds nothing damaged.
    const other = new DatabaseSync(path);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
    const size = statSync(path).size;
    expect(size).toBeGreaterThan(2_000_000);
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4096), Buffer.alloc(size - 4096, 7)]));
    expect(await failure(store.timelinePage({ account, conv, limit: 1_000 }))).toMatchObject({
      kind: 'store_failed',
    });
    expect(await store.cursor(account)).toBeNull();
    expect(notices).toMatchObject([{ id: 'history-reset' }]);
    expect((await store.timelinePage({ account, conv, limit: 9 })).waiting).toMatchObject([{ id: 'a' }]);
    expect(threads).toHaveLength(2);
  });

  it('tells changes of a frame across the thread', async () => {
    await store.openAccount(identity);
    const told: unknown[] = [];
    store.onChanged((changed) => told.push(changed));
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    await store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) });
    await expect.poll(() => told).toEqual([{ account, convs: [conv], list: true, places: {} }]);
  });
});

describe('the face over a thread that says nothing', () => {
  const silent = (): StoreThread => ({
    postMessage: () => {},
    on: () => {},
    unref: () => {},
  });

  it('fails what was asked of a thread that dies, with its reason', async () => {
    const heard = new Map<string, (about: never) => void>();
    const spawn = (): StoreThread => ({
      ...silent(),
      on: (event: string, listener: (about: never) => void) => heard.set(event, listener),
    });
    const store = openLocalStore({ directory: '/nowhere', spawn, endingPatience: 10 });
    const asked = failure(store.cursor(account));
    heard.get('error')!(new Error('out of memory') as never);
    heard.get('exit')!(1 as never);
    expect(await asked).toMatchObject({
      ...{ kind: 'store_failed', message: expect.stringContaining('out of memory') },
    });
    await store.close();
  });

  it('gives up waiting after its patience', async () => {
    const store = openLocalStore({ directory: '/nowhere', spawn: silent, patience: 20, endingPatience: 10 });
    expect(await failure(store.cursor(account))).toMatchObject({
      ...{ kind: 'store_failed', message: expect.stringContaining('within 20 ms') },
    });
    await store.close();
  });

  it('lets no more than 10,000 requests wait', async () => {
    const store = openLocalStore({ directory: '/nowhere', spawn: silent, patience: 200, endingPatience: 10 });
    const asked = Array.from({ length: 10_000 }, () => failure(store.cursor(account)));
    expect(await failure(store.cursor(account))).toMatchObject({
      message: expect.stringContaining('are waiting already'),
    });
    await store.close();
    await Promise.all(asked);
  });
});
