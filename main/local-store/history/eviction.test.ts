import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entries, frame, ME, page, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const PLACES = 700;
let at: TestStore;
const logs = new Map<string, TestLog>();

beforeEach(async () => {
  at = new TestStore();
  at.now = Date.now();
  await at.open();
  for (const conv of ['old', 'new']) {
    const log = new TestLog(conv);
    logs.set(conv, log);
    log.create('ann', `create-${conv}`, ['ann', ME], 'group');
    for (let i = 2; i <= PLACES; i++)
      log.message(i % 50 === 0 ? ME : 'ann', `${conv}${i}`, `text ${i} ${conv} ${'x'.repeat(400)}`);
    log.say('ann', `${conv}e`, { kind: 'edit', target: 300, body: { type: 'text/plain', text: 'edited' } });
    await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(PLACES + 1)) });
    const own = log.entries.filter(({ sender, kind }) => sender === ME && kind === 'message');
    await at.store.saved({
      account,
      items: own.slice(0, -1).map(({ id }) => ({ id, state: 'saved' as const })),
    });
  }
  await at.store.submit({ account, conv: 'old', id: 'waits', text: 'waits', draftVersion: 0 });
  await at.store.saveDraft({ account, conv: 'old', text: 'begun' });
  await at.store.timelinePage({ account, conv: 'new', limit: 10 });
});
afterEach(() => at.dispose());

/** Of the file once its WAL is copied back. */
async function bytes() {
  await at.reopen();
  return statSync(at.path('history.db')).size;
}
const all = async (conv: string) => {
  const { rows, holes } = await at.store.timelinePage({ account, conv, limit: 1_000 });
  return { rows: rows.map(({ n }) => n!), holes };
};
/** I8: everything of the log is a row, folded into one, or in a hole; and never both. */
async function complete(conv: string) {
  const { rows, holes } = await all(conv);
  const stored = new Set(rows);
  const missing = (n: number) => holes.some(({ from, to }) => from <= n && n <= to);
  for (let n = 1; n <= PLACES; n++) expect([conv, n, stored.has(n) !== missing(n)]).toEqual([conv, n, true]);
  return { rows, holes };
}

it('gives up the oldest of what was looked at longest ago, and the file really shrinks (I8)', async () => {
  const size = await bytes();
  const before = { list: await at.store.listConversations(account), bytes: size };
  await at.store.limitHistory(Math.round(before.bytes * 0.8));
  await at.chores(2_000);
  const [old, recent] = [await complete('old'), await complete('new')];
  expect(recent.rows).toHaveLength(PLACES);
  expect(old.rows.length).toBeLessThan(PLACES);
  // The creation, the newest, and the own message that nobody else has are still there.
  expect(old.rows).toContain(1);
  expect(old.rows.slice(-200)).toEqual(Array.from({ length: 200 }, (_, i) => PLACES - 199 + i));
  expect(await bytes()).toBeLessThan(before.bytes * 0.85);
  // Counts, previews and what waits are as they were.
  expect(await at.store.listConversations(account)).toEqual(before.list);
  expect((await at.store.timelinePage({ account, conv: 'old', limit: 1 })).waiting).toMatchObject([
    { id: 'waits' },
  ]);
  expect(await at.store.readDraft({ account, conv: 'old' })).toMatchObject({ text: 'begun' });
  const gone = await at.store.search({ account, q: '"text 10"', zone: 0, limit: 9, cursor: null });
  expect(gone.items.map(({ conv, n }) => [conv, n])).toEqual([['new', 10]]);
  expect(gone.coverage.complete).toBe(false);
});

