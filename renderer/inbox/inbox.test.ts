import type { HostBridge } from '@matchbook/protocol/bridge/host';
import type { UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIRM_INTERVAL, Confirms } from './confirms.ts';
import { HoleFiller } from './hole-filler.ts';
import { Inbox } from './inbox.ts';

const cursor = (n: number) => String(n).padStart(34, 'c');
const frame = (n: number, behind?: number) =>
  JSON.stringify({
    t: 'entries',
    items: [{ n }],
    upTo: cursor(n),
    ...(behind === undefined ? {} : { behind }),
  });

function setUp(storeFails: () => boolean, sleep: () => Promise<void> = () => Promise.resolve()) {
  const stored: number[] = [];
  /** How many frames each call stored. */
  const calls: number[] = [];
  const confirmed: string[] = [];
  const told: [string, number][] = [];
  const given: string[] = [];
  let idle = () => {};
  const inbox = new Inbox({
    account: 'a',
    bridge: {
      call: async (_name: string, { raws }: { raws: Uint8Array[] }) => {
        await Promise.resolve();
        if (storeFails()) return { ok: false, failure: { kind: 'disk_full', message: 'full' } };
        calls.push(raws.length);
        let moved: string | null = null;
        for (const raw of raws) {
          const { items, upTo } = JSON.parse(new TextDecoder().decode(raw)) as {
            items: { n: number }[];
            upTo?: string;
          };
          stored.push(items[0]!.n);
          moved = upTo ?? moved;
        }
        idle();
        return { ok: true, value: { upTo: moved, items: raws.length, arrived: [], holes: false } };
      },
      on: () => () => {},
    } as unknown as HostBridge,
    confirms: {
      stored: ({ upTo, items, characters }) => {
        expect({ items, long: characters > 40 }).toEqual({ items: 1, long: true });
        confirmed.push(upTo);
      },
      lost: () => {},
    },
    stored: (upTo, behind) => {
      told.push([upTo, behind]);
      idle();
    },
    holes: () => {},
    giveUpConnection: (message) => given.push(message),
    sleep,
  });
  const until = async (count: number) => {
    while (stored.length < count) await new Promise<void>((resolve) => (idle = resolve));
  };
  return { inbox, stored, calls, confirmed, told, given, until };
}

