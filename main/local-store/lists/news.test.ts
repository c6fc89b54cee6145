import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONV, entries, frame, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';
import { isNamed } from './mentions.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;
let log: TestLog;

beforeEach(async () => {
  at = new TestStore();
  log = new TestLog();
  await at.open();
  log.create(PEER, 'c', [PEER, ME]);
});
afterEach(() => at.dispose());

const say = (sender: string, text: string) => log.message(sender, `m${log.entries.length + 1}`, text);
const store = (items: object[]) =>
  at.store.storeFrame({ account, raw: entries(items, log.cursor(log.entries.length)) });
const news = (place: number, more: object = {}) =>
  at.store.news({ account, after: new Map([[conv, place]]), convs: null, rows: 50, ...more });
const profile = (user: string, name: string) => ({ reg: 'profile', user, name, time: 1 });

describe('what is new', () => {
  it('is what others wrote after a place and nobody read: names, texts and count; own ids beside it', async () => {
    say(PEER, 'one');
    say(ME, 'mine');
    say(PEER, 'two');
    await store([...log.entries, profile(PEER, 'Bob'), profile(ME, 'Ann')]);
    const [found] = await news(2);
    expect(found).toMatchObject({
      ...{ conv, form: 'direct', self: false, title: 'Bob', headN: 4, readN: 0, mutedUntil: 0, unread: 1 },
      ...{ readElsewhere: false, own: ['m3'] },
      messages: [{ id: 'm4', n: 4, name: 'Bob', text: 'two', silent: false, mentioned: false }],
    });
    expect((await news(0))[0]).toMatchObject({ unread: 2, messages: [{ n: 2 }, { n: 4 }] });
    expect(await news(4)).toEqual([]);
    expect((await news(4, { convs: [conv] }))[0]).toMatchObject({ unread: 0, messages: [], own: [] });
  });

  it('says of what has no text what it is: spoken, a photo, anything else; in the list, in a quote and in a notification alike', async () => {
    const file = (name: string, type: string, more: object = {}) => ({
      ...{ hash: 'ab'.repeat(32), name, type, size: 3 },
      ...more,
    });
    const send = (files: object[], more: object = {}) =>
      log.say(PEER, `f${log.entries.length}`, {
        kind: 'message',
        body: { type: MESSAGE_TYPE, text: JSON.stringify({ text: '', files, ...more }) },
      }).n;
    const listed = async () => (await at.store.listConversations(account))[0]?.preview;
    send([file('shore.png', 'image/png')]);
    send([file('plan.pdf', 'application/pdf')]);
    const voice = send([file('voice.webm', 'audio/webm', { waveform: [1, 2], duration: 900 })]);
    await store(log.entries);
    const [found] = await news(0);
    expect(found?.messages.map(({ kind }) => kind)).toEqual(['photo', undefined, 'voice']);
    expect(await listed()).toMatchObject({ files: ['audio/webm'], voice: true });
    send([file('song.ogg', 'audio/ogg')], { reply: voice });
    await store(log.entries);
    expect(await listed()).not.toHaveProperty('voice');
    const { rows } = await at.store.timelinePage({ account, conv, limit: 1 });
    expect(rows[0]?.quote).toMatchObject({ n: voice, files: ['voice.webm'], voice: true });
  });

  it('of a group without a name is of its members, with a sign where there are more', async () => {
    const people = ['Bob', 'Cy', 'Dan', 'Eve'].map((name) => ({ user: name.toLowerCase(), name }));
    log = new TestLog();
    log.create(PEER, 'c', [PEER, ME, ...people.map(({ user }) => user)], 'group');
    await store([
      ...log.entries,
      profile(PEER, 'Amy'),
      ...people.map(({ user, name }) => profile(user, name)),
    ]);
    say(PEER, 'hello');
    await store(log.entries);
    expect((await news(0)).map(({ form, title, among }) => [form, title, among])).toEqual([
      ['group', null, { names: ['Bob', 'Cy', 'Dan'], more: true }],
    ]);
  });

  it('ends where the person has read, here or on another device', async () => {
    say(PEER, 'one');
    say(PEER, 'two');
    await store(log.entries);
    await at.store.markRead({ account, conv, n: 2 });
    expect((await news(0))[0]).toMatchObject({ readN: 2, readElsewhere: false, unread: 1 });
    await store([{ reg: 'read', conv, user: ME, n: 3, m: 2, time: 1 }]);
    expect((await news(0))[0]).toMatchObject({ readN: 3, readElsewhere: true, unread: 0, messages: [] });
  });

  it('counts what is not here yet: a snapshot far ahead', async () => {
    await store(log.entries);
    for (let i = 0; i < 20; i++) say(PEER, `missed ${i}`);
    await at.store.storeFrame({
      account,
      raw: frame({
        t: 'heads',
        conversations: [log.headOf(21, [[2, 21]])],
        registers: [],
        upTo: log.cursor(21),
      }),
    });
    expect((await news(1))[0]).toMatchObject({ unread: 20, messages: [], headN: 21 });
  });

  it('knows silent messages, mentions by list and by name, and the mute of the log', async () => {
    await store([...log.entries, profile(ME, 'Ann'), profile(PEER, 'Bob')]);
    const first = log.entries.length + 1;
    const quiet = { ...say(PEER, 'psst'), silent: true };
    const named = say(PEER, 'look, @ann!');
    const other = say(PEER, '@Anna knows');
    await store([quiet, named, other, { reg: 'mute', conv, user: ME, v: 1, time: 1, value: 5_000_000 }]);
    const [found] = await news(first - 1);
    expect(found!.mutedUntil).toBe(5_000_000);
    expect(found!.messages.map(({ silent, mentioned }) => [silent, mentioned])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  it('tells a message as it reads now: a mention that an edit added, or took away, before anybody was told', async () => {
    const all = (text: string) => ({
      type: MESSAGE_TYPE,
      text: JSON.stringify({ text, audiences: [{ to: 'everyone', as: 'All' }] }),
    });
    const plain = (text: string) => ({ type: 'text/plain', text });
    const one = say(PEER, 'come');
    const two = log.say(PEER, 'two', { kind: 'message', body: all('@All, come') });
    const three = log.say(PEER, 'three', { kind: 'message', body: all('@All, really') });
    log.say(PEER, 'e1', { kind: 'edit', target: one.n, body: all('@All, come') });
    log.say(PEER, 'e2', { kind: 'edit', target: two.n, body: plain('never mind') });
    await store(log.entries);
    expect((await news(1))[0]!.messages.map(({ n, text, mentioned }) => [n, text, mentioned])).toEqual([
      [one.n, '@All, come', true],
      [two.n, 'never mind', false],
      [three.n, '@All, really', true],
    ]);
  });

  it('tells of a message that is on the screen whether it is gone, or how it reads now; nobody else changes it', async () => {
    const [one, two, three] = [say(PEER, 'one').n, say(PEER, 'two').n, say(PEER, 'three').n];
    const edit = (by: string, target: number, text: string) =>
      log.say(by, `e${log.entries.length}`, { kind: 'edit', target, body: { type: 'text/plain', text } });
    edit(PEER, one, '**other** words');
    edit(ME, two, 'forged');
    log.say(PEER, 'd', { kind: 'delete', target: three });
    await store(log.entries);
    const about = async (n: number) => (await news(0, { convs: [conv], shown: new Map([[conv, n]]) }))[0];
    expect(await about(one)).toMatchObject({ reads: 'other words' });
    expect(await about(two)).toMatchObject({ reads: 'two' });
    expect(await about(three)).toMatchObject({ gone: true });
    expect(await about(three)).not.toHaveProperty('reads');
  });

  it('unread for the badge leaves out what is muted', async () => {
    say(PEER, 'one');
    await store(log.entries);
    expect(await at.store.unread(account)).toEqual({ messages: 1, conversations: 1, until: null });
    const until = at.now + 100;
    await store([{ reg: 'mute', conv, user: ME, v: 1, time: 1, value: until }]);
    expect(await at.store.unread(account)).toEqual({ messages: 0, conversations: 0, until });
    at.now += 200;
    expect(await at.store.unread(account)).toEqual({ messages: 1, conversations: 1, until: null });
  });
});

it.each([
  ['@Ann', 'Ann', true],
  ['hey @ann, look', 'Ann', true],
  ['(@ANN)', 'Ann', true],
  ['@Anna', 'Ann', false],
  ['mail me@ann.example', 'Ann', false],
  ['Ann said', 'Ann', false],
  ['@Anna and @Ann', 'Ann', true],
  ['@نور الهدى تعال', 'نور الهدى', true],
  ['@Ann Lee and more', 'Ann Lee', true],
])('%j names %s: %s', (text, name, is) => {
  expect(isNamed(text, name)).toBe(is);
});
