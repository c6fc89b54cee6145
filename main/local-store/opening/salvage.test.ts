/** Two files of one outbox that went different ways, made into one. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sumIn, type Value } from '../files/row-sums.ts';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';
import { readableOutbox, salvage } from './salvage.ts';

const account = ACCOUNT;
const conv = CONV;
let file: TestStore;
let backup: TestStore;

beforeEach(async () => {
  file = new TestStore();
  backup = new TestStore();
  for (const at of [file, backup]) await at.open();
});
afterEach(async () => {
  for (const at of [file, backup]) await at.dispose();
});

async function salvaged() {
  for (const at of [file, backup]) await at.store.close();
  const into = join(file.directory, 'into.db');
  const counts = salvage(file.path('outbox.db'), backup.path('outbox.db'), into, account);
  const db = new DatabaseSync(into);
  const items = db.prepare('SELECT place, id, kind, failed FROM item ORDER BY place').all();
  db.close();
  return { counts, items: items.map((row) => ({ ...row })) };
}
const submit = (at: TestStore, id: string) =>
  at.store.submit({ account, conv, id, text: `text of ${id}`, draftVersion: -1 });

it('I11: two items of one place both come back, that of the backup behind all others and for the person to decide', async () => {
  await submit(file, 'a');
  await submit(file, 'b');
  await submit(backup, 'x');
  const { counts, items } = await salvaged();
  expect(items).toMatchObject([
    { id: 'a', failed: 0 },
    { id: 'b', failed: 0 },
    { id: 'x', failed: 1 },
  ]);
  expect(counts).toEqual({ fromFile: 2, fromBackup: 1 });
});

it('what only repeats a state, such as how far was read, does not come back from a backup', async () => {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  log.message(PEER, 'm', 'hello');
  await submit(file, 'a');
  await backup.store.storeFrame({ account, raw: entries(log.entries, log.cursor(2)) });
  await backup.store.markRead({ account, conv, n: 2 });
  expect((await backup.store.outbox(account)).map(({ append }) => append.kind)).toContain('read');
  expect((await salvaged()).items.map(({ id }) => id)).toEqual(['a']);
});

it('the beginning of a conversation comes back from a backup to be sent: what is said in it waits for it', async () => {
  await backup.store.ensureDirect({ account, peer: { user: PEER, name: 'Peer' } });
  await submit(backup, 'a');
  const { items } = await salvaged();
  expect(items).toMatchObject([
    { kind: 'create', failed: 0 },
    { id: 'a', failed: 1 },
  ]);
});

it('I11: an item of the backup that is damaged there comes back to be looked at, and never to be sent', async () => {
  for (const id of ['sent', 'waits']) await submit(backup, id);
  await backup.store.release({ account, ids: ['sent'] });
  await backup.store.close();
  const db = new DatabaseSync(backup.path('outbox.db'));
  // A letter became another one: no trigger of ours has seen it.
  db.exec(`UPDATE item SET content = replace(content, 'text of sent', 'text of sant') WHERE id = 'sent'`);
  db.close();
  const { items } = await salvaged();
  expect(items).toMatchObject([
    { id: 'sent', failed: 1 },
    { id: 'waits', failed: 1 },
  ]);
});

/** A value that is written as it should be, with the sum of its row. */
function rewrite(at: TestStore, id: string, change: Record<string, Value>): void {
  const db = new DatabaseSync(at.path('outbox.db'));
  const row = {
    ...(db.prepare('SELECT * FROM item WHERE id = ?').get(id) as Record<string, Value>),
    ...change,
  };
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  db.prepare(`UPDATE item SET ${columns.join(', ')}, sum = ? WHERE id = ?`).run(
    ...Object.values(change),
    sumIn('item', row),
    id,
  );
  db.close();
}

it('another kind of thing at the same place of the backup, of the same moment, says nothing of where an item belongs', async () => {
  await submit(file, 'a');
  await backup.store.ensureDirect({ account, peer: { user: 'someone', name: 'Someone' } });
  const { id } = (await backup.store.outbox(account))[0]!;
  for (const at of [file, backup]) await at.store.close();
  rewrite(file, 'a', { created: 5 });
  rewrite(backup, id, { created: 5 });
  await salvaged();
  const db = new DatabaseSync(join(file.directory, 'into.db'));
  expect(db.prepare("SELECT conv FROM item WHERE id = 'a'").get()).toEqual({ conv });
  db.close();
});

