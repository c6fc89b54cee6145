import { LIMITS } from '@matchbook/protocol/limits';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEEP_SUMS, knowSums } from './files/row-sums.ts';
import { CONV, entries, ME, PEER, TestLog } from './testing/log.ts';
import { ACCOUNT, TestStore } from './testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
const HASH = 'a'.repeat(64);
const file = { hash: HASH, name: 'plan.pdf', type: 'application/pdf', size: 7 };
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );
const submit = (id: string, text: string, rest: object = {}) =>
  at.store.submit({ account, conv, id, text, draftVersion: 0, ...rest });
const draft = () => at.store.readDraft({ account, conv });
const refuse = (
  id: string,
  kind: 'not_member' | 'conflict' | 'rate_limited' | 'blocked' | 'unknown_conversation',
  more: object = {},
) =>
  at.store.refused({
    account,
    items: [{ id, failure: { kind, message: kind }, final: kind !== 'rate_limited', ...more }],
  });

it('what was said in a conversation that is refused failed for the same reason, and for its own where that is another one', async () => {
  const { conv: direct } = await at.store.ensureDirect({ account, peer: { user: 'eve', name: 'Eve' } });
  await at.store.submit({ account, conv: direct, id: 'hello', text: 'hello', draftVersion: 0 });
  const ids = (await at.store.outbox(account)).map(({ id }) => id);
  await at.store.release({ account, ids });
  await refuse(ids[0]!, 'blocked');
  await refuse('hello', 'unknown_conversation');
  const { items } = await at.store.waitingItems(account);
  expect(items.map(({ id, failure }) => [id, failure?.kind])).toEqual([
    [ids[0], 'blocked'],
    ['hello', 'blocked'],
  ]);
  await at.store.submit({ account, conv, id: 'other', text: 'other', draftVersion: 0 });
  await at.store.release({ account, ids: ['other'] });
  await refuse('other', 'unknown_conversation');
  expect((await at.store.waitingItems(account)).items.at(-1)?.failure?.kind).toBe('unknown_conversation');
});

describe('a group that the log does not take', () => {
  const group = 'unmade';
  const listed = async () => (await at.store.listConversations(account)).map((row) => row.conv);
  const discard = (id: string) => at.store.discard({ account, id, newId: `not-${id}` });

  it('goes with the last that was to be in it, and stays for what was begun to be written', async () => {
    const create = { id: 'c', kind: 'create', form: 'group', members: [ME, PEER] };
    await at.store.append({ account, conv: group, append: create });
    await at.store.submit({ account, conv: group, id: 'hello', text: 'hello', draftVersion: 0 });
    const ids = (await at.store.outbox(account)).map(({ id }) => id);
    await at.store.release({ account, ids });
    const changes = async () => (await at.store.listConversations(account))[0]?.changes ?? [];
    expect(await changes()).toEqual([]);
    for (const id of ids) await refuse(id, 'not_member');
    // So that the conversation itself can say why.
    expect(await changes()).toMatchObject([{ id: 'c', delivery: 'failed', failure: { kind: 'not_member' } }]);
    // Nor is it greeted in while it is tried again.
    await at.store.retry({ account, id: 'c', newId: 'c-again' });
    expect(await changes()).toMatchObject([
      { id: 'c-again', delivery: 'queued', failure: { kind: 'not_member' } },
    ]);
    await refuse('c-again', 'not_member');
    await discard('c-again');
    expect(await changes()).toEqual([]);
    expect(await listed()).toEqual([group]);
    const { version } = await at.store.saveDraft({ account, conv: group, text: 'and' });
    await discard('hello');
    expect(await listed()).toEqual([group]);
    await at.store.submit({ account, conv: group, id: 'and', text: 'and', draftVersion: version });
    await discard('and');
    expect(await listed()).toEqual([]);
    await at.reopen();
    expect(await listed()).toEqual([]);
  });

  it('is tried again with the name that it was given, and goes with it; what was written there keeps it', async () => {
    const named = { type: 'text/plain', text: 'Picnic' };
    const waiting = async () =>
      (await at.store.waitingItems(account)).items.map(({ id, failure }) => [id, failure?.kind]);
    const refuseAll = async () => {
      const ids = (await at.store.outbox(account)).map(({ id }) => id);
      await at.store.release({ account, ids });
      for (const id of ids) await refuse(id, id.startsWith('c') ? 'not_member' : 'unknown_conversation');
    };
    const make = async () => {
      const create = { id: 'c', kind: 'create', form: 'group', members: [ME, PEER] };
      await at.store.append({ account, conv: group, append: create });
      const rename = { id: 'r', kind: 'rename', body: named };
      await at.store.append({ account, conv: group, append: rename });
      await refuseAll();
    };
    await make();
    await at.store.retry({ account, id: 'c', newId: 'c2' });
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['c2', 'c2-0']);
    await refuseAll();
    expect(await listed()).toEqual([group]);
    await discard('c2');
    expect(await waiting()).toEqual([]);
    expect(await listed()).toEqual([]);

    await make();
    await at.store.submit({ account, conv: group, id: 'hello', text: 'hello', draftVersion: 0 });
    await refuseAll();
    await discard('c');
    expect((await waiting()).map(([id]) => id).toSorted()).toEqual(['hello', 'r']);
    await discard('r');
    await discard('hello');
    expect(await listed()).toEqual([]);
  });

  it('is tried again, and named, ahead of a message in it that is', async () => {
    const appends = [
      { id: 'c', kind: 'create', form: 'group', members: [ME, PEER] },
      { id: 'r', kind: 'rename', body: { type: 'text/plain', text: 'Picnic' } },
    ];
    for (const append of appends) await at.store.append({ account, conv: group, append });
    await at.store.submit({ account, conv: group, id: 'hello', text: 'hello', draftVersion: 0 });
    const ids = (await at.store.outbox(account)).map(({ id }) => id);
    await at.store.release({ account, ids });
    for (const id of ids) await refuse(id, id === 'c' ? 'not_member' : 'unknown_conversation');
    await at.store.retry({ account, id: 'hello', newId: 'h2' });
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['h2-c', 'h2-c-0', 'h2']);
  });
});

