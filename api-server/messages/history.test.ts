import type {
  ChosenEntries,
  ConversationSummary,
  ConversationsPage,
  FoldedMessage,
  MemberList,
  MessagePage,
} from '@matchbook/protocol/http/history';
import { unreadOf } from '@matchbook/protocol/unread';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

const text = (value: string) => ({ type: 'text/plain', text: value });

onBothDatabases('history', (database) => {
  let api: TestApi;
  let log: LogWriter;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    log = new LogWriter();
  });
  afterEach(() => api.close());

  const save = async () => {
    for (const batch of log.batches()) {
      const { body } = await api.post('/api/messages/save', batch, SERVICE);
      const verdicts = body.verdicts as { verdict: string }[];
      expect(verdicts.filter((one) => one.verdict !== 'saved')).toEqual([]);
    }
  };
  const page = async (access: string, conv: string, query = '') => {
    const answer = await api.get(`/api/conversations/${conv}/messages?${query}`, access);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as unknown as MessagePage;
  };
  const places = ({ items }: MessagePage) => items.map(({ entry }) => entry.n);
  const listed = async (access: string) =>
    (await api.get('/api/conversations', access)).body as unknown as ConversationsPage;

  it('pages both ways, around a place, a date, and what is unread', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    const begun = log.time;
    for (let n = 2; n <= 100; n++) log.say('c', 'bob', `text ${n}`);
    log.entry('c', 'bob', { kind: 'reaction', target: 50, body: text('👍') });
    log.read('c', user, 60);
    await save();
    const newest = await page(access, 'c', 'limit=10');
    expect(places(newest)).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
    expect(newest.more).toEqual({ before: true, after: false });
    expect(places(await page(access, 'c', 'before=5'))).toEqual([1, 2, 3, 4]);
    const after = await page(access, 'c', 'after=97&limit=3');
    expect([places(after), after.more]).toEqual([[98, 99, 100], { before: true, after: false }]);
    const around = await page(access, 'c', 'around=50&limit=4');
    expect([around.anchor, places(around), around.more]).toEqual([
      50,
      [48, 49, 50, 51],
      { before: true, after: true },
    ]);
    expect(around.items[2]!.reactions).toMatchObject([{ by: 'bob', body: text('👍') }]);
    const date = await page(access, 'c', `date=${begun + 20_000 - 1}&limit=2`);
    expect([date.anchor, places(date)]).toEqual([22, [21, 22]]);
    const unread = await page(access, 'c', 'unread=1&limit=2');
    expect([unread.anchor, places(unread)]).toEqual([61, [60, 61]]);
  });

  it('lists very many at once, each with its own name, members, last message and settings', async () => {
    const { user, access } = await api.register('Ann');
    const many = 120;
    for (let c = 0; c < many; c++) {
      log.create(`g${c}`, 'group', ['bob', user, ...Array.from({ length: c % 12 }, (_, i) => `u${i}`)]);
      log.entry(`g${c}`, 'bob', { kind: 'rename', body: text(`old ${c}`) });
      log.entry(`g${c}`, 'bob', { kind: 'rename', body: text(`name ${c}`) });
      log.say(`g${c}`, 'bob', `first ${c}`);
      const last = log.say(`g${c}`, 'bob', `last ${c}`);
      log.edit(`g${c}`, 'bob', last, `edited ${c}`);
      if (c % 3 === 0) log.entry(`g${c}`, 'bob', { kind: 'member_remove', user });
      if (c % 3 === 0) log.say(`g${c}`, 'bob', `without her ${c}`);
    }
    await save();
    const { body } = await api.get('/api/conversations?limit=200', access);
    const { items } = body as unknown as ConversationsPage;
    expect(items).toHaveLength(many);
    for (const item of items) {
      const c = Number(item.conv.slice(1));
      expect(item).toMatchObject({ name: `name ${c}`, member: c % 3 !== 0 });
      // Who was removed sees who was there until then.
      const present = ['bob', user, ...Array.from({ length: c % 12 }, (_, i) => `u${i}`)].sort();
      expect(item.members).toBe(present.length);
      expect(item.users).toEqual(present.slice(0, 8));
      expect(item.last?.entry).toMatchObject({ n: 5, body: text(`last ${c}`) });
      expect(item.last?.edits).toMatchObject([{ body: text(`edited ${c}`) }]);
    }
  });

  it('names what is wrong', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    await save();
    const asked = async (path: string) => (await api.get(`/api/conversations/${path}`, access)).body;
    expect(await asked('c/messages?before=1&after=2')).toMatchObject({
      kind: 'invalid_field',
      field: 'after',
    });
    expect(await asked('c/messages?limit=101')).toMatchObject({ field: 'limit', limit: 100 });
    expect(await asked('c/messages?around=2')).toMatchObject({ kind: 'unknown_place', field: 'around' });
    expect(await asked('c/messages?before=x')).toMatchObject({ field: 'before', limit: 1 });
    expect(await asked('other/messages')).toMatchObject({ kind: 'not_member' });
    expect(await asked('other')).toMatchObject({ kind: 'not_member' });
    expect(await asked('a%20b/messages')).toMatchObject({ kind: 'invalid_field' });
    expect((await api.get('/api/conversations?limit=0', access)).body).toMatchObject({
      field: 'limit',
      limit: 1,
    });
  });

  it('lists conversations with what their owner needs to know, the last active first', async () => {
    const ann = await api.register('Ann');
    log.profile(ann.user, 'Ann');
    log.profile('bob', 'Bob');
    log.create('old', 'direct', [ann.user, 'bob']);
    log.say('old', 'bob', 'hello');
    log.create('g', 'group', ['bob', ann.user, 'eve']);
    log.entry('g', 'bob', { kind: 'rename', body: text('Sailing') });
    log.entry('g', 'bob', { kind: 'member_role', user: ann.user, role: 'admin' });
    const said = log.say('g', 'bob', 'frist');
    log.edit('g', 'bob', said, 'first');
    log.entry('g', 'bob', { kind: 'member_leave' });
    log.register({ reg: 'mute', conv: 'old', user: ann.user, v: 1, value: 99, time: 1 });
    log.register({ reg: 'pinned', conv: 'g', user: ann.user, v: 1, value: 2, time: 1 });
    await save();
    const { items } = await listed(ann.access);
    expect(items.map(({ conv }) => conv)).toEqual(['g', 'old']);
    expect(items[0]).toMatchObject({
      ...{ form: 'group', name: 'Sailing', role: 'admin', member: true, members: 2, unread: 1, pinned: 2 },
      last: { entry: { n: said }, edits: [{ body: text('first') }] },
    });
    expect(items[1]).toMatchObject({
      form: 'direct',
      users: expect.arrayContaining([ann.user, 'bob']),
      mutedUntil: 99,
      unread: 1,
    });
    const list = (await api.get('/api/conversations/g/members', ann.access)).body as unknown as MemberList;
    expect(new Set(list.members)).toEqual(
      new Set([
        { user: ann.user, name: 'Ann', role: 'admin' },
        { user: 'eve', name: '', role: 'member' },
      ]),
    );
    expect(list.now).toMatchObject({ name: text('Sailing'), picture: null, settings: null });
    const first = (await api.get('/api/conversations?limit=1', ann.access))
      .body as unknown as ConversationsPage;
    expect([first.items[0]!.conv, first.next]).toEqual(['g', 1]);
  });

  it('tells who came later what the group is called, and who is gone nothing of it', async () => {
    const [ann, eve] = [await api.register('Ann'), await api.register('Eve')];
    log.create('g', 'group', ['bob', eve.user]);
    log.entry('g', 'bob', { kind: 'rename', body: text('Sailing') });
    log.entry('g', 'bob', { kind: 'settings', body: text('{}') });
    log.entry('g', 'bob', { kind: 'member_remove', user: eve.user });
    const n = log.entry('g', 'bob', { kind: 'member_add', users: [ann.user] });
    await save();
    const asked = async (access: string) => (await api.get('/api/conversations/g/members', access)).body;
    expect(await asked(ann.access)).toMatchObject({
      now: { n, name: text('Sailing'), settings: text('{}') },
      members: [{ user: 'bob' }, { user: ann.user }],
    });
    expect((await asked(eve.access)).now).toBeUndefined();
  });

  it('I6: the order of a list tells nothing of what was said without its owner', async () => {
    const ann = await api.register('Ann');
    log.create('left', 'group', ['bob', ann.user]);
    log.say('left', 'bob', 'early');
    log.create('back', 'group', ['bob', ann.user]);
    log.say('back', 'bob', 'earlier than in here');
    log.create('here', 'group', ['bob', ann.user]);
    log.say('here', 'bob', 'later');
    for (const conv of ['left', 'back']) log.entry(conv, 'bob', { kind: 'member_remove', user: ann.user });
    await save();
    const order = async () => (await listed(ann.access)).items.map(({ conv }) => conv);
    expect(await order()).toEqual(['here', 'back', 'left']);
    for (const conv of ['back', 'left']) log.say(conv, 'bob', 'without her');
    log.entry('back', 'bob', { kind: 'member_add', users: [ann.user] });
    await save();
    expect(await order()).toEqual(['here', 'back', 'left']);
    log.say('back', 'bob', 'with her');
    await save();
    expect(await order()).toEqual(['back', 'here', 'left']);
  });

  it('I6: what was said before one came moves no conversation up in one’s list; those in which one saw nothing come last, by their ids', async () => {
    const ann = await api.register('Ann');
    log.create('b-empty', 'group', ['bob', ann.user]);
    log.create('here', 'group', ['bob', ann.user]);
    log.say('here', 'bob', 'seen');
    for (const conv of ['z-through', 'c-stays']) {
      log.create(conv, 'group', ['bob']);
      log.say(conv, 'bob', 'before she came');
      log.entry(conv, 'bob', { kind: 'member_add', users: [ann.user] });
    }
    log.entry('z-through', 'bob', { kind: 'member_remove', user: ann.user });
    log.say('z-through', 'bob', 'after she went');
    log.create('a-empty', 'group', ['bob', ann.user]);
    await save();
    const order: string[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const path = `/api/conversations?limit=2&offset=${offset}`;
      const part = (await api.get(path, ann.access)).body as unknown as ConversationsPage;
      order.push(...part.items.map(({ conv }) => conv));
      offset = part.next;
    }
    expect(order).toEqual(['here', 'a-empty', 'b-empty', 'c-stays', 'z-through']);
  });

  it('says what one is now, and not what one was in an earlier stay', async () => {
    const ann = await api.register('Ann');
    log.create('g', 'group', ['bob', ann.user]);
    log.entry('g', 'bob', { kind: 'member_role', user: ann.user, role: 'owner' });
    const about = async () => {
      await save();
      const { body } = await api.get('/api/conversations/g', ann.access);
      return [body.role, body.member];
    };
    expect(await about()).toEqual(['owner', true]);
    log.entry('g', 'bob', { kind: 'member_remove', user: ann.user });
    expect(await about()).toEqual(['member', false]);
    log.entry('g', 'bob', { kind: 'member_add', users: [ann.user] });
    log.entry('g', 'bob', { kind: 'member_role', user: ann.user, role: 'admin' });
    expect(await about()).toEqual(['admin', true]);
  });

  it('a delete erases the body of a message and of its edits, in rows and index', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    const target = log.say('c', 'bob', 'canary one');
    log.edit('c', 'bob', target, 'canary two');
    await save();
    log.entry('c', 'bob', { kind: 'delete', target });
    await save();
    const [, message] = (await page(access, 'c')).items;
    expect(message).toMatchObject({ deleted: { by: 'bob' }, edits: [] });
    expect(JSON.stringify(await page(access, 'c'))).not.toContain('canary');
    await api.inStore(async ({ db }) => {
      const rows = await db
        .selectFrom('entry')
        .select(['bodyText', 'bodyType'])
        .where('kind', '!=', 'create')
        .execute();
      expect(rows.every((row) => row.bodyText === null && row.bodyType === null)).toBe(true);
      expect(await db.selectFrom('searchDoc').selectAll().execute()).toEqual([]);
    });
  });

  describe('against a log that is replayed', () => {
    const who = fc.nat(2);
    const at = fc.nat(40);
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), who, at }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), who, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), who, at }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('react' as const), who, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('unreact' as const), who, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('pin' as const), who, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), who, at }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('come or go' as const), who: fc.nat(1), at }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), who, at }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), who, at }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('set' as const), who, at }) },
    );

    it('I6: pages, threads, lists, counts and names are what each person sees of the log, however it is paged', async () => {
      const people = [
        await api.register('Ann'),
        await api.register('Bob'),
        await api.register('Eve'),
      ] as const;
      let runs = 0;
      /** By person: of every conversation the time at which they saw something said last. */
      const lastSeen = people.map(() => new Map<string, number>());
      const places = (entries: readonly FoldedMessage['entry'][]) =>
        entries.flatMap(({ kind, n }) => (kind === 'message' ? [n] : []));
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 10, maxLength: 40 }),
          fc.integer({ min: 1, max: 7 }),
          async (steps, limit) => {
            const conv = `g${++runs}`;
            const replay = new Replay(people.map(({ user }) => user));
            const owner = people[2].user;
            log.create(conv, 'group', [owner, people[0].user, people[1].user]);
            const from = log.items.length - 1;
            for (const one of steps) replay.write(log, conv, one, owner);
            await save();
            const entries = log.items
              .slice(from)
              .flatMap(({ item }) =>
                'h' in item && !('hidden' in item) ? [item as FoldedMessage['entry']] : [],
              );
            for (const [i, { user, access }] of people.entries()) {
              const expected = replay.seenBy(i, entries);
              const back: FoldedMessage[] = [];
              for (let before = ''; ; ) {
                const one = await page(access, conv, `limit=${limit}${before}`);
                back.unshift(...one.items);
                if (!one.more.before) break;
                before = `&before=${one.items[0]!.entry.n}`;
              }
              expect(back).toEqual(expected);
              const forth: FoldedMessage[] = [];
              for (let after = 0; ; after = forth.at(-1)!.entry.n) {
                const one = await page(access, conv, `limit=${limit}&after=${after}`);
                forth.push(...one.items);
                if (!one.more.after) break;
              }
              expect(forth).toEqual(expected);
              const about = (await api.get(`/api/conversations/${conv}`, access))
                .body as unknown as ConversationSummary;
              const read = replay.read[i]!;
              const unread = entries.filter(
                ({ n, kind, sender }) =>
                  kind === 'message' && n > read && sender !== user && replay.sees(i, n),
              ).length;
              expect([about.unread, about.readN]).toEqual([unread, read]);
              expect(replay.unread(i, entries, user)).toBe(unread);
              const all = (await api.get('/api/conversations/unread', access)).body;
              expect(all[conv]).toBe(unread);
              const renames = expected.flatMap(({ entry }) => (entry.kind === 'rename' ? [entry.body] : []));
              expect(about.name).toBe(
                renames.length === 0 ? null : (renames.at(-1) as { text: string }).text,
              );
              const last = expected.findLast(({ entry }) => entry.kind === 'message') ?? null;
              expect(about.last).toEqual(last);
              expect(about).toMatchObject(replay.set[i]!);

              // Among all others, in their order, each the same as when it is asked for alone.
              lastSeen[i]!.set(conv, last?.entry.time ?? 0);
              const order = [...lastSeen[i]!].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
              if (runs % 3 === 0) {
                const listing: ConversationSummary[] = [];
                for (let offset: number | null = 0; offset !== null; ) {
                  const path = `/api/conversations?limit=${limit}&offset=${offset}`;
                  const one = (await api.get(path, access)).body as unknown as ConversationsPage;
                  listing.push(...one.items);
                  offset = one.next;
                }
                expect(listing.map((one) => one.conv)).toEqual(order.map(([of]) => of));
                expect(listing.find((one) => one.conv === conv)).toEqual(about);
              }

              for (const n of places(entries)
                .filter((place) => replay.sees(i, place))
                .slice(-3)) {
                const thread: number[] = [];
                for (let after: number | null = 0; after !== null; ) {
                  const path = `/api/conversations/${conv}/threads/${n}?limit=${limit}&after=${after}`;
                  const one = (await api.get(path, access)).body as unknown as ChosenEntries;
                  thread.push(...places(one.items as FoldedMessage['entry'][]));
                  after = one.next;
                }
                expect(thread, `thread of ${n}`).toEqual(replay.thread(i, n));
              }
            }
          },
        ),
        { numRuns: process.env.MATCHBOOK_LONG === '1' ? 150 : 10 },
      );
    }, 300_000);
  });
});

