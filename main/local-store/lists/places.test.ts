import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONV, entries, frame, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
const RICH = 'application/vnd.matchbook.message+json';
let at: TestStore;
let log: TestLog;

beforeEach(async () => {
  at = new TestStore();
  log = new TestLog();
  await at.open();
  log.create(PEER, 'c', [PEER, ME]);
});
afterEach(() => at.dispose());

const say = (text: string) => log.message(PEER, `m${log.entries.length + 1}`, text).n;
const rich = (content: object | string) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return log.say(PEER, `r${log.entries.length + 1}`, { kind: 'message', body: { type: RICH, text } }).n;
};
const about = (kind: 'pin' | 'delete', target: number, more: object = {}) =>
  log.say(PEER, `a${log.entries.length + 1}`, { kind, target, ...more } as never).n;
const store = (items: object[] = log.entries) =>
  at.store.storeFrame({ account, raw: entries(items, log.cursor(log.entries.length)) });
const mark = (reg: 'saved' | 'deleted_for_me', target: number, value: number, time: number) => ({
  ...{ reg, conv, user: ME, v: 1, target, value, time },
});
const page = (range: object) => at.store.timelinePage({ account, conv, limit: 5, ...range });
const ns = ({ rows }: { rows: { n: number | null }[] }) => rows.map(({ n }) => n);

describe('a window anywhere in the history', () => {
  it('is read onwards and backwards by lines, and says whether there is more to either side', async () => {
    for (let i = 0; i < 12; i++) say(`text ${i}`);
    about('pin', 3);
    await store([...log.entries, mark('deleted_for_me', 6, 1, 1)]);
    const onward = await page({ after: 4 });
    expect(ns(onward)).toEqual([4, 5, 7, 8, 9]);
    expect(onward).toMatchObject({ older: true, newer: true });
    expect(ns(await page({ after: 10 }))).toEqual([10, 11, 12, 13]);
    expect(await page({ after: 10 })).toMatchObject({ older: true, newer: false });
    expect(await page({ to: 8 })).toMatchObject({ older: true, newer: true });
    expect(ns(await page({ to: 8 }))).toEqual([3, 4, 5, 7, 8]);
    expect(await page({})).toMatchObject({ older: true, newer: false });
    expect(await page({ after: 1 })).toMatchObject({ older: false, newer: true });
  });

  it('knows that there is more where what follows is a hole', async () => {
    for (let i = 0; i < 9; i++) say(`text ${i}`);
    await store(log.entries.slice(0, 4));
    await at.store.storeFrame({
      account,
      raw: frame({ t: 'heads', conversations: [log.headOf(10)], registers: [], upTo: log.cursor(10) }),
    });
    expect(await page({ after: 2 })).toMatchObject({ holes: [{ from: 5, to: 10 }] });
    expect(await page({ to: 4 })).toMatchObject({ newer: true });
  });

  it('finds the first line of a time', async () => {
    for (let i = 0; i < 20; i++) say(`text ${i}`);
    await store();
    const dated = async (time: number) => (await at.store.datedPlace({ account, conv, time })).n;
    // The log's time is 1,000 and the place.
    expect(await dated(1_008)).toBe(8);
    expect(await dated(0)).toBe(1);
    expect(await dated(9_999)).toBe(21);
    expect((await at.store.datedPlace({ account, conv: 'none', time: 1 })).n).toBeNull();
  });
});