describe('a draft', () => {
  it('keeps what it has besides its text, through a restart, and a message that was made of it clears all of it', async () => {
    const more = { reply: { id: 'mine' }, mentions: ['bob'], files: [file] };
    const { version } = await at.store.saveDraft({ account, conv, text: 'see', more });
    await at.reopen();
    expect(await draft()).toMatchObject({ text: 'see', more });
    // A keystroke says nothing of the rest.
    const later = await at.store.saveDraft({ account, conv, text: 'see this', basis: version });
    expect(await draft()).toMatchObject({ text: 'see this', more });
    await submit('mine', 'mine');
    await submit('a', 'see this', { more, draftVersion: later.version });
    expect(await draft()).toEqual({ text: '', version: later.version + 1, updatedAt: expect.any(Number) });
  });

  it('of files alone is one, and can be emptied', async () => {
    await at.store.saveDraft({ account, conv, text: '', more: { files: [file] } });
    expect((await at.store.unsent(account)).drafts).toEqual([{ conv, text: '' }]);
    await at.store.saveDraft({ account, conv, text: '', more: null });
    expect(await draft()).not.toHaveProperty('more');
    expect((await at.store.unsent(account)).drafts).toEqual([]);
  });

  it('goes to the other devices with what a body may say, and comes back from them', async () => {
    await at.store.saveDraft({ account, conv, text: 'yes', more: { reply: 4, mentions: ['bob'] } });
    await at.store.shareDraft({ account, conv });
    const [sent] = await at.store.outbox(account);
    expect(sent?.append).toMatchObject({
      kind: 'draft',
      body: { type: 'application/vnd.matchbook.message+json' },
    });
    const { body } = sent!.append as { body: { text: string } };
    expect(JSON.parse(body.text)).toEqual({ text: 'yes', reply: 4, mentions: ['bob'] });
    await at.store.release({ account, ids: [sent!.id] });
    await at.store.acked({ account, conv, items: [{ id: sent!.id }] });
    expect(await at.store.outbox(account)).toEqual([]);
    const there = {
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: 'yes, at eight', reply: 5 }),
    };
    const register = { reg: 'draft', conv, user: ME, v: 2, time: 9, body: there };
    await at.store.storeFrame({ account, raw: entries([register], new TestLog().cursor(9)) });
    expect(await draft()).toMatchObject({ text: 'yes, at eight', more: { reply: 5 } });
  });
});