it('drafts of which nothing can be made are not counted as read, and nobody is shown an empty one', async () => {
  await file.store.saveDraft({ account, conv, text: 'begun' });
  await file.store.saveDraft({ account, conv: 'emptied', text: 'x' });
  await file.store.saveDraft({ account, conv: 'emptied', text: '' });
  await file.store.saveDraft({ account, conv: 'broken', text: 'x' });
  await file.store.close();
  damage(file, `UPDATE draft SET text = 'no json' WHERE conv = 'broken'`);
  expect((await salvaged()).counts).toEqual({ fromFile: 2, fromBackup: 0 });
  const paths = [file.path('outbox.db'), backup.path('outbox.db')] as const;
  expect(readableOutbox(...paths, account).drafts).toEqual([{ conv, text: 'begun' }]);
});

/** What no trigger of ours has seen. */
function damage(at: TestStore, sql: string): void {
  const db = new DatabaseSync(at.path('outbox.db'));
  db.enableDefensive(false);
  db.exec(sql);
  db.close();
}

it.each([
  { frozen: 7 },
  { failed: 2 },
  { hold: 8 },
  { failure: 'no json' },
  { kind: 'edit' },
  { content: '[]' },
  { content: '"message"' },
])('an item that reads and makes no sense is left out: %j', async (change) => {
  for (const id of ['a', 'b']) await submit(file, id);
  await file.store.close();
  rewrite(file, 'a', change);
  const { counts, items } = await salvaged();
  expect(items.map(({ id }) => id)).toEqual(['b']);
  expect(counts).toEqual({ fromFile: 1, fromBackup: 0 });
});

it('a damaged account, id or text is what the sum of its row and the backup say it was', async () => {
  for (const id of ['a', 'b', 'c']) await submit(file, id);
  for (const at of [file, backup]) await at.store.close();
  copyFileSync(file.path('outbox.db'), backup.path('outbox.db'));
  await file.reopen();
  // It has another place than in the backup.
  for (const on of [true, false]) await file.store.hold({ account, id: 'a', on });
  // The backup has nothing of it.
  await submit(file, 'd');
  await file.store.close();
  damage(file, `UPDATE item SET account = 'another' WHERE id IN ('b', 'd')`);
  damage(file, `UPDATE item SET id = 'x' WHERE id = 'c'`);
  damage(file, `UPDATE item SET content = replace(content, 'text of a', 'taxt of a') WHERE id = 'a'`);
  const { counts, items } = await salvaged();
  expect(items).toMatchObject([
    { id: 'b', failed: 0 },
    { id: 'c', failed: 0 },
    { id: 'a', failed: 0 },
    { id: 'd', failed: 0 },
  ]);
  expect(counts).toEqual({ fromFile: 4, fromBackup: 0 });
});

it('words whose key was cut by a NUL come back under what is left of it: they go to where new messages are written', async () => {
  await file.store.keepBegun({ account, conv, about: 'scheduled:a', n: null, text: 'half of it' });
  await file.store.close();
  damage(file, `UPDATE begun SET about = 'scheduled:' || char(0) || 'b'`);
  await salvaged();
  const db = new DatabaseSync(join(file.directory, 'into.db'));
  const rows = db.prepare('SELECT about, text FROM begun').all();
  db.close();
  expect(rows.map((row) => Object.values(row))).toEqual([['scheduled:', '"half of it"']]);
});

it('which messages for later have stood here comes back from file and backup: what was dealt with is not shown anew', async () => {
  for (const at of [file, backup]) await at.store.close();
  damage(file, `INSERT INTO refused_later (account, id) VALUES ('${account}', 'a'), ('anothor', 'b')`);
  damage(backup, `INSERT INTO refused_later (account, id) VALUES ('${account}', 'a'), ('${account}', 'c')`);
  await salvaged();
  const db = new DatabaseSync(join(file.directory, 'into.db'));
  const rows = db.prepare('SELECT account, id FROM refused_later ORDER BY id').all();
  db.close();
  expect(rows.map((row) => Object.values(row))).toEqual(['a', 'b', 'c'].map((id) => [account, id]));
});

it.each([
  ['a text that is none', `text = '{}'`],
  ['a place that is no integer', 'n = 1.5'],
  ['a time that is none', `updated = 'soon'`],
])('words that were begun with %s are left out, and the others come back', async (_what, change) => {
  for (const about of ['scheduled:a', 'scheduled:b'])
    await file.store.keepBegun({ account, conv, about, n: 3, text: `for ${about}` });
  await file.store.close();
  // A damaged page keeps no type.
  damage(
    file,
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT, ', '') WHERE name = 'begun'; PRAGMA writable_schema = RESET`,
  );
  damage(file, `UPDATE begun SET ${change} WHERE about = 'scheduled:a'`);
  await salvaged();
  const db = new DatabaseSync(join(file.directory, 'into.db'));
  const rows = db.prepare('SELECT about, n, text FROM begun').all();
  db.close();
  expect(rows.map((row) => Object.values(row))).toEqual([['scheduled:b', 3, '"for scheduled:b"']]);
});
