import type { HostBridge, OutboxItem } from '@matchbook/protocol/bridge/host';
import type { AppendFrame, UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';
import { plan } from './planner.ts';

const item = (
  place: number,
  conv = 'c',
  kind: 'message' | 'create' | 'read' = 'message',
  size = 10,
): OutboxItem => ({
  id: `i${place}`,
  conv,
  place,
  frozen: false,
  append:
    kind === 'message'
      ? { kind, body: { type: 'text/plain', text: 'x'.repeat(size) } }
      : kind === 'create'
        ? { kind, form: 'direct', members: ['ann'] }
        : { kind, n: place },
});

describe('plan', () => {
  it('I5: a batch a conversation, in the order of release, never past an item that does not fit', () => {
    const items = [
      item(1),
      item(2, 'd'),
      item(3),
      item(4, 'c', 'message', LIMITS.bodyBytes),
      item(5, 'c', 'message', LIMITS.bodyBytes),
      item(6),
    ];
    expect(plan(items, new Set(), 0).map((batch) => batch.items.map((one) => one.id))).toEqual([
      ['i1', 'i3', 'i4'],
      ['i2'],
    ]);
    expect(plan(items, new Set(['c']), 0).map((batch) => batch.conv)).toEqual(['d']);
  });

  it('creates a conversation before anything is said in it', () => {
    const [batch] = plan([item(1), item(2, 'c', 'create')], new Set(), 0);
    expect(batch!.items.map((one) => one.id)).toEqual(['i2', 'i1']);
  });

  it('has bounds: items in a batch, batches in flight', () => {
    const many = Array.from({ length: 200 }, (_, i) => item(i + 1));
    expect(plan(many, new Set(), 0)[0]!.items).toHaveLength(LIMITS.batchItems);
    const wide = Array.from({ length: 50 }, (_, i) => item(i + 1, `c${i}`));
    expect(plan(wide, new Set(), 0)).toHaveLength(8);
    expect(plan(wide, new Set(), 6)).toHaveLength(2);
  });

  it('an item of the largest size goes alone and does go', () => {
    const [batch] = plan([item(1, 'c', 'message', 200_000)], new Set(), 0);
    expect(batch!.items).toHaveLength(1);
  });
});

/** The wall clock, at the start of the steady one. */
const WALL = 1_700_000_000_000;

/** Store, wire and relay of a test: what a real store keeps, and a relay that takes each id once and may refuse or lose. */
class World {
  items: OutboxItem[] = [];
  log: string[] = [];
  failed: string[] = [];
  /** When the store was told that they are tried again. */
  next = new Map<string, number>();
  frozen = new Set<string>();
  wire: AppendFrame[] = [];
  connection: number | null = null;
  now = 0;
  resets = 0;
  doubts = 0;
  /** How often the store was asked for what waits. */
  looks = 0;
  outbox: Outbox;

  constructor() {
    const call = async (
      name: string,
      request: { ids?: string[]; items?: { id: string; final?: boolean }[] },
    ) => {
      const value = this.#store(name, request);
      return { ok: true as const, value };
    };
    this.outbox = new Outbox({
      account: 'a',
      bridge: { call, on: () => () => {} } as unknown as HostBridge,
      connection: () => this.connection,
      send: (frame: UpFrame) => {
        const append = frame as AppendFrame;
        // Frozen before sent: content and place are settled by then.
        for (const { id } of append.items)
          if (!this.frozen.has(id)) throw new Error(`${id} was sent before it was frozen`);
        this.wire.push(append);
        return true;
      },
      doubtConnection: () => {
        this.doubts += 1;
      },
      giveUpConnection: () => {
        this.resets += 1;
      },
      now: () => this.now,
      wall: (at) => at + WALL,
    });
  }

  #store(
    name: string,
    { ids = [], items = [] }: { ids?: string[]; items?: { id: string; final?: boolean; nextAt?: number }[] },
  ): unknown {
    if (name === 'host.outbox') this.looks += 1;
    if (name === 'host.outbox') return this.items.filter((one) => !this.failed.includes(one.id));
    if (name === 'host.release') {
      const there = ids.filter((id) => this.items.some((one) => one.id === id));
      for (const id of there) this.frozen.add(id);
      return { ids: there };
    }
    if (name === 'host.acked')
      this.items = this.items.filter((one) => !items.some(({ id }) => id === one.id));
    if (name === 'host.refused') {
      this.failed.push(...items.filter((one) => one.final).map((one) => one.id));
      for (const { id, nextAt } of items) if (nextAt !== undefined) this.next.set(id, nextAt);
    }
    return null;
  }

  /** The relay answers the oldest frame on the wire; `hear`: the answer arrives. */
  async answer(verdict: 'take' | 'retry' | 'refuse-first', hear: boolean): Promise<void> {
    const frame = this.wire.shift();
    if (!frame) return;
    const { conv } = frame;
    const acks: { id: string }[] = [];
    const nacks: { id: string; kind: string; message: string }[] = [];
    for (const [i, { id }] of frame.items.entries()) {
      if (this.log.includes(id)) acks.push({ id });
      else if (verdict === 'retry') nacks.push({ id, kind: 'storage_unavailable', message: 'later' });
      else if (verdict === 'refuse-first' && i === 0) nacks.push({ id, kind: 'not_member', message: 'no' });
      else {
        this.log.push(id);
        acks.push({ id });
      }
    }
    if (!hear) return;
    if (acks.length > 0) await this.outbox.acked({ t: 'ack', conv, items: acks });
    if (nacks.length > 0) await this.outbox.nacked({ t: 'nack', conv, items: nacks });
  }
}