describe('answers', () => {
  it('show the other message as it is: changed, deleted, put away, not here', async () => {
    const first = say('the **first**');
    const second = say('||second||');
    const gone = say('gone');
    const hidden = say('hidden');
    for (const reply of [first, second, gone, hidden, 500]) rich({ text: 'answer', reply });
    about('delete', gone);
    await store([...log.entries, mark('deleted_for_me', hidden, 1, 1)]);
    const { rows } = await page({ limit: 50 });
    expect(rows.flatMap(({ quote }) => (quote ? [[quote.n, quote.state, quote.text]] : []))).toEqual([
      [first, 'there', 'the first'],
      [second, 'there', '■■■■'],
      [gone, 'deleted', null],
      [hidden, 'hidden', null],
      [500, 'absent', null],
    ]);
  });

  it('are one thread from its root, from wherever one asks, also beside bodies that say nonsense', async () => {
    const root = say('root');
    const one = rich({ text: 'one', reply: root });
    const two = rich({ text: 'two', reply: one });
    say('not in it');
    rich('{ no json');
    rich(`{"text": 1, "reply": "${root}"}`);
    rich('');
    const three = rich({ text: 'three', reply: root });
    // Round in a circle, as only another client would write it.
    const last = log.entries.length + 1;
    rich({ text: 'self', reply: last });
    await store();
    for (const n of [root, one, two, three]) {
      const thread = await at.store.thread({ account, conv, n });
      expect(thread).toMatchObject({ root, absent: false, more: false, holes: [] });
      expect(ns(thread)).toEqual([root, one, two, three]);
    }
    expect(ns(await at.store.thread({ account, conv, n: last }))).toEqual([last]);
  });

  it('say where they end on this device: the first message, or answers between, that are not here yet', async () => {
    const root = say('root');
    const one = rich({ text: 'one', reply: root });
    for (let i = 0; i < 5; i++) say(`beside ${i}`);
    const two = rich({ text: 'two', reply: root });
    const three = rich({ text: 'three', reply: two });
    await at.store.storeFrame({
      account,
      raw: frame({ t: 'heads', conversations: [log.headOf(three)], registers: [], upTo: log.cursor(three) }),
    });
    const fetched = (from: number, to: number) =>
      at.store.storeFrame({
        account,
        raw: frame({ t: 'page', ref: 1, conv, from, to, items: log.entries.slice(from - 1, to) }),
      });
    await fetched(two, three);
    const late = await at.store.thread({ account, conv, n: three });
    expect(late).toMatchObject({ root, absent: true, holes: [{ from: root, to: two - 1 }] });
    expect(ns(late)).toEqual([two, three]);
    await fetched(1, root);
    expect(await at.store.thread({ account, conv, n: three })).toMatchObject({
      ...{ root, absent: false, holes: [{ from: one, to: two - 1 }] },
    });
    await fetched(one, two - 1);
    const whole = await at.store.thread({ account, conv, n: three });
    expect(whole).toMatchObject({ absent: false, holes: [] });
    expect(ns(whole)).toEqual([root, one, two, three]);
  });

  it('are counted at the message that was answered, with those that are not read', async () => {
    const root = say('root');
    rich({ text: 'one', reply: root });
    log.say(ME, 'own', {
      kind: 'message',
      body: { type: RICH, text: JSON.stringify({ text: 'two', reply: root }) },
    });
    rich({ text: 'three', reply: root });
    const other = say('another root');
    rich({ text: 'four', reply: other });
    await store();
    await at.store.markRead({ account, conv, n: root + 1 });
    const { rows } = await page({ limit: 50 });
    expect(rows.map(({ n, answers }) => [n, answers])).toEqual([
      [1, undefined],
      [root, { count: 3, fresh: 1 }],
      [root + 1, undefined],
      [root + 2, undefined],
      [root + 3, undefined],
      [other, { count: 1, fresh: 1 }],
      [other + 1, undefined],
    ]);
  });

  it('to answers are counted at all that stand above, as the thread shows them: without what is deleted or put away', async () => {
    const root = say('root');
    const one = rich({ text: 'one', reply: root });
    const two = rich({ text: 'two', reply: one });
    const three = rich({ text: 'three', reply: two });
    const gone = rich({ text: 'gone', reply: root });
    const hidden = rich({ text: 'hidden', reply: one });
    // Round in a circle, as only another client would write it.
    rich({ text: 'ahead', reply: log.entries.length + 2 });
    rich({ text: 'back', reply: log.entries.length });
    about('delete', gone);
    await store([...log.entries, mark('deleted_for_me', hidden, 1, 1)]);
    await at.store.markRead({ account, conv, n: two });
    const { rows } = await page({ limit: 50 });
    expect(rows.flatMap(({ n, answers }) => (answers ? [[n, answers.count, answers.fresh]] : []))).toEqual([
      [root, 3, 1],
      [one, 2, 1],
      [two, 1, 1],
      [hidden + 1, 1, 1],
    ]);
    expect(ns(await at.store.thread({ account, conv, n: three }))).toEqual([root, one, two, three]);
  });
});