it('is not filled again of itself, but where somebody comes to it, and with the same content', async () => {
  const limit = Math.round((await bytes()) * 0.8);
  await at.store.limitHistory(limit);
  await at.chores(2_000);
  const wanted = () => at.store.holes({ account, focused: 'old' });
  await at.crash();
  // Opened at its newest, it asks for nothing.
  await at.store.timelinePage({ account, conv: 'old', limit: 50 });
  expect(await wanted()).toEqual([]);
  // A snapshot does not bring it back either.
  const log = logs.get('old')!;
  const head = { ...log.headOf(PLACES + 1), form: 'group' as const };
  const raw = frame({ t: 'heads', conversations: [head], registers: [], upTo: log.cursor(PLACES + 1) });
  await at.store.storeFrame({ account, raw });
  expect(await wanted()).toEqual([]);
  // Somebody scrolls up, until they come to it.
  let before = await at.store.timelinePage({ account, conv: 'old', limit: 50 });
  for (let i = 0; i < 20 && (await wanted()).length === 0; i++)
    before = await at.store.timelinePage({ account, conv: 'old', to: before.rows[0]!.n! - 1, limit: 50 });
  const asked = await wanted();
  const places = asked.reduce((sum, hole) => sum + hole.to - hole.from + 1, 0);
  expect(places).toBeGreaterThan(0);
  expect(places).toBeLessThanOrEqual(400);
  const { rows } = await complete('old');
  for (const { from, to } of asked) await at.store.storeFrame({ account, raw: page(log, from, to) });
  const after = await complete('old');
  expect(after.rows.length).toBe(rows.length + places);
  expect(before.unbroken).toBe(true);
  const shown = await at.store.timelinePage({ account, conv: 'old', limit: 1_000 });
  expect(shown.unbroken).toBe(true);
  for (const row of shown.rows.filter(({ kind, n }) => kind === 'message' && n !== 300)) {
    const entry = log.at(row.n!);
    expect(row.body).toEqual('body' in entry ? entry.body : null);
  }
});

it('makes room when it is told to, whatever the limit: the newest stay, the rest is a hole, and once it is enough', async () => {
  const before = await at.store.historyUse(account);
  await at.store.clearHistory(account);
  await at.chores(3_000);
  const after = await at.store.historyUse(account);
  expect(after.bytes).toBeLessThan(before.bytes * 0.7);
  expect(after.messages).toBeLessThan(before.messages);
  for (const conv of ['old', 'new']) {
    const { rows } = await complete(conv);
    // With the edit at the head, which is folded into its message.
    expect(rows.slice(-199)).toEqual(Array.from({ length: 199 }, (_, i) => PLACES - 198 + i));
  }
  // What is fetched again stays.
  const log = logs.get('new')!;
  await at.store.timelinePage({ account, conv: 'new', from: 2, limit: 50 });
  await at.store.storeFrame({ account, raw: page(log, 2, 60) });
  const filled = await at.store.historyUse(account);
  await at.chores(500);
  expect((await at.store.historyUse(account)).messages).toBe(filled.messages);
});

it('goes on with making room where the app ended in the middle of it, and not once it was done', async () => {
  const before = await at.store.historyUse(account);
  await at.store.clearHistory(account);
  await at.chores(3);
  const begun = await at.store.historyUse(account);
  expect(begun.messages).toBeGreaterThan(before.messages * 0.8);
  await at.crash();
  await at.chores(3_000);
  const after = await at.store.historyUse(account);
  expect(after.bytes).toBeLessThan(before.bytes * 0.7);
  const log = logs.get('new')!;
  await at.store.timelinePage({ account, conv: 'new', from: 2, limit: 50 });
  await at.store.storeFrame({ account, raw: page(log, 2, 60) });
  const filled = await at.store.historyUse(account);
  await at.crash();
  await at.chores(500);
  expect((await at.store.historyUse(account)).messages).toBe(filled.messages);
});

it('gives back what the index took as well, while it is open: no more is given up than has to be, and what stays is found', async () => {
  const words = Array.from({ length: 3_000 }, (_, i) => `w${(i * 7_919).toString(36)}`);
  const log = new TestLog('talk');
  log.create('ann', 'create-talk', ['ann', ME], 'group');
  const places = 1_500;
  const text = (n: number) =>
    `mark${n} ${Array.from({ length: 20 }, (_, k) => words[(n * 31 + k * k * 17) % words.length]).join(' ')}`;
  for (let n = 2; n <= places; n++) log.message('ann', `talk${n}`, text(n));
  for (let n = 0; n < places; n += 250)
    await at.store.storeFrame({ account, raw: entries(log.entries.slice(n, n + 250), log.cursor(n + 250)) });
  await at.chores(500);
  const onDisk = () => {
    const wal = statSync(`${at.path('history.db')}-wal`, { throwIfNoEntry: false });
    return statSync(at.path('history.db')).size + (wal?.size ?? 0);
  };
  const full = await at.store.historyUse(account);
  const limit = Math.round(full.bytes * 0.75);
  await at.store.limitHistory(limit);
  await at.chores(1_000);
  const less = await at.store.historyUse(account);
  expect(onDisk()).toBeLessThan(limit);
  // A little more than has to be: in its steps, and for what of every message stays.
  expect(less.messages).toBeGreaterThan(full.messages * 0.61);
  const found = async (q: string) =>
    (await at.store.search({ account, q, zone: 0, limit: 9, cursor: null })).items.map(({ n }) => n);
  await at.store.clearHistory(account);
  await at.chores(1_000);
  expect(onDisk()).toBeLessThan(full.bytes * 0.42);
  expect(await found(`mark${places - 3}`)).toEqual([places - 3]);
  expect(await found('mark40')).toEqual([]);
  expect(await found('second')).toEqual([]);
});

