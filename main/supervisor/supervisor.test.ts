import { RECONNECT } from '@matchbook/protocol/limits';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../testing/clock.ts';
import { type Signal, Supervisor } from './supervisor.ts';

const ACCOUNT = 'account';
const waiting: SessionState = {
  kind: 'waiting',
  attempt: 0,
  at: null,
  cause: { at: 0, phase: 'dial', message: 'refused' },
};
const live: SessionState = { kind: 'live', since: 0, lastData: 0, complete: null, behind: null };
const connecting: SessionState = { kind: 'connecting', attempt: 1, since: 0 };

function stage(random = () => 0.5) {
  const clock = new Clock();
  const advices: (Advice & { after: number })[] = [];
  const reloads: string[] = [];
  const told: SessionState[] = [];
  const connected: number[] = [];
  const settings = { attemptLimit: RECONNECT.attemptLimit as number, resting: new Set<string>() };
  const supervisor = new Supervisor({
    advise: (_account, advice) => advices.push({ ...advice, after: clock.uptime }),
    reloadHost: (reason) => reloads.push(reason),
    changed: (_account, state) => told.push(state),
    connected: () => connected.push(clock.uptime),
    attemptLimit: () => settings.attemptLimit,
    resting: (account) => settings.resting.has(account),
    now: clock.now,
    uptime: clock.monotonic,
    random,
    setTimer: clock.setTimer,
  });
  const report = (state: SessionState) => supervisor.progress([{ account: ACCOUNT, state }]);
  /** A host that lives: it reports every second. */
  const pass = (ms: number, state: SessionState) => {
    for (let i = 0; i < ms; i += 1_000) {
      clock.advance(Math.min(1_000, ms - i));
      report(state);
    }
  };
  const dials = () => advices.filter(({ kind }) => kind === 'dial');
  return { settings, clock, advices, reloads, told, connected, supervisor, report, pass, dials };
}

