import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

let at: TestStore;
let log: TestLog;
let seq = 0;

beforeEach(async () => {
  at = new TestStore();
  log = new TestLog();
  await at.open();
  log.create(PEER, 'c', [PEER, ME]);
});
afterEach(() => at.dispose());

const feed = async (...items: object[]) =>
  await at.store.storeFrame({ account: ACCOUNT, raw: entries(items, log.cursor(++seq)) });
const own = (reg: 'archived' | 'mute', v: number, value: number, time: number) =>
  feed({ reg, conv: CONV, user: ME, v, value, time });
const archived = async () => (await at.store.listConversations(ACCOUNT))[0]!.archived;

it('what is said after a conversation was put away brings it back, and it can be put away again', async () => {
  await feed(log.head(), log.message(PEER, 'a', 'one'));
  await own('archived', 1, 1, log.head().time + 1);
  expect(await archived()).toBe(true);
  // Only what is said counts, not what is done with it.
  await feed({
    ...log.say(PEER, 'r', { kind: 'reaction', target: 2, emoji: '👍', on: true } as never),
    time: 5_000,
  });
  expect(await archived()).toBe(true);
  await feed({ ...log.message(PEER, 'b', 'two'), time: 6_000 });
  expect(await archived()).toBe(false);
  await own('archived', 2, 1, 6_001);
  expect(await archived()).toBe(true);
  // One's own words bring it back too.
  await feed({ ...log.message(ME, 'd', 'three'), time: 7_000 });
  expect(await archived()).toBe(false);
});

it('a muted one stays away while it is muted', async () => {
  await feed(log.head(), log.message(PEER, 'a', 'one'));
  await own('archived', 1, 1, log.head().time + 1);
  await own('mute', 1, at.now + 1_000, 2_000);
  await feed({ ...log.message(PEER, 'b', 'two'), time: 6_000 });
  expect(await archived()).toBe(true);
  at.now += 2_000;
  expect(await archived()).toBe(false);
});
