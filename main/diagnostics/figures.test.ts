import type { LogEvent } from '@matchbook/protocol/bridge/diagnostics';
import type { ProcessUse } from '@matchbook/protocol/bridge/figures';
import { describe, expect, it } from 'vitest';
import { CatchUp } from './catch-up.ts';
import { Figures } from './figures.ts';
import { processUse } from './process-use.ts';

const T0 = 1_700_000_000_000;

function stage() {
  const world = { now: T0, cpu: 1 as number | null, servers: 5 };
  const figures = new Figures({
    born: T0 - 1_200,
    now: () => world.now,
    processes: (): ProcessUse[] => [
      { pid: 1, kind: 'main', memory: 100, cpu: world.cpu },
      { pid: 2, kind: 'server', memory: 100, cpu: world.servers },
    ],
  });
  return { world, figures, told: () => figures.told(null) };
}

describe('the figures', () => {
  it('take the first conversation for the start', () => {
    const { world, figures, told } = stage();
    expect(told().start).toBeNull();
    figures.usable(world.now);
    world.now += 60_000;
    figures.usable(world.now);
    expect(told().start).toBe(1_200);
  });

  it('tell the middle and the worst of the last thousand, and nothing where nothing was measured', () => {
    const { figures, told } = stage();
    expect(told().bubble).toBeNull();
    for (let i = 0; i < 500; i++) figures.measured('bubble', 9_000);
    for (let i = 1; i <= 1_000; i++) figures.measured('bubble', i);
    expect(told().bubble).toEqual({ count: 1_000, p50: 500, p99: 990 });
    expect(told().queued).toBeNull();
  });

  it('count long frames', () => {
    const { figures, told } = stage();
    for (const ms of [120, 300, 110]) figures.measured('frame', ms);
    expect(told().frames).toEqual({ count: 3, longest: 300 });
  });

  it('tell what was used while no window was to be seen, without the servers', () => {
    const { world, figures, told } = stage();
    figures.shown(1);
    figures.shown(2);
    figures.unseen(1);
    world.cpu = 7;
    world.now += 600_000;
    figures.unseen(2);
    world.cpu = 7.6;
    world.servers = 90;
    world.now += 300_000;
    figures.shown(2);
    expect(told().hidden).toEqual({ seconds: 300, percent: expect.closeTo(0.2, 5) });
  });

  it('say nothing of a moment, nor where the runtime does not tell', () => {
    const { world, figures, told } = stage();
    figures.shown(1);
    figures.unseen(1);
    world.now += 59_000;
    figures.shown(1);
    expect(told().hidden).toBeNull();
    world.cpu = null;
    figures.unseen(1);
    world.now += 100_000;
    figures.shown(1);
    expect(told().hidden).toBeNull();
  });
});

it('a process is known by what it is for', () => {
  const metric = (pid: number, type: string, more: object = {}) =>
    ({ pid, type, cpu: { cumulativeCPUUsage: 2 }, memory: { workingSetSize: 3 }, ...more }) as never;
  const all = [
    metric(1, 'Browser'),
    metric(2, 'Tab'),
    metric(3, 'Tab'),
    metric(4, 'GPU'),
    metric(5, 'Utility', { serviceName: 'network.mojom.NetworkService' }),
    metric(6, 'Utility', { serviceName: 'node.mojom.NodeService' }),
    metric(7, 'Zygote'),
  ];
  const kinds = processUse(all, { host: 3, servers: [6, null, undefined] }).map(({ kind }) => kind);
  expect(kinds).toEqual(['main', 'window', 'session-host', 'gpu', 'network', 'server', 'other']);
});

describe('catching up', () => {
  const heard = (catchUp: CatchUp, at: number, type: string, more: Partial<LogEvent> = {}) =>
    catchUp.heard({ at, account: 'a', via: 'socket', dir: 'in', type, size: 9, ...more });

  it('goes from the connection to the last frame with nothing behind it', () => {
    const catchUp = new CatchUp();
    catchUp.live(T0);
    heard(catchUp, T0 + 100, 'entries', { count: 64, behind: 70 });
    heard(catchUp, T0 + 200, 'entries', { count: 64, behind: 6 });
    heard(catchUp, T0 + 300, 'entries', { count: 6 });
    heard(catchUp, T0 + 900, 'entries', { count: 1 });
    expect(catchUp.done).toEqual({ at: T0 + 300, entries: 134, ms: 300 });
  });

  it('goes on while holes are filled, and no longer', () => {
    const catchUp = new CatchUp();
    catchUp.live(T0);
    heard(catchUp, T0 + 50, 'heads', { count: 200 });
    for (let i = 1; i <= 5; i++) heard(catchUp, T0 + 50 + i * 1_500, 'page', { count: 200 });
    heard(catchUp, T0 + 20_000, 'page', { count: 100 });
    heard(catchUp, T0 + 20_100, 'page', { count: 100 });
    expect(catchUp.done).toEqual({ at: T0 + 7_550, entries: 1_000, ms: 7_550 });
  });

  it('tells nothing where nothing was missed, nor of what comes after the end of a connection', () => {
    const catchUp = new CatchUp();
    catchUp.live(T0);
    heard(catchUp, T0 + 100, 'entries', { count: 1 });
    catchUp.ended();
    heard(catchUp, T0 + 200, 'page', { count: 9 });
    expect(catchUp.done).toBeNull();
  });
});