describe('the supervisor', () => {
  it('dials a session that is new', () => {
    const { clock, report, advices } = stage();
    report({ kind: 'idle' });
    clock.advance(0);
    expect(advices).toMatchObject([{ kind: 'dial', attempt: 1 }]);
  });

  it('says when it dials next, and dials then', () => {
    const { clock, report, advices } = stage();
    report(waiting);
    expect(advices).toMatchObject([{ kind: 'wait', at: clock.wall + 250, attempt: 1, offline: false }]);
    report(waiting);
    clock.advance(249);
    expect(advices).toHaveLength(1);
    clock.advance(1);
    expect(advices[1]).toMatchObject({ kind: 'dial', attempt: 1 });
  });

  it('tells of each connection once, however much it says of itself, and of the next one again', () => {
    const { clock, report, told, connected, supervisor } = stage();
    for (let i = 0; i < 5; i++) {
      clock.advance(20_000);
      report({ ...live, lastData: clock.wall });
    }
    expect(told).toHaveLength(5);
    expect(connected).toEqual([20_000]);
    report(waiting);
    report(connecting);
    report(live);
    supervisor.hostStarted();
    report(live);
    expect(connected).toHaveLength(3);
  });

  it('never stops trying: after the limit it is told as offline and goes on at its slower pace', () => {
    const { clock, report, dials, advices } = stage();
    for (let i = 0; i < 50; i++) {
      report(waiting);
      const before = dials().length;
      // A host that lives on reports; the watch must not reload it meanwhile.
      for (let s = 0; s < 91 && dials().length === before; s++) {
        clock.advance(1_000);
        if (dials().length === before) report(waiting);
      }
      expect(dials().length).toBe(before + 1);
      report(connecting);
    }
    const offline = advices.filter((advice) => advice.kind === 'wait').map((advice) => advice.offline);
    expect(offline.indexOf(true)).toBe(RECONNECT.attemptLimit);
    expect(offline.slice(RECONNECT.attemptLimit).every(Boolean)).toBe(true);
  });

  it('counts anew after a connection that was stable, and not after one that broke at once', () => {
    const { report, pass, advices, clock } = stage();
    const fail = () => {
      report(waiting);
      clock.advance(40_000);
      return advices.findLast((advice) => advice.kind === 'wait')!;
    };
    for (let i = 1; i <= 3; i++) expect(fail()).toMatchObject({ attempt: i });
    pass(RECONNECT.stableAfter - 2_000, live);
    expect(fail()).toMatchObject({ attempt: 4 });
    pass(RECONNECT.stableAfter + 1_000, live);
    expect(fail()).toMatchObject({ attempt: 1 });
  });

  it.each(['signal', 'reconnect'] as const)('dials at once on a %s while waiting or offline', (hint) => {
    for (const state of [waiting, { ...waiting, kind: 'offline', at: 9 } as SessionState]) {
      const { clock, report, supervisor, dials } = stage(() => 0.9);
      report(waiting);
      report(state);
      if (hint === 'signal') supervisor.signal('focus');
      else supervisor.reconnect(ACCOUNT);
      expect(dials()).toHaveLength(1);
      // The timer that it made superfluous does not dial a second time.
      report(connecting);
      clock.advance(2_000);
      expect(dials()).toHaveLength(1);
    }
  });

  it('only doubts a live session on a hint; the button resets it hard', () => {
    const { report, supervisor, advices } = stage();
    report(live);
    supervisor.signal('focus');
    expect(advices).toMatchObject([{ kind: 'probe' }]);
    supervisor.reconnect(ACCOUNT);
    expect(advices[1]).toMatchObject({ kind: 'dial' });
  });

  it.each(['needs-sign-in', 'replaced', 'closed'] as const)('leaves a session that is %s alone', (kind) => {
    const { clock, report, supervisor, advices } = stage();
    report(waiting);
    advices.length = 0;
    report({ kind, cause: waiting.cause });
    supervisor.signal('focus');
    clock.advance(5_000);
    expect(advices).toEqual([]);
    // The person's own wish counts always.
    supervisor.reconnect(ACCOUNT);
    expect(advices).toMatchObject([{ kind: 'dial' }]);
  });

  it.each(['resume', 'network', 'clock'] as const)('begins anew what was begun before a %s', (signal) => {
    const { report, supervisor, dials } = stage();
    report(connecting);
    supervisor.signal('focus');
    expect(dials()).toHaveLength(0);
    supervisor.signal(signal);
    expect(dials()).toHaveLength(1);
  });

  it('dials at once what was doubted and was rightly so', () => {
    const { report, supervisor, advices, clock, dials } = stage(() => 0.9);
    report(live);
    supervisor.signal('resume');
    clock.advance(3_000);
    report(waiting);
    expect(advices.at(-1)).toMatchObject({ kind: 'wait', at: clock.wall });
    clock.advance(0);
    expect(dials()).toHaveLength(1);
  });

  it('what was being dialled when the world changed, and goes on by HTTP, tries the socket at once', () => {
    const { report, supervisor, advices } = stage(() => 0.9);
    report(connecting);
    supervisor.signal('resume');
    supervisor.signal('resume');
    report({ ...live, kind: 'polling', why: 'cut', at: null });
    expect(advices.map(({ kind }) => kind)).toEqual(['dial', 'trial']);
  });

  it('one that rests by the wish of the person is left alone, one that merely was not told otherwise is not', () => {
    const { report, supervisor, advices, settings } = stage();
    settings.resting.add(ACCOUNT);
    report({ kind: 'resting', since: 0 });
    for (const signal of ['resume', 'focus', 'online'] as const) supervisor.signal(signal);
    expect(advices).toEqual([]);
    settings.resting.clear();
    supervisor.signal('resume');
    expect(advices).toMatchObject([{ kind: 'dial' }]);
  });

  it('a new attempt limit holds at once for what waits: offline becomes waiting at its pace, and the other way round', () => {
    const { report, supervisor, clock, advices, settings } = stage();
    const wait = () => advices.findLast(({ kind }) => kind === 'wait') as { at: number; offline: boolean };
    settings.attemptLimit = 1;
    report(waiting);
    clock.advance(RECONNECT.base);
    report(connecting);
    report(waiting);
    expect(wait()).toMatchObject({ offline: true });
    report({ ...waiting, kind: 'offline', attempt: 2, at: wait().at } as SessionState);
    settings.attemptLimit = 12;
    supervisor.limitChanged();
    expect(wait().offline).toBe(false);
    expect(wait().at - clock.wall).toBeLessThanOrEqual(RECONNECT.base * 4);
    report({ ...waiting, attempt: 2, at: wait().at } as SessionState);
    const told = advices.length;
    settings.attemptLimit = 11;
    supervisor.limitChanged();
    expect(advices.length).toBe(told);
    settings.attemptLimit = 1;
    supervisor.limitChanged();
    expect(wait().offline).toBe(true);
    clock.advance(RECONNECT.offlineProbe * 1.5);
    expect(advices.filter(({ kind }) => kind === 'dial').length).toBe(2);
  });

  it('what had been tried often before the world changed is no measure after it, also where it was live', () => {
    const { report, supervisor, clock, dials } = stage(() => 0.9);
    for (let i = 0; i < 8; i++) {
      report({ ...waiting });
      clock.advance(30_000);
      report(connecting);
    }
    report(live);
    clock.advance(2_000);
    supervisor.signal('resume');
    clock.advance(3_000);
    const before = dials().length;
    report(waiting);
    clock.advance(0);
    expect(dials().length).toBe(before + 1);
  });

  it('what was doubted and goes on by HTTP tries the socket at once, and then at its own pace', () => {
    const { report, supervisor, advices, clock } = stage(() => 0.9);
    const polling: SessionState = { ...live, kind: 'polling', why: 'cut', at: null };
    report(live);
    supervisor.signal('resume');
    report(polling);
    expect(advices.map(({ kind }) => kind)).toEqual(['probe', 'trial']);
    report(polling);
    clock.advance(1_000);
    report(polling);
    expect(advices.map(({ kind }) => kind)).toEqual(['probe', 'trial', 'wait', 'wait']);
  });

  it.each([
    ['network', ['probe', 'trial']],
    ['resume', ['probe', 'trial']],
    ['focus', ['trial']],
  ] as const)('while by HTTP, a request of the world before is doubted: on %s %j', (signal, kinds) => {
    const { clock, report, supervisor, advices } = stage();
    report({ ...live, kind: 'polling', why: 'blocked', at: null });
    clock.advance(1_000);
    advices.length = 0;
    supervisor.signal(signal);
    expect(advices.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('dials again when its advice got lost on the way', () => {
    const { clock, report, dials } = stage();
    report(waiting);
    clock.advance(250);
    expect(dials()).toHaveLength(1);
    const stuck: SessionState = { ...waiting, attempt: 1, at: clock.wall } as SessionState;
    report(stuck);
    expect(dials()).toHaveLength(1);
    clock.advance(4_000);
    report(stuck);
    expect(dials()).toHaveLength(2);
  });

  it('the limit is a setting that takes effect with the next attempt', () => {
    const { clock, report, advices, settings } = stage();
    const fail = () => {
      report(waiting);
      const advice = advices.at(-1);
      clock.advance(90_000);
      report(connecting);
      return advice;
    };
    for (let i = 1; i <= 3; i++) expect(fail()).toMatchObject({ attempt: i, offline: false });
    settings.attemptLimit = 2;
    expect(fail()).toMatchObject({ attempt: 4, offline: true });
    settings.attemptLimit = 100;
    expect(fail()).toMatchObject({ attempt: 5, offline: false });
    settings.attemptLimit = 1;
    expect(fail()).toMatchObject({ attempt: 6, offline: true });
    // None: told as connecting for ever, at the pace of a server that may be back any moment.
    settings.attemptLimit = RECONNECT.attemptsUnlimited;
    for (let i = 7; i <= 40; i++) {
      const advice = fail();
      expect(advice).toMatchObject({ attempt: i, offline: false });
    }
  });

  it('keeps an account at rest, through signals and a new host, until it is asked to connect', () => {
    const { clock, report, supervisor, settings, advices, dials } = stage();
    report(live);
    settings.resting.add(ACCOUNT);
    supervisor.rest(ACCOUNT);
    expect(advices.at(-1)).toMatchObject({ kind: 'rest' });
    report({ kind: 'resting', since: 0 });
    supervisor.signal('focus');
    supervisor.hostStarted();
    report({ kind: 'idle' });
    expect(advices.at(-1)).toMatchObject({ kind: 'rest' });
    report({ kind: 'resting', since: 0 });
    clock.advance(5_000);
    expect(dials()).toHaveLength(0);
    settings.resting.clear();
    supervisor.reconnect(ACCOUNT);
    expect(dials()).toHaveLength(1);
  });

  it('while by HTTP, tries the socket soon, then more and more seldom, at most every 90 s, and at once on a signal', () => {
    const { clock, report, supervisor, advices } = stage(() => 0.999);
    const polling: SessionState = { ...live, kind: 'polling', why: 'blocked', at: null };
    const trials = () => advices.filter(({ kind }) => kind === 'trial');
    report(polling);
    for (let s = 0; s < 1_200; s++) {
      clock.advance(1_000);
      report(polling);
    }
    const pauses = trials().map(({ after }, i) => after - (trials()[i - 1]?.after ?? 0));
    expect(pauses[0]).toBeLessThan(7_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(91_000);
    expect(pauses.at(-1)).toBeGreaterThan(80_000);
    const before = trials().length;
    supervisor.signal('focus');
    expect(trials()).toHaveLength(before + 1);
  });

  it('what was planned for a session that waited is not done to one that goes on by HTTP', () => {
    const { clock, report, dials, advices } = stage();
    report(waiting);
    report({ ...live, kind: 'polling', why: 'blocked', at: null });
    clock.advance(1_000);
    expect(dials()).toEqual([]);
    expect(advices.map(({ kind }) => kind)).toEqual(['wait', 'wait']);
  });

  it('tries the socket more and more seldom where it is greeted and cut off at once, again and again', () => {
    const { clock, report, advices } = stage(() => 0.999);
    const polling: SessionState = { ...live, kind: 'polling', why: 'cut', at: null };
    const trials = () => advices.filter(({ kind }) => kind === 'trial');
    report(polling);
    for (let s = 0; s < 1_200; s++) {
      clock.advance(1_000);
      if (advices.at(-1)?.kind === 'trial') {
        report(live);
        report(connecting);
      }
      report(polling);
    }
    const pauses = trials().map(({ after }, i) => after - (trials()[i - 1]?.after ?? 0));
    expect(pauses[0]).toBeLessThan(7_000);
    expect(pauses.at(-1)).toBeGreaterThan(80_000);
  });

  it.each(['network', 'resume', 'online', 'servers', 'clock'] as const)(
    'begins its backoff anew on %s: what failed in another world is no measure',
    (signal) => {
      const { clock, report, supervisor, advices } = stage();
      const fail = () => {
        report(waiting);
        const advice = advices.findLast(({ kind }) => kind === 'wait');
        clock.advance(90_000);
        report(connecting);
        return advice;
      };
      for (let i = 0; i < 20; i++) fail();
      report(waiting);
      expect(advices.at(-1)).toMatchObject({ attempt: 21, offline: true });
      supervisor.signal(signal);
      report(connecting);
      report(waiting);
      expect(advices.at(-1)).toMatchObject({ kind: 'wait', attempt: 1, offline: false });
    },
  );

  it('does not count what it tries because somebody came by: looking often does not make it try less often', () => {
    const { clock, report, supervisor, advices, dials } = stage();
    report(waiting);
    for (let i = 0; i < 30; i++) {
      clock.advance(200);
      supervisor.signal('focus');
      report(connecting);
      report(waiting);
    }
    expect(advices.findLast(({ kind }) => kind === 'wait')).toMatchObject({ attempt: 1, offline: false });
    expect(dials().length).toBeGreaterThan(5);
  });

  it('dials at most once a second in a storm of signals, and once more after it', () => {
    for (const state of [waiting, connecting, { ...waiting, kind: 'offline', at: 9 } as SessionState]) {
      const { clock, report, supervisor, dials } = stage();
      report(waiting);
      report(state);
      for (let i = 0; i < 100; i++) {
        supervisor.signal(i % 2 ? 'online' : 'network');
        clock.advance(10);
      }
      clock.advance(1_000);
      expect(dials().length).toBeLessThanOrEqual(3);
      // The last signal was at 990 ms.
      expect(dials().at(-1)!.after).toBeGreaterThanOrEqual(990);
      const inStorm = dials().length;
      // What came of the last one is not reset any more.
      report(live);
      clock.advance(5_000);
      expect(dials().length).toBe(inStorm);
    }
  });

  it('does not blame a host that could not be heard because this process was busy', () => {
    const { clock, report, reloads } = stage();
    report(live);
    clock.advance(2_000);
    clock.sleep(12_000, true);
    clock.advance(100);
    expect(reloads).toEqual([]);
    report(live);
    // One that is silent all the same is reloaded, if a little later.
    clock.advance(RECONNECT.wedgedAfter + 4_000);
    expect(reloads).toHaveLength(1);
  });

  it('reloads a host that reports nothing for 10 s, and again if that did not help', () => {
    const { clock, report, reloads } = stage();
    report(live);
    clock.advance(RECONNECT.wedgedAfter);
    expect(reloads).toEqual([]);
    clock.advance(2_000);
    expect(reloads).toHaveLength(1);
    clock.advance(RECONNECT.wedgedAfter + 2_000);
    expect(reloads).toHaveLength(2);
  });

  it('reloads a host that has never reported anything', () => {
    const { clock, reloads } = stage();
    clock.advance(RECONNECT.wedgedAfter);
    expect(reloads).toEqual([]);
    clock.advance(2_000);
    expect(reloads).toHaveLength(1);
  });

  it('does not blame a host that reports, however little happens', () => {
    const { pass, reloads } = stage();
    pass(120_000, live);
    expect(reloads).toEqual([]);
  });

  it.each([
    ['the monotonic clock went on', true],
    ['it did not', false],
  ])(
    'takes a machine that slept for what it is (%s): nobody is reloaded, what is live is doubted',
    (_w, counts) => {
      const { clock, report, reloads, advices } = stage();
      report(live);
      clock.advance(2_000);
      clock.sleep(3_600_000, counts);
      clock.advance(2_000);
      expect(reloads).toEqual([]);
      expect(advices).toMatchObject([{ kind: 'probe' }]);
    },
  );

  it('starts with a new host as with a new session', () => {
    const { clock, report, supervisor, told, dials } = stage();
    report(live);
    supervisor.hostStarted();
    expect(supervisor.stateOf(ACCOUNT)).toMatchObject({ kind: 'waiting', at: null });
    report({ kind: 'idle' });
    clock.advance(0);
    expect(dials()).toHaveLength(1);
    expect(told.map(({ kind }) => kind)).toEqual(['live', 'idle']);
  });

  it('tells windows of changes only', () => {
    const { report, told } = stage();
    report(live);
    report(live);
    report({ ...live, complete: 5 });
    expect(told).toHaveLength(2);
  });

  it('has no timer left when it is closed', () => {
    const { clock, report, supervisor } = stage();
    report(waiting);
    supervisor.close();
    expect(clock.waiting).toBe(0);
  });

  it('whatever a host reports and the computer signals, a session that waits is dialled within 90 s', () => {
    const polling: SessionState = { ...live, kind: 'polling', why: 'cut', at: null };
    const states = fc.constantFrom<SessionState>(waiting, live, connecting, polling, { kind: 'idle' });
    const signals = fc.constantFrom<Signal | 'sleep' | 'back' | null>(
      ...(['resume', 'network', 'clock', 'focus', 'online', 'servers', 'sleep', 'back', null] as const),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(states, signals, fc.integer({ min: 0, max: 8_000 })), { maxLength: 60 }),
        (steps) => {
          const { clock, report, dials, supervisor } = stage(() => 0.999);
          for (const [state, signal, pause] of steps) {
            report(state);
            if (signal === 'sleep') clock.sleep(365 * 86_400_000, false);
            else if (signal === 'back') clock.sleep(-365 * 86_400_000, false);
            else if (signal) supervisor.signal(signal);
            clock.advance(pause);
          }
          report(connecting);
          report(waiting);
          const before = dials().length;
          for (let s = 0; s < 90 && dials().length === before; s++) {
            clock.advance(1_000);
            if (dials().length === before) report(waiting);
          }
          expect(dials().length).toBeGreaterThan(before);
        },
      ),
    );
  });
});