it('a draft that is saved to be shared waits for the other devices, also one that was emptied', async () => {
  const waiting = async () =>
    (await at.store.outbox(account)).map(
      ({ append }) => (append as { body?: { text: string } }).body?.text ?? null,
    );
  await at.store.saveDraft({ account, conv, text: 'begun' });
  expect(await waiting()).toEqual([]);
  await at.store.saveDraft({ account, conv, text: 'begun here', share: true });
  expect(await waiting()).toEqual(['begun here']);
  const [first] = await at.store.outbox(account);
  await at.store.release({ account, ids: [first!.id] });
  await at.store.acked({ account, conv, items: [{ id: first!.id }] });
  await at.store.saveDraft({ account, conv, text: '', share: true });
  expect(await waiting()).toEqual([null]);
});

describe('a draft that another device has changed too', () => {
  const earlier = async () => (await at.store.earlierTexts({ account, conv })).map(({ text }) => text);
  beforeEach(async () => {
    await at.store.saveDraft({ account, conv, text: 'mine' });
    const register = {
      reg: 'draft',
      conv,
      user: ME,
      v: 1,
      time: 9,
      body: { type: 'text/plain', text: 'theirs' },
    };
    await at.store.storeFrame({ account, raw: entries([register], new TestLog().cursor(9)) });
  });

  it('shows both until the person chooses, through a restart, and shares neither before', async () => {
    const both = { text: 'mine', other: { text: 'theirs' } };
    expect(await draft()).toMatchObject(both);
    await at.reopen();
    expect(await draft()).toMatchObject(both);
    await at.store.shareDraft({ account, conv });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it.each([
    ['dismiss', 'mine', ['theirs']],
    ['use', 'theirs', ['mine']],
    ['both', 'theirs\nmine', []],
  ] as const)(
    '%s: what was not chosen is an earlier text, and nothing is asked any more',
    async (choice, text, left) => {
      await at.store.chooseDraft({ account, conv, choice });
      expect((await draft()).text).toBe(text);
      expect(await draft()).not.toHaveProperty('other');
      expect(await earlier()).toEqual(left);
    },
  );

  it('keeps no earlier text of what the chosen one has in it', async () => {
    const { version } = await draft();
    await at.store.saveDraft({ account, conv, text: 'mine, and theirs', basis: version });
    await at.store.chooseDraft({ account, conv, choice: 'dismiss' });
    expect(await earlier()).toEqual([]);
  });
});

describe('back to the draft', () => {
  it('a message takes its answer, its people and its files along, before whatever stands there', async () => {
    await submit('first', 'first');
    await submit('a', 'look', { more: { reply: { id: 'first' }, mentions: ['bob'], files: [file] } });
    await at.store.saveDraft({ account, conv, text: 'and more', more: { mentions: ['cy'] } });
    const told: string[][] = [];
    at.store.onDraftsChanged((_account, convs) => told.push(convs));
    const taken = await at.store.toDraft({ account, id: 'a' });
    await expect.poll(() => told).toEqual([[conv]]);
    expect(taken).toMatchObject({
      text: 'look\nand more',
      more: { reply: { id: 'first' }, mentions: ['bob', 'cy'], files: [file] },
    });
    const again = await submit('b', taken.text, { more: taken.more, draftVersion: taken.version });
    expect(JSON.parse((again.body as { text: string }).text)).toMatchObject({ files: [file] });
    expect(await draft()).toMatchObject({ text: '' });
  });
});

it('a text that was begun for another conversation goes nowhere, and stays (wrong_recipient)', async () => {
  const { version } = await at.store.saveDraft({ account, conv, text: 'for Bob' });
  expect(await failure(submit('a', 'for Bob', { draftVersion: version, boundTo: 'other' }))).toMatchObject({
    ...{ kind: 'wrong_recipient', field: 'boundTo' },
  });
  expect(await at.store.outbox(account)).toEqual([]);
  expect(await draft()).toMatchObject({ text: 'for Bob', version });
  await submit('a', 'for Bob', { draftVersion: version, boundTo: conv });
  expect(await at.store.outbox(account)).toMatchObject([{ id: 'a', conv }]);
});

describe('a register of one’s own that another device sets too', () => {
  const log = new TestLog();
  log.create();
  log.message(PEER, 'one', 'one');
  const set = async (kind: string, value: number, id = `s-${kind}`) => {
    const append = { id, kind, value, replaces: 0 };
    await at.store.append({ account, conv, append });
    await at.store.release({ account, ids: [append.id] });
    return append.id;
  };
  const row = async () => (await at.store.listConversations(account)).find((one) => one.conv === conv)!;
  beforeEach(() => at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) }));

  it.each([
    ['mute', 77, () => row().then((one) => one.mutedUntil)],
    ['pinned', 3, () => row().then((one) => one.pinned)],
    ['archived', 1, () => row().then((one) => Number(one.archived))],
  ])('%s: what it says now holds here too, and nothing is left as failed', async (kind, value, shown) => {
    const id = await set(kind, 5);
    expect((await row()).changes).toHaveLength(1);
    // What was chosen shows at once.
    expect(await shown()).toBe(kind === 'archived' ? 0 : 5);
    await refuse(id, 'conflict', { present: { reg: kind, conv, user: ME, v: 1, time: 5_000, value } });
    expect(await shown()).toBe(value);
    expect((await row()).changes).toBeUndefined();
    expect(await at.store.waitingCount(account)).toMatchObject({ waiting: 0, failed: 0 });
  });

  it.each([
    ['mute', 77, () => row().then((one) => one.mutedUntil)],
    ['pinned', 3, () => row().then((one) => one.pinned)],
    ['archived', 1, () => row().then((one) => Number(one.archived))],
  ])('%s: holds from the answer on, before its own item has come', async (kind, value, shown) => {
    const id = await set(kind, value);
    await at.store.acked({ account, conv, items: [{ id, v: 2, time: 5_000 }] });
    expect(await shown()).toBe(value);
    expect((await row()).changes).toBeUndefined();
    // Its own item, and one from before it: nothing changes.
    const item = { reg: kind, conv, user: ME, time: 5_000 };
    const items = [
      { ...item, v: 2, value },
      { ...item, v: 1, value: 0 },
    ];
    await at.store.storeFrame({ account, raw: entries(items, log.cursor(2)) });
    expect(await shown()).toBe(value);
    // Another device was later, and its item came before the answer to this one's.
    const late = await set(kind, value, 'late');
    await at.store.storeFrame({
      account,
      raw: entries([{ ...item, v: 4, value: 0 }], log.cursor(3)),
    });
    await at.store.acked({ account, conv, items: [{ id: late, v: 3, time: 5_001 }] });
    expect(await shown()).toBe(0);
  });

  it('a mark holds from the answer on too, and a block', async () => {
    const profile = { reg: 'profile', user: PEER, name: 'Pia', time: 1 };
    await at.store.storeFrame({ account, raw: entries([profile], log.cursor(2)) });
    for (const append of [
      { id: 's', kind: 'saved' as const, target: 2, value: 1 as const },
      { id: 'b', kind: 'block' as const, of: PEER, value: 1 as const },
    ])
      await at.store.append({ account, conv, append });
    await at.store.release({ account, ids: ['s', 'b'] });
    await at.store.acked({
      account,
      conv,
      items: [
        { id: 's', v: 1, time: 5_000 },
        { id: 'b', v: 1, time: 5_000 },
      ],
    });
    expect(await at.store.outbox(account)).toEqual([]);
    expect((await at.store.savedMessages({ account })).messages.map(({ row }) => row.n)).toEqual([2]);
    expect((await at.store.knownPeople(account)).filter(({ blocked }) => blocked)).toMatchObject([
      { user: PEER },
    ]);
  });

  it('one that is not of this person changes nothing', async () => {
    const id = await set('mute', 5);
    await refuse(id, 'conflict', { present: { reg: 'mute', conv, user: PEER, v: 1, time: 5, value: 9 } });
    expect((await row()).mutedUntil).toBe(0);
    expect(await at.store.waitingCount(account)).toMatchObject({ waiting: 0 });
  });
});

