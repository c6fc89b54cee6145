import { join } from 'node:path';
import type { Notice } from '@matchbook/protocol/bridge/views';
import { expect, it } from 'vitest';
import { Notices } from './notices.ts';
import { openSettings } from './profile/settings.ts';
import { temporaryFolder } from './testing/folder.ts';

async function stage() {
  const path = join(temporaryFolder(), 'settings.json');
  const facts: Notice[] = [{ id: 'no-sandbox', detail: '' }];
  let told = 0;
  const start = async () =>
    new Notices({ settings: await openSettings(path), facts: () => facts, changed: () => told++ });
  return { start, told: () => told };
}
const ids = (notices: Notices) => notices.present().map(({ id }) => id);

it('a fact is told once for all', async () => {
  const { start, told } = await stage();
  const notices = await start();
  expect(ids(notices)).toEqual(['no-sandbox']);
  await notices.dismiss('no-sandbox');
  expect(ids(notices)).toEqual([]);
  expect(ids(await start())).toEqual([]);
  expect(told()).toBe(1);
});

it('a loss is told until it was seen, over restarts, and again when it happens again', async () => {
  const { start } = await stage();
  await (await start()).raise({ id: 'history-reset', detail: 'first' });
  const notices = await start();
  expect(ids(notices)).toEqual(['history-reset', 'no-sandbox']);
  await notices.dismiss('history-reset');
  expect(ids(await start())).toEqual(['no-sandbox']);
  await notices.raise({ id: 'history-reset', detail: 'second' });
  expect(notices.present()[0]).toEqual({ id: 'history-reset', detail: 'second' });
});

it('the newest loss of a kind stands for it', async () => {
  const notices = await (await stage()).start();
  await notices.raise({ id: 'outbox-salvaged', detail: 'a' }, { id: 'history-reset', detail: 'b' });
  await notices.raise({ id: 'outbox-salvaged', detail: 'c' });
  expect(notices.present().map(({ detail }) => detail)).toEqual(['b', 'c', '']);
});
