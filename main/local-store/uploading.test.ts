import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONV, TestLog } from './testing/log.ts';
import { ACCOUNT, TestStore } from './testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
const file = { hash: 'a'.repeat(64), name: 'plan.pdf', type: 'application/pdf', size: 7 };
const full = { kind: 'quota_full' as const, message: 'full' };
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const submit = (id: string, text: string) =>
  at.store.submit({ ...{ account, conv, id, text, draftVersion: 0 }, upload: true, more: { files: [file] } });
const sendable = async () => (await at.store.outbox(account)).map(({ id }) => id);
const items = async () =>
  (await at.store.fileItems(account)).map(({ id, uploading, failed, held }) => ({
    id,
    uploading,
    failed,
    held,
  }));

it('I11: a message waits for its files through a crash, through the person’s hold, and through other words', async () => {
  await submit('a', 'see');
  await at.crash();
  await at.store.hold({ account, id: 'a', on: true });
  await at.store.uploaded({ account, id: 'a' });
  expect(await sendable()).toEqual([]);
  await at.store.hold({ account, id: 'a', on: false });
  expect(await sendable()).toEqual(['a']);
  await submit('b', 'and this');
  const { id } = await at.store.edit({ account, id: 'b', newId: 'b2', text: 'and that' });
  expect(await items()).toContainEqual({ id, uploading: true, failed: false, held: false });
  expect(await sendable()).toEqual(['a']);
});

it('I11: what failed because of its files waits for them again when it is tried again', async () => {
  await submit('a', 'see');
  await at.store.uploadFailed({ account, id: 'a', failure: full });
  const { waiting } = await at.store.timelinePage({ account, conv, limit: 5 });
  expect(waiting).toMatchObject([{ id: 'a', delivery: 'failed', failure: full }]);
  await at.store.retry({ account, id: 'a', newId: 'a2' });
  expect(await items()).toEqual([{ id: 'a2', uploading: true, failed: false, held: false }]);
  expect(await sendable()).toEqual([]);
  await at.store.uploaded({ account, id: 'a2' });
  expect(await sendable()).toEqual(['a2']);
});

it('other words of a message that has arrived meanwhile leave it its files', async () => {
  const log = new TestLog();
  log.create();
  await submit('a', 'see');
  await at.store.uploaded({ account, id: 'a' });
  await at.store.release({ account, ids: ['a'] });
  const [item] = await at.store.outbox(account);
  const { kind, body } = item!.append as { kind: 'message'; body: { type: string; text: string } };
  log.say('me', 'a', { kind, body });
  await at.store.acked({ account, conv, items: [log.ack(2)] });
  await at.store.edit({ account, id: 'a', newId: 'e', text: 'look' });
  const edit = (await at.store.outbox(account)).find(({ id }) => id === 'e')!.append as {
    body: { text: string };
  };
  expect(JSON.parse(edit.body.text)).toEqual({ text: 'look', files: [file] });
});