it('gives up nothing while somebody reads all of it, and goes on once they have', async () => {
  const before = await at.store.historyUse(account);
  await at.store.keepHistory(account, true);
  await at.store.clearHistory(account);
  await at.chores(500);
  expect((await at.store.historyUse(account)).messages).toBe(before.messages);
  expect(await at.store.missingPlaces({ account, conv: 'old', to: PLACES })).toEqual([]);
  await at.store.keepHistory(account, false);
  await at.chores(3_000);
  expect((await at.store.historyUse(account)).messages).toBeLessThan(before.messages);
  const missing = await at.store.missingPlaces({ account, conv: 'old', to: 299 });
  expect(missing[0]!.from).toBe(2);
  expect(missing.at(-1)!.to).toBe(299);
});

it('keeps what was said about a message later: one that is fetched again alone is as it is now', async () => {
  const log = logs.get('old')!;
  log.say('ann', 'late', { kind: 'edit', target: 301, body: { type: 'text/plain', text: 'late' } });
  for (let i = 0; i < 500; i++) log.message('ann', `later${i}`, `later ${i}`);
  const all = log.entries.length;
  await at.store.storeFrame({ account, raw: entries(log.entries.slice(PLACES + 1), log.cursor(all)) });
  await at.store.clearHistory(account);
  await at.chores(3_000);
  expect((await complete('old')).rows).not.toContain(301);
  await at.store.storeFrame({ account, raw: page(log, 301, 301) });
  const { rows } = await at.store.timelinePage({ account, conv: 'old', from: 301, limit: 1 });
  expect(rows[0]).toMatchObject({ n: 301, body: { text: 'late' } });
});

it('comes to an end where somebody looks at what is given up, and it comes back at once', async () => {
  const log = logs.get('old')!;
  await at.store.clearHistory(account);
  let fetched = 0;
  for (let i = 0; i < 1_000; i++) {
    await at.chores(1);
    for (const { from, to } of await at.store.missingPlaces({ account, conv: 'old', to: 200 })) {
      fetched += to - from + 1;
      await at.store.storeFrame({ account, raw: page(log, from, to) });
    }
  }
  expect(fetched).toBeGreaterThan(150);
  expect(fetched).toBeLessThan(250);
});

it('a thread that stays open brings back its beginning, and not all that was said since its root', async () => {
  const log = new TestLog('long');
  log.create('ann', 'create-long', ['ann', ME], 'group');
  for (let i = 2; i <= 2_500; i++) log.message('ann', `long${i}`, `text ${i} ${'x'.repeat(400)}`);
  await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(2_500)) });
  await at.store.clearHistory(account);
  await at.chores(5_000);
  let fetched = 0;
  // What fills holes changes rows, and whoever shows a thread asks for it again.
  for (let i = 0; i < 12; i++) {
    await at.store.thread({ account, conv: 'long', n: 2 });
    for (const { conv, from, to } of await at.store.holes({ account, focused: 'long' })) {
      if (conv !== 'long') continue;
      fetched += to - from + 1;
      await at.store.storeFrame({ account, raw: page(log, from, to) });
    }
  }
  expect(fetched).toBeGreaterThan(0);
  expect(fetched).toBeLessThanOrEqual(400);
  expect(await at.store.thread({ account, conv: 'long', n: 2 })).toMatchObject({ root: 2, absent: false });
});

