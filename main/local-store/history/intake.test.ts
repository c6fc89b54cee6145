import { contentHash } from '@matchbook/protocol/chain';
import type { MessageEntry } from '@matchbook/protocol/entries';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONV, entries, frame, ME, PEER, page, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;
let log: TestLog;

beforeEach(async () => {
  at = new TestStore();
  log = new TestLog();
  await at.open();
});
afterEach(() => at.dispose());

/** A create and then messages, `x` of the peer and `o` one's own. */
const fill = (turns: string) => {
  if (log.entries.length === 0) log.create(PEER, 'c', [PEER, ME]);
  for (const turn of turns) {
    const n = log.entries.length + 1;
    log.message(turn === 'o' ? ME : PEER, `m${n}`, `text ${n}`);
  }
};
const store = (items: object[], seq: number) =>
  at.store.storeFrame({ account, raw: entries(items, log.cursor(seq)) });
const feed = (from: number, to: number) => store(log.entries.slice(from - 1, to), to);
const timeline = (limit = 1_000) => at.store.timelinePage({ account, conv, limit });
const places = async () => (await timeline()).rows.map(({ n }) => n);
const holes = () => at.store.holes({ account, focused: null });
const listed = async () => (await at.store.listConversations(account))[0]!;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );
const heads = (conversations: object[], more: { upTo?: string; registers?: object[] }) =>
  at.store.storeFrame({
    account,
    raw: frame({
      t: 'heads',
      conversations,
      registers: more.registers ?? [],
      ...(more.upTo ? { upTo: more.upTo } : { more: true }),
    }),
  });

