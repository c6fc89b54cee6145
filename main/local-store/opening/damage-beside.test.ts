/** Damage to what lies beside the pages of a database: its WAL, its list of free pages, its folder, its backup. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalStore, type StoreThread } from '../local-store.ts';
import { RequestHandler } from '../request-handler.ts';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, IDENTITY, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const submit = (id: string, text = `text of ${id}`) =>
  at.store.submit({ account, conv, id, text, draftVersion: -1 });
const waiting = async () =>
  (await at.store.timelinePage({ account, conv, limit: 1_000 })).waiting.map(({ id }) => id);
const history = () => {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  for (let i = 0; i < 120; i++) log.message(PEER, `m${i}`, `text ${i} ${'x'.repeat(300)}`);
  return log;
};
/** Numbers in 0..below-1, the same for the same seed. */
const numbers = (seed: number) => {
  let state = seed >>> 0;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('a WAL', () => {
  it('that is gone takes what was only in it; everything before it is there, and all goes on', async () => {
    for (const id of ['a', 'b']) await submit(id);
    await at.reopen();
    await submit('c');
    expect(await at.crash(() => rmSync(at.path('outbox.db-wal')))).toEqual([]);
    expect(await waiting()).toEqual(['a', 'b']);
    await submit('d');
    await at.crash();
    expect(await waiting()).toEqual(['a', 'b', 'd']);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'with random bytes in it (%i) keeps what stands before them, in order',
    async (seed) => {
      const random = numbers(seed);
      const log = history();
      await submit('first');
      await at.reopen();
      const ids = ['first', ...Array.from({ length: 30 }, (_, i) => `s${i}`)];
      for (const id of ids.slice(1)) await submit(id);
      for (let n = 1; n <= 121; n += 10)
        await at.store.storeFrame({
          account,
          raw: entries(log.entries.slice(n - 1, n + 9), log.cursor(n + 9)),
        });
      await at.crash(() => {
        for (const file of ['outbox.db-wal', 'history.db-wal']) {
          const bytes = readFileSync(at.path(file));
          const from = 32 + random(bytes.length - 64);
          for (let i = from; i < from + 1 + random(40); i++) bytes[i] = random(256);
          writeFileSync(at.path(file), bytes);
        }
      });
      const kept = await waiting();
      expect(kept).toEqual(ids.slice(0, kept.length));
      expect(kept.length).toBeGreaterThan(0);
      // I8: what the cursor says is there.
      const cursor = await at.store.cursor(account);
      const upTo = cursor === null ? 0 : [...Array(132).keys()].findIndex((n) => log.cursor(n) === cursor);
      const { rows } = await at.store.timelinePage({ account, conv, from: 1, limit: 1_000 });
      for (let n = 1; n <= Math.min(upTo, 121); n++) expect([n, rows[n - 1]?.n]).toEqual([n, n]);
      await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(131)) });
      const all = await at.store.timelinePage({ account, conv, from: 1, limit: 1_000 });
      expect(all).toMatchObject({ holes: [], unbroken: true });
      expect(all.rows).toHaveLength(121);
    },
  );
});

it.each([1, 2, 3])('random bytes in the list of free pages (%i) cost nothing that waits', async (seed) => {
  const random = numbers(seed);
  for (let i = 0; i < 40; i++) await submit(`big${i}`, 'x'.repeat(20_000));
  await submit('stays');
  for (let i = 0; i < 40; i++) await at.store.discard({ account, id: `big${i}`, newId: `d${i}` });
  await at.store.close();
  await at.crash(() => {
    const path = at.path('outbox.db');
    const bytes = readFileSync(path);
    const trunk = bytes.readUInt32BE(32);
    expect(trunk).toBeGreaterThan(0);
    for (let i = 0; i < 200; i++) bytes[(trunk - 1) * 4_096 + random(4_096)] = random(256);
    writeFileSync(path, bytes);
  });
  expect(await waiting()).toEqual(['stays']);
  for (let i = 0; i < 20; i++) await submit(`again${i}`, 'y'.repeat(20_000));
  await at.reopen();
  expect(await waiting()).toHaveLength(21);
});

describe('a folder', () => {
  it('that is gone, its files with it, is made anew at the next start; nothing fails for ever', async () => {
    await submit('a');
    await at.store.close();
    await at.crash(() => rmSync(at.path('.'), { recursive: true }));
    expect(await waiting()).toEqual([]);
    await submit('b');
    expect(await waiting()).toEqual(['b']);
  });

  it('that cannot be made is told, and opened as soon as it can', async () => {
    const blocked = join(at.directory, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const logs: string[] = [];
    const store = openLocalStore({ directory: blocked, spawn: () => thread(blocked, logs) });
    const told = await store.openAccount(IDENTITY).then(
      () => null,
      (error: { failure: object }) => error.failure,
    );
    expect(told).toMatchObject({ kind: 'store_failed', message: expect.stringMatching(/ENOTDIR|EEXIST/) });
    rmSync(blocked);
    mkdirSync(blocked);
    expect(await store.openAccount(IDENTITY)).toEqual([]);
    await store.submit({ account, conv, id: 'a', text: 'a', draftVersion: 0 });
    await store.close();
    expect(logs).toEqual([]);
  });
});

it('a backup that cannot be written is told to the log, the last one stays, and the next is written', async () => {
  await submit('a');
  await at.reopen();
  const backup = at.path('outbox.backup.db');
  const size = statSync(backup).size;
  // As a full disk leaves it: the copy can be neither finished nor begun.
  mkdirSync(join(at.path('outbox.backup.tmp'), 'in the way'), { recursive: true });
  at.logs = [];
  await submit('b');
  await at.reopen();
  expect(at.logs.join('\n')).toContain('no backup of the outbox');
  expect(statSync(backup).size).toBe(size);
  expect(await waiting()).toEqual(['a', 'b']);
  rmSync(at.path('outbox.backup.tmp'), { recursive: true });
  at.logs = null;
  await at.reopen();
  const copy = at.path('copy.db');
  copyFileSync(backup, copy);
  await at.store.close();
  await at.crash(() => {
    rmSync(at.path('outbox.db'));
    expect(existsSync(at.path('outbox.backup.db'))).toBe(true);
  });
  expect((await waiting()).sort()).toEqual(['a', 'b']);
});

function thread(directory: string, logs: string[]): StoreThread {
  let hear: (message: never) => void = () => {};
  let exit: () => void = () => {};
  const handler = new RequestHandler({
    directory,
    now: Date.now,
    newId: () => 'id',
    tell: () => {},
    later: () => () => {},
    log: (message) => void logs.push(message),
  });
  return {
    postMessage: (message) => {
      if ('end' in message) exit();
      else if ('ref' in message) queueMicrotask(() => hear(handler.handle(message) as never));
    },
    on: (event: string, listener: (message: never) => void) => {
      if (event === 'message') hear = listener;
      if (event === 'exit') exit = listener as unknown as () => void;
    },
    unref: () => {},
  } as StoreThread;
}