it('what there is no room for is not fetched of itself: holes below the newest wait until somebody comes to them', async () => {
  const log = new TestLog('long');
  log.create('ann', 'create-long', ['ann', ME], 'group');
  for (let i = 2; i <= 3_000; i++) log.message('ann', `long${i}`, `text ${i} ${'x'.repeat(400)}`);
  const head = { ...log.headOf(3_000), form: 'group' as const };
  const raw = frame({ t: 'heads', conversations: [head], registers: [], upTo: log.cursor(3_000) });
  await at.store.storeFrame({ account, raw });
  const { bytes: used } = await at.store.historyUse(account);
  await at.store.limitHistory(used + 700_000);
  // As the session fills holes: the newest part of each first, while room is made beside it.
  let fetched = 0;
  for (let i = 0; i < 60; i++) {
    const [hole] = await at.store.holes({ account, focused: 'long' });
    if (!hole) break;
    const from = Math.max(hole.from, hole.to - 199);
    fetched += hole.to - from + 1;
    await at.store.storeFrame({ account, raw: page(log, from, hole.to) });
    await at.chores(200);
  }
  expect(await at.store.holes({ account, focused: 'long' })).toEqual([]);
  expect(fetched).toBeGreaterThan(400);
  expect(fetched).toBeLessThan(2_000);
  // Who scrolls to them has them.
  await at.store.timelinePage({ account, conv: 'long', from: 1_000, limit: 50 });
  const wanted = await at.store.holes({ account, focused: 'long' });
  expect(wanted.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(400);
});

it('what somebody pinned, and what one kept, stays: their lists say it all the same', async () => {
  const log = new TestLog('kept');
  log.create('ann', 'create-kept', ['ann', ME], 'group');
  for (let i = 2; i <= 600; i++) log.message('ann', `kept${i}`, `text ${i} ${'x'.repeat(400)}`);
  log.say('ann', 'pin', { kind: 'pin', target: 20 });
  const saved = { reg: 'saved', conv: 'kept', user: ME, v: 1, target: 30, value: 1, time: 1 };
  await at.store.storeFrame({ account, raw: entries([...log.entries, saved], log.cursor(601)) });
  await at.store.clearHistory(account);
  await at.chores(3_000);
  const { rows } = await at.store.timelinePage({ account, conv: 'kept', from: 2, limit: 300 });
  expect(rows.slice(0, 2).map(({ n }) => n)).toEqual([20, 30]);
  expect(rows.length).toBeLessThan(250);
  expect((await at.store.pinnedMessages({ account, conv: 'kept' })).rows.map(({ n }) => n)).toEqual([20]);
  expect((await at.store.savedMessages({ account })).messages.map(({ row }) => row.n)).toEqual([30]);
});

it('what is pinned or kept elsewhere, after it was given up here, is named by its list and fetched for it, and nothing beside it', async () => {
  const log = new TestLog('kept');
  log.create('ann', 'create-kept', ['ann', ME], 'group');
  for (let i = 2; i <= 600; i++) log.message('ann', `kept${i}`, `text ${i} ${'x'.repeat(400)}`);
  const hear = (items: object[]) =>
    at.store.storeFrame({ account, raw: entries(items, log.cursor(log.entries.length)) });
  await hear(log.entries);
  await at.store.clearHistory(account);
  await at.chores(3_000);
  const pin = log.say('ann', 'pin', { kind: 'pin', target: 20 });
  const mark = (target: number, reg = 'saved') => ({
    ...{ reg, conv: 'kept', user: ME, v: 1, target, value: 1, time: target },
  });
  // One that was put away since, and one that is before any place of this person, are nobody’s to fetch.
  await hear([pin, mark(30), mark(40), mark(40, 'deleted_for_me'), mark(9_000)]);
  let told = 0;
  at.store.onHolesChanged(() => void told++);
  const holes = () => at.store.holes({ account, focused: 'kept' });
  expect(await holes()).toEqual([]);
  expect(await at.store.pinnedMessages({ account, conv: 'kept' })).toEqual({ rows: [], absent: [20] });
  expect(await at.store.savedMessages({ account })).toEqual({
    ...{ messages: [], absent: [{ conv: 'kept', n: 30 }] },
  });
  expect(await holes()).toEqual([
    { conv: 'kept', from: 30, to: 30 },
    { conv: 'kept', from: 20, to: 20 },
  ]);
  await expect.poll(() => told).toBeGreaterThan(0);
  for (const n of [20, 30]) await at.store.storeFrame({ account, raw: page(log, n, n) });
  expect((await at.store.pinnedMessages({ account, conv: 'kept' })).rows.map(({ n }) => n)).toEqual([20]);
  expect((await at.store.savedMessages({ account })).messages.map(({ row }) => row.n)).toEqual([30]);
  expect((await at.store.savedMessages({ account })).absent).toEqual([]);
  expect(await holes()).toEqual([]);
});