/** The log again, the plain way: every entry in order, for one person. */
class Replay {
  readonly #users: string[];
  readonly #ranges: [number, number][][];
  readonly #said: { n: number; gone: boolean }[] = [];
  readonly read: number[];
  /** What each set for themselves. */
  readonly set: { mutedUntil: number; pinned: number; archived: boolean }[];
  /** Answers that stand: what they answer, and what began it. */
  readonly #answers = new Map<number, { reply: number; root: number }>();
  #v = 0;
  #head = 1;

  constructor(users: string[]) {
    this.#users = users;
    this.#ranges = users.map(() => [[1, Infinity]]);
    this.read = users.map(() => 0);
    this.set = users.map(() => ({ mutedUntil: 0, pinned: 0, archived: false }));
  }

  sees = (i: number, n: number) => this.#ranges[i]!.some(([from, to]) => n >= from && n <= to);

  write(log: LogWriter, conv: string, one: { do: string; who: number; at: number }, owner: string): void {
    const user = this.#users[one.who]!;
    const inside = this.#ranges[one.who]!.at(-1)![1] === Infinity;
    const standing = this.#said.filter(({ gone }) => !gone);
    const target = standing[one.at % Math.max(1, standing.length)];
    switch (one.do) {
      case 'say':
        if (!inside) return;
        this.#head = log.say(conv, user, `text ${one.at}`);
        this.#said.push({ n: this.#head, gone: false });
        return;
      case 'answer': {
        if (!inside || !target) return;
        this.#head = log.say(conv, user, { text: `answer ${one.at}`, reply: target.n });
        this.#said.push({ n: this.#head, gone: false });
        const root = this.#answers.get(target.n)?.root ?? target.n;
        this.#answers.set(this.#head, { reply: target.n, root });
        return;
      }
      case 'set': {
        const [reg, value] = (
          [
            ['mute', one.at * 1_000],
            ['pinned', one.at % 4],
            ['archived', one.at % 2],
          ] as const
        )[one.at % 3]!;
        log.register({ reg, conv, user, v: ++this.#v, value, time: log.time });
        const own = this.set[one.who]!;
        if (reg === 'mute') own.mutedUntil = value;
        else if (reg === 'pinned') own.pinned = value;
        else own.archived = value === 1;
        return;
      }
      case 'edit':
        if (target) this.#head = log.edit(conv, owner, target.n, `edited ${one.at}`);
        return;
      case 'delete':
        if (!target) return;
        target.gone = true;
        this.#answers.delete(target.n);
        this.#head = log.entry(conv, owner, { kind: 'delete', target: target.n });
        return;
      case 'react':
      case 'unreact': {
        const off = one.do === 'unreact' ? { off: true as const } : {};
        const body = text(one.at % 2 === 0 ? '👍' : '❤');
        if (target && inside)
          this.#head = log.entry(conv, user, { kind: 'reaction', target: target.n, body, ...off });
        return;
      }
      case 'pin':
        if (target)
          this.#head = log.entry(conv, owner, {
            kind: 'pin',
            target: target.n,
            ...(one.at % 2 === 0 ? {} : { off: true as const }),
          });
        return;
      case 'rename':
        this.#head = log.entry(conv, owner, { kind: 'rename', body: text(`name ${one.at}`) });
        return;
      case 'come or go':
        this.#head = inside
          ? log.entry(conv, owner, { kind: 'member_remove', user })
          : log.entry(conv, owner, { kind: 'member_add', users: [user] });
        if (inside) this.#ranges[one.who]!.at(-1)![1] = this.#head;
        else this.#ranges[one.who]!.push([this.#head, Infinity]);
        return;
      case 'read': {
        const n = 1 + (one.at % this.#head);
        if (!this.sees(one.who, n)) return;
        log.read(conv, user, n);
        this.read[one.who] = Math.max(n, this.read[one.who]!);
      }
    }
  }

  seenBy(i: number, entries: readonly FoldedMessage['entry'][]): FoldedMessage[] {
    const lines: FoldedMessage[] = [];
    const erased = new Set(entries.flatMap((entry) => (entry.kind === 'delete' ? [entry.target] : [])));
    const bodiless = (entry: FoldedMessage['entry']) => {
      const { body: _, ...rest } = entry as { body?: unknown };
      return { ...rest, hash: expect.any(String) } as unknown as FoldedMessage['entry'];
    };
    for (const entry of entries) {
      if (!this.sees(i, entry.n)) continue;
      const about = 'target' in entry ? lines.find((line) => line.entry.n === entry.target) : undefined;
      switch (entry.kind) {
        case 'edit':
          if (about && !erased.has(entry.target))
            about.edits.push({ n: entry.n, time: entry.time, body: entry.body! });
          break;
        case 'delete':
          if (about) about.deleted = { n: entry.n, time: entry.time, by: entry.sender };
          break;
        case 'pin':
          if (about) about.pinned = !entry.off;
          break;
        case 'reaction':
          if (!about) break;
          about.reactions = about.reactions.filter(
            (one) => one.by !== entry.sender || JSON.stringify(one.body) !== JSON.stringify(entry.body),
          );
          if (!entry.off) about.reactions.push({ n: entry.n, by: entry.sender, body: entry.body! });
          break;
        default:
          lines.push({
            entry: erased.has(entry.n) ? bodiless(entry) : entry,
            ...{ edits: [], reactions: [], pinned: false, deleted: null },
          });
      }
    }
    return lines;
  }

  /** All that answers what began it; where that is hidden, what hangs together by what one sees. */
  thread(i: number, n: number): number[] {
    const root = this.#answers.get(n)?.root ?? n;
    const answers = [...this.#answers].filter(([place, one]) => one.root === root && this.sees(i, place));
    if (this.sees(i, root)) return [root, ...answers.map(([place]) => place)].sort((a, b) => a - b);
    const together = new Set([n]);
    // Up and down until nothing more hangs on it.
    for (let size = 0; size < together.size; ) {
      size = together.size;
      for (const [place, { reply }] of answers) {
        if (together.has(reply)) together.add(place);
        if (together.has(place) && this.sees(i, reply)) together.add(reply);
      }
    }
    return [...together].sort((a, b) => a - b);
  }

  /** As a device counts, from the m of entries. */
  unread(i: number, entries: readonly FoldedMessage['entry'][], user: string): number {
    const m = (n: number) => entries.find((entry) => entry.n === n)?.m ?? 0;
    const ranges = this.#ranges[i]!.map(([from, to]) => ({
      fromM: m(from),
      untilM: to === Infinity ? entries.at(-1)!.m : m(to),
    }));
    const own = entries.filter(
      ({ kind, sender, n }) => kind === 'message' && sender === user && n > this.read[i]!,
    ).length;
    return unreadOf(ranges, m(this.read[i]!), own);
  }
}