describe('the way of a message', () => {
  const passport = (target: number | { id: string }) => at.store.passport({ account, conv, target });
  const steps = async (id: string) => (await passport({ id }))?.steps.map(({ what }) => what);

  it('tells each attempt and what was in its way, and goes on where it left the outbox', async () => {
    const log = new TestLog();
    log.create();
    await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) });
    await submit('a', 'hello');
    await at.store.release({ account, ids: ['a'] });
    await refuse('a', 'rate_limited');
    await at.store.release({ account, ids: ['a'] });
    const waits = await passport({ id: 'a' });
    expect(waits).toMatchObject({ n: null, bytes: 5, own: true, receipts: null });
    expect(waits?.steps.map(({ what, failure: why }) => [what, why?.kind])).toEqual([
      ...[
        ['queued', undefined],
        ['tried', undefined],
        ['refused', 'rate_limited'],
        ['tried', undefined],
      ],
    ]);
    log.message(ME, 'a', 'hello');
    await at.store.acked({ account, conv, items: [log.ack(2)] });
    await at.reopen();
    const taken = await passport({ id: 'a' });
    expect(taken).toMatchObject({ n: 2, h: log.at(2).h, save: null });
    expect(taken?.steps.at(-1)?.what).toBe('taken');
    expect(taken?.receipts).toEqual([{ user: PEER, name: null, state: 'sent' }]);
    const position = { reg: 'read', conv, user: PEER, n: 2, m: 1, time: 9 };
    await at.store.storeFrame({ account, raw: entries([position], log.cursor(3)) });
    await at.store.saved({ account, items: [{ id: 'a', state: 'saved' }] });
    expect(await passport(2)).toMatchObject({ save: 'saved', receipts: [{ user: PEER, state: 'read' }] });
  });

  it('follows other words and a retry under other ids, and ends where the person takes it back', async () => {
    await submit('a', 'one');
    await at.store.edit({ account, id: 'a', newId: 'b', text: 'two' });
    await at.store.release({ account, ids: ['b'] });
    await refuse('b', 'not_member');
    await at.store.retry({ account, id: 'b', newId: 'c' });
    expect(await steps('c')).toEqual(['queued', 'tried', 'failed', 'queued']);
    expect(await passport({ id: 'b' })).toBeNull();
    await at.store.discard({ account, id: 'c', newId: 'd' });
    expect(await passport({ id: 'c' })).toBeNull();
  });

  it('keeps the beginning and the newest steps of one that is tried again and again', async () => {
    await submit('a', 'one');
    for (let i = 0; i < 60; i++) {
      await at.store.release({ account, ids: ['a'] });
      await refuse('a', 'rate_limited');
    }
    const all = (await steps('a'))!;
    expect(all).toHaveLength(40);
    expect(all[0]).toBe('queued');
    expect(all.at(-1)).toBe('refused');
  });
});

