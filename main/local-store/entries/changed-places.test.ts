/** What the store tells to have changed is what has changed: a window that asks for these rows and no others shows what a window shows that asks for all. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';
import { ChangedPlaces, placesBetween } from './changed-places.ts';

const account = ACCOUNT;
const conv = CONV;

async function stage() {
  const at = new TestStore();
  await at.open();
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  /** Null once any row may have changed. */
  let told: Set<number> | null = new Set();
  at.store.onChanged(({ convs, places }) => {
    if (!convs.includes(conv)) return;
    const known = places?.[conv];
    if (!known) told = null;
    else for (const n of known) told?.add(n);
  });
  let stored = 0;
  return {
    ...{ at, log },
    store: () => {
      const items: object[] = log.entries.slice(stored);
      stored = log.entries.length;
      return at.store.storeFrame({ account, raw: entries(items, log.cursor(stored)) });
    },
    register: (item: object) => at.store.storeFrame({ account, raw: entries([item], log.cursor(stored)) }),
    rows: async () => (await at.store.timelinePage({ account, conv, limit: 1_000 })).rows,
    /** Told since the last time, once everything that is to be told is. */
    told: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await at.store.cursor(account);
      await new Promise((resolve) => setImmediate(resolve));
      const now = told;
      told = new Set();
      return now && [...now].sort((a, b) => a - b);
    },
  };
}

it('names the message that came, the one that was edited, reacted to or answered, and those that were read', async () => {
  const { at, log, store, register, told } = await stage();
  for (let i = 2; i <= 9; i++) log.message(i % 2 ? ME : PEER, `m${i}`, `text ${i}`);
  await store();
  await told();
  log.message(PEER, 'm10', 'one more');
  await store();
  expect(await told()).toEqual([10]);
  log.say(PEER, 'e', { kind: 'edit', target: 4, body: { type: 'text/plain', text: 'other words' } });
  log.say(PEER, 'r', { kind: 'reaction', target: 6, body: { type: 'text/plain', text: '+' } });
  await store();
  expect(await told()).toEqual([4, 6, 11, 12]);
  await register({ reg: 'read', conv, user: PEER, n: 3, m: 2, seq: 20, time: 1 });
  await told();
  await register({ reg: 'read', conv, user: PEER, n: 7, m: 6, seq: 21, time: 2 });
  expect(await told()).toEqual([4, 5, 6, 7]);
  await at.store.markRead({ account, conv, n: 10 });
  expect(await told()).toEqual([]);
  // An answer to an answer is counted at both.
  const answer = (id: string, reply: number) => {
    const text = JSON.stringify({ text: 'an answer', reply });
    return log.say(PEER, id, {
      kind: 'message',
      body: { type: 'application/vnd.matchbook.message+json', text },
    }).n;
  };
  const first = answer('a1', 5);
  await store();
  expect(await told()).toEqual([5, first]);
  const second = answer('a2', first);
  await store();
  expect(await told()).toEqual([5, first, second]);
  // Also through one that was deleted meanwhile.
  log.say(PEER, 'd', { kind: 'delete', target: first });
  await store();
  expect(await told()).toBeNull();
  const third = answer('a3', second);
  await store();
  expect(await told()).toEqual([5, first, second, third]);
  await at.dispose();
});

it('names no row less than those that are others than before', async () => {
  const place = fc.integer({ min: 1, max: 12 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('message' as const), own: fc.boolean() }),
    fc.record({
      kind: fc.constantFrom('edit', 'reaction', 'delete', 'pin', 'answer', 'read', 'mark'),
      n: place,
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
      async (rounds) => {
        const { at, log, store, register, rows, told } = await stage();
        let id = 0;
        const body = (text: string) => ({ type: 'text/plain' as const, text });
        for (const round of rounds) {
          const before = new Map((await rows()).map((row) => [row.n, JSON.stringify(row)]));
          await told();
          const later: (() => Promise<unknown>)[] = [];
          for (const one of round) {
            id++;
            if (one.kind === 'message')
              log.message('own' in one && one.own ? ME : PEER, `i${id}`, `words ${id}`);
            else if (!('n' in one)) continue;
            else {
              const { kind, n } = one;
              const target = log.entries.find((entry) => entry.kind === 'message' && entry.n >= n);
              if (kind === 'read')
                later.push(() =>
                  register({
                    reg: 'read',
                    conv,
                    user: PEER,
                    n: Math.min(n, log.head().n),
                    m: 0,
                    seq: 0,
                    time: id,
                  }),
                );
              else if (kind === 'mark') later.push(() => at.store.markRead({ account, conv, n }));
              else if (!target) continue;
              else if (kind === 'answer')
                log.say(PEER, `i${id}`, {
                  kind: 'message',
                  body: {
                    type: 'application/vnd.matchbook.message+json',
                    text: JSON.stringify({ text: 'an answer', reply: target.n }),
                  },
                });
              else if (kind === 'edit')
                log.say(target.sender, `i${id}`, { kind, target: target.n, body: body(`edited ${id}`) });
              else if (kind === 'reaction')
                log.say(PEER, `i${id}`, { kind, target: target.n, body: body('+') });
              else if (kind === 'pin') log.say(PEER, `i${id}`, { kind, target: target.n });
              else if (kind === 'delete') log.say(target.sender, `i${id}`, { kind, target: target.n });
            }
          }
          await store();
          for (const one of later) await one();
          const now = await rows();
          const other = now.filter((row) => before.get(row.n) !== JSON.stringify(row));
          const named = await told();
          if (named === null) continue;
          // A window asks also for what quotes one of them, and for what has new answers.
          const asked = (row: (typeof now)[number]) =>
            named.includes(row.n!) ||
            (row.replyTo !== undefined && named.includes(row.replyTo)) ||
            (JSON.parse(before.get(row.n) ?? '{}') as { answers?: { fresh: number } }).answers?.fresh;
          expect(other.filter((row) => !asked(row)).map(({ n }) => n)).toEqual([]);
          expect(now.length).toBeGreaterThanOrEqual(before.size);
        }
        await at.dispose();
      },
    ),
    { numRuns: 12 },
  );
});

it('says that any may have changed where they are many', () => {
  const places = new ChangedPlaces();
  places.add(
    'a',
    Array.from({ length: 65 }, (_, i) => i),
  );
  places.add('b', [1]);
  places.add('b', [2]);
  places.add('c', []);
  places.add('d', [1]);
  places.add('d', null);
  places.add('d', [2]);
  expect(places.told()).toEqual({ convs: ['a', 'b', 'c', 'd'], places: { b: [1, 2], c: [] } });
  expect(placesBetween(3, 6)).toEqual([4, 5, 6]);
  expect(placesBetween(3, 3)).toEqual([]);
  expect(placesBetween(0, 100)).toBeNull();
});
