/**
 * What the session's state machine is made of. Sockets and polls have generations; whatever an older one still says is ignored.
 * Times are ms of a steady clock: a wall clock that is set must neither end a connection nor keep a dead one.
 */
import type { Failure } from '@matchbook/protocol/failures';
import type { DownFrame, UpFrame } from '@matchbook/protocol/frames';
import type { NetworkFault } from '@matchbook/protocol/network-fault';
import type { Advice, Cause, SessionState } from '@matchbook/protocol/session-state';

/** From asking main for a token to its answer; main itself may have to refresh. */
export const TOKEN_LIMIT = 30_000;
/** From `new WebSocket` to its opening; twice as long once a few attempts have had no answer, for names that take their time and lines of satellites. */
export const DIAL_LIMIT = 10_000;
const PATIENT_FROM = 4;
export const dialLimit = (attempt: number): number => (attempt < PATIENT_FROM ? DIAL_LIMIT : 2 * DIAL_LIMIT);
/** From hello to welcome. */
export const GREETING_LIMIT = 10_000;
/** From the first request without a socket to its answer; the relay itself may wait 2 s. */
export const ASKING_LIMIT = 10_000;
/** Beyond the time that a poll may wait: from there on it is lost. */
export const POLL_SLACK = 15_000;
/** An answer that brings nothing and comes sooner than this, ms: a relay waits longer before it gives one. Such answers make the pauses grow, up to the other. */
export const QUICK_ANSWER = 1_000;
export const REST_CAP = 10_000;
/** Sockets in a row that the network ended without a word: from then on HTTP is tried as well. */
export const HTTP_AFTER = 2;
/** A ping without an answer, or a head without its data, for so long: what is shown is told as stale. */
export const STALE_AFTER = 10_000;
/** A ping without an answer for so long: the socket is replaced. Pings go out every heartbeat interval. */
export const PING_LIMIT = 25_000;
/** The relay names a head, and nothing at all comes for so long: the socket is replaced. */
export const HEAD_LIMIT = 30_000;
/** For so long after something was let go, a newer session of this device may be that very thing. */
export const ECHO = 60_000;
/** So many of them at most: two copies of the app do not take turns for longer. */
const ECHOES = 3;
/** The longest that arriving data puts off the end of a doubted socket. */
export const DOUBT_LIMIT = 15_000;

/** `fresh`: main made it because the relay had refused the one before. */
export type Credential = { ticket: string } | { token: string; fresh: boolean };

/** What is known of the data path, while there is one. */
export interface Flow {
  since: number;
  lastData: number;
  /** When bulk data came last. */
  lastBulk: number;
  complete: number | null;
  behind: number | null;
  /** Since when the relay names more than is stored, and nothing of it was. */
  short: number | null;
  stale: number | null;
}

interface Trial {
  generation: number;
  since: number;
  /** Null while main is asked for a token. */
  credential: Credential | null;
}

/** After how many answers in a row that came at once and brought nothing, and until when nobody asks again. */
export interface Rest {
  quick: number;
  until: number;
}

export type Mode =
  | { kind: 'idle' }
  | { kind: 'resting'; since: number }
  | { kind: 'token'; attempt: number; since: number; refused: boolean }
  | { kind: 'dialling'; attempt: number; since: number; credential: Credential }
  | { kind: 'greeting'; attempt: number; since: number; credential: Credential }
  | ({
      kind: 'live';
      lastPing: number;
      /** When the oldest ping without an answer was sent. */
      asked: number | null;
      /** Since when it is in doubt, the ping whose answer ends that, and whether the world changed; null when it is not. */
      probed: { since: number; question: number; changed: boolean } | null;
    } & Flow)
  /** The first request without a socket; `cause`: what became of the socket. */
  | { kind: 'asking'; attempt: number; since: number; cause: Cause; why: 'blocked' | 'cut' }
  | ({
      kind: 'polling';
      why: 'blocked' | 'cut';
      /** Wall clock, from the supervisor. */
      at: number | null;
      trial: Trial | null;
      /** A request is out, or its answer is being stored up to there, or the next one waits. */
      poll: { since: number; limit: number } | { storing: string } | { resting: number };
      rest: Rest;
    } & Flow)
  | { kind: 'waiting'; attempt: number; at: number | null; offline: boolean; cause: Cause }
  | { kind: 'needs-sign-in'; cause: Cause }
  | { kind: 'replaced'; cause: Cause }
  | { kind: 'closed'; cause: Cause };

export interface Machine {
  mode: Mode;
  /** Of the socket or the polls that count; every dial makes a new one. */
  generation: number;
  /** The highest that was given out. */
  last: number;
  device: string;
  /** The stored cursor, and the head that the relay named last. */
  cursor: string | null;
  head: string | null;
  /** From the last welcome: `expires` on this clock. */
  ticket: { text: string; expires: number } | null;
  /** What the relay said before closing. */
  told: Failure | null;
  /** Sockets and requests of this device's that were let go without the relay's word, and when the last of them was: they may still arrive there. */
  letGo: { at: number; many: number } | null;
  /** Sockets in a row that the network ended without a word, before they were stable. */
  broken: number;
}

