/** Two files of one outbox that went different ways, made into one. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';
import { salvage } from './salvage.ts';

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