describe('entries', () => {
  it('are stored with their cursor, and stay after reopening (I8)', async () => {
    fill('xox');
    expect(await feed(1, 4)).toEqual({ upTo: log.cursor(4), items: 4, arrived: [], holes: false });
    await at.reopen();
    expect(await at.store.cursor(account)).toBe(log.cursor(4));
    const { rows, unbroken, headN } = await timeline();
    expect(rows.map(({ key, n, kind, own }) => [key, n, kind, own])).toEqual([
      ['peer/c', 1, 'create', false],
      ['peer/m2', 2, 'message', false],
      ['me/m3', 3, 'message', true],
      ['peer/m4', 4, 'message', false],
    ]);
    expect(rows[1]!.body).toEqual({ type: 'text/plain', text: 'text 2' });
    expect({ unbroken, headN }).toEqual({ unbroken: true, headN: 4 });
  });

  it('that come twice, also in other frames, are one (I3)', async () => {
    fill('xox');
    await feed(1, 3);
    await feed(1, 4);
    await store([...log.entries, ...log.entries], 4);
    expect(await places()).toEqual([1, 2, 3, 4]);
    expect((await timeline()).unbroken).toBe(true);
  });

  it('that jump ahead leave a hole, in the same transaction (I8)', async () => {
    fill('xxxxxx');
    await feed(1, 2);
    expect(await store([log.at(5)], 5)).toMatchObject({ holes: true });
    expect(await holes()).toEqual([{ conv, from: 3, to: 4 }]);
    expect((await timeline()).holes).toEqual([{ from: 3, to: 4 }]);
    await at.crash();
    expect(await holes()).toEqual([{ conv, from: 3, to: 4 }]);
    expect(await at.store.storeFrame({ account, raw: page(log, 4, 4) })).toEqual({
      ...{ upTo: null, items: 1, arrived: [], holes: true },
    });
    expect(await holes()).toEqual([{ conv, from: 3, to: 3 }]);
    await at.store.storeFrame({ account, raw: page(log, 3, 3) });
    expect(await holes()).toEqual([]);
    expect(await places()).toEqual([1, 2, 3, 4, 5]);
    expect(await at.store.cursor(account)).toBe(log.cursor(5));
  });

  it('are asked for a hundred holes at a time, and say what an answer left open (I8)', async () => {
    const logs = Array.from({ length: 120 }, (_, i) => new TestLog(`c${i}`));
    for (const one of logs) for (const id of ['m1', 'm2', 'm3']) one.message(PEER, id, 'text');
    await heads(
      logs.map((one) => one.headOf(3)),
      { upTo: log.cursor(3) },
    );
    const from = (skip: number) => at.store.holes({ account, focused: 'c7', skip });
    const all = [...(await from(0)), ...(await from(100))];
    expect([(await from(0)).length, all[0]]).toEqual([100, { conv: 'c7', from: 1, to: 3 }]);
    expect(new Set(all.map((hole) => hole.conv)).size).toBe(120);
    const parts = all.slice(0, 2).map((hole) => ({ conv: hole.conv, from: 2, to: 3 }));
    const filled = logs.find((one) => one.conv === parts[1]!.conv)!;
    await at.store.storeFrame({ account, raw: page(filled, 3, 3) });
    expect(await at.store.stillToFill({ account, parts })).toEqual([parts[0]]);
  });

  it('before one was let in, or let in again, are no holes: they are nobody’s to fetch (I6, I8)', async () => {
    log.create(PEER, 'c', [PEER, 'eve'], 'group');
    fill('xx');
    log.say(PEER, 'in', { kind: 'member_add', users: [ME] });
    fill('x');
    await feed(4, 5);
    expect(await holes()).toEqual([]);
    log.say(PEER, 'out', { kind: 'member_remove', user: ME });
    fill('xxx');
    log.say(PEER, 'again', { kind: 'member_add', users: ['zoe', ME] });
    await store([log.at(6)], 6);
    await store([log.at(10)], 10);
    expect(await holes()).toEqual([]);
    expect(await places()).toEqual([4, 5, 6, 10]);
    // Somebody else was let in: what lies before is missing.
    fill('x');
    log.say(PEER, 'else', { kind: 'member_add', users: ['max'] });
    await store([log.at(12)], 12);
    expect(await holes()).toEqual([{ conv, from: 11, to: 11 }]);
  });

  it('split a hole where a page fills its middle', async () => {
    fill('xxxxxxxx');
    await feed(1, 1);
    await store([log.at(9)], 9);
    await at.store.storeFrame({ account, raw: page(log, 4, 5) });
    expect(await holes()).toEqual([
      { conv, from: 6, to: 8 },
      { conv, from: 2, to: 3 },
    ]);
    const { rows, holes: shown, older } = await at.store.timelinePage({ account, conv, to: 8, limit: 2 });
    expect(rows.map(({ n }) => n)).toEqual([4, 5]);
    expect({ shown, older }).toEqual({ shown: [{ from: 6, to: 8 }], older: true });
  });

  it('of an unknown kind or shape are kept as they came, and hidden ones keep n dense', async () => {
    fill('x');
    const poll = { ...log.at(2), id: 'p', kind: 'poll', question: 'why', n: 3, h: 'aaaaaaaaaaaaaaaa' };
    const odd = { conv, n: 4, m: 1, h: 'bbbbbbbbbbbbbbbb', sealed: 'xyz' };
    const hidden = { conv, n: 5, m: 1, h: 'cccccccccccccccc', hidden: true };
    const badMessage = { ...log.at(2), id: 'b', body: 7, n: 6, h: 'dddddddddddddddd' };
    await store([...log.entries, poll, odd, hidden, badMessage, { reg: 'mute', conv, on: true }], 6);
    const { rows } = await timeline();
    expect(rows.map(({ n, kind }) => [n, kind])).toEqual([
      [1, 'create'],
      [2, 'message'],
      [3, 'poll'],
      [4, 'hidden'],
      [5, 'hidden'],
      [6, 'message?'],
    ]);
    expect(await holes()).toEqual([]);
    await at.store.close();
    const db = new DatabaseSync(at.path('history.db'));
    expect(
      JSON.parse((db.prepare('SELECT raw FROM entry WHERE n = 3').get() as { raw: string }).raw),
    ).toEqual(poll);
    expect(
      JSON.parse((db.prepare('SELECT raw FROM entry WHERE n = 4').get() as { raw: string }).raw),
    ).toEqual(odd);
    expect((db.prepare('SELECT raw FROM unknown').get() as { raw: string }).raw).toContain('mute');
    db.close();
  });

  it('in a frame that is none are refused with its failure, and nothing is stored', async () => {
    expect(await failure(at.store.storeFrame({ account, raw: new Uint8Array([0xff]) }))).toMatchObject({
      kind: 'bad_json',
    });
    expect(await failure(at.store.storeFrame({ account, raw: frame({ t: 'entries' }) }))).toMatchObject({
      kind: 'invalid_frame',
    });
    const pong = frame({ t: 'pong', at: 1, time: 1 });
    expect(await failure(at.store.storeFrame({ account, raw: pong }))).toMatchObject({ kind: 'bad_call' });
    expect(await at.store.cursor(account)).toBeNull();
  });
});