describe('outbox', () => {
  it('I3 I5 I11: through losses, refusals and reconnects everything ends taken once, in order, or visibly failed', async () => {
    const step = fc.constantFrom(
      'compose',
      'take',
      'take',
      'take-unheard',
      'retry',
      'refuse-first',
      'lose',
      'connect',
      'connect',
      'later',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = new World();
        let place = 0;
        let connections = 0;
        for (const one of [...steps]) {
          if (one === 'compose') {
            place += 1;
            world.items.push(item(place, `c${place % 2}`));
            await world.outbox.wake();
          } else if (one === 'lose') {
            world.connection = null;
            world.wire = [];
            world.outbox.lost();
          } else if (one === 'connect') {
            if (world.connection !== null) world.outbox.lost();
            world.wire = [];
            world.connection = ++connections;
            await world.outbox.wake();
          } else if (one === 'later') {
            world.now += 31_000;
            world.outbox.tick();
            await world.outbox.wake();
          } else if (one === 'take-unheard') await world.answer('take', false);
          else await world.answer(one, true);
        }
        for (let i = 0; i < 200 && world.items.some((one) => !world.failed.includes(one.id)); i++) {
          if (world.wire.length === 0) {
            world.outbox.lost();
            world.connection = ++connections;
            await world.outbox.wake();
            // A wake that found another one at work has to let it end before the connection changes again.
            await new Promise((resolve) => setTimeout(resolve));
          }
          await world.answer('take', true);
        }
        expect(world.items.filter((one) => !world.failed.includes(one.id))).toEqual([]);
        expect(new Set(world.log).size).toBe(world.log.length);
        for (const conv of ['c0', 'c1']) {
          const places = world.log.map((id) => Number(id.slice(1))).filter((n) => `c${n % 2}` === conv);
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
        const composed = Array.from({ length: place }, (_, i) => `i${i + 1}`);
        expect([...world.log, ...world.failed].sort()).toEqual(composed.sort());
      }),
      { numRuns: 300 * 25 },
    );
  });

  it('sends nothing without a live connection, and nothing that was withdrawn', async () => {
    const world = new World();
    world.items.push(item(1));
    await world.outbox.wake();
    expect(world.wire).toEqual([]);
    world.connection = 1;
    const kept = world.items;
    world.items = [...kept];
    const waking = world.outbox.wake();
    world.items = [];
    await waking;
    expect(world.wire).toEqual([]);
  });

  it('gives a connection up that does not answer appends for 30 s', async () => {
    const world = new World();
    world.connection = 1;
    world.items.push(item(1));
    await world.outbox.wake();
    world.now = 29_999;
    world.outbox.tick();
    expect(world.resets).toBe(0);
    world.now = 30_000;
    world.outbox.tick();
    expect(world.resets).toBe(1);
  });

  it.each(['ack first', 'nack first'])(
    'obeys the pause that the relay asks for where it took a part of the batch (%s)',
    async (order) => {
      const world = new World();
      world.connection = 1;
      world.items.push(item(1), item(2));
      await world.outbox.wake();
      world.wire = [];
      const taken = () => world.outbox.acked({ t: 'ack', conv: 'c', items: [{ id: 'i1', n: 1 }] as never });
      const later = () =>
        world.outbox.nacked({
          t: 'nack',
          conv: 'c',
          items: [{ id: 'i2', kind: 'rate_limited', message: 'slow', retryAfter: 5 }],
        });
      // Both come in one read of the socket.
      await Promise.all(order === 'ack first' ? [taken(), later()] : [later(), taken()]);
      world.now = 4_999;
      await world.outbox.wake();
      expect(world.wire).toEqual([]);
      world.now = 5_000;
      await world.outbox.wake();
      expect(world.wire).toHaveLength(1);
    },
  );

  it('I13: what was to be tried again and is gone is not looked for with every second', async () => {
    const world = new World();
    world.items = [item(1)];
    world.connection = 1;
    await world.outbox.wake();
    const nack = { id: 'i1', kind: 'rate_limited' as const, message: 'slower', retryAfter: 2 };
    await world.outbox.nacked({ t: 'nack', conv: 'c', items: [nack] });
    world.items = [];
    const before = world.looks;
    for (let s = 0; s < 60; s++) {
      world.now += 1_000;
      world.outbox.tick();
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Once, at the end of the pause.
    expect(world.looks - before).toBe(1);
  });

  it('obeys the pause that the relay asks for, and tells its end by the wall clock', async () => {
    const world = new World();
    world.connection = 1;
    world.items.push(item(1));
    await world.outbox.wake();
    world.wire = [];
    await world.outbox.nacked({
      t: 'nack',
      conv: 'c',
      items: [{ id: 'i1', kind: 'rate_limited', message: 'slow', retryAfter: 5 }],
    });
    expect(world.wire).toEqual([]);
    expect(world.next.get('i1')).toBe(WALL + 5_000);
    world.now = 4_999;
    await world.outbox.wake();
    expect(world.wire).toEqual([]);
    world.now = 5_000;
    await world.outbox.wake();
    expect(world.wire).toHaveLength(1);
  });

  it('somebody who has just registered is waited for: what brings them in, and what is said there, goes again for half a minute', async () => {
    const world = new World();
    world.connection = 1;
    world.items.push(item(1, 'c', 'create'), item(2));
    await world.outbox.wake();
    const unheard = (field: string) =>
      world.outbox.nacked({
        ...{ t: 'nack', conv: 'c' },
        items: [
          { id: 'i1', kind: 'unknown_user', message: 'not known here', field },
          { id: 'i2', kind: 'unknown_conversation', message: 'no such' },
        ],
      });
    const tries: number[] = [];
    for (; world.now < 60_000 && world.failed.length === 0; world.now += 500) {
      await world.outbox.wake();
      if (world.wire.length === 0) continue;
      tries.push(world.now);
      expect(world.wire.map(({ items }) => items.map(({ id }) => id))).toEqual([['i1', 'i2']]);
      world.wire = [];
      await unheard('members');
    }
    expect(tries).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(world.failed).toEqual(['i1', 'i2']);
  });

  describe('an answer that is late raises a doubt, once a batch', () => {
    const large = (place: number, conv = 'd') => item(place, conv, 'message', 40_000);
    /** From where the world is: after how many ms each further doubt was raised, within the limit. */
    const doubts = (world: World): number[] => {
      const begun = world.now;
      const at: number[] = [];
      for (let known = world.doubts; world.now - begun < 29_900; world.now += 100) {
        world.outbox.tick();
        if (world.doubts > known) at.push(world.now - begun);
        known = world.doubts;
      }
      return at;
    };
    const begun = async (...items: OutboxItem[]) => {
      const world = new World();
      world.connection = 1;
      world.items.push(...items);
      await world.outbox.wake();
      return world;
    };
    const acked = (world: World, id: string, conv: string) =>
      world.outbox.acked({ t: 'ack', conv, items: [{ id, n: 1, m: 1, h: '', time: 0 }] } as never);

    it('after five seconds, and anew for the next', async () => {
      const world = await begun(item(1));
      expect(doubts(world)).toEqual([5_000]);
      expect(world.resets).toBe(0);
      await acked(world, 'i1', 'c');
      world.items = [item(3)];
      await world.outbox.wake();
      world.now += 1_000;
      world.outbox.tick();
      expect(world.doubts).toBe(1);
    });

    it('of one that a slow line may still be carrying later, and before the limit also where it is the largest', async () => {
      expect(doubts(await begun(large(1)))).toEqual([7_200]);
      expect(doubts(await begun(item(1, 'd', 'message', LIMITS.frameBytes - 1_000)))).toEqual([26_800]);
      // Behind a large one a small one waits for it.
      expect(doubts(await begun(large(1), item(2, 'c', 'message', 2_000)))).toEqual([7_200, 7_300]);
    });

    it('not again where a line was lost that may be slower still, until one was carried in time', async () => {
      const world = await begun(large(1));
      const again = async () => {
        world.outbox.lost();
        world.connection! += 1;
        await world.outbox.wake();
      };
      expect(doubts(world)).toEqual([7_200]);
      await again();
      expect(doubts(world)).toEqual([]);
      await acked(world, 'i1', 'd');
      world.items = [large(2)];
      await world.outbox.wake();
      expect(doubts(world)).toEqual([]);
      await again();
      world.now += 1_000;
      await acked(world, 'i2', 'd');
      world.items = [large(3)];
      await world.outbox.wake();
      expect(doubts(world)).toEqual([7_200]);
    });

    it('of a small one as soon as ever on a line that may be slower', async () => {
      const world = await begun(large(1));
      expect(doubts(world)).toEqual([7_200]);
      world.outbox.lost();
      world.items = [item(2)];
      await world.outbox.wake();
      expect(doubts(world)).toEqual([5_000]);
    });
  });

  it('a block of somebody who has just registered waits as long, and takes once they are known', async () => {
    const world = new World();
    world.connection = 1;
    world.items.push(item(1));
    const refused = { kind: 'unknown_user', message: 'not known here', field: 'of' };
    await world.outbox.wake();
    await world.outbox.nacked({ t: 'nack', conv: 'c', items: [{ id: 'i1', ...refused }] });
    expect(world.failed).toEqual([]);
    world.wire = [];
    world.now = 500;
    await world.outbox.wake();
    expect(world.wire.map(({ items }) => items.map(({ id }) => id))).toEqual([['i1']]);
  });

  it('somebody who is no member of a group is none a moment later either', async () => {
    const world = new World();
    world.connection = 1;
    world.items.push(item(1));
    await world.outbox.wake();
    const items = [{ id: 'i1', kind: 'unknown_user', message: 'no member', field: 'user' }];
    await world.outbox.nacked({ t: 'nack', conv: 'c', items });
    expect(world.failed).toEqual(['i1']);
  });
});