describe('inbox', () => {
  it('I8: stores in order, confirms what is stored, and never skips while the store fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }),
        async (failures) => {
          const queue = failures.flatMap((times) => [...Array<boolean>(times).fill(true), false]);
          const { inbox, stored, confirmed, until } = setUp(() => queue.shift() ?? false);
          for (let n = 1; n <= failures.length; n++) inbox.take(frame(n));
          await until(failures.length);
          const all = failures.map((_, i) => i + 1);
          expect(stored).toEqual(all);
          expect(confirmed.slice(0, all.length - 1)).toEqual(all.slice(0, -1).map(cursor));
        },
      ),
    );
  });

  it('tells how much is behind, as the frame says', async () => {
    const { inbox, told, until } = setUp(() => false);
    inbox.take(frame(1, 40));
    inbox.take(frame(2));
    await until(2);
    expect(told).toEqual([
      [cursor(1), 40],
      [cursor(2), 0],
    ]);
  });

  it('drops what was not stored when the connection is lost, and confirms nothing on the next one', async () => {
    const { inbox, stored, confirmed, told, until } = setUp(() => false);
    inbox.take(frame(1));
    inbox.take(frame(2));
    inbox.lost();
    await until(1);
    await expect.poll(() => told).toHaveLength(1);
    expect(stored).toEqual([1]);
    expect(confirmed).toEqual([]);
  });

  it('I8: stores the pages that wait in one call, never past a frame of the stream, and tells of each once it is durable', async () => {
    const page = (n: number, size = 0) =>
      JSON.stringify({
        t: 'page',
        ref: n,
        conv: 'c',
        from: n,
        to: n,
        items: [{ n, text: 'x'.repeat(size) }],
      });
    const failing = [true];
    const { inbox, stored, calls, until } = setUp(() => failing.pop() ?? false);
    const told: number[] = [];
    const take = (n: number, text: string) => inbox.take(text, () => told.push(n));
    take(1, frame(1));
    for (let n = 2; n <= 20; n++) take(n, page(n));
    take(21, frame(21));
    take(22, page(22, 200_000));
    take(23, page(23, 200_000));
    expect(told).toEqual([]);
    await until(23);
    await expect.poll(() => told.length).toBe(23);
    const all = Array.from({ length: 23 }, (_, i) => i + 1);
    expect(stored).toEqual(all);
    expect(told).toEqual(all);
    expect(calls).toEqual([1, 4, 4, 4, 4, 3, 1, 1, 1]);
  });

  it('tells nobody of a page that was dropped with its connection', async () => {
    const { inbox, stored } = setUp(() => false);
    const told: number[] = [];
    inbox.take(frame(1));
    inbox.take('{"t":"page","ref":1,"items":[{"n":2}]}', () => told.push(1));
    inbox.lost();
    await expect.poll(() => stored).toEqual([1]);
    expect(told).toEqual([]);
  });

  it('makes room with what is stored: a stream of any length is no more than its credit', async () => {
    const { inbox, given, until } = setUp(() => false);
    const words = 'x'.repeat(400_000);
    for (let n = 1; n <= 40; n++) {
      inbox.take(JSON.stringify({ t: 'entries', items: [{ n, words }], upTo: cursor(n) }));
      await until(n);
    }
    expect(given).toEqual([]);
  });

  it('gives a relay up that sends far more than its credit', () => {
    const { inbox, given } = setUp(
      () => true,
      () => new Promise(() => {}),
    );
    for (let i = 0; i < 6; i++) inbox.take(`{"t":"entries","items":["${'x'.repeat(LIMITS.creditBytes)}"]}`);
    expect(given.length).toBeGreaterThan(0);
  });
});

describe('confirms', () => {
  const credit = { creditEntries: 8, creditBytes: 1_000 };
  const one = { items: 1, characters: 10, behind: 0 };

  function setUpConfirms() {
    const sent: string[] = [];
    const clock = { now: 0 };
    const confirms = new Confirms(
      (upTo) => sent.push(upTo),
      () => clock.now,
    );
    confirms.begin(credit);
    return { sent, clock, confirms };
  }

  it('go at once where it is quiet, once a second where much comes', () => {
    const { sent, clock, confirms } = setUpConfirms();
    for (const upTo of ['a', 'b', 'c']) confirms.stored({ ...one, upTo });
    expect(sent).toEqual(['a']);
    clock.now = CONFIRM_INTERVAL - 1;
    confirms.tick();
    expect(sent).toEqual(['a']);
    clock.now = CONFIRM_INTERVAL;
    confirms.tick();
    confirms.tick();
    expect(sent).toEqual(['a', 'c']);
    clock.now = 3 * CONFIRM_INTERVAL;
    confirms.stored({ ...one, upTo: 'd' });
    expect(sent).toEqual(['a', 'c', 'd']);
  });

  it('go at once while the relay waits for them: half of the credit is out, or more is to come', () => {
    const { sent, confirms } = setUpConfirms();
    for (const upTo of ['a', 'b', 'c', 'd', 'e', 'f']) confirms.stored({ ...one, upTo });
    expect(sent).toEqual(['a', 'e']);
    confirms.stored({ ...one, upTo: 'g', characters: 490 });
    expect(sent).toEqual(['a', 'e', 'g']);
    confirms.stored({ ...one, upTo: 'h', behind: 1 });
    expect(sent).toEqual(['a', 'e', 'g', 'h']);
  });

  it('of a connection that was lost are not sent on the next one, and a clock that was set back holds none up', () => {
    const { sent, clock, confirms } = setUpConfirms();
    clock.now = 5_000;
    confirms.stored({ ...one, upTo: 'a' });
    confirms.stored({ ...one, upTo: 'b' });
    confirms.lost();
    clock.now = 9_000;
    confirms.tick();
    expect(sent).toEqual(['a']);
    confirms.stored({ ...one, upTo: 'c' });
    clock.now = 100;
    confirms.stored({ ...one, upTo: 'd' });
    expect(sent).toEqual(['a', 'c', 'd']);
  });

  it('never leave a relay waiting that counts the credit', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ items: fc.integer({ min: 1, max: 8 }), pause: fc.integer({ min: 0, max: 400 }) }),
          {
            maxLength: 60,
          },
        ),
        (batches) => {
          const { sent, clock, confirms } = setUpConfirms();
          let out = 0;
          batches.forEach(({ items, pause }, i) => {
            clock.now += pause;
            out += items;
            const before = sent.length;
            confirms.stored({ upTo: String(i), items, characters: 10, behind: 0 });
            if (sent.length > before) out = 0;
            expect(out * 2).toBeLessThan(credit.creditEntries);
          });
          clock.now += CONFIRM_INTERVAL;
          confirms.tick();
          if (batches.length > 0) expect(sent.at(-1)).toBe(String(batches.length - 1));
        },
      ),
    );
  });
});

