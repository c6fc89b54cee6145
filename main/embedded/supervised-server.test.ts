import { describe, expect, it } from 'vitest';
import { Clock } from '../testing/clock.ts';
import { type ServerProcess, SupervisedServer } from './supervised-server.ts';

class TestProcess implements ServerProcess {
  readonly pid: number;
  kills = 0;
  #lines: ((line: string) => void)[] = [];
  #exits: ((code: number | null) => void)[] = [];

  constructor(pid: number) {
    this.pid = pid;
  }
  onLine(listener: (line: string) => void): void {
    this.#lines.push(listener);
  }
  onExit(listener: (code: number | null) => void): void {
    this.#exits.push(listener);
  }
  kill(): void {
    this.kills += 1;
  }
  print(line: string): void {
    for (const listener of this.#lines) listener(line);
  }
  end(code: number | null): void {
    for (const listener of this.#exits) listener(code);
  }
}

const READY = '{"ready":true,"port":20001}';

function stage({ startFails = false } = {}) {
  const clock = new Clock();
  const processes: TestProcess[] = [];
  const log: string[] = [];
  let ready = 0;
  let fails = startFails;
  const server = new SupervisedServer({
    name: 'relay',
    start: () => {
      if (fails) throw new Error('no such file');
      const process = new TestProcess(100 + processes.length);
      processes.push(process);
      return process;
    },
    log: (line) => log.push(line),
    changed: () => {},
    ready: () => ready++,
    now: clock.now,
    setTimer: clock.setTimer,
  });
  return {
    clock,
    server,
    processes,
    log,
    last: () => processes.at(-1)!,
    ready: () => ready,
    mend: () => {
      fails = false;
    },
  };
}

describe('an embedded server', () => {
  it('is running once it says so, and not before', () => {
    const { server, last, log, ready } = stage();
    expect(server.state.state).toBe('stopped');
    server.start();
    expect(server.state).toMatchObject({ state: 'starting', pid: null });
    for (const line of ['listening', '{"ready":false}', '{"re', '', '{"msg":"{\\"ready\\":true"}'])
      last().print(line);
    expect(server.state.state).toBe('starting');
    expect(log).toHaveLength(5);
    last().print(READY);
    expect(server.state).toMatchObject({ state: 'running', pid: 100, detail: null });
    expect(ready()).toBe(1);
  });

  it('is started again after 1 s, doubling to 30 s, for ever', () => {
    const { server, last, clock, processes } = stage();
    server.start();
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = processes.length;
      last().end(1);
      expect(server.state).toMatchObject({ state: 'restarting', attempt: i + 1, pid: null });
      pauses.push(server.state.at! - clock.wall);
      clock.advance(pauses.at(-1)! - 1);
      expect(processes).toHaveLength(before);
      clock.advance(1);
      expect(processes).toHaveLength(before + 1);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('counts anew after it ran for 30 s, and not before', () => {
    const { server, last, clock } = stage();
    server.start();
    for (const [lasted, attempt] of [
      [29_999, 1],
      [29_999, 2],
      [30_000, 1],
    ] as const) {
      last().print(READY);
      clock.advance(lasted);
      last().end(null);
      expect(server.state.attempt).toBe(attempt);
      clock.advance(server.state.at! - clock.wall);
    }
  });

  it('that never gets ready is ended after 30 s, and started again', () => {
    const { server, last, clock, processes } = stage();
    server.start();
    clock.advance(29_999);
    expect(last().kills).toBe(0);
    clock.advance(1);
    expect(last().kills).toBe(1);
    last().end(null);
    clock.advance(1_000);
    expect(processes).toHaveLength(2);
  });

  it('is not ended by the limit of a start that succeeded', () => {
    const { server, last, clock } = stage();
    server.start();
    last().print(READY);
    clock.advance(60_000);
    expect(last().kills).toBe(0);
  });

  it('says why it ended, in its own last words', () => {
    const { server, last } = stage();
    server.start();
    last().print('first');
    last().print('Port 20001 is taken by another process.');
    last().end(75);
    expect(server.state.detail).toBe('it ended with code 75: Port 20001 is taken by another process.');
  });

  it('that cannot even be forked is tried again', () => {
    const { server, clock, processes, mend } = stage({ startFails: true });
    server.start();
    expect(server.state).toMatchObject({ state: 'restarting', detail: 'no such file' });
    mend();
    clock.advance(1_000);
    expect(processes).toHaveLength(1);
  });

  it('stops when asked to, and is not started again', async () => {
    const { server, last, clock, processes } = stage();
    server.start();
    last().print(READY);
    const stopped = server.stop();
    expect(last().kills).toBe(1);
    last().end(0);
    await stopped;
    expect(server.state).toMatchObject({ state: 'stopped', pid: null });
    clock.advance(120_000);
    expect(processes).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('that does not end when asked to is not waited for longer than 8 s', async () => {
    const { server, clock } = stage();
    server.start();
    const stopped = server.stop();
    clock.advance(8_000);
    await stopped;
  });

  it('stopped while it waits for its next start is not started', async () => {
    const { server, last, clock, processes } = stage();
    server.start();
    last().end(1);
    await server.stop();
    clock.advance(60_000);
    expect(processes).toHaveLength(1);
  });
});
