import type { SearchPage } from '@matchbook/protocol/http/history';
import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { marksIn, parseQuery } from '@matchbook/protocol/search-query';
import { SEARCH_CASES, SEARCH_TEXTS } from '@matchbook/protocol/testing/search-cases';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('search', (database) => {
  let api: TestApi;
  let log: LogWriter;
  beforeEach(async () => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_ACCESS_TOKEN_SECONDS: '86400',
    });
    log = new LogWriter();
  });
  afterEach(() => api.close());

  const save = async () => {
    for (const batch of log.batches()) {
      const answer = await api.post('/api/messages/save', batch, SERVICE);
      expect(
        (answer.body.verdicts as { verdict: string }[]).filter((one) => one.verdict !== 'saved'),
      ).toEqual([]);
    }
  };
  const ask = async (access: string, q: string, more = '') => {
    // More than one person types.
    api.clock.now += 1_000;
    return (await api.get(`/api/search?q=${encodeURIComponent(q)}${more}`, access))
      .body as unknown as SearchPage;
  };
  const places = async (access: string, q: string, more = '') =>
    (await ask(access, q, more)).items.map(({ conv, n }) => `${conv} ${n}`);

  it('finds words, beginnings and phrases of every script, whatever case and accents, newest first', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    for (const text of SEARCH_TEXTS) log.say('c', 'bob', text);
    await save();
    for (const [q, texts] of SEARCH_CASES) {
      const { items } = await ask(access, q);
      expect([q, items.map(({ n }) => n - 2)]).toEqual([q, texts]);
    }
    const [hit] = (await ask(access, 'brulee')).items;
    expect(hit!.marks.map(([from, to]) => hit!.text.slice(from, to))).toEqual(['brûlée']);
  });

  it('filters by person, conversation, time and what a message has', async () => {
    const { user, access } = await api.register('Ann');
    log.profile('bob', 'Bob Stone');
    log.profile('eve', 'Eve');
    log.create('c1', 'direct', [user, 'bob']);
    log.create('c2', 'group', [user, 'bob', 'eve']);
    log.entry('c2', user, { kind: 'rename', body: { type: 'text/plain', text: 'Sailing Club' } });
    log.time = Date.UTC(2026, 0, 5, 22, 30);
    log.say('c1', 'bob', 'boat one');
    log.time = Date.UTC(2026, 0, 6, 12);
    log.say('c1', user, 'boat two https://example.com/x');
    log.say('c2', 'bob', 'boat three');
    const file = { hash: 'f'.repeat(64), name: 'Boat plan.pdf', type: 'application/pdf', size: 3 };
    log.say('c2', 'eve', { text: '', files: [file] });
    await save();
    expect(await places(access, 'boat')).toEqual(['c2 4', 'c2 3', 'c1 3', 'c1 2']);
    expect(await places(access, 'boat from:bob')).toEqual(['c2 3', 'c1 2']);
    expect(await places(access, 'boat from:"bob stone" in:sailing')).toEqual(['c2 3']);
    expect(await places(access, 'from:me')).toEqual(['c1 3']);
    expect(await places(access, 'in:bob boat')).toEqual(['c1 3', 'c1 2']);
    expect(await places(access, 'in:c2')).toEqual(['c2 4', 'c2 3']);
    expect(await places(access, 'has:file')).toEqual(['c2 4']);
    expect(await places(access, 'has:link')).toEqual(['c1 3']);
    expect(await places(access, 'boat before:2026-01-06')).toEqual(['c1 2']);
    expect(await places(access, 'boat before:2026-01-06', '&zone=120')).toEqual([]);
    expect(await places(access, 'boat after:2026-01-05')).toEqual(['c2 4', 'c2 3', 'c1 3']);
    expect(await places(access, 'boat from:nobody')).toEqual([]);
  });

  it('I6: nobody finds what they may not see, and everybody the newest text that they do', async () => {
    const ann = await api.register('Ann');
    const bob = await api.register('Bob');
    const eve = await api.register('Eve');
    log.create('g', 'group', [ann.user, bob.user]);
    const secret = log.say('g', ann.user, 'apple before');
    log.entry('g', ann.user, { kind: 'member_add', users: [eve.user] });
    const open = log.say('g', ann.user, 'apple open');
    log.entry('g', ann.user, { kind: 'member_remove', user: bob.user });
    log.edit('g', ann.user, open, 'pear now');
    log.edit('g', ann.user, secret, 'apple changed');
    const last = log.say('g', ann.user, 'apple last');
    log.entry('g', ann.user, { kind: 'member_add', users: [bob.user] });
    log.edit('g', ann.user, open, 'plum then');
    log.register({ reg: 'deleted_for_me', conv: 'g', user: ann.user, target: last, v: 1, value: 1, time: 1 });
    await save();
    expect(await places(ann.access, 'apple')).toEqual([`g ${secret}`]);
    expect(await places(eve.access, 'apple')).toEqual([`g ${last}`]);
    // Bob was away when it became a pear, and is back for the plum.
    expect(await places(bob.access, 'apple')).toEqual([`g ${secret}`]);
    expect(await places(bob.access, 'pear')).toEqual([]);
    expect(await places(bob.access, 'plum')).toEqual([`g ${open}`]);
    log.entry('g', ann.user, { kind: 'delete', target: open });
    await save();
    for (const one of [ann, bob, eve]) expect(await places(one.access, 'plum')).toEqual([]);
  });

  it('pages without gap or repetition while others write, and counts up to a thousand', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    for (let i = 0; i < 1_100; i++) log.say('c', 'bob', `word ${i}`);
    await save();
    const first = await ask(access, 'word', '&limit=50');
    expect(first).toMatchObject({ total: 1_000, more: true, coverage: { complete: true } });
    log.say('c', 'bob', 'word of today');
    await save();
    const second = await ask(access, 'word', `&limit=50&cursor=${first.next}`);
    const all = [...first.items, ...second.items].map(({ n }) => n);
    expect(all).toEqual(Array.from({ length: 100 }, (_, i) => 1_101 - i));
    const few = await ask(access, '"word 7"', '&order=relevance');
    expect(few).toMatchObject({ total: 1, more: false, next: null });
  });

  it('puts first what has the words more often, when asked for relevance', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    log.say('c', 'bob', 'tea tea tea');
    log.say(
      'c',
      'bob',
      'a very long message in which there is tea somewhere in the middle of everything else',
    );
    await save();
    expect(await places(access, 'tea', '&order=relevance')).toEqual(['c 2', 'c 3']);
  });

  it('names what is wrong, and takes nothing that is typed for an operator', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    log.say('c', 'bob', `AND OR NOT near("x") c1 file '; DROP TABLE entry; -- \\ : & | ! <->`);
    await save();
    expect((await api.get('/api/search?q=', access)).body).toMatchObject({
      kind: 'invalid_field',
      field: 'q',
    });
    for (const [query, field] of [
      ['q=a&limit=51', 'limit'],
      ['q=a&order=best', 'order'],
      ['q=a&zone=9999', 'zone'],
      ['q=a&cursor=-1', 'cursor'],
      [`q=${'a'.repeat(401)}`, 'q'],
    ])
      expect((await api.get(`/api/search?${query}`, access)).body).toMatchObject({ status: 400, field });
    for (const q of [
      'AND',
      'NOT OR',
      '"near"',
      "';",
      'drop table',
      'c1',
      '\\',
      "a' | 'b",
      '"*',
      'file:x',
      '#c1',
    ])
      expect(((await ask(access, q)) as { status?: number }).status ?? 200).toBeLessThanOrEqual(400);
    expect(await places(access, 'c1 AND file')).toEqual(['c 2']);
    expect(await places(access, '#c1')).toEqual(['c 2']);
  });

  it('what was saved before there was an index is found after the start, and until then it says so', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    log.say('c', 'bob', 'long ago');
    await save();
    await api.inStore(({ dialect, write }) =>
      write(async (trx) => {
        await trx.deleteFrom('searchDoc').execute();
        if (dialect === 'sqlite') await sql`DELETE FROM searchWords`.execute(trx);
        await trx.insertInto('searchPending').values({ conv: 'c', n: 2 }).execute();
      }),
    );
    expect((await ask(access, 'ago')).coverage.complete).toBe(false);
    await api.restart();
    await expect.poll(async () => (await ask(access, 'ago')).coverage.complete).toBe(true);
    expect(await places(access, 'ago')).toEqual(['c 2']);
  });

  describe('against a model', () => {
    const vocabulary = ['red', 'green', 'blue', '北京', 'ёж', 'tea'];
    const texts = fc
      .array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 })
      .map((all) => all.join(' '));
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), who: fc.nat(2), text: texts }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(50), text: texts }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), at: fc.nat(50) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(1) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), who: fc.nat(1) }) },
    );

    it('I6: each person finds exactly the newest text that they may see', async () => {
      const people = [
        await api.register('Ann'),
        await api.register('Bob'),
        await api.register('Eve'),
      ] as const;
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const conv = `g${++runs}`;
          const owner = people[2];
          const inside = [true, true];
          const ranges = people.map(() => [[1, Infinity]] as [number, number][]);
          const versions = new Map<number, { n: number; text: string }[]>();
          log.create(conv, 'group', [owner.user, people[0].user, people[1].user]);
          for (const one of steps) {
            if (one.do === 'say') {
              const n = log.say(conv, people[one.who]!.user, one.text);
              versions.set(n, [{ n, text: one.text }]);
            } else if (one.do === 'edit' || one.do === 'delete') {
              const all = [...versions.keys()];
              const target = all[one.at % Math.max(1, all.length)];
              if (target === undefined) continue;
              if (one.do === 'edit')
                versions
                  .get(target)!
                  .push({ n: log.edit(conv, owner.user, target, one.text), text: one.text });
              else {
                log.entry(conv, owner.user, { kind: 'delete', target });
                versions.delete(target);
              }
            } else if ((one.do === 'leave') === inside[one.who]) {
              inside[one.who] = !inside[one.who];
              const { user } = people[one.who]!;
              if (one.do === 'leave')
                ranges[one.who]!.at(-1)![1] = log.entry(conv, owner.user, { kind: 'member_remove', user });
              else
                ranges[one.who]!.push([
                  log.entry(conv, owner.user, { kind: 'member_add', users: [user] }),
                  Infinity,
                ]);
            }
          }
          await save();
          for (const [i, { access }] of people.entries()) {
            const sees = (n: number) => ranges[i]!.some(([from, to]) => n >= from && n <= to);
            for (const q of ['red', '"red green"', '北京', 'ёж -tea', 'gre*']) {
              const { terms } = parseQuery(q);
              const expected = [...versions].flatMap(([target, all]) => {
                const newest = sees(target) ? all.findLast(({ n }) => sees(n)) : undefined;
                if (!newest) return [];
                const has = (term: (typeof terms)[number]) =>
                  marksIn(newest.text, [{ ...term, without: false }]).length > 0;
                return terms.every((term) => has(term) !== term.without) ? [target] : [];
              });
              const answer = await ask(access, `${q} in:${conv}`, '&limit=50');
              expect(answer.items.map(({ n }) => n).sort((a, b) => a - b)).toEqual(expected);
              expect(answer.total).toBe(expected.length);
            }
          }
        }),
        { numRuns: process.env.MATCHBOOK_LONG === '1' ? 200 : 15 },
      );
    });
  });

  it('a body that is not what its type says is saved, and found by nothing', async () => {
    const { user, access } = await api.register('Ann');
    log.create('c', 'direct', [user, 'bob']);
    log.entry('c', 'bob', { kind: 'message', body: { type: MESSAGE_TYPE, text: '{"text":' } });
    log.entry('c', 'bob', { kind: 'message', body: { type: 'image/png', data: 'AAEC' } });
    log.say('c', 'bob', `${'x'.repeat(3_000)} ${'deep '.repeat(12_000)}`);
    await save();
    expect(await places(access, 'deep')).toEqual(['c 4']);
    expect(await places(access, 'text')).toEqual([]);
  });
});