describe('hole filler', () => {
  type Place = { conv: string; from: number; to: number };
  function filler(holes: Place[], fetched: object | ((url: string) => Promise<object>) | null = null) {
    const sent: UpFrame[] = [];
    const taken: string[] = [];
    const heard: string[] = [];
    const clock = { now: 0 };
    const made = new HoleFiller({
      account: 'a',
      api: 'http://api',
      bridge: {
        call: async (name: string, { skip, answered }: { skip: number; answered: Place[] }) => {
          if (name === 'host.token') return { ok: true, value: { token: 't', expires: 1 } };
          const still = answered.filter((one) =>
            holes.some(({ conv, from, to }) => conv === one.conv && from <= one.from && one.to <= to),
          );
          const more = holes.length >= skip + 100;
          return { ok: true, value: { holes: holes.slice(skip, skip + 100), more, still } };
        },
        on: () => () => {},
      } as unknown as HostBridge,
      isLive: () => true,
      send: (up) => {
        sent.push(up);
        return true;
      },
      take: (text, stored) => {
        taken.push(text);
        stored();
      },
      heard: (dir, text) => heard.push(`${dir} ${(JSON.parse(text) as { t: string }).t}`),
      failed: (words) => heard.push(words),
      fetch: async (url) => {
        if (!fetched) throw new Error('away');
        return typeof fetched === 'function' ? await fetched(url) : fetched;
      },
      now: () => clock.now,
    });
    return { made, sent, taken, heard, clock };
  }

  it('asks for the newest part of eight conversations at most, for one only when that is stored', async () => {
    const { made, sent } = filler([
      { conv: 'a', from: 1, to: 900 },
      { conv: 'b', from: 5, to: 6 },
      ...['c', 'd', 'e', 'f', 'g', 'h', 'i'].map((conv) => ({ conv, from: 1, to: 2 })),
    ]);
    await made.wake();
    await made.wake();
    expect(sent).toMatchObject([
      { t: 'fetch', conv: 'a', from: 701, to: 900 },
      { t: 'fetch', conv: 'b', from: 5, to: 6 },
      ...['c', 'd', 'e', 'f', 'g', 'h'].map((conv) => ({ t: 'fetch', conv })),
    ]);
    made.stored(1);
    await made.wake();
    expect(sent).toHaveLength(9);
  });

  it('takes from the API what the relay has trimmed, and the connection log hears of it', async () => {
    const { made, taken, heard } = filler([{ conv: 'a', from: 1, to: 3 }], {
      conv: 'a',
      from: 1,
      to: 3,
      items: [],
    });
    await made.wake();
    await made.refused({ t: 'error', ref: 1, kind: 'trimmed', message: 'gone' });
    expect(taken.map((text) => JSON.parse(text))).toEqual([
      { t: 'page', ref: 0, conv: 'a', from: 1, to: 3, items: [] },
    ]);
    expect(heard).toEqual(['out fetch', 'in page']);
  });

  it('leaves a range alone for a minute that nobody has, and asks again when nobody answered', async () => {
    const { made, sent, heard, clock } = filler([{ conv: 'a', from: 1, to: 3 }]);
    await made.wake();
    await made.refused({ t: 'error', ref: 1, kind: 'trimmed', message: 'gone' });
    expect(heard).toEqual(['out fetch', 'entries 1 to 3 from the API: away']);
    expect(sent).toHaveLength(1);
    clock.now = 60_000;
    made.tick();
    await made.wake();
    expect(sent).toHaveLength(2);
    clock.now = 95_000;
    made.tick();
    await expect.poll(() => sent.length).toBe(3);
  });

  it('asks who answers and has nothing of it for what is older, and for the same again after ten minutes', async () => {
    const { made, sent, taken, clock } = filler(
      [
        { conv: 'a', from: 1, to: 3 },
        { conv: 'b', from: 1, to: 500 },
      ],
      { conv: 'a', from: 1, to: 3, items: [] },
    );
    await made.wake();
    await made.refused({ t: 'error', ref: 1, kind: 'trimmed', message: 'gone' });
    for (let i = 2; i < 8; i++) {
      made.stored(i);
      await made.wake();
    }
    expect(taken).toHaveLength(1);
    expect(sent).toMatchObject([
      { conv: 'a', from: 1, to: 3 },
      { conv: 'b', from: 301, to: 500 },
      { conv: 'b', from: 101, to: 300 },
      { conv: 'b', from: 1, to: 100 },
    ]);
    clock.now = 600_000;
    made.tick();
    await expect
      .poll(() => sent.slice(4))
      .toMatchObject([
        { conv: 'a', from: 1, to: 3 },
        { conv: 'b', from: 301, to: 500 },
      ]);
  });

  it('passes by those that nobody can fill, however many there are before one that can be', async () => {
    const lost = Array.from({ length: 250 }, (_, i) => ({ conv: `lost${i}`, from: 1, to: 3 }));
    const { made, sent, clock } = filler([...lost, { conv: 'z', from: 1, to: 3 }]);
    for (let ref = 1; ref <= lost.length; ref++) {
      await made.wake();
      // Some are answered with nothing, some refused.
      if (ref % 2) made.stored(ref);
      else await made.refused({ t: 'error', ref, kind: 'not_member', message: 'not yours' });
    }
    const convs = () => sent.map((up) => (up as { conv: string }).conv);
    expect(convs().filter((conv) => conv === 'z')).toHaveLength(1);
    expect(new Set(convs()).size).toBe(sent.length);
    expect(sent).toHaveLength(251);
    clock.now = 600_000;
    made.stored(251);
    await made.wake();
    expect(convs().slice(251)).toEqual(lost.slice(0, 8).map(({ conv }) => conv));
  });

  it('looks again where holes came while it looked', async () => {
    const holes: Place[] = [];
    const { made, sent } = filler(holes);
    const first = made.wake();
    holes.push({ conv: 'a', from: 1, to: 3 });
    await Promise.all([first, made.wake()]);
    expect(sent).toMatchObject([{ conv: 'a' }]);
  });

  it('asks the API for less where an answer does not come through, and for more again where it does', async () => {
    const asked: string[] = [];
    const holes = [{ conv: 'a', from: 1, to: 1_000 }];
    const { made, clock } = filler(holes, async (url) => {
      asked.push(url.slice(url.indexOf('from=')));
      if (asked.length < 3) throw new TypeError('network error');
      holes[0] = { conv: 'a', from: 1, to: 997 };
      return { conv: 'a', from: 1, to: 1_000, items: [] };
    });
    for (let ref = 1; ref <= 4; ref++) {
      await made.wake();
      await made.refused({ t: 'error', ref, kind: 'trimmed', message: 'gone' });
      clock.now += 60_000;
      made.tick();
    }
    expect(asked).toEqual(['from=801&to=1000', 'from=976&to=1000', 'from=998&to=1000', 'from=992&to=997']);
  });
});
