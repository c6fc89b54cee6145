import { GROUP_SETTINGS_TYPE, withDescription } from '@matchbook/protocol/group-settings';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = 'g-1';
const HASH = 'ab'.repeat(32);

describe('people and groups on this device', () => {
  let at: TestStore;
  let log: TestLog;
  let seq = 0;
  const feed = (items: object[]) => at.store.storeFrame({ account, raw: entries(items, log.cursor(++seq)) });
  const row = async () => (await at.store.listConversations(account, [conv]))[0]!;
  const rich = (text: string, more: object) => ({
    kind: 'message' as const,
    body: { type: MESSAGE_TYPE, text: JSON.stringify({ text, ...more }) },
  });

  beforeEach(async () => {
    at = new TestStore();
    log = new TestLog(conv);
    seq = 0;
    await at.open();
    log.create(PEER, 'c-1', [PEER, ME, 'eve'], 'group');
  });
  afterEach(() => at.dispose());

  it('keeps what people say of themselves, the newest of it, through a restart', async () => {
    const status = { text: 'away', until: 99 };
    await feed([
      { reg: 'profile', user: PEER, name: 'Bob', time: 5, avatar: HASH, status },
      { reg: 'profile', user: 'eve', name: 'eve', time: 5 },
      { reg: 'profile', user: ME, name: 'Ada', time: 5 },
      { reg: 'block', of: 'eve', user: ME, time: 6, v: 1, value: 1 },
      { reg: 'profile', user: PEER, name: 'Old', time: 4 },
    ]);
    const people = [
      { user: PEER, name: 'Bob', avatar: HASH, status, blocked: false },
      { user: 'eve', name: 'eve', avatar: null, status: null, blocked: true },
    ];
    expect(await at.store.knownPeople(account)).toEqual(people);
    await at.reopen();
    expect(await at.store.knownPeople(account)).toEqual(people);
    await feed([
      { reg: 'profile', user: PEER, name: 'Bob', time: 7 },
      { reg: 'block', of: 'eve', user: ME, time: 8, v: 2, value: 0 },
    ]);
    expect(await at.store.knownPeople(account)).toMatchObject([
      { user: PEER, avatar: null, status: null },
      { user: 'eve', blocked: false },
    ]);
  });

  it('a group in which one is alone is a group, whose news are still counted: notes to self are direct', async () => {
    log.message(PEER, 'm-1', 'I go');
    log.say(PEER, 'l-1', { kind: 'member_leave' } as never);
    log.say('eve', 'l-2', { kind: 'member_leave' } as never);
    await feed(log.entries);
    expect(await row()).toMatchObject({ form: 'group', self: false, unread: 1 });
    const [news] = await at.store.news({ account, after: new Map(), convs: null, rows: 5 });
    expect(news).toMatchObject({ self: false, unread: 1, messages: [{ id: 'm-1' }] });
  });

  it('tells with the conversations what their people say of themselves, as it changes', async () => {
    await feed([...log.entries, { reg: 'profile', user: PEER, name: 'Bob', time: 5 }]);
    const of = async () => (await row()).members.find(({ user }) => user === PEER);
    expect(await of()).toEqual({ user: PEER, name: 'Bob' });
    const status = { text: 'On the boat', until: 99 };
    await feed([{ reg: 'profile', user: PEER, name: 'Bob', time: 6, status }]);
    expect(await of()).toEqual({ user: PEER, name: 'Bob', status });
    await feed([{ reg: 'profile', user: PEER, name: 'Bob', time: 7, status: { text: 'Back' } }]);
    expect(await of()).toEqual({ user: PEER, name: 'Bob', status: { text: 'Back' } });
    await feed([{ reg: 'profile', user: PEER, name: 'Bob', time: 8 }]);
    expect(await of()).toEqual({ user: PEER, name: 'Bob' });
  });

  it('lists members by their part and name, and what the group is about', async () => {
    log.say(PEER, 'r-1', { kind: 'member_role', user: 'eve', role: 'admin' });
    log.say(PEER, 's-1', { kind: 'settings', body: withDescription(null, ' Plans ') });
    await feed([...log.entries, { reg: 'profile', user: 'eve', name: 'Eve', time: 5, avatar: HASH }]);
    expect(await at.store.group({ account, conv })).toEqual({
      conv,
      settings: { type: GROUP_SETTINGS_TYPE, text: '{"description":"Plans"}' },
      members: [
        { user: PEER, name: null, avatar: null, role: 'owner' },
        { user: 'eve', name: 'Eve', avatar: HASH, role: 'admin' },
        { user: ME, name: null, avatar: null, role: 'member' },
      ],
    });
    log.say('eve', 'l-1', { kind: 'member_leave' });
    await feed([log.head()]);
    expect((await at.store.group({ account, conv })).members.map(({ user }) => user)).toEqual([PEER, ME]);
  });

  it('counts what mentions one after the read position, by list and by name', async () => {
    await feed([...log.entries, { reg: 'profile', user: ME, name: 'Ada', time: 5 }]);
    log.message(PEER, 'm-1', 'plain');
    log.say(PEER, 'm-2', rich('look', { mentions: [ME] }));
    log.say(PEER, 'm-3', rich('@Ada said so', { mentions: ['eve'] }));
    log.message('eve', 'm-4', 'hello @Ada');
    log.message(ME, 'm-5', 'I am @Ada');
    await feed(log.entries.slice(1));
    expect(await row()).toMatchObject({ unread: 4, mentions: 2 });
    await at.store.markRead({ account, conv, n: 3 });
    expect(await row()).toMatchObject({ unread: 2, mentions: 1 });
    await at.store.markRead({ account, conv, n: 6 });
    expect(await row()).toMatchObject({ unread: 0, mentions: 0 });
  });

  it('counts what calls everybody, for all but who says it, and follows what an edit adds and takes away', async () => {
    await feed([...log.entries, { reg: 'profile', user: ME, name: 'Ada', time: 5 }]);
    const everyone = { audiences: [{ to: 'everyone', as: 'Alle' }] };
    const called = log.say(PEER, 'm-1', rich('@Alle, look', { ...everyone, mentions: ['eve'] })).n;
    log.say(ME, 'm-2', rich('@Alle, I look', everyone));
    log.say(PEER, 'm-3', rich('@Zukunft', { audiences: [{ to: 'somebody-of-tomorrow', as: 'Zukunft' }] }));
    const plain = log.message(PEER, 'm-4', 'come').n;
    await feed(log.entries.slice(1));
    expect(await row()).toMatchObject({ unread: 3, mentions: 1 });
    const edit = async (id: string, sender: string, target: number, said: object) =>
      feed([log.say(sender, id, { ...said, kind: 'edit', target } as never)]);
    await edit('e-1', PEER, plain, rich('@Alle, come', everyone));
    expect(await row()).toMatchObject({ unread: 3, mentions: 2 });
    // What nobody but its author may change (I2), whatever a relay let through.
    await edit('e-2', 'eve', called, rich('nothing', {}));
    expect(await row()).toMatchObject({ mentions: 2 });
    await edit('e-3', PEER, called, rich('look, @Ada', { mentions: ['eve'] }));
    expect(await row()).toMatchObject({ mentions: 1 });
    await edit('e-4', PEER, called, rich('look, @Ada', {}));
    expect(await row()).toMatchObject({ mentions: 2 });
    await at.store.markRead({ account, conv, n: called });
    expect(await row()).toMatchObject({ unread: 2, mentions: 1 });
    // It was read as it is now; words that change later do not make it unread.
    await edit('e-5', PEER, called, rich('@Alle, again', everyone));
    expect(await row()).toMatchObject({ unread: 2, mentions: 1 });
    await feed([log.say(PEER, 'd-1', { kind: 'delete', target: plain })]);
    expect(await row()).toMatchObject({ mentions: 0 });
  });

  it('takes from the server what a group was called before one came, until the log says otherwise', async () => {
    const late = new TestLog('late');
    late.create(PEER, 'c-2', [PEER, 'eve'], 'group');
    late.say(PEER, 'r-2', { kind: 'rename', body: { type: 'text/plain', text: 'Sailing' } });
    late.say(PEER, 'a-2', { kind: 'member_add', users: [ME] });
    const take = (items: object[]) =>
      at.store.storeFrame({ account, raw: entries(items, late.cursor(++seq)) });
    await take([late.head()]);
    const shown = async () => (await at.store.listConversations(account, ['late']))[0]!;
    expect(await shown()).toMatchObject({ form: 'group', name: null });
    expect(await at.store.untoldGroups(account)).toEqual(['late']);
    const name = { type: 'text/plain', text: 'Sailing' };
    const members = [
      { user: PEER, name: 'Bob', role: 'owner' as const },
      { user: 'eve', name: 'Eve', role: 'member' as const },
      { user: ME, name: 'Ada', role: 'member' as const },
    ];
    const now = { n: 2, name, picture: null, settings: null };
    await at.store.learnGroup({ account, conv: 'late', now, members });
    // That was before one came: the server is asked again.
    expect(await at.store.untoldGroups(account)).toEqual(['late']);
    await at.store.learnGroup({ account, conv: 'late', now: { ...now, n: 3 }, members });
    expect(await at.store.untoldGroups(account)).toEqual([]);
    expect(await shown()).toMatchObject({ name: 'Sailing', member: true });
    expect((await at.store.group({ account, conv: 'late' })).members).toMatchObject([
      { user: PEER, role: 'owner', name: 'Bob' },
      { user: ME },
      { user: 'eve', name: 'Eve' },
    ]);
    late.say('eve', 'l-2', { kind: 'member_leave' });
    late.say(PEER, 'r-3', { kind: 'rename', body: { type: 'text/plain', text: 'Rowing' } });
    await take(late.entries.slice(3));
    expect(await shown()).toMatchObject({ name: 'Rowing' });
    expect((await at.store.group({ account, conv: 'late' })).members.map(({ user }) => user)).toEqual([
      PEER,
      ME,
    ]);
    await at.reopen();
    expect(await shown()).toMatchObject({ name: 'Rowing', unread: 0 });
    // In which nothing is to be seen is none.
    late.say(PEER, 'r-4', { kind: 'rename', body: { type: 'text/plain', text: ' \u200b' } });
    await take(late.entries.slice(-1));
    expect(await shown()).toMatchObject({ name: null });
  });

  it('says in the list what became of the last message', async () => {
    const file = { hash: HASH, name: 'a.png', type: 'image/png', size: 3 };
    log.say(PEER, 'm-1', rich('', { files: [file] }));
    await feed(log.entries);
    expect((await row()).preview).toMatchObject({ sender: PEER, text: '', files: ['image/png'] });
    log.say(PEER, 'e-1', {
      kind: 'edit',
      target: 2,
      body: { type: 'text/plain', text: 'words' },
    });
    await feed([log.head()]);
    expect((await row()).preview).toEqual({
      ...{ sender: PEER, own: false, text: 'words', delivery: null, edited: true },
    });
    log.say(PEER, 'x-1', { kind: 'delete', target: 2 });
    await feed([log.head()]);
    expect((await row()).preview).toMatchObject({ text: '', deleted: true });
  });

  it('finds the files and the links of a conversation, page by page', async () => {
    const file = (name: string) => ({ hash: HASH, name, type: 'text/plain', size: 3 });
    log.say(PEER, 'm-1', rich('one', { files: [file('one.txt')] }));
    log.message(PEER, 'm-2', 'see https://example.org/a, and (https://example.org/b)');
    log.say('eve', 'm-3', rich('two', { files: [file('two.txt')] }));
    await feed(log.entries);
    const first = await at.store.shared({ account, conv, what: 'file', before: null, limit: 1 });
    expect(first.items).toMatchObject([{ n: 4, sender: 'eve', files: [{ name: 'two.txt' }] }]);
    const second = await at.store.shared({ account, conv, what: 'file', before: first.next, limit: 1 });
    expect(second).toMatchObject({ items: [{ n: 2, files: [{ name: 'one.txt' }] }], next: null });
    const links = await at.store.shared({ account, conv, what: 'link', before: null, limit: 9 });
    expect(links.items).toMatchObject([{ n: 3, links: ['https://example.org/a', 'https://example.org/b'] }]);
    expect(await at.store.shared({ account, conv: 'other', what: 'link', before: null, limit: 9 })).toEqual({
      ...{ items: [], next: null, missing: 0 },
    });
  });

  it('lists pictures, sounds and other files apart, from any message on and both ways', async () => {
    const file = (name: string, type: string, more = {}) => ({ hash: HASH, name, type, size: 3, ...more });
    const shared = async (
      ask: { what: 'media' | 'sound' | 'other'; before?: number; after?: number; at?: number },
      limit = 2,
    ) => {
      const page = await at.store.shared({ account, conv, limit, ...ask });
      return { ...page, names: page.items.flatMap(({ files }) => files.map(({ name }) => name)) };
    };
    const say = (...files: object[]) => log.say(PEER, `m-${log.entries.length}`, rich('', { files }));
    say(file('1.png', 'image/png'), file('a.pdf', 'application/pdf'));
    say(file('b.pdf', 'application/pdf'));
    say(file('voice', 'audio/webm', { waveform: [1] }), file('old voice', 'video/webm', { waveform: [1] }));
    say(file('2.mp4', 'video/mp4'));
    log.message(PEER, 'w', 'image/png is no picture');
    say(file('3.png', 'image/png'));
    say(file('4.png', 'image/png'));
    say(file('c.pdf', 'application/pdf'));
    await feed(log.entries);
    const newest = await shared({ what: 'media' });
    expect([newest.names, newest.missing]).toEqual([['4.png', '3.png'], 0]);
    const older = await shared({ what: 'media', before: newest.next! });
    expect([older.names, older.next]).toEqual([['2.mp4', '1.png'], null]);
    // The third that has something to look at stands at n 5.
    const middle = await shared({ what: 'media', at: 5 }, 1);
    expect(middle.names).toEqual(['2.mp4']);
    const newer = await shared({ what: 'media', after: middle.items[0]!.place }, 1);
    expect(newer.names).toEqual(['3.png']);
    const last = await shared({ what: 'media', after: newer.items[0]!.place }, 1);
    expect([last.names, last.next]).toEqual([['4.png'], null]);
    expect((await shared({ what: 'media', after: last.items[0]!.place })).items).toEqual([]);
    expect((await shared({ what: 'sound' }, 9)).names).toEqual(['voice', 'old voice']);
    expect((await shared({ what: 'other' }, 9)).names).toEqual(['c.pdf', 'b.pdf', 'a.pdf']);
  });
});