describe('own entries', () => {
  it('arrive as a stub and take their content from the outbox (I11)', async () => {
    log.create(PEER, 'c', [PEER, ME]);
    await feed(1, 1);
    await at.store.submit({ account, conv, id: 'one', text: 'hello', draftVersion: 0 });
    await at.store.release({ account, ids: ['one'] });
    log.message(ME, 'one', 'hello');
    expect(await store([log.stub(2)], 2)).toMatchObject({ arrived: ['one'], holes: false });
    const { rows, waiting } = await timeline();
    expect(rows[1]).toMatchObject({ id: 'one', n: 2, body: { text: 'hello' } });
    expect(waiting).toEqual([]);
    await at.store.acked({ account, conv, items: [log.ack(2)] });
    expect(await places()).toEqual([1, 2]);
  });

  it('whose stub has its content nowhere become a hole, which a page fills', async () => {
    log.create(PEER, 'c', [PEER, ME]);
    log.message(ME, 'lost', 'from a reset history');
    log.message(PEER, 'next', 'x');
    expect(await store([log.at(1), log.stub(2), log.at(3)], 3)).toMatchObject({ holes: true });
    expect(await holes()).toEqual([{ conv, from: 2, to: 2 }]);
    await at.store.storeFrame({ account, raw: page(log, 2, 2) });
    expect(await holes()).toEqual([]);
    expect((await timeline()).rows[1]).toMatchObject({ id: 'lost', own: true });
    expect((await timeline()).unbroken).toBe(true);
  });

  it('acknowledged beyond what frames told of make no hole: the stream brings what lies between (I8)', async () => {
    fill('x');
    await feed(1, 2);
    await at.store.submit({ account, conv, id: 'one', text: 'hello', draftVersion: 0 });
    await at.store.release({ account, ids: ['one'] });
    fill('xx');
    log.message(ME, 'one', 'hello');
    await at.store.acked({ account, conv, items: [log.ack(5)] });
    expect(await places()).toEqual([1, 2, 5]);
    expect(await holes()).toEqual([]);
    expect(await at.store.cursor(account)).toBe(log.cursor(2));
    await store([log.at(3), log.at(4), log.stub(5)], 5);
    expect(await places()).toEqual([1, 2, 3, 4, 5]);
    expect(await timeline()).toMatchObject({ holes: [], unbroken: true });
  });

  it('crash between the two files: the next opening takes the item out of the outbox (I3, I11)', async () => {
    log.create(PEER, 'c', [PEER, ME]);
    await feed(1, 1);
    await at.store.submit({ account, conv, id: 'one', text: 'hello', draftVersion: 0 });
    await at.store.release({ account, ids: ['one'] });
    log.message(ME, 'one', 'hello');
    await at.crash(() => {
      // As the ack left it: written to history.db, not yet out of outbox.db.
      const { m, h, time } = log.ack(2);
      const db = new DatabaseSync(at.path('history.db'));
      db.prepare(
        `INSERT INTO entry (account, conv, n, m, h, kind, time, id, sender, own, acked, body)
         VALUES (?, ?, 2, ?, ?, 'message', ?, 'one', ?, 1, 1, '{"type":"text/plain","text":"hello"}')`,
      ).run(account, conv, m!, h!, time!, ME);
      db.close();
    });
    expect(await at.store.outbox(account)).toEqual([]);
    expect((await timeline()).rows.map(({ id }) => id)).toEqual(['c', 'one']);
  });

  it('of a creation that came second leave the outbox, and the first creation is the one row', async () => {
    await at.store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } });
    log.create(PEER, 'theirs', [PEER, ME]);
    const [item] = await at.store.outbox(account);
    await at.store.release({ account, ids: [item!.id] });
    await at.store.acked({ account, conv, items: [{ ...log.ack(1), id: item!.id }] });
    expect(await at.store.outbox(account)).toEqual([]);
    await feed(1, 1);
    expect((await timeline()).rows.map(({ id }) => id)).toEqual(['theirs']);
    expect((await timeline()).unbroken).toBe(true);
    await at.store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('tell whether they are saved; saved is final, and what the log lost says so', async () => {
    fill('oooo');
    await feed(1, 5);
    expect(await at.store.unsaved(account)).toEqual({ ids: ['m5', 'm4', 'm3', 'm2'] });
    await at.store.saved({
      account,
      items: [
        { id: 'm2', state: 'saved' },
        { id: 'm3', state: 'save_delayed' },
        { id: 'm4', state: 'save_failed', reason: 'too odd' },
        { id: 'm5', state: 'unknown' },
      ],
    });
    await at.store.saved({ account, items: [{ id: 'm2', state: 'pending' }] });
    const { rows } = await timeline();
    expect(rows.map(({ save, failure }) => [save, failure?.message ?? null])).toEqual([
      [null, null],
      ['saved', null],
      ['save_delayed', null],
      ['save_failed', 'too odd'],
      ['save_failed', 'The server no longer has this message.'],
    ]);
    expect(await at.store.unsaved(account)).toEqual({ ids: ['m3'] });
  });
});