describe('an answer that was deleted', () => {
  const gone = async () => {
    const root = say('root');
    const one = rich({ text: 'one', reply: root });
    const two = rich({ text: 'two', reply: one });
    const three = rich({ text: 'three', reply: two });
    await store();
    const before = log.entries.length;
    about('delete', one);
    about('delete', two);
    await store(log.entries.slice(before));
    return { root, one, two, three };
  };

  it('keeps what answers it in the thread and in its count, also after a start', async () => {
    const { root, one, two, three } = await gone();
    for (const again of [false, true]) {
      if (again) await at.reopen();
      for (const n of [root, two, three]) {
        const thread = await at.store.thread({ account, conv, n });
        expect(thread).toMatchObject({ root, absent: false });
        expect(ns(thread)).toEqual([root, three]);
      }
    }
    const before = log.entries.length;
    const four = rich({ text: 'four', reply: three });
    await store(log.entries.slice(before));
    const { rows } = await page({ limit: 50 });
    expect(rows.find(({ n }) => n === root)?.answers).toEqual({ count: 2, fresh: 2 });
    expect(rows.find(({ n }) => n === one)?.body).toBeNull();
    expect(ns(await at.store.thread({ account, conv, n: four }))).toEqual([root, three, four]);
  });

  it('holds its place also where it is read again without its text, and its hash is that of before', async () => {
    const { root, two, three } = await gone();
    const items = log.entries.slice(0, three);
    await at.store.storeFrame({
      account,
      raw: frame({ t: 'page', ref: 1, conv, from: 1, to: three, items }),
    });
    expect(ns(await at.store.thread({ account, conv, n: two }))).toEqual([root, three]);
    expect(await page({ limit: 50 })).toMatchObject({ unbroken: true });
  });
});

describe('what was put aside', () => {
  it('is pinned as the last pin says, the newest first, without what was deleted for oneself', async () => {
    const [a, b, c] = [say('a'), say('b'), say('c')];
    about('pin', a!);
    about('pin', b!);
    about('pin', c!);
    about('pin', b!, { off: true });
    about('pin', a!);
    await store();
    expect(ns(await at.store.pinnedMessages({ account, conv }))).toEqual([a, c]);
    await store([mark('deleted_for_me', c!, 1, 1)]);
    expect(ns(await at.store.pinnedMessages({ account, conv }))).toEqual([a]);
  });

  it('has what waits to be pinned before it, and says of a pinned message what waits to change it', async () => {
    const [a, b, c] = [say('a'), say('b'), say('c')];
    about('pin', a);
    await store();
    const pin = async (id: string, more: object) =>
      await at.store.append({ account, conv, append: { id, kind: 'pin', ...more } });
    await pin('off', { target: a, off: true });
    await pin('one', { target: b });
    await pin('two', { target: c });
    const { rows } = await at.store.pinnedMessages({ account, conv });
    expect(ns({ rows })).toEqual([c, b, a]);
    expect(rows[2]?.changes).toMatchObject([{ append: { kind: 'pin', off: true } }]);
    // As the outbox lists them, and other marks that go.
    await pin('kept', { kind: 'saved', target: a, value: 0 });
    const { items } = await at.store.waitingItems(account);
    expect(items.map(({ kind, off, about: what }) => [kind, off, what])).toEqual([
      ['pin', true, 'a'],
      ['pin', false, 'b'],
      ['pin', false, 'c'],
      ['saved', true, 'a'],
    ]);
  });

  it('is kept in the order in which it was, and a row says so', async () => {
    const [a, b] = [say('a'), say('b')];
    await store([...log.entries, mark('saved', a!, 1, 70), mark('saved', b!, 1, 60)]);
    const saved = await at.store.savedMessages({ account });
    expect(saved.messages.map(({ row, savedAt }) => [row.n, savedAt])).toEqual([
      [a, 70],
      [b, 60],
    ]);
    await store([{ ...mark('saved', a!, 0, 80), v: 2 }]);
    expect((await at.store.savedMessages({ account })).messages.map(({ row }) => row.n)).toEqual([b]);
    expect((await page({ limit: 50 })).rows.map(({ saved: kept }) => kept === true)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