it(`the limit of ${LIMITS.outboxItems} items is one for all accounts of a profile`, async () => {
  const other = 'account-2';
  await at.store.openAccount({ account: other, user: ME, device: 'device-1' });
  await at.store.close();
  const db = new DatabaseSync(at.path('outbox.db'));
  const content = JSON.stringify({ kind: 'message', body: { type: 'text/plain', text: 'x' } });
  knowSums(db);
  db.exec(KEEP_SUMS);
  db.exec('BEGIN');
  const insert = db.prepare(
    `INSERT INTO item (account, id, conv, kind, content, created) VALUES (?, ?, ?, 'message', ?, 1)`,
  );
  for (let i = 1; i < LIMITS.outboxItems; i++) insert.run(account, `bulk-${i}`, conv, content);
  db.exec('COMMIT');
  db.close();
  await at.reopen();
  await at.store.openAccount({ account: other, user: ME, device: 'device-1' });
  const submitOther = (id: string) =>
    at.store.submit({ account: other, conv, id, text: id, draftVersion: 0 });
  await submitOther('fits');
  expect(await failure(submitOther('beyond'))).toMatchObject({ kind: 'outbox_full' });
  expect(await failure(submit('beyond', 'beyond'))).toMatchObject({ kind: 'outbox_full' });
});