describe('the chain', () => {
  it('is broken where h does not follow, on the pages that show it; nothing is dropped', async () => {
    fill('xxxx');
    const forged = { ...log.at(3), body: { type: 'text/plain', text: 'other words' } };
    await store([log.at(1), log.at(2), forged, log.at(4), log.at(5)], 5);
    expect(await places()).toEqual([1, 2, 3, 4, 5]);
    expect((await timeline()).unbroken).toBe(false);
    expect((await at.store.timelinePage({ account, conv, from: 4, limit: 9 })).unbroken).toBe(true);
  });

  it('is checked at both ends of a hole that a page fills', async () => {
    fill('xxxx');
    await feed(1, 2);
    await store([log.at(4), log.at(5)], 5);
    expect((await timeline()).unbroken).toBe(true);
    // A third entry that follows the second, and that the fourth does not follow.
    const text = { type: 'text/plain', text: 'another third' };
    const other = new TestLog();
    for (const entry of log.entries.slice(0, 2)) other.entries.push(entry);
    other.message(PEER, 'm3', text.text);
    await at.store.storeFrame({
      account,
      raw: frame({ t: 'page', ref: 1, conv, from: 3, to: 3, items: [other.at(3)] }),
    });
    expect((await timeline()).unbroken).toBe(false);
  });

  it.each([
    ['text 2', true],
    ['other words', false],
  ])('goes on over an erased body by its hash: of %j unbroken is %s', async (text, unbroken) => {
    fill('xx');
    const content = { kind: 'message' as const, body: { type: 'text/plain', text } };
    const hash = Buffer.from(contentHash(conv, content)).toString('hex');
    const { body: _erased, ...rest } = log.at(2) as MessageEntry;
    await store([log.at(1), { ...rest, hash }, log.at(3)], 3);
    expect(await timeline()).toMatchObject({ unbroken });
    expect((await timeline()).rows[1]!.body).toBeNull();
  });
});

describe('what the log contradicts itself in', () => {
  it('two entries at one n: the first stays, the fault shows', async () => {
    fill('xx');
    await feed(1, 3);
    const other = { ...log.at(2), id: 'other', h: 'ffffffffffffffff' };
    await store([other], 4);
    const { rows, unbroken } = await timeline();
    expect(rows.map(({ id }) => id)).toEqual(['c', 'm2', 'm3']);
    expect(unbroken).toBe(false);
  });

  it('one id at two n: one row for it, no hole, the fault shows (I3)', async () => {
    fill('xx');
    await feed(1, 3);
    await store([{ ...log.at(2), n: 4, m: 3, h: 'eeeeeeeeeeeeeeee' }], 4);
    const { rows, unbroken, headN } = await timeline();
    expect(rows.map(({ id }) => id)).toEqual(['c', 'm2', 'm3']);
    expect({ unbroken, headN }).toEqual({ unbroken: false, headN: 4 });
    expect(await holes()).toEqual([]);
  });
});

