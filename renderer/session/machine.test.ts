import { FAILURES, type FailureKind } from '@matchbook/protocol/failures';
import type { DownFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { SessionStateKind } from '@matchbook/protocol/session-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine, type Effect, type Event, type Machine, publicState, transition } from './machine.ts';
import { DOUBT_LIMIT, PING_LIMIT } from './model.ts';

const CURSOR = 'c'.repeat(34);
const HEAD = 'h'.repeat(34);
const welcome = (now: number): DownFrame => ({
  t: 'welcome',
  protocol: 1,
  session: 's',
  user: 'ann',
  device: 'd1',
  time: now,
  heartbeat: 20_000,
  ticket: 'ticket-1',
  ticketExpires: now + 60_000,
  resume: 'cursor',
  limits: { frameBytes: 1, bodyBytes: 1, batchItems: 1, creditEntries: 1, creditBytes: 1 },
});
const closeOf = (kind: FailureKind, more = {}) => ({
  code: FAILURES[kind].close!,
  reason: JSON.stringify({ kind, ...more }),
});

/** Plays events and keeps what came out. */
class Play {
  machine: Machine = createMachine('d1', CURSOR);
  effects: Effect[] = [];
  now = 1_000;

  do(event: Omit<Event, 'now' | 'generation'> & { generation?: number }): this {
    const whole = { generation: this.machine.generation, now: this.now, ...event } as Event;
    const step = transition(this.machine, whole);
    this.machine = step.machine;
    this.effects = step.effects;
    return this;
  }
  get kinds() {
    return this.effects.map((effect) => effect.kind);
  }
  get state() {
    return publicState(this.machine, (at) => at);
  }
  dial = (attempt = 1) => this.do({ kind: 'advice', advice: { kind: 'dial', attempt } } as never);
  token = () => this.do({ kind: 'token', token: 'jwt' } as never);
  opened = () => this.do({ kind: 'opened' } as never);
  frame = (frame: DownFrame) => this.do({ kind: 'frame', frame } as never);
  closed = (code: number, reason = '') => this.do({ kind: 'closed', code, reason } as never);
  tick = (ms: number) => {
    this.now += ms;
    return this.do({ kind: 'tick' } as never);
  };
  polled = (upTo: string | null, nothing = false, random = 0) =>
    this.do({ kind: 'polled', upTo, nothing, random } as never);
  probe = (anew?: true) => this.do({ kind: 'advice', advice: { kind: 'probe', anew } } as never);
  live = () => this.dial().token().opened().frame(welcome(this.now));
}

describe('the way to live', () => {
  it('dials, says hello with the stored cursor, and is live with the welcome', () => {
    const play = new Play().dial(3);
    expect(play.kinds).toEqual(['drop-socket', 'stop-poll', 'lost', 'fetch-token']);
    expect(play.state).toEqual({ kind: 'connecting', attempt: 3, since: 1_000 });
    expect(play.token().kinds).toEqual(['open']);
    expect(play.opened().effects).toMatchObject([
      { kind: 'send', frame: { t: 'hello', token: 'jwt', device: 'd1', cursor: CURSOR } },
    ]);
    expect(play.frame(welcome(1_000)).kinds).toEqual(['live']);
    expect(play.state).toMatchObject({ kind: 'live', complete: null });
  });

  it('comes back with the ticket, without a token, while that lives', () => {
    const play = new Play().live().closed(1006);
    expect(play.dial().kinds).toEqual(['drop-socket', 'stop-poll', 'lost', 'open']);
    expect(play.opened().effects).toMatchObject([{ frame: { ticket: 'ticket-1' } }]);
    play.closed(1006).now += 60_000;
    expect(play.dial().kinds).toContain('fetch-token');
  });

  it('a refused ticket falls back to the token, a refused token to a fresh one, a fresh one to the person', () => {
    const { code, reason } = closeOf('unauthorized');
    const play = new Play().live().closed(1006).dial().opened();
    expect(play.closed(code, reason).effects).toContainEqual(
      expect.objectContaining({ kind: 'fetch-token', refused: false }),
    );
    play.token().opened();
    expect(play.closed(code, reason).effects).toContainEqual(
      expect.objectContaining({ kind: 'fetch-token', refused: true }),
    );
    play.token().opened().closed(code, reason);
    expect(play.state).toMatchObject({ kind: 'needs-sign-in', cause: { failure: { kind: 'unauthorized' } } });
  });

  it('a token that ends under a live session is renewed without a word to the person', () => {
    const { code, reason } = closeOf('unauthorized');
    const play = new Play().live();
    play.now += 30_000;
    play.closed(code, reason);
    expect(play.effects).toContainEqual(expect.objectContaining({ kind: 'fetch-token', refused: true }));
    expect(play.state.kind).toBe('connecting');
  });

  it('I13: a relay that greets and refuses at once is tried again at the pace of the backoff, and a token that lasted is renewed at once', () => {
    const { code, reason } = closeOf('unauthorized');
    const play = new Play().live().tick(1_000).closed(code, reason);
    expect(play.state).toMatchObject({ kind: 'waiting', cause: { failure: { kind: 'unauthorized' } } });
    // The ticket is of the same session.
    expect(play.dial().effects).toContainEqual(
      expect.objectContaining({ kind: 'fetch-token', refused: false }),
    );
    play.token().opened().frame(welcome(play.now)).now += 30_000;
    expect(play.closed(code, reason).kinds).toContain('fetch-token');
  });
});

describe('losing it', () => {
  it.each([
    ['session_replaced', 'replaced'],
    ['version_unsupported', 'closed'],
    ['identity_mismatch', 'closed'],
    ['draining', 'waiting'],
    ['rate_limited', 'waiting'],
    ['silent', 'waiting'],
    ['bad_json', 'waiting'],
  ] as const)('%s ends as %s', (kind, state) => {
    const { code, reason } = closeOf(kind, { retryAfter: 7 });
    expect(new Play().live().closed(code, reason).state).toMatchObject({
      kind: state,
      cause: { code, failure: { kind, retryAfter: 7 } },
    });
  });

  it('waits without a date until the supervisor has said when, and is offline when told so', () => {
    const play = new Play().live().closed(1006);
    expect(play.state).toMatchObject({ kind: 'waiting', at: null, cause: { phase: 'live', code: 1006 } });
    play.do({ kind: 'advice', advice: { kind: 'wait', at: 9_000, attempt: 13, offline: true } } as never);
    expect(play.state).toMatchObject({ kind: 'offline', at: 9_000, attempt: 13 });
    expect(play.dial(13).state.kind).toBe('connecting');
  });

  it.each([
    ['replaced', 4409],
    ['closed', 4426],
  ] as const)('%s is left by the person only', (kind, code) => {
    const play = new Play().live().closed(code);
    expect(play.tick(10 ** 9).state.kind).toBe(kind);
    expect(play.dial().state.kind).toBe('connecting');
  });

  it('an account that the server has closed is told so, and not tried for ever', () => {
    const play = new Play().dial();
    play.do({
      kind: 'token-refused',
      failure: { kind: 'forbidden', message: 'An admin has closed it.' },
      fault: null,
      message: 'An admin has closed it.',
    } as never);
    expect(play.state).toMatchObject({ kind: 'closed', cause: { failure: { kind: 'forbidden' } } });
  });

  it('a server that is not told to answer to its name is tried again, and named, whoever was asked', () => {
    const failure = { kind: 'host_unknown', message: 'Not by that name.', field: 'Host' };
    const play = new Play().dial(2);
    play.do({ kind: 'token-refused', failure, fault: 'host_unknown', message: failure.message } as never);
    const waits = { kind: 'waiting', attempt: 2, cause: { fault: 'host_unknown', failure } };
    expect(play.state).toMatchObject(waits);

    play.dial(2).token().closed(1006).dial(2).token().closed(1006);
    expect(play.kinds).toContain('poll');
    play.do({ kind: 'poll-failed', failure, message: failure.message } as never);
    expect(play.state).toMatchObject(waits);
    expect(play.dial(3).state.kind).toBe('connecting');
  });

  it.each([
    ['network', { failure: null, fault: 'certificate_untrusted' }, 'waiting'],
    ['server', { failure: { kind: 'internal', message: 'x' }, fault: null }, 'waiting'],
    ['session', { failure: { kind: 'session_ended', message: 'x' }, fault: null }, 'needs-sign-in'],
  ] as const)('no token for a reason of the %s', (_name, refusal, kind) => {
    const play = new Play().dial().do({ kind: 'token-refused', message: 'x', ...refusal } as never);
    expect(play.state.kind).toBe(kind);
    // What is known needs no further question.
    expect(play.kinds).not.toContain('explain');
  });

  it.each([
    ['token', (play: Play) => play.dial(), 30_000],
    ['dialling', (play: Play) => play.dial().token(), 10_000],
    ['greeting', (play: Play) => play.dial().token().opened(), 10_000],
    ['live', (play: Play) => play.live(), LIMITS.silenceTimeout],
  ] as const)('no state waits for ever: %s', (_name, reach, limit) => {
    const play = reach(new Play());
    expect(play.tick(limit - 1).state.kind).not.toBe('waiting');
    expect(play.tick(1).kinds).toEqual(['drop-socket', 'stop-poll', 'lost', 'explain']);
    expect(play.state.kind).toBe('waiting');
  });

  it('a doubted socket that does not answer within 3 s is replaced; only the answer to the question counts', () => {
    const dead = new Play().live().probe();
    expect(dead.effects).toMatchObject([{ kind: 'send', frame: { t: 'ping', at: dead.now } }]);
    // What lay in a buffer while the machine slept.
    dead.frame({ t: 'heartbeat', time: 1, head: HEAD }).frame({ t: 'pong', time: 1, at: dead.now - 1 });
    expect(dead.tick(LIMITS.probeTimeout).state.kind).toBe('waiting');
    const alive = new Play().live().probe();
    alive.frame({ t: 'pong', time: 1, at: alive.now });
    expect(alive.tick(LIMITS.probeTimeout).state.kind).toBe('live');
  });

  it('a socket in doubt that slept is asked again: the answer to the question before lay in a buffer, and the doubt ends no later', () => {
    const twice = new Play().live().probe().probe(true);
    expect(twice.effects).toMatchObject([{ frame: { t: 'ping', at: twice.now + 1 } }]);
    const play = new Play().live().probe();
    const first = play.now;
    expect(play.tick(1_000).probe().kinds).toEqual([]);
    play.probe(true);
    const [{ frame }] = play.effects as unknown as [{ frame: { at: number } }];
    expect(frame.at).toBeGreaterThan(first);
    play.frame({ t: 'pong', time: 1, at: first });
    expect(play.tick(LIMITS.probeTimeout - 1_001).state.kind).toBe('live');
    const answered = play.machine;
    expect(play.tick(1).state.kind).toBe('waiting');
    play.machine = answered;
    play.frame({ t: 'pong', time: 1, at: frame.at });
    expect(play.tick(LIMITS.probeTimeout).state.kind).toBe('live');
  });

  it('a socket that was doubted rightly says nothing of WebSockets: the next dial is not put off by asking by HTTP', () => {
    const play = new Play().live().closed(1006).live().probe(true);
    expect(play.tick(LIMITS.probeTimeout).state.kind).toBe('waiting');
    expect(play.kinds).not.toContain('poll');
  });

  it('one that only somebody who came by doubted may be cut by what lets no WebSocket live', () => {
    const play = new Play().live().closed(1006).live().probe();
    expect(play.tick(LIMITS.probeTimeout).kinds).toContain('poll');
  });

  describe('what is told as stale', () => {
    const pong = (play: Play, at: number) => play.frame({ t: 'pong', time: 1, at });
    const beat = (play: Play, head: string, behind?: number) =>
      play.frame({ t: 'heartbeat', time: 1, head, ...(behind === undefined ? {} : { behind }) });
    const stored = (play: Play, upTo: string, behind: number) =>
      play.do({ kind: 'stored', upTo, behind } as never);
    const stale = ({ state }: Play) => state.kind === 'live' && state.stale !== undefined;
    /** A ping is out, and when it went. */
    const asked = (): [Play, number] => {
      const play = new Play().live().tick(LIMITS.heartbeatInterval);
      expect(play.effects).toMatchObject([{ frame: { t: 'ping' } }]);
      return [play, play.now];
    };

    it('a ping that is answered leaves nothing open; one that is not is told after 10 s, and no more once it is', () => {
      const [answered, at] = asked();
      expect(stale(pong(answered, at).tick(15_000))).toBe(false);
      const [play, open] = asked();
      expect([stale(play.tick(9_999)), stale(play.tick(1))]).toEqual([false, true]);
      // A head that is complete is no answer to it.
      expect(stale(beat(play, CURSOR))).toBe(true);
      expect(stale(pong(play, open))).toBe(false);
    });

    it('of two pings that are out the answer to the first leaves the second; an answer from before leaves both', () => {
      const [play, first] = asked();
      play.tick(LIMITS.heartbeatInterval);
      const second = play.now;
      pong(play, first);
      expect([play.tick(PING_LIMIT - 1).state.kind, stale(play)]).toEqual(['live', true]);
      expect(play.tick(1).state.kind).not.toBe('live');
      expect(play.now - second).toBe(PING_LIMIT);

      const [other, at] = asked();
      other.tick(LIMITS.heartbeatInterval);
      pong(other, at - 1);
      expect(other.tick(PING_LIMIT - LIMITS.heartbeatInterval - 1).state.kind).toBe('live');
      expect(other.tick(1).state.kind).not.toBe('live');
    });

    it('a head without its data is told 10 s after the last progress, and no more once the head is reached or was none', () => {
      const play = new Play().live();
      beat(play, HEAD, 5);
      play.tick(9_000);
      stored(play, 'm'.repeat(34), 2);
      expect([stale(play.tick(9_999)), stale(play.tick(1))]).toEqual([false, true]);
      expect(stale(beat(play, 'm'.repeat(34)))).toBe(false);
      const unasked = new Play().live();
      stored(unasked, 'm'.repeat(34), 2);
      expect(stale(unasked.tick(15_000))).toBe(false);
    });
  });

  it('data that still comes puts the end of a doubted socket off, for a while', () => {
    const play = new Play().live().probe();
    const began = play.now;
    while (play.now - began < 30_000 && play.state.kind === 'live') {
      play.tick(1_000);
      play.do({ kind: 'data' } as never);
    }
    expect(play.now - began).toBe(DOUBT_LIMIT);
  });
});

describe('a relay that restarts', () => {
  it('says when to come back, and over which time all are to be spread', () => {
    const told = { kind: 'draining', retryAfter: 2, spread: 9 };
    const play = new Play().live().frame({ t: 'draining', retryAfter: 2, spread: 9 });
    play.closed(closeOf('draining').code, closeOf('draining').reason);
    expect(play.state).toMatchObject({ kind: 'waiting', cause: { failure: told } });
  });
});

describe('without a socket', () => {
  const broken = () => new Play().dial().token().closed(1006).dial();
  /** Sockets are blocked, HTTP answers. */
  const polling = () => broken().token().closed(1006).polled(null);

  it('HTTP is tried at the second socket in a row that the network ends, and not at the first', () => {
    const play = new Play().dial().token().closed(1006);
    expect(play.state.kind).toBe('waiting');
    play.dial().token().closed(1006);
    expect(play.state.kind).toBe('connecting');
    expect(play.effects).toContainEqual({ kind: 'poll', wait: 0 });
    expect(play.polled(null).kinds).toContain('live');
    expect(play.state).toMatchObject({ kind: 'polling', why: 'blocked', complete: null });
  });

  it('what lets each socket live a minute and no longer costs a dial each time: it is never put off, nor told as blocked', () => {
    const play = new Play().live();
    for (let minute = 0; minute < 10; minute++) {
      for (let i = 0; i < 2; i++) {
        play.tick(LIMITS.heartbeatInterval);
        play.frame({ t: 'heartbeat', time: 1, head: HEAD });
        play.frame({ t: 'pong', time: 1, at: play.now });
      }
      play.now += 20_000;
      expect(play.closed(1006).state).toMatchObject({
        kind: 'waiting',
        attempt: 0,
        cause: { phase: 'live' },
      });
      if (play.dial().kinds.includes('fetch-token')) play.token();
      expect(play.opened().frame(welcome(play.now)).state.kind).toBe('live');
    }
  });

  it('an address that is found late is waited for, once a few attempts had no answer', () => {
    for (const [attempt, limit] of [
      [1, 10_000],
      [3, 10_000],
      [4, 20_000],
      [12, 20_000],
    ] as const) {
      const late = () => new Play().dial(attempt).token();
      expect(
        late()
          .tick(limit - 1)
          .opened()
          .frame(welcome(0)).state.kind,
        `attempt ${attempt}`,
      ).toBe('live');
      expect(late().tick(limit).state.kind, `attempt ${attempt}`).not.toBe('connecting');
    }
  });

  it('is told as cut where sockets open and do not last', () => {
    const play = new Play().live().closed(1006).dial().opened().frame(welcome(0)).closed(1006).polled(null);
    expect(play.state).toMatchObject({ kind: 'polling', why: 'cut' });
  });

  it('a socket that the relay closes with a word is no sign of a network without sockets', () => {
    const play = new Play().dial().token().closed(1006).dial().token().opened();
    play.closed(closeOf('draining').code, closeOf('draining').reason);
    expect(play.dial().token().closed(1006).state.kind).toBe('waiting');
  });

  it('where HTTP does not answer either, it waits with the story of the socket, and asks why', () => {
    const play = broken().token().closed(1006);
    play.do({ kind: 'poll-failed', failure: null, message: 'Failed to fetch' } as never);
    expect(play.state).toMatchObject({ kind: 'waiting', cause: { code: 1006, phase: 'dial' } });
    expect(play.kinds).toContain('explain');
    play.do({ kind: 'explained', fault: 'certificate_untrusted', message: 'net::ERR_CERT' } as never);
    expect(play.state).toMatchObject({ cause: { fault: 'certificate_untrusted' } });
  });

  it.each([
    ['session_revoked', 'needs-sign-in'],
    ['session_replaced', 'replaced'],
    ['identity_mismatch', 'closed'],
    ['rate_limited', 'waiting'],
  ] as const)('a request that is refused as %s means what it means on a socket: %s', (kind, state) => {
    const failure = { kind, message: 'no' };
    // Nothing was let go lately, so that it is another copy that replaces.
    const play = polling();
    play.now += 120_000;
    play.do({ kind: 'poll-failed', failure, message: 'no' } as never);
    expect(play.state).toMatchObject({ kind: state, cause: { phase: 'poll', failure } });
    const asking = broken().token().closed(1006);
    asking.now += 120_000;
    asking.do({ kind: 'poll-failed', failure, message: 'no' } as never);
    expect(asking.state).toMatchObject({ kind: state, cause: { phase: 'poll', failure } });
  });

  it('P26: the next request goes when what the last one brought is stored, and not before', () => {
    const play = polling();
    play.polled(HEAD);
    expect(play.kinds).toEqual([]);
    expect(play.do({ kind: 'stored', upTo: CURSOR, behind: 3 } as never).kinds).toEqual([]);
    expect(play.do({ kind: 'stored', upTo: HEAD, behind: 0 } as never).effects).toEqual([
      { kind: 'poll', wait: LIMITS.pollWait },
    ]);
    expect(play.state).toMatchObject({ kind: 'polling', complete: play.now });
  });

  it.each([
    ['that lead nowhere', false],
    ['that lead somewhere all the same', true],
  ])('I13: answers that come at once and bring nothing are not asked for in a circle: %s', (_, leads) => {
    /** Asked for in two minutes of ticks, where each is answered after a time. */
    const asked = (after: number, random: number, nothing = true) => {
      const play = polling();
      const times = [play.now];
      const end = play.now + 120_000;
      for (let i = 0; play.now < end && i < 10_000; i++) {
        play.now += after;
        const upTo = String(i).padStart(34, 'u');
        play.polled(leads ? upTo : null, nothing, random);
        if (leads) play.do({ kind: 'stored', upTo, behind: 0 } as never);
        while (!play.kinds.includes('poll') && play.now < end) play.tick(1_000);
        expect(play.state.kind).toBe('polling');
        times.push(play.now);
      }
      return times.slice(1).map((at, k) => at - times[k]!);
    };
    const apart = asked(10, 1);
    // The first may be chance.
    expect(apart.slice(0, 3).map((ms) => Math.round(ms / 1_000))).toEqual([0, 2, 3]);
    expect(Math.max(...apart)).toBeLessThanOrEqual(12_000);
    expect(apart.length).toBeLessThan(20);
    // However the dice fall, there is a second between.
    expect(Math.min(...asked(10, 0).slice(1))).toBeGreaterThanOrEqual(1_000);
    // Who takes their time, or has something, is asked at once.
    expect(new Set(asked(2_000, 1))).toEqual(new Set([2_000]));
    expect(new Set(asked(10, 1, false))).toEqual(new Set([10]));
  });

  it('rests no longer once an answer brought something, and not where the line is probed', () => {
    const play = polling().polled(null, true, 1).polled(null, true, 1);
    expect(play.kinds).toEqual([]);
    expect(play.probe().effects).toEqual([{ kind: 'poll', wait: 0 }]);
    play.polled(null, false);
    expect(play.kinds).toEqual(['poll']);
    expect(play.polled(null, true, 1).kinds).toEqual(['poll']);
  });

  it('goes on while a socket is tried, and ends when one has opened', () => {
    const play = polling();
    play.do({ kind: 'advice', advice: { kind: 'trial' } } as never);
    const { trial } = play.machine.mode as { trial: { generation: number } };
    const of = { generation: trial.generation };
    expect(play.effects).toEqual([{ kind: 'fetch-token', refused: false, ...of }]);
    play.do({ kind: 'token', token: 'jwt', ...of } as never);
    expect(play.effects).toEqual([{ kind: 'open', ...of }]);
    expect(play.state.kind).toBe('polling');
    expect(play.do({ kind: 'opened', ...of } as never).kinds).toEqual(['stop-poll', 'lost', 'send']);
    expect(play.effects[2]).toMatchObject({ frame: { t: 'hello', token: 'jwt', cursor: CURSOR } });
    expect(play.frame(welcome(0)).state.kind).toBe('live');
  });

  it('a trial that fails, or hangs, changes nothing', () => {
    const play = polling().do({
      kind: 'advice',
      advice: { kind: 'wait', at: 7, attempt: 1, offline: false },
    } as never);
    expect(play.state).toMatchObject({ kind: 'polling', at: 7 });
    const { machine } = play.do({ kind: 'advice', advice: { kind: 'trial' } } as never);
    const { trial } = machine.mode as { trial: { generation: number } };
    play.do({ kind: 'token', token: 'jwt', generation: trial.generation } as never);
    play.do({ kind: 'closed', code: 1006, reason: '', generation: trial.generation } as never);
    expect(play.state).toMatchObject({ kind: 'polling', at: null });
    play.do({ kind: 'advice', advice: { kind: 'trial' } } as never);
    play.tick(30_000);
    expect(play.state).toMatchObject({ kind: 'polling', at: null });
  });

  it('a request without an answer ends, and is stale before', () => {
    const play = polling();
    expect(play.tick(34_999).state).not.toHaveProperty('stale');
    expect(play.tick(1).state).toHaveProperty('stale');
    expect(play.tick(5_000).state).toMatchObject({ kind: 'waiting', cause: { phase: 'poll' } });
  });

  it('a doubted request is answered within 5 s or given up', () => {
    const play = polling().probe();
    expect(play.effects).toEqual([{ kind: 'poll', wait: 0 }]);
    expect(play.tick(LIMITS.pollFloor + LIMITS.probeTimeout).state.kind).toBe('waiting');
  });
});

describe('a session that was replaced', () => {
  it('by what this device itself had let go is no other copy: it is tried once more', () => {
    const play = new Play().live().dial().opened().frame(welcome(0));
    expect(play.closed(4409).state).toMatchObject({ kind: 'waiting' });
    play.dial().opened().frame(welcome(0));
    expect(play.closed(4409).state.kind).toBe('replaced');
  });

  it('by several things that it had let go is tried once more for each of them, and for three at most', () => {
    const play = new Play().live();
    for (let times = 0; times < 5; times++) play.dial().opened().frame(welcome(0));
    for (let times = 0; times < 3; times++) {
      expect(play.closed(4409).state).toMatchObject({ kind: 'waiting' });
      play.dial().opened().frame(welcome(0));
    }
    expect(play.closed(4409).state.kind).toBe('replaced');
  });

  it('by what was on its way when the person went offline is tried once more', () => {
    const play = new Play().live();
    play.do({ kind: 'advice', advice: { kind: 'rest' } } as never);
    play.dial().opened().frame(welcome(0));
    expect(play.closed(4409).state).toMatchObject({ kind: 'waiting' });
  });

  it('in its first minute may be so by what the page before it had let go: once', () => {
    const play = new Play();
    play.machine = createMachine('d1', CURSOR, play.now);
    expect(play.live().closed(4409).state).toMatchObject({ kind: 'waiting' });
    expect(play.dial().opened().frame(welcome(0)).closed(4409).state.kind).toBe('replaced');
  });

  it('is final where nothing was let go for a minute', () => {
    const play = new Play().live().dial().opened().frame(welcome(0));
    for (let i = 0; i < 6; i++) {
      play.tick(10_000);
      play.frame({ t: 'pong', time: 1, at: play.now });
    }
    expect(play.closed(4409).state.kind).toBe('replaced');
  });
});

describe('stale', () => {
  const heartbeat = { t: 'heartbeat', time: 1, head: HEAD } as const;

  it('a head whose data does not come: told after 10 s, replaced after 30, whatever else is answered', () => {
    const play = new Play().live().do({ kind: 'stored', upTo: CURSOR, behind: 0 } as never);
    const complete = play.now;
    play.tick(5_000).frame(heartbeat);
    const beat = () => {
      play.tick(1_000);
      for (const one of play.effects)
        if (one.kind === 'send' && one.frame.t === 'ping')
          play.frame({ t: 'pong', time: 1, at: one.frame.at, head: HEAD });
    };
    for (let i = 0; i < 9; i++) beat();
    expect(play.state).not.toHaveProperty('stale');
    beat();
    // Since the moment up to which it was complete.
    expect(play.state).toMatchObject({ kind: 'live', stale: complete });
    for (let i = 0; i < 19; i++) beat();
    expect(play.state.kind).toBe('live');
    beat();
    expect(play.state).toMatchObject({ kind: 'waiting', cause: { phase: 'live' } });
  });

  it('what comes and cannot be stored is stale, and another socket would not help', () => {
    const play = new Play().live().frame(heartbeat);
    for (let i = 0; i < 120; i++) {
      play.tick(1_000).frame({ t: 'pong', time: 1, at: play.now, head: HEAD });
      if (i % 5 === 0) play.do({ kind: 'data' } as never);
    }
    expect(play.state).toMatchObject({ kind: 'live', stale: expect.any(Number) });
    play.do({ kind: 'stored', upTo: HEAD, behind: 0 } as never);
    expect(play.state).not.toHaveProperty('stale');
  });

  it('a ping without an answer is stale after 10 s although heartbeats come, and the socket is replaced', () => {
    const play = new Play().live().do({ kind: 'stored', upTo: HEAD, behind: 0 } as never);
    const at: Record<string, number> = {};
    for (let i = 0; i < 60; i++) {
      play.tick(1_000);
      const { state } = play;
      if ('stale' in state) at.stale ??= play.now - 1_000;
      if (state.kind !== 'live') at.lost ??= play.now - 1_000;
      play.frame(heartbeat);
    }
    expect(at).toEqual({ stale: 30_000, lost: 45_000 });
  });

  it('the answer to an earlier ping does not answer the one that is out', () => {
    const play = new Play().live().do({ kind: 'stored', upTo: HEAD, behind: 0 } as never);
    const pings: number[] = [];
    let stale: number | null = null;
    for (let i = 0; i < 60 && stale === null; i++) {
      play.tick(1_000);
      for (const effect of play.effects)
        if (effect.kind === 'send' && effect.frame.t === 'ping') pings.push(effect.frame.at);
      if ('stale' in play.state) stale = play.now;
      // A line that holds back everything since the first ping, and lets its answer through again and again.
      else if (pings.length > 0) play.frame({ ...heartbeat, t: 'pong', at: pings[0]! - 1 } as never);
    }
    expect(stale).toBe(pings[0]! + 10_000);
  });

  it('catching up is not stale while it goes on', () => {
    const play = new Play().live();
    for (let i = 0; i < 60; i++) {
      play.tick(1_000).frame({ t: 'pong', time: 1, at: play.now, behind: 60 - i });
      play.do({ kind: 'stored', upTo: `${i}`.padStart(34, 'x'), behind: 60 - i } as never);
      expect(play.state).not.toHaveProperty('stale');
    }
  });
});

describe('Reconnect is a hard reset from every state', () => {
  const STATES: Record<SessionStateKind, () => Play> = {
    idle: () => new Play(),
    resting: () => new Play().live().do({ kind: 'advice', advice: { kind: 'rest' } } as never),
    connecting: () => new Play().dial(4).token().opened(),
    live: () => new Play().live(),
    polling: () => new Play().dial().token().closed(1006).dial().token().closed(1006).polled(null),
    waiting: () => new Play().live().closed(1006),
    offline: () =>
      new Play()
        .live()
        .closed(1006)
        .do({ kind: 'advice', advice: { kind: 'wait', at: 9, attempt: 13, offline: true } } as never),
    'needs-sign-in': () =>
      new Play().dial().do({
        ...{
          kind: 'token-refused',
          failure: { kind: 'session_ended', message: '' },
          fault: null,
          message: '',
        },
      } as never),
    replaced: () => new Play().live().closed(4409),
    closed: () => new Play().live().closed(4426),
  };

  it.each(Object.keys(STATES) as SessionStateKind[])('%s', (kind) => {
    const play = STATES[kind]();
    expect(play.state.kind).toBe(kind);
    const before = play.machine.generation;
    play.dial();
    expect(play.kinds.slice(0, 3)).toEqual(['drop-socket', 'stop-poll', 'lost']);
    expect(play.state).toMatchObject({ kind: 'connecting', attempt: 1 });
    expect(play.machine.generation).toBeGreaterThan(before);
    // Whatever the old one still says is not heard.
    const { machine } = play;
    play.do({ kind: 'closed', code: 4409, reason: '', generation: before } as never);
    play.do({ kind: 'polled', upTo: null, generation: before } as never);
    expect(play.machine).toBe(machine);
    if (play.state.kind === 'connecting' && play.machine.mode.kind === 'token') play.token();
    expect(play.opened().frame(welcome(play.now)).state.kind).toBe('live');
  });

  it.each(Object.keys(STATES) as SessionStateKind[])('and rest leads out of %s', (kind) => {
    const play = STATES[kind]().do({ kind: 'advice', advice: { kind: 'rest' } } as never);
    expect(play.state.kind).toBe('resting');
    expect(play.tick(10 ** 7).state.kind).toBe('resting');
  });
});

describe('complete', () => {
  const heartbeat = { t: 'heartbeat', time: 1, head: HEAD } as const;

  it('is said of the stored cursor only, and only when it is the head that the relay named', () => {
    const play = new Play().live().frame(heartbeat);
    expect(play.state).toMatchObject({ complete: null });
    play.do({ kind: 'stored', upTo: HEAD, behind: 0 } as never);
    expect(play.state).toMatchObject({ complete: play.now, behind: 0 });
  });

  it('is not reached by a batch behind which more is to come', () => {
    const play = new Play().live().do({ kind: 'stored', upTo: HEAD, behind: 12 } as never);
    expect(play.state).toMatchObject({ complete: null });
    expect(play.frame(heartbeat).state).toMatchObject({ complete: play.now });
  });

  it('pings with data are no proof: a heartbeat that is behind says so', () => {
    const play = new Play().live().frame({ t: 'heartbeat', time: 1, behind: 40 });
    expect(play.state).toMatchObject({ complete: null, behind: 40 });
  });
});

describe('whatever happens', () => {
  const kind = fc.constantFrom(
    ...(Object.keys(FAILURES) as FailureKind[]).filter((one) => FAILURES[one].close),
  );
  const event = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: 'dial' as const }) },
    { weight: 3, arbitrary: fc.constant({ do: 'token' as const }) },
    { weight: 3, arbitrary: fc.constant({ do: 'opened' as const }) },
    { weight: 3, arbitrary: fc.constant({ do: 'welcome' as const }) },
    fc.record({ do: fc.constant('closed' as const), kind }),
    fc.constant({ do: 'broken' as const }),
    fc.record({ do: fc.constant('tick' as const), ms: fc.integer({ min: 1, max: 60_000 }) }),
    fc.record({ do: fc.constant('old' as const), back: fc.integer({ min: 1, max: 3 }) }),
    fc.constant({ do: 'probe' as const }),
  );

  it('one socket at a time, no append before the welcome, old sockets are not heard, and waiting is always left', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const play = new Play();
        let open = 0;
        for (const one of events) {
          const before = play.state.kind;
          if (one.do === 'dial') play.dial();
          else if (one.do === 'token') play.token();
          else if (one.do === 'opened') play.opened();
          else if (one.do === 'welcome') play.frame(welcome(play.now));
          else if (one.do === 'closed') play.closed(closeOf(one.kind).code, closeOf(one.kind).reason);
          else if (one.do === 'broken') play.closed(1006);
          else if (one.do === 'tick') play.tick(one.ms);
          else if (one.do === 'probe') play.do({ kind: 'advice', advice: { kind: 'probe' } } as never);
          else {
            const { machine } = play;
            play.do({
              kind: 'closed',
              code: 4409,
              reason: '',
              generation: machine.generation - one.back,
            } as never);
            expect(play.machine).toBe(machine);
          }
          for (const effect of play.effects) {
            if (effect.kind === 'open') open += 1;
            if (effect.kind === 'drop-socket') open = 0;
            if (effect.kind === 'send' && effect.frame.t !== 'hello') expect(play.state.kind).toBe('live');
            if (effect.kind === 'live') expect(play.state.kind).toBe('live');
          }
          expect(open).toBeLessThanOrEqual(1);
          if (before === 'live' && play.state.kind !== 'live') expect(play.kinds).toContain('lost');
        }
        expect(play.dial().state.kind).toBe('connecting');
      }),
      { numRuns: 500 },
    );
  });
});
