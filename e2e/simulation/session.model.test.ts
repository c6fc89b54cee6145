import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusWords } from '../../renderer/ui/status-words.ts';
import { randomFromSeed } from '../fixtures/random.ts';
import { type Network, SessionWorld } from './session-world.ts';

/** I12: the first attempt comes at most 30 s after the last fault, 90 s from offline, and 30 s later all is well. */
const CONNECTING_BOUND = 60_000;
const OFFLINE_BOUND = 120_000;
/** By HTTP the socket is tried at least every 90 s. */
const SOCKET_BOUND = 100_000;
/** What stands still is told within a heartbeat, 10 s and a pulse; by HTTP within the 25 s of a poll and 10 s. */
const STALE_BOUND = 38_000;
/** Of a machine that woke on a good network: 3 s of doubt, and the way to live. */
const WAKE_BOUND = 5_000;
const YEAR = 366 * 24 * 60 * 60_000;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 500, max: 30_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('network' as const),
      network: fc.constantFrom<Network>('open', 'refused', 'hole', 'no-sockets', 'cut', 'frozen'),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'compose' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'peer' as const }) },
  fc.constant({ do: 'break' as const }),
  fc.record({
    do: fc.constant('signal' as const),
    signal: fc.constantFrom('resume', 'network', 'focus', 'online'),
  }),
  fc.constant({ do: 'reconnect' as const }),
  fc.constant({ do: 'rest' as const }),
  fc.constant({ do: 'wake' as const }),
  fc.constant({ do: 'host' as const }),
  fc.constant({ do: 'lose-advice' as const }),
  fc.record({ do: fc.constant('clock' as const), by: fc.constantFrom(YEAR, -YEAR, 20_000, -20_000) }),
  fc.record({
    do: fc.constant('sleep' as const),
    ms: fc.integer({ min: 1_000, max: 600_000 }),
    lines: fc.constantFrom('closed' as const, 'deaf' as const, 'whole' as const),
  }),
  fc.record({ do: fc.constant('limit' as const), limit: fc.integer({ min: 1, max: 20 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The host is ended while a request of its is on the way, which arrives after the hello of the next one. */
const REPLACED_BY_ITS_OWN_PAST: Step[] = [
  { do: 'lose-advice' },
  { do: 'network', network: 'cut' },
  { do: 'pass', ms: 6_174 },
  { do: 'host' },
  { do: 'reconnect' },
];

async function perform(world: SessionWorld, one: Step): Promise<void> {
  switch (one.do) {
    case 'pass':
      for (let left = one.ms; left > 0; left -= 1_000) {
        await world.advance(Math.min(1_000, left));
        honest(world);
      }
      return;
    case 'network':
      return world.become(one.network);
    case 'compose':
      return world.compose();
    case 'peer':
      return world.peerSays();
    case 'break':
      return world.breakAll();
    case 'signal':
      return world.supervisor.signal(one.signal as 'resume');
    case 'reconnect':
      world.settings.resting = false;
      return world.supervisor.reconnect('account');
    case 'rest':
      world.settings.resting = true;
      return world.supervisor.rest('account');
    case 'wake':
      world.settings.resting = false;
      return;
    case 'host':
      return world.startHost();
    case 'lose-advice':
      world.losing = 1;
      return;
    case 'clock':
      world.clock.wall += one.by;
      return;
    case 'sleep':
      world.sleep(one.ms, one.ms % 2 === 0, one.lines);
      return world.supervisor.signal('resume');
    case 'limit':
      world.settings.attemptLimit = one.limit;
  }
}

/** Nobody is told that it is up to date when for longer than the bound nothing could have come. */
function honest(world: SessionWorld): void {
  const { tone, id } = statusWords(world.state, null, true, world.clock.wall);
  const dark = world.darkSince === null ? 0 : world.clock.uptime - world.darkSince;
  if (tone === 'calm' && world.state.kind !== 'resting' && dark > STALE_BOUND)
    world.faults.push(`says ${id} after ${dark} ms of darkness`);
}

async function within(world: SessionWorld, bound: number, met: () => boolean): Promise<number | null> {
  for (let passed = 0; passed <= bound; passed += 500) {
    if (met()) return passed;
    await world.advance(500);
  }
  return met() ? bound : null;
}

/** It is offline, or will be where the attempt that is under way was swallowed. */
const isLast = ({ state, settings }: SessionWorld) =>
  state.kind === 'offline' || ('attempt' in state && state.attempt >= settings.attemptLimit);

/** It has become offline meanwhile, or would say so had it not lost what it was told. @param before how much had been told */
const wasSlow = ({ state, told }: SessionWorld, before: number) =>
  [...told.slice(before), state].some((one) => one.kind === 'offline') ||
  (state.kind === 'waiting' && state.at === null);

const flows = ({ state }: SessionWorld) => state.kind === 'live' || state.kind === 'polling';

describe('supervisor, session, outbox and inbox over a network that does as it likes', () => {
  it('I3 I5 I8 I12: never stuck, nothing lost, twice or overtaken, across every change of transport', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer(), async (steps, seed) => {
        const world = new SessionWorld(randomFromSeed(seed).next);
        try {
          for (const one of steps) await perform(world, one);
          world.settings.resting = false;
          world.losing = 0;
          world.become('open');
          const from = world.state.kind;
          const before = world.told.length;
          const bound = isLast(world) ? OFFLINE_BOUND : CONNECTING_BOUND;
          const whole = () => flows(world) && world.complete;
          let back = await within(world, bound, whole);
          // What flowed for a moment only is still counted, and what it was at when that ended was its last attempt.
          if (back === null && wasSlow(world, before))
            back = await within(world, OFFLINE_BOUND - bound, whole);
          expect(back, `from ${from}: ${JSON.stringify(world.state)}, ${world.waiting} wait`).not.toBeNull();
          const socket = await within(world, SOCKET_BOUND, () => world.state.kind === 'live');
          expect(socket, `by socket: ${JSON.stringify(world.state)}`).not.toBeNull();
          expect(world.faults).toEqual([]);
          expect(world.rows).toEqual(world.log.map(({ id }) => id));
          const own = world.log.filter((one) => one.own).map(({ id }) => id);
          expect(own).toEqual(world.composed);
          await within(world, 5_000, () => complete(world));
          expect(complete(world), JSON.stringify(world.state)).toBe(true);
        } finally {
          world.close();
        }
      }),
      { numRuns: 150, examples: [[REPLACED_BY_ITS_OWN_PAST, 0]] },
    );
  });

  it('I12: from every state, the socket is live within 5 s of waking on a good network, and nothing is dialled twice at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 16 }),
        fc.record({
          ms: fc.integer({ min: 1_000, max: 3_600_000 }),
          counts: fc.boolean(),
          lines: fc.constantFrom('closed' as const, 'deaf' as const, 'whole' as const),
        }),
        fc.array(
          fc.record({
            ms: fc.integer({ min: 0, max: 1_500 }),
            signal: fc.constantFrom('resume' as const, 'network', 'focus', 'online', 'unlock', 'clock'),
          }),
          { maxLength: 4 },
        ),
        fc.integer(),
        async (steps, { ms, counts, lines }, signals, seed) => {
          const world = new SessionWorld(randomFromSeed(seed).next);
          try {
            for (const one of steps) await perform(world, one);
            world.settings.resting = false;
            world.losing = 0;
            const from = JSON.stringify(world.state);
            world.sleep(ms, counts, lines);
            world.become('open');
            const before = world.dials;
            world.supervisor.signal('resume');
            let passed = 0;
            for (const { ms: pause, signal } of signals) {
              await world.advance(pause);
              passed += pause;
              world.supervisor.signal(signal);
            }
            await world.advance(WAKE_BOUND - passed);
            expect(world.state.kind, `from ${from}: ${JSON.stringify(world.state)}`).toBe('live');
            expect(world.dials - before).toBeLessThanOrEqual(3 + signals.length);
            await within(world, CONNECTING_BOUND, () => world.complete);
            expect(world.complete).toBe(true);
            expect(world.faults).toEqual([]);
          } finally {
            world.close();
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('counts attempts from one, says offline above the limit only, and follows a limit that changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer(),
        async (first, second, seed) => {
          const world = new SessionWorld(randomFromSeed(seed).next);
          world.settings.attemptLimit = first;
          world.become('refused');
          await world.advance(90_000);
          const before = world.told.length;
          world.settings.attemptLimit = second;
          await world.advance(240_000);
          const attempts = (states: typeof world.told) =>
            states
              .filter((state) => (state.kind === 'waiting' || state.kind === 'offline') && state.at !== null)
              .map((state) => ({ kind: state.kind, attempt: (state as { attempt: number }).attempt }));
          const all = attempts(world.told);
          expect(all.map(({ attempt }) => attempt)).toEqual(all.map((_, i) => i + 1));
          for (const [states, limit] of [
            [attempts(world.told.slice(0, before)), first],
            [attempts(world.told.slice(before)), second],
          ] as const)
            for (const { kind, attempt } of states)
              expect(kind).toBe(attempt > limit ? 'offline' : 'waiting');
          world.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each([YEAR, -YEAR])('a wall clock that jumps by %i ms ends no connection and keeps none', async (by) => {
    const world = new SessionWorld(randomFromSeed(1).next);
    await within(world, 10_000, () => flows(world));
    const connections = () => world.told.filter(({ kind }) => kind === 'connecting').length;
    const before = connections();
    world.clock.wall += by;
    world.peerSays();
    await world.advance(120_000);
    expect(connections()).toBe(before);
    expect(world.state).toMatchObject({ kind: 'live' });
    expect(world.complete).toBe(true);
    const { lastData } = world.state as { lastData: number };
    expect(world.clock.wall - lastData).toBeLessThan(25_000);
    world.become('hole');
    world.clock.wall -= by;
    await within(world, 50_000, () => !flows(world));
    expect(flows(world)).toBe(false);
    world.close();
  });

  it('a server that was away is met within 90 s while the window is hidden and nobody touches anything', async () => {
    const world = new SessionWorld(() => 0.999);
    await within(world, 10_000, () => flows(world));
    world.become('refused');
    world.compose();
    await world.advance(600_000);
    expect(world.state.kind).toBe('offline');
    world.peerSays();
    world.become('open');
    expect(await within(world, 90_000, () => world.complete)).not.toBeNull();
    world.close();
  });
});

const complete = ({ state }: SessionWorld) => state.kind === 'live' && state.complete !== null;