describe('heads', () => {
  it('make a conversation live at once, with what is not stored as a hole; the last frame moves the cursor (I8)', async () => {
    fill('xxxxx');
    await feed(1, 2);
    const profile = { reg: 'profile', user: PEER, name: 'Bob', time: 5 };
    await heads([log.headOf(6)], {});
    expect(await at.store.cursor(account)).toBe(log.cursor(2));
    await heads([], { upTo: log.cursor(6), registers: [profile] });
    expect(await at.store.cursor(account)).toBe(log.cursor(6));
    expect(await holes()).toEqual([{ conv, from: 3, to: 6 }]);
    expect(await listed()).toMatchObject({
      headN: 6,
      unread: 5,
      members: [{ user: ME }, { user: PEER, name: 'Bob' }],
    });
    await heads([log.headOf(6)], { upTo: log.cursor(6) });
    expect(await holes()).toEqual([{ conv, from: 3, to: 6 }]);
    await at.store.storeFrame({ account, raw: page(log, 5, 6) });
    await at.store.storeFrame({ account, raw: page(log, 3, 4) });
    expect(await places()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await timeline()).toMatchObject({ holes: [], unbroken: true });
  });

  it('leave out what a user may not see', async () => {
    fill('xxxxxxx');
    await heads(
      [
        log.headOf(8, [
          [2, 3],
          [6, 8],
        ]),
      ],
      { upTo: log.cursor(8) },
    );
    expect(await holes()).toEqual([
      { conv, from: 6, to: 8 },
      { conv, from: 2, to: 3 },
    ]);
  });

  it('leave no hole of what a user may not see any more', async () => {
    fill('xxxxxxx');
    await heads([log.headOf(8)], { upTo: log.cursor(8) });
    expect(await holes()).toEqual([{ conv, from: 1, to: 8 }]);
    await heads([log.headOf(8, [[6, 8]])], { upTo: log.cursor(8) });
    expect(await holes()).toEqual([{ conv, from: 6, to: 8 }]);
  });

  it('of another log, with another h at the head, set the rows aside and have them filled anew', async () => {
    fill('xxx');
    await feed(1, 4);
    const other = new TestLog(conv, 'ffeeddccbbaa9988');
    other.create(PEER, 'c', [PEER, ME]);
    for (const n of [2, 3, 4, 5]) other.message(PEER, `m${n}`, n < 4 ? `text ${n}` : `rewritten ${n}`);
    await heads([other.headOf(4)], { upTo: other.cursor(4) });
    expect(await holes()).toEqual([{ conv, from: 1, to: 4 }]);
    await at.store.storeFrame({ account, raw: page(other, 1, 4) });
    const { rows, unbroken } = await timeline();
    expect(rows.at(-1)!.body).toEqual({ type: 'text/plain', text: 'rewritten 4' });
    expect(unbroken).toBe(true);
    await at.store.close();
    const db = new DatabaseSync(at.path('history.db'));
    expect(db.prepare('SELECT count(*) AS count FROM displaced').get()).toEqual({ count: 4 });
    db.close();
  });

  it('of a log that was put back to an older copy take back what lies beyond, and later rows find their place', async () => {
    fill('xxxx');
    await feed(1, 5);
    const other = new TestLog(conv, 'ffeeddccbbaa9988');
    for (const entry of log.entries.slice(0, 3)) other.entries.push(entry);
    await heads([other.headOf(3)], { upTo: other.cursor(3) });
    expect(await places()).toEqual([1, 2, 3]);
    expect((await listed()).headN).toBe(3);
    other.message(PEER, 'new', 'after the restore');
    await at.store.storeFrame({ account, raw: entries([other.at(4)], other.cursor(4)) });
    expect((await timeline()).rows.map(({ id }) => id)).toEqual(['c', 'm2', 'm3', 'new']);
    expect((await timeline()).unbroken).toBe(true);
  });
});

