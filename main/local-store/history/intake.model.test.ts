import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONV, entries, frame, ME, PEER, page, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;

const account = ACCOUNT;
const conv = CONV;

/** How a log reaches a device: what it gets, in which pieces, with what going wrong. */
type Step =
  | { do: 'frame'; length: number; skip: number; again: number; stubs: boolean }
  | { do: 'heads' }
  | { do: 'fill'; hole: number; length: number }
  | { do: 'ack' }
  | { do: 'crash' | 'reopen' };

const small = fc.nat(6);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('frame' as const),
      length: fc.integer({ min: 1, max: 8 }),
      skip: fc.oneof(fc.constant(0), small),
      again: small,
      stubs: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'heads' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fill' as const), hole: small, length: small }) },
  { weight: 2, arbitrary: fc.constant({ do: 'ack' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'crash' as const }, { do: 'reopen' as const }) },
);

it('every split of a log, with duplicates, stubs, jumps, snapshots, pages and crashes, ends as the log (I3, I4, I8)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('own' as const, 'theirs' as const, 'delete' as const), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.array(step, { maxLength: 30 }),
      async (turns, steps) => {
        const at = new TestStore();
        try {
          await at.open();
          await walk(at, turns, steps);
        } finally {
          await at.dispose();
        }
      },
    ),
    { numRuns: 80 * SCALE },
  );
}, 120_000);

async function walk(at: TestStore, turns: ('own' | 'theirs' | 'delete')[], steps: Step[]): Promise<void> {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  // Of messages in turn, whosever they are; nobody deletes anything twice.
  const kept: number[] = [];
  for (const turn of turns) {
    const id = `m${log.entries.length + 1}`;
    const target = turn === 'delete' ? kept.splice(kept.length >> 1, 1)[0] : undefined;
    if (target !== undefined) log.say(log.at(target).sender, id, { kind: 'delete', target });
    else if (turn !== 'delete') kept.push(log.message(turn === 'own' ? ME : PEER, id, 'text').n);
  }
  const size = log.entries.length;
  /** Places that the device has content for: the oracle. */
  const stored = new Set<number>();
  const composed = new Set<number>();
  let upTo = 0;

  for (const todo of steps) {
    if (todo.do === 'frame') {
      const from = Math.min(size, upTo + 1 + todo.skip);
      const to = Math.min(size, from + todo.length);
      const places = span(
        Math.max(1, Math.min(upTo, from) - todo.again + (todo.skip > 0 ? todo.again : 0)),
        to,
      ).filter((n) => n >= from || n <= upTo);
      const items = places.map((n) => (todo.stubs && log.at(n).sender === ME ? log.stub(n) : log.at(n)));
      await at.store.storeFrame({ account, raw: entries(items, log.cursor(to)) });
      for (const [i, n] of places.entries()) if (!('stub' in items[i]!) || composed.has(n)) stored.add(n);
      upTo = Math.max(upTo, to);
    } else if (todo.do === 'heads') {
      const raw = frame({
        t: 'heads',
        conversations: [log.headOf(size)],
        registers: [],
        upTo: log.cursor(size),
      });
      await at.store.storeFrame({ account, raw });
      upTo = size;
    } else if (todo.do === 'fill') {
      const holes = await at.store.holes({ account, focused: conv });
      const hole = holes[todo.hole % Math.max(1, holes.length)];
      if (!hole) continue;
      const from = Math.max(hole.from, hole.to - todo.length);
      await at.store.storeFrame({ account, raw: page(log, from, hole.to) });
      for (const n of span(from, hole.to)) stored.add(n);
    } else if (todo.do === 'ack') {
      // Composed here, released, taken by the log at a place beyond what is known; the ack comes before the stream.
      const entry = log.entries.find(
        ({ n, sender, kind }) => kind === 'message' && n > upTo && sender === ME && !composed.has(n),
      );
      if (!entry) continue;
      await at.store.submit({ account, conv, id: entry.id, text: 'text', draftVersion: 0 });
      await at.store.release({ account, ids: [entry.id] });
      await at.store.acked({ account, conv, items: [log.ack(entry.n)] });
      composed.add(entry.n);
      stored.add(entry.n);
    } else {
      expect(await at[todo.do]()).toEqual([]);
    }
    await check(at, log, stored, upTo);
  }

  // Once quiet: the rest of the stream, then every hole.
  if (upTo < size)
    await at.store.storeFrame({ account, raw: entries(log.entries.slice(upTo), log.cursor(size)) });
  for (const { from, to } of await at.store.holes({ account, focused: conv }))
    await at.store.storeFrame({ account, raw: page(log, from, to) });
  await check(at, log, new Set(span(1, size)), size);
}

async function check(at: TestStore, log: TestLog, stored: Set<number>, upTo: number): Promise<void> {
  const shown = await at.store.timelinePage({ account, conv, limit: 1_000 });
  const sorted = [...stored].sort((a, b) => a - b);
  expect(shown.rows.map(({ n, sender, id }) => [n, sender, id])).toEqual(
    // What erased a message is no row of its own.
    sorted.filter((n) => log.at(n).kind !== 'delete').map((n) => [n, log.at(n).sender, log.at(n).id]),
  );
  expect(shown.waiting).toEqual([]);
  expect(shown.unbroken).toBe(true);
  expect(await at.store.cursor(account)).toBe(upTo === 0 ? null : log.cursor(upTo));
  const missing = span(1, upTo).filter((n) => !stored.has(n));
  expect(shown.holes.flatMap(({ from, to }) => span(from, to))).toEqual(missing);
  if (upTo === 0 && sorted.length === 0) return;
  const [listed] = await at.store.listConversations(account);
  const head = Math.max(upTo, sorted.at(-1) ?? 0);
  expect(listed).toMatchObject({ headN: head });
  const own = sorted.filter((n) => log.at(n).sender === ME && log.at(n).kind === 'message');
  // Deleted as far as the device has heard.
  const gone = sorted.flatMap((n) => {
    const entry = log.at(n);
    return entry.kind === 'delete' && !own.includes(entry.target) ? [entry.target] : [];
  });
  // A conversation that is known by an ack alone has no members yet.
  expect(listed!.unread).toBe(Math.max(0, log.at(head).m - own.length - gone.length));
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
