/** Files that are sound and cannot be opened all the same: nothing of them is touched, and each says which it is and why. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreError } from './local-store.ts';
import { openingFault } from './opening/opening-fault.ts';
import { CONV, entries, ME, PEER, TestLog } from './testing/log.ts';
import { ACCOUNT, IDENTITY, TestStore } from './testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
  for (const id of ['a', 'b'])
    await at.store.submit({ account, conv, id, text: `text of ${id}`, draftVersion: -1 });
  await at.store.saveDraft({ account, conv, text: 'begun' });
});
afterEach(() => at.dispose());

const fault = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (error: StoreError) => error.failure.store ?? error,
  );
const change = (file: string, sql: string) => {
  const db = new DatabaseSync(at.path(file));
  db.exec(sql);
  db.close();
};
const texts = async () =>
  (await at.store.timelinePage({ account, conv, limit: 100 })).waiting.map(({ body }) =>
    body && 'text' in body ? body.text : null,
  );
const other = { account: 'account-2', user: 'other', device: 'device-2' };

describe('an outbox of a newer version', () => {
  const newer = () => at.crash(() => change('outbox.db', 'PRAGMA user_version = 900'));

  it('I11: is said to be one, stays as it is, and keeps no other account from opening', async () => {
    expect(await fault(newer())).toMatchObject({
      ...{ path: at.path('outbox.db'), part: 'outbox', reason: 'newer' },
      detail: expect.stringContaining('900'),
    });
    expect(readdirSync(join(at.directory, account)).filter((name) => name.includes('damaged'))).toEqual([]);
    expect(await at.store.openAccount(other)).toEqual([]);
    expect(await at.store.waitingCount('account-2')).toMatchObject({ waiting: 0 });
    // What of it can be read is read without opening it.
    const { items, drafts } = await at.store.unsent(account);
    expect(items.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'text of a'],
      ['b', 'text of b'],
    ]);
    expect(drafts).toEqual([{ conv, text: 'begun' }]);
    const before = readFileSync(at.path('outbox.db'));
    expect(await fault(at.open())).toMatchObject({ reason: 'newer' });
    expect(readFileSync(at.path('outbox.db')).equals(before)).toBe(true);
  });

  it('I11: set aside by the person it keeps its bytes under another name, and what can be read goes on in order', async () => {
    await fault(newer());
    expect(await at.store.openAccount(IDENTITY, 'outbox')).toMatchObject([{ id: 'outbox-salvaged' }]);
    expect(await texts()).toEqual(['text of a', 'text of b']);
    expect((await at.store.readDraft({ account, conv })).text).toBe('begun');
    expect((await at.store.outbox(account)).map(({ id }) => id).slice(0, 2)).toEqual(['a', 'b']);
    const [aside] = readdirSync(join(at.directory, account)).filter((name) =>
      /^outbox\.damaged.*\.db$/.test(name),
    );
    const db = new DatabaseSync(at.path(aside!), { readOnly: true });
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 900 });
    db.close();
    await at.reopen();
    expect(await texts()).toEqual(['text of a', 'text of b']);
  });
});

it('a history of a newer version is named, and set aside the outbox goes on as if nothing were', async () => {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  log.message(PEER, 'm1', 'hello');
  await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(2)) });
  expect(await fault(at.crash(() => change('history.db', 'PRAGMA user_version = 900')))).toMatchObject({
    ...{ path: at.path('history.db'), part: 'history', reason: 'newer' },
  });
  // A history that cannot be opened must leave the outbox unlocked: it can be opened the next time.
  expect(await at.store.openAccount(IDENTITY, 'history')).toMatchObject([{ id: 'history-reset' }]);
  expect(await texts()).toEqual(['text of a', 'text of b']);
  expect(await at.store.cursor(account)).toBeNull();
});

it('a file that another program writes to is locked, and opens once that lets go', async () => {
  let holder!: DatabaseSyncInstance;
  const opening = at.crash(() => {
    holder = new DatabaseSync(at.path('outbox.db'));
    holder.exec('BEGIN IMMEDIATE');
  });
  expect(await fault(opening)).toMatchObject({ part: 'outbox', reason: 'locked' });
  holder.exec('ROLLBACK');
  holder.close();
  expect(await at.open()).toEqual([]);
  expect(await texts()).toEqual(['text of a', 'text of b']);
});

it('what is no file at all is named with the words of the system', async () => {
  const opening = at.crash(() => {
    for (const end of ['-wal', '']) renameSync(at.path(`outbox.db${end}`), at.path(`was.db${end}`));
    mkdirSync(at.path('outbox.db'));
  });
  expect(await fault(opening)).toMatchObject({ path: at.path('outbox.db'), reason: 'unreadable' });
  rmdirSync(at.path('outbox.db'));
  for (const end of ['', '-wal']) renameSync(at.path(`was.db${end}`), at.path(`outbox.db${end}`));
  expect(await at.open()).toEqual([]);
  expect(await texts()).toEqual(['text of a', 'text of b']);
});

describe('the reason', () => {
  const coded = (message: string, more: object) => Object.assign(new Error(message), more);
  it.each([
    ['denied', coded('EACCES: permission denied', { code: 'EACCES' })],
    ['read_only', coded('EROFS: read-only file system', { code: 'EROFS' })],
    ['full', coded('ENOSPC: no space left on device', { code: 'ENOSPC' })],
    ['locked', coded('database is locked', {})],
    ['locked', coded('busy', { errcode: 5 | (1 << 8) })],
    ['full', coded('database or disk is full', {})],
    ['read_only', coded('attempt to write a readonly database', {})],
    ['unreadable', coded('disk I/O error', { errcode: 10 })],
  ])('%s is told by %s', (reason, error) => {
    const path = at.path('outbox.db');
    expect(existsSync(path)).toBe(true);
    chmodSync(path, 0o600);
    expect(openingFault(error, path, 'outbox').failure.store).toMatchObject({ reason, part: 'outbox', path });
  });

  it('stays that of the first that told it', () => {
    const first = openingFault(new Error('x'), '/inner', 'history');
    expect(openingFault(first, '/outer', 'folder')).toBe(first);
  });
});
