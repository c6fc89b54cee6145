import { LOG_LIMITS, type LogEvent } from '@matchbook/protocol/bridge/diagnostics';
import { describe, expect, it } from 'vitest';
import { Diagnostics } from './diagnostics.ts';

const T0 = 1_700_000_000_000;

function stage() {
  const world = { now: T0, news: [] as number[], wanted: [] as boolean[], due: [] as (() => void)[] };
  const diagnostics = new Diagnostics({
    now: () => world.now,
    setTimer: (work) => {
      world.due.push(work);
      return { cancel: () => {} };
    },
    news: (last) => world.news.push(last),
    changed: () => {},
    wantContents: (on) => world.wanted.push(on),
  });
  return { world, diagnostics };
}

const frame = (contents?: string): LogEvent => ({
  at: T0,
  account: 'a',
  via: 'socket',
  dir: 'in',
  type: 'entries',
  size: 10,
  ...(contents === undefined ? {} : { contents }),
});
const read = (diagnostics: Diagnostics) =>
  diagnostics.lines(0, 100_000).lines.map((line) => JSON.parse(line) as LogEvent);

describe('the connection log in main', () => {
  it('keeps no contents that nobody asked for, even if they are sent', () => {
    const { diagnostics } = stage();
    diagnostics.hear([frame('canary body')]);
    expect(JSON.stringify(read(diagnostics))).not.toContain('canary');
    diagnostics.showContents(true);
    expect(JSON.stringify(read(diagnostics))).not.toContain('canary');
  });

  it('has contents while they are wanted, and forgets them with the switch, the window, and for the next one', () => {
    const { diagnostics, world } = stage();
    diagnostics.showContents(true);
    diagnostics.hear([frame('canary "body"')]);
    expect(read(diagnostics).at(-1)!.contents).toBe('canary "body"');
    diagnostics.showContents(false);
    diagnostics.showContents(true);
    expect(read(diagnostics).at(-1)!.contents).toBeUndefined();
    expect(world.wanted).toEqual([true, false, true]);
  });

  it('asks a new session host for contents only where they are wanted', () => {
    const { diagnostics, world } = stage();
    diagnostics.hostStarted('start');
    diagnostics.showContents(true);
    diagnostics.hostStarted('again');
    expect(world.wanted).toEqual([true, true]);
  });

  it('holds contents up to a bound: the oldest are forgotten first', () => {
    const { diagnostics } = stage();
    diagnostics.showContents(true);
    const large = 'x'.repeat(LOG_LIMITS.contents);
    for (let i = 0; i < LOG_LIMITS.heldContents / LOG_LIMITS.contents + 10; i++)
      diagnostics.hear([frame(large)]);
    const held = read(diagnostics).filter(({ contents }) => contents !== undefined);
    expect(held.length).toBe(LOG_LIMITS.heldContents / LOG_LIMITS.contents);
    expect(read(diagnostics).at(-1)!.contents).toBe(large);
  });

  it('tells of news once for a burst, with the last number', () => {
    const { diagnostics, world } = stage();
    diagnostics.hear(Array.from({ length: 50 }, () => frame()));
    expect(world.due).toHaveLength(1);
    world.due[0]!();
    expect(world.news).toEqual([51]);
    diagnostics.hear([frame()]);
    expect(world.due).toHaveLength(2);
  });

  it('marks what belongs into the plots, and forgets it after an hour', () => {
    const { diagnostics, world } = stage();
    for (const what of ['suspend', 'resume', 'network-lost'] as const) diagnostics.life(what);
    expect(diagnostics.marks().map(({ kind }) => kind)).toEqual(['app', 'suspend', 'resume', 'network-lost']);
    world.now += 3_600_001;
    expect(diagnostics.marks()).toEqual([]);
  });

  it('gives its plots back after a restart of the app', () => {
    const one = stage().diagnostics;
    one.hear([{ ...frame(), type: 'pong', ms: 7 }]);
    const other = stage().diagnostics;
    other.restore(one.kept());
    expect(other.vitals('a').stretches(T0)[0]!.trips).toEqual([7]);
    expect(other.marks()).toHaveLength(2);
  });

  it('takes a host without a report for a silent one', () => {
    const { diagnostics, world } = stage();
    diagnostics.hostStarted('start');
    world.now += 4_000;
    diagnostics.hostReported();
    world.now += 4_000;
    expect(diagnostics.hostIsSilent()).toBe(false);
    world.now += 2_000;
    expect(diagnostics.hostIsSilent()).toBe(true);
  });
});