export type Event =
  | { kind: 'advice'; advice: Advice; now: number }
  | { kind: 'token'; generation: number; token: string; now: number }
  | {
      kind: 'token-refused';
      generation: number;
      failure: Failure | null;
      fault: NetworkFault | null;
      message: string;
      now: number;
    }
  | { kind: 'opened'; generation: number; now: number }
  | { kind: 'frame'; generation: number; frame: DownFrame; now: number }
  /** A frame of bulk data arrived; the inbox has it. */
  | { kind: 'data'; generation: number; now: number }
  | { kind: 'closed'; generation: number; code: number; reason: string; now: number }
  /** A poll was answered; `upTo`: where its data leads, null where it brought none; `nothing`: that is all it says. `random`: 0 to 1. */
  | {
      kind: 'polled';
      generation: number;
      upTo: string | null;
      nothing: boolean;
      random: number;
      now: number;
    }
  /** A request by HTTP failed; `failure` where a server of ours said so. */
  | { kind: 'poll-failed'; generation: number; failure: Failure | null; message: string; now: number }
  /** What the network stack says of the connection that could not be had. */
  | { kind: 'explained'; generation: number; fault: NetworkFault | null; message: string }
  /** The local store has everything up to here; `behind` is what the frame said about the rest. */
  | { kind: 'stored'; upTo: string; behind: number; now: number }
  /** Something above found the connection useless (an append without an answer, an overfull inbox). */
  | { kind: 'useless'; message: string; now: number }
  | { kind: 'tick'; now: number };

export type Effect =
  | { kind: 'fetch-token'; refused: boolean; generation: number }
  | { kind: 'open'; generation: number }
  | { kind: 'send'; frame: UpFrame }
  /** Ask by HTTP, instead of any request that is out. `wait` in seconds. */
  | { kind: 'poll'; wait: number }
  | { kind: 'stop-poll' }
  | { kind: 'drop-socket' }
  /** Why can the server not be had? */
  | { kind: 'explain' }
  | { kind: 'live' }
  | { kind: 'lost' };

export interface Step {
  machine: Machine;
  effects: Effect[];
}

/** @param letGo when a page before this one may have been ended with something of its own on the way; null where there was none */
export function createMachine(device: string, cursor: string | null, letGo: number | null = null): Machine {
  return {
    mode: { kind: 'idle' },
    generation: 0,
    last: 0,
    device,
    cursor,
    head: null,
    ticket: null,
    told: null,
    letGo: letGo === null ? null : { at: letGo, many: 1 },
    broken: 0,
  };
}

export const stay = (machine: Machine): Step => ({ machine, effects: [] });

/** What is out is given up: the relay may hear of it all the same, later than of what comes after it. */
export function lettingGo(machine: Machine, now: number): Machine {
  const { kind } = machine.mode;
  const out = kind === 'greeting' || kind === 'live' || kind === 'asking' || kind === 'polling';
  if (!out) return machine;
  const before = machine.letGo !== null && now - machine.letGo.at < ECHO ? machine.letGo.many : 0;
  return { ...machine, letGo: { at: now, many: Math.min(before + 1, ECHOES) } };
}

/** Everything that was said to the generation before is of no account any more. */
export const bumped = (machine: Machine): Machine => ({
  ...machine,
  generation: machine.last + 1,
  last: machine.last + 1,
});

/** Socket and request go, and those above hear that nothing on them will be answered. */
export const DROP: Effect[] = [{ kind: 'drop-socket' }, { kind: 'stop-poll' }, { kind: 'lost' }];

export const flowFrom = (now: number): Flow => ({
  since: now,
  lastData: now,
  lastBulk: now,
  complete: null,
  behind: null,
  short: null,
  stale: null,
});

/** @param wall a time of the steady clock, as the wall clock has it */
export function publicState({ mode }: Machine, wall: (at: number) => number): SessionState {
  switch (mode.kind) {
    case 'idle':
      return { kind: 'idle' };
    case 'resting':
      return { kind: 'resting', since: wall(mode.since) };
    case 'token':
    case 'dialling':
    case 'greeting':
    case 'asking':
      return { kind: 'connecting', attempt: Math.max(1, mode.attempt), since: wall(mode.since) };
    case 'live':
      return { kind: 'live', ...shown(mode, wall) };
    case 'polling':
      return { kind: 'polling', why: mode.why, at: mode.at, ...shown(mode, wall) };
    case 'waiting': {
      const { attempt, at } = mode;
      const cause = { ...mode.cause, at: wall(mode.cause.at) };
      return mode.offline && at !== null
        ? { kind: 'offline', attempt, at, cause }
        : { kind: 'waiting', attempt, at, cause };
    }
    case 'needs-sign-in':
    case 'replaced':
    case 'closed':
      return { kind: mode.kind, cause: { ...mode.cause, at: wall(mode.cause.at) } };
  }
}

function shown({ since, lastData, complete, behind, stale }: Flow, wall: (at: number) => number) {
  return {
    since: wall(since),
    lastData: wall(lastData),
    complete: complete === null ? null : wall(complete),
    behind,
    ...(stale === null ? {} : { stale: wall(stale) }),
  };
}
