/** A disk that is really full: a small file system in memory, which only root can mount. Without it: not run (damage.test.ts injects the error instead). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { Database } from './files/database.ts';
import { failureOf } from './files/store-error.ts';
import { openLocalStore, type StoreThread } from './local-store.ts';
import { builtStore } from './testing/built-store.ts';
import { CONV as conv, entries, ME, PEER, TestLog } from './testing/log.ts';
import { ACCOUNT as account, TestStore } from './testing/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'matchbook-store-full-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' }).status === 0;
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it.skipIf(!mounted)(
  'a full disk keeps the draft, the outbox and the cursor, and all goes on when there is room (I8, I11)',
  async () => {
    const at = new TestStore(folder);
    await at.open();
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    for (let i = 0; i < 400; i++) log.message(PEER, `m${i}`, 'x'.repeat(4_000));
    const text = 'y'.repeat(30_000);
    const { version } = await at.store.saveDraft({ account, conv, text });
    await at.store.storeFrame({ account, raw: entries(log.entries.slice(0, 100), log.cursor(100)) });
    // All but a little of what is left goes to somebody else.
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'other'), Buffer.alloc(Math.max(0, bavail * bsize - 8_192)));
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: { failure: { kind: string } }) => error.failure.kind,
      );
    let stored = 100;
    let refused: string | null = null;
    for (let n = 101; n <= 401 && refused === null; n += 20) {
      refused = await failure(
        at.store.storeFrame({ account, raw: entries(log.entries.slice(n - 1, n + 19), log.cursor(n + 19)) }),
      );
      if (refused === null) stored = n + 19;
    }
    expect(refused).toBe('disk_full');
    expect(await at.store.cursor(account)).toBe(log.cursor(stored));
    // Bodies that no longer fit: the draft stays as it was.
    let submitted = 0;
    let kind: string | null = null;
    for (; submitted < 400 && kind === null; submitted++)
      kind = await failure(at.store.submit({ account, conv, id: `s${submitted}`, text, draftVersion: -1 }));
    expect(kind).toBe('disk_full');
    expect(await at.store.readDraft({ account, conv })).toMatchObject({ text, version });
    expect(await failure(at.store.saveDraft({ account, conv, text: 'z'.repeat(6_000_000) }))).toBe(
      'disk_full',
    );
    expect(await at.store.readDraft({ account, conv })).toMatchObject({ text, version });
    expect(await at.store.outbox(account)).toHaveLength(submitted - 1);
    rmSync(join(folder, 'other'));
    await at.store.submit({ account, conv, id: 'later', text, draftVersion: version });
    await at.store.storeFrame({ account, raw: entries(log.entries.slice(stored), log.cursor(401)) });
    await at.chores();
    expect(await at.store.cursor(account)).toBe(log.cursor(401));
    expect((await at.store.outbox(account)).length).toBe(submitted);
    expect(await at.reopen()).toEqual([]);
    expect((await at.store.timelinePage({ account, conv, limit: 1_000 })).rows).toHaveLength(401);
    await at.store.close();
  },
  60_000,
);

it.skipIf(!mounted)(
  'is opened on a full disk, in a process of its own: read as ever, refused as disk_full, and put right when there is room (I8, I11)',
  async () => {
    const directory = join(folder, 'opened');
    const identity = { account, user: ME, device: 'device-1' };
    const worker = join(builtStore(), 'local-store-worker.js');
    const started = () => openLocalStore({ directory, spawn: () => new Worker(worker) as StoreThread });
    const full = { failure: { kind: 'disk_full' } };
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    for (let i = 0; i < 40; i++) log.message(PEER, `m${i}`, 'x'.repeat(400));
    const before = started();
    await before.openAccount(identity);
    await before.storeFrame({ account, raw: entries(log.entries, log.cursor(41)) });
    await before.saveDraft({ account, conv, text: 'begun' });
    await before.close();
    for (const left of [0, 4_096, 16_384, 65_536]) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(join(folder, 'other'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
      const store = started();
      expect(await store.openAccount(identity)).toEqual([]);
      expect((await store.timelinePage({ account, conv, limit: 100 })).rows).toHaveLength(41);
      expect((await store.readDraft({ account, conv })).text).toBe('begun');
      const long = 'y'.repeat(60_000);
      await expect(store.saveDraft({ account, conv, text: long + long })).rejects.toMatchObject(full);
      rmSync(join(folder, 'other'));
      const { version } = await store.saveDraft({ account, conv, text: `typed with ${left} left` });
      await store.submit({ account, conv, id: `s${left}`, text: 'said', draftVersion: version });
      await store.saveDraft({ account, conv, text: 'begun' });
      await store.close();
    }
    const after = started();
    expect(await after.openAccount(identity)).toEqual([]);
    expect(await after.outbox(account)).toHaveLength(5);
    await after.close();
  },
  60_000,
);

it.skipIf(!mounted)(
  'a disk that is full when the WAL is copied back loses nothing, and it is copied once there is room',
  () => {
    const path = join(folder, 'checkpoint.db');
    const schema = ['CREATE TABLE said (n INTEGER PRIMARY KEY, body TEXT NOT NULL)'];
    const db = new Database(path, schema);
    db.exec('PRAGMA wal_autocheckpoint = 0');
    const say = (n: number) =>
      db.run('INSERT INTO said (n, body) VALUES (?, ?)', n, `${n} ${'x'.repeat(4_000)}`);
    const all = (from: Database) =>
      from.all<{ n: number }>('SELECT n FROM said WHERE body LIKE n || ? ORDER BY n', ' x%');
    db.transaction(() => {
      for (let n = 1; n <= 300; n++) say(n);
    });
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'other'), Buffer.alloc(Math.max(0, bavail * bsize - bsize)));
    expect(statSync(path).size).toBeLessThan(300 * 4_000);
    let failure: unknown = null;
    try {
      db.checkpoint();
    } catch (error) {
      failure = error;
    }
    expect(failureOf(failure).kind).toBe('disk_full');
    expect(all(db)).toHaveLength(300);
    rmSync(join(folder, 'other'));
    say(301);
    db.checkpoint();
    expect(statSync(path).size).toBeGreaterThan(300 * 4_000);
    expect(db.fault(false)).toBeNull();
    db.close();
    const again = new Database(path, schema);
    expect(all(again)).toHaveLength(301);
    again.close();
  },
);