describe('unread', () => {
  const read = (user: string, n: number) => ({ reg: 'read', conv, user, n, m: log.at(n).m, time: 9 });

  it('is m at the head less m at the own read position, on the word of the log', async () => {
    fill('xxxx');
    await feed(1, 5);
    expect((await listed()).unread).toBe(4);
    await store([read(PEER, 5)], 6);
    expect((await listed()).unread).toBe(4);
    await store([read(ME, 3)], 7);
    expect((await listed()).unread).toBe(2);
    await store([read(ME, 2)], 8);
    expect((await listed()).unread).toBe(2);
    expect((await timeline()).readN).toBe(3);
  });

  it('does not count own messages, and sending marks nothing read that was not on screen (I9)', async () => {
    fill('xox');
    await feed(1, 4);
    expect((await listed()).unread).toBe(2);
    await store([read(ME, 2)], 5);
    fill('oo');
    await feed(5, 6);
    expect((await listed()).unread).toBe(1);
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('shows a mark at once, replaces one that waits, and never goes back', async () => {
    fill('xxxx');
    await feed(1, 5);
    await at.store.markRead({ account, conv, n: 3 });
    const [first] = await at.store.outbox(account);
    await at.store.markRead({ account, conv, n: 99 });
    await at.store.markRead({ account, conv, n: 4 });
    const waiting = await at.store.outbox(account);
    expect(waiting.map(({ append }) => append)).toEqual([{ kind: 'read', n: 5 }]);
    expect(waiting[0]!.id).not.toBe(first!.id);
    expect(await at.store.release({ account, ids: [first!.id] })).toEqual({ ids: [] });
    expect(await listed()).toMatchObject({ unread: 0 });
    expect(await timeline()).toMatchObject({ readN: 5, waiting: [] });
    await at.store.release({ account, ids: [waiting[0]!.id] });
    await at.store.acked({ account, conv, items: [{ id: waiting[0]!.id }] });
    await at.reopen();
    expect(await listed()).toMatchObject({ unread: 0 });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('stays on this device where others are not to know what was read', async () => {
    fill('xx');
    await feed(1, 3);
    await at.store.tellReads(false);
    await at.store.markRead({ account, conv, n: 3 });
    expect(await at.store.outbox(account)).toEqual([]);
    expect(await listed()).toMatchObject({ unread: 0 });
    await at.reopen();
    expect(await listed()).toMatchObject({ unread: 0 });
  });

  it('ends also where one is not in the conversation any more: the log hears nothing of it, or refuses it', async () => {
    log.create(PEER, 'c', [PEER, ME], 'group');
    fill('xxx');
    await feed(1, 4);
    await at.store.markRead({ account, conv, n: 3 });
    const [mark] = await at.store.outbox(account);
    log.say(PEER, 'out', { kind: 'member_remove', user: ME });
    await feed(5, 5);
    const failure = { kind: 'not_member' as const, message: 'no' };
    await at.store.refused({ account, items: [{ id: mark!.id, failure, final: true }] });
    expect(await listed()).toMatchObject({ unread: 1, member: false });
    await at.store.markRead({ account, conv, n: 5 });
    expect(await listed()).toMatchObject({ unread: 0 });
    expect(await at.store.outbox(account)).toEqual([]);
    await at.reopen();
    expect(await listed()).toMatchObject({ unread: 0 });
  });

  it('comes back where the log refused the mark for good, and the mark vanishes', async () => {
    fill('xx');
    await feed(1, 3);
    await at.store.markRead({ account, conv, n: 3 });
    const [mark] = await at.store.outbox(account);
    const failure = { kind: 'unknown_place' as const, message: 'no' };
    await at.store.refused({ account, items: [{ id: mark!.id, failure, final: true }] });
    expect(await listed()).toMatchObject({ unread: 2 });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('is nothing where one read up to the newest, also while that lies in a hole', async () => {
    fill('xxxxx');
    await heads([log.headOf(6)], { upTo: log.cursor(6) });
    expect(await listed()).toMatchObject({ unread: 5 });
    await at.store.markRead({ account, conv, n: 6 });
    expect(await listed()).toMatchObject({ unread: 0 });
  });

  const unread = (v: number, value: number) => ({ reg: 'unread', conv, user: ME, v, time: 9, value });

  it('begins again where one marked it, to oneself alone, and ends as one reads on (I9)', async () => {
    fill('xxxx');
    await feed(1, 5);
    await at.store.markRead({ account, conv, n: 5 });
    await at.store.markUnread({ account, conv, n: 3 });
    expect((await at.store.outbox(account)).map(({ append }) => append)).toEqual([
      { kind: 'read', n: 5 },
      { kind: 'unread', value: 3 },
    ]);
    expect(await listed()).toMatchObject({ unread: 3 });
    expect(await listed()).not.toHaveProperty('changes');
    expect(await timeline()).toMatchObject({ readN: 2, unreadN: 3 });
    expect(await at.store.waitingCount(account)).toMatchObject({ waiting: 0 });
    await at.reopen();
    expect(await listed()).toMatchObject({ unread: 3 });
    await at.store.markRead({ account, conv, n: 3 });
    expect(await timeline()).toMatchObject({ readN: 3, unreadN: 4 });
    await at.store.markRead({ account, conv, n: 5 });
    expect((await at.store.outbox(account)).map(({ append }) => append)).toEqual([
      { kind: 'read', n: 5 },
      { kind: 'unread', value: 0 },
    ]);
    expect(await timeline()).toMatchObject({ readN: 5, unreadN: 0 });
    expect(await listed()).toMatchObject({ unread: 0 });
    await expect(at.store.markUnread({ account, conv, n: 6 })).rejects.toMatchObject({
      failure: { kind: 'unknown_place', field: 'n' },
    });
  });

  it('is what another device marked, whatever the read position says, also where the conversation comes later', async () => {
    fill('xxo');
    await store([unread(1, 4)], 1);
    await feed(1, 4);
    await store([read(ME, 4)], 5);
    // From one's own message on: it counts as one, and the list says that it is nothing new.
    expect(await listed()).toMatchObject({ unread: 1, marked: true });
    await store([unread(2, 2)], 6);
    expect(await listed()).toMatchObject({ unread: 2 });
    expect(await listed()).not.toHaveProperty('marked');
    await store([unread(3, 0)], 7);
    expect(await listed()).toMatchObject({ unread: 0 });
    expect(await timeline()).toMatchObject({ readN: 4 });
    // A reaction is nothing new either; a message is.
    await store([unread(4, 4)], 8);
    log.say(PEER, 'r', { kind: 'reaction', target: 2, body: { type: 'text/plain', text: '👍' } });
    await store([log.at(5)], 9);
    expect(await listed()).toMatchObject({ unread: 1, marked: true });
    log.message(PEER, 'after', 'hello');
    await store([log.at(6)], 10);
    expect(await listed()).toMatchObject({ unread: 1 });
    expect(await listed()).not.toHaveProperty('marked');
  });

  it('is as the log has it where it refused the mark', async () => {
    fill('xx');
    await feed(1, 3);
    await store([read(ME, 3), unread(1, 3)], 4);
    await at.store.markUnread({ account, conv, n: 2 });
    const [mark] = await at.store.outbox(account);
    const failure = { kind: 'unknown_kind' as const, message: 'no' };
    await at.store.refused({ account, items: [{ id: mark!.id, failure: failure as never, final: true }] });
    expect(await listed()).toMatchObject({ unread: 1 });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('is none in notes to self', async () => {
    const { conv: notes } = await at.store.ensureDirect({ account, peer: null });
    const own = new TestLog(notes);
    own.create(ME, `create-${notes}`, [ME]);
    own.message(ME, 'note', 'milk');
    await at.store.storeFrame({ account, raw: entries(own.entries, own.cursor(2)) });
    expect(await listed()).toMatchObject({
      self: true,
      unread: 0,
      preview: { text: 'milk', delivery: 'sent' },
    });
  });
});

describe('changes', () => {
  it('are told after the commit, once a turn', async () => {
    fill('xxx');
    const told: unknown[] = [];
    at.store.onChanged((changed) => told.push(changed));
    const holesTold: string[] = [];
    at.store.onHolesChanged((which) => holesTold.push(which));
    await Promise.all([feed(1, 2), store([log.at(4)], 4)]);
    await expect.poll(() => told).toEqual([{ account, convs: [conv], places: {}, list: true }]);
    expect(holesTold).toEqual([account]);
  });

  it('of a name reach the conversations of its bearer', async () => {
    fill('x');
    await feed(1, 2);
    await expect.poll(async () => (await listed()).headN).toBe(2);
    const profile = (name: string, time: number) => ({ reg: 'profile', user: PEER, name, time });
    await store([profile('Bob', 10)], 3);
    await store([profile('Older', 5)], 4);
    expect((await listed()).members.find(({ user }) => user === PEER)!.name).toBe('Bob');
  });
});
