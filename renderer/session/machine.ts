/**
 * The session's state machine: what a device's logical link to the relay is doing. Pure: events in, the next state and the effects that
 * it wants out. Sockets have generations; whatever an older one still says is ignored. Times are ms of the clock that is passed in.
 *
 *   idle --dial--> token --> dialling --> greeting --welcome--> live
 *     any of these --lost--> waiting --dial--> ...      (offline is waiting with another name, see Advice)
 *     any of these --refused for good--> needs-sign-in | replaced | closed
 */
import { FAILURES, type Failure, failureOfClose } from '@matchbook/protocol/failures';
import type { DownFrame, UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Advice, Cause, SessionState } from '@matchbook/protocol/session-state';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';

/** From asking main for a token to its answer; main itself may have to refresh. */
const TOKEN_LIMIT = 30_000;
/** From `new WebSocket` to its opening. */
const DIAL_LIMIT = 10_000;
/** From hello to welcome. */
const GREETING_LIMIT = 10_000;

export type Mode =
  | { kind: 'idle' }
  | { kind: 'token'; attempt: number; since: number; refused: boolean }
  | { kind: 'dialling'; attempt: number; since: number; credential: Credential }
  | { kind: 'greeting'; attempt: number; since: number; credential: Credential }
  | {
      kind: 'live';
      since: number;
      lastData: number;
      lastPing: number;
      /** When a doubted socket was asked; null when it is not in doubt. */
      probed: number | null;
      complete: number | null;
      behind: number | null;
    }
  | { kind: 'waiting'; attempt: number; at: number | null; offline: boolean; cause: Cause }
  | { kind: 'needs-sign-in'; cause: Cause }
  | { kind: 'replaced'; cause: Cause }
  | { kind: 'closed'; cause: Cause };

/** `fresh`: main made it because the relay had refused the one before. */
export type Credential = { ticket: string } | { token: string; fresh: boolean };

export interface Machine {
  mode: Mode;
  /** Of the socket that counts; every dial makes a new one. */
  generation: number;
  device: string;
  /** The stored cursor, and the head that the relay named last. */
  cursor: string | null;
  head: string | null;
  /** From the last welcome: `expires` on this clock. */
  ticket: { text: string; expires: number } | null;
  /** What the relay said before closing. */
  told: Failure | null;
}

export type Event =
  | { kind: 'advice'; advice: Advice; now: number }
  | { kind: 'token'; generation: number; token: string; now: number }
  | {
      kind: 'token-refused';
      generation: number;
      failure: Cause['failure'] | null;
      message: string;
      signIn: boolean;
      now: number;
    }
  | { kind: 'opened'; generation: number; now: number }
  | { kind: 'frame'; generation: number; frame: DownFrame; now: number }
  /** A frame of bulk data arrived; the inbox has it. */
  | { kind: 'data'; generation: number; now: number }
  | { kind: 'closed'; generation: number; code: number; reason: string; now: number }
  /** The local store has everything up to here; `behind` is what the frame said about the rest. */
  | { kind: 'stored'; upTo: string; behind: number; now: number }
  /** Something above found the connection useless (an append without an answer, an overfull inbox). */
  | { kind: 'useless'; message: string; now: number }
  | { kind: 'tick'; now: number };

export type Effect =
  | { kind: 'fetch-token'; refused: boolean }
  | { kind: 'open' }
  | { kind: 'send'; frame: UpFrame }
  | { kind: 'drop' }
  | { kind: 'live' }
  | { kind: 'lost' };

export interface Step {
  machine: Machine;
  effects: Effect[];
}

export function createMachine(device: string, cursor: string | null): Machine {
  return { mode: { kind: 'idle' }, generation: 0, device, cursor, head: null, ticket: null, told: null };
}

export function transition(machine: Machine, event: Event): Step {
  if ('generation' in event && event.generation !== machine.generation) return { machine, effects: [] };
  switch (event.kind) {
    case 'advice':
      return advised(machine, event.advice, event.now);
    case 'token':
      if (machine.mode.kind !== 'token') return stay(machine);
      return dial(
        machine,
        machine.mode.attempt,
        { token: event.token, fresh: machine.mode.refused },
        event.now,
      );
    case 'token-refused': {
      if (machine.mode.kind !== 'token') return stay(machine);
      const cause: Cause = {
        at: event.now,
        phase: 'dial',
        message: event.message,
        ...(event.failure ? { failure: event.failure } : {}),
      };
      if (event.signIn) return ended(machine, { kind: 'needs-sign-in', cause });
      return wait(machine, machine.mode.attempt, cause);
    }
    case 'opened':
      return opened(machine, event.now);
    case 'frame':
      return heard(machine, event.frame, event.now);
    case 'data':
      return machine.mode.kind === 'live' ? stay(alive(machine, machine.mode, event.now)) : stay(machine);
    case 'closed':
      return closed(machine, event.code, event.reason, event.now);
    case 'stored':
      return stay(
        completed(
          { ...machine, cursor: event.upTo, head: event.behind === 0 ? event.upTo : machine.head },
          event.now,
        ),
      );
    case 'useless':
      return machine.mode.kind === 'live' ? lose(machine, event.message, event.now) : stay(machine);
    case 'tick':
      return ticked(machine, event.now);
  }
}

/** The state as everybody else sees it. */
export function publicState({ mode }: Machine): SessionState {
  switch (mode.kind) {
    case 'idle':
      return { kind: 'idle' };
    case 'token':
    case 'dialling':
    case 'greeting':
      return { kind: 'connecting', attempt: mode.attempt, since: mode.since };
    case 'live': {
      const { since, lastData, complete, behind } = mode;
      return { kind: 'live', since, lastData, complete, behind };
    }
    case 'waiting': {
      const { attempt, at, cause } = mode;
      return mode.offline && at !== null
        ? { kind: 'offline', attempt, at, cause }
        : { kind: 'waiting', attempt, at, cause };
    }
    case 'needs-sign-in':
    case 'replaced':
    case 'closed':
      return { kind: mode.kind, cause: mode.cause };
  }
}

function advised(machine: Machine, advice: Advice, now: number): Step {
  const { mode } = machine;
  switch (advice.kind) {
    case 'dial':
      if (mode.kind === 'closed') return stay(machine);
      return start(machine, advice.attempt, now);
    case 'wait':
      if (mode.kind !== 'waiting') return stay(machine);
      return stay({
        ...machine,
        mode: { ...mode, at: advice.at, attempt: advice.attempt, offline: advice.offline },
      });
    case 'probe':
      if (mode.kind !== 'live' || mode.probed !== null) return stay(machine);
      return {
        machine: { ...machine, mode: { ...mode, probed: now, lastPing: now } },
        effects: [{ kind: 'send', frame: { t: 'ping', at: now } }],
      };
    case 'rest':
      if (mode.kind === 'closed' || mode.kind === 'replaced' || mode.kind === 'needs-sign-in')
        return stay(machine);
      return {
        machine: { ...machine, generation: machine.generation + 1, mode: { kind: 'idle' } },
        effects: [{ kind: 'drop' }, { kind: 'lost' }],
      };
  }
}

/** Always a hard reset: whatever socket there was is dropped first. */
function start(machine: Machine, attempt: number, now: number): Step {
  const fresh: Machine = { ...machine, generation: machine.generation + 1, told: null, head: null };
  const { ticket } = machine;
  if (ticket && ticket.expires > now) {
    const step = dial(fresh, attempt, { ticket: ticket.text }, now);
    return { machine: step.machine, effects: [{ kind: 'drop' }, { kind: 'lost' }, ...step.effects] };
  }
  return {
    machine: { ...fresh, ticket: null, mode: { kind: 'token', attempt, since: now, refused: false } },
    effects: [{ kind: 'drop' }, { kind: 'lost' }, { kind: 'fetch-token', refused: false }],
  };
}

function dial(machine: Machine, attempt: number, credential: Credential, now: number): Step {
  return {
    machine: { ...machine, mode: { kind: 'dialling', attempt, since: now, credential } },
    effects: [{ kind: 'open' }],
  };
}

function opened(machine: Machine, now: number): Step {
  const { mode } = machine;
  if (mode.kind !== 'dialling') return stay(machine);
  const { credential } = mode;
  const hello: UpFrame = {
    t: 'hello',
    protocol: PROTOCOL_VERSION,
    ...('ticket' in credential ? { ticket: credential.ticket } : { token: credential.token }),
    device: machine.device,
    cursor: machine.cursor,
    client: 'matchbook-desktop',
  };
  return {
    machine: { ...machine, mode: { ...mode, kind: 'greeting', since: now } },
    effects: [{ kind: 'send', frame: hello }],
  };
}

function heard(machine: Machine, frame: DownFrame, now: number): Step {
  const { mode } = machine;
  if (mode.kind === 'greeting') {
    if (frame.t !== 'welcome') return stay(machine);
    // Tickets are judged by the relay's clock; what counts here is how long they live.
    const ticket = { text: frame.ticket, expires: now + (frame.ticketExpires - frame.time) };
    return {
      machine: {
        ...machine,
        ticket,
        mode: {
          kind: 'live',
          since: now,
          lastData: now,
          lastPing: now,
          probed: null,
          complete: null,
          behind: null,
        },
      },
      effects: [{ kind: 'live' }],
    };
  }
  if (mode.kind !== 'live') return stay(machine);
  const next = alive(machine, mode, now);
  if (frame.t === 'heartbeat' || frame.t === 'pong') {
    const behind = frame.behind ?? (frame.head === undefined ? mode.behind : 0);
    const told = { ...next, head: frame.head ?? null, mode: { ...(next.mode as typeof mode), behind } };
    return stay(completed(told, now));
  }
  if (frame.t === 'draining') {
    const failure: Failure = {
      kind: 'draining',
      message: 'The relay is restarting.',
      retryAfter: frame.retryAfter,
      ...(frame.spread === undefined ? {} : { spread: frame.spread }),
    };
    return stay({ ...next, told: failure });
  }
  return stay(next);
}

function closed(machine: Machine, code: number, reason: string, now: number): Step {
  const { mode } = machine;
  if (mode.kind !== 'dialling' && mode.kind !== 'greeting' && mode.kind !== 'live') return stay(machine);
  const heard = failureOfClose(code, reason);
  // A frame before the close says more than the close has room for.
  const failure = !heard || machine.told?.kind === heard.kind ? machine.told : heard;
  const cause: Cause = {
    at: now,
    phase: mode.kind === 'live' ? 'live' : mode.kind === 'greeting' ? 'hello' : 'dial',
    code,
    message:
      failure?.message ?? (code === 1006 ? 'The connection broke.' : `The connection was closed (${code}).`),
    ...(failure ? { failure } : {}),
  };
  const action = failure ? FAILURES[failure.kind].action : 'retry';
  switch (action) {
    case 'retry':
    // The relay could not read what this client sent: nothing that the person could mend, so it is tried again.
    case 'give-up':
      return wait(machine, mode.kind === 'live' ? 0 : mode.attempt, cause);
    case 'stop':
      return ended(machine, { kind: failure?.kind === 'session_replaced' ? 'replaced' : 'closed', cause });
    case 'sign-in':
      return refused(machine, mode, cause, now);
  }
}

/** A ticket that is refused falls back to the token, a token to a fresh one, a fresh one to the person. */
function refused(
  machine: Machine,
  mode: Extract<Mode, { kind: 'dialling' | 'greeting' | 'live' }>,
  cause: Cause,
  now: number,
): Step {
  const attempt = mode.kind === 'live' ? 1 : mode.attempt;
  const fresh = mode.kind !== 'live' && 'token' in mode.credential && mode.credential.fresh;
  if (fresh) return ended(machine, { kind: 'needs-sign-in', cause });
  const askFresh = mode.kind === 'live' || 'token' in mode.credential;
  return {
    machine: {
      ...machine,
      ticket: null,
      generation: machine.generation + 1,
      mode: { kind: 'token', attempt, since: now, refused: askFresh },
    },
    effects: [{ kind: 'drop' }, { kind: 'lost' }, { kind: 'fetch-token', refused: askFresh }],
  };
}

function ticked(machine: Machine, now: number): Step {
  const { mode } = machine;
  switch (mode.kind) {
    case 'token':
      return now - mode.since >= TOKEN_LIMIT
        ? lose(machine, 'No access token could be had in time.', now)
        : stay(machine);
    case 'dialling':
      return now - mode.since >= DIAL_LIMIT
        ? lose(machine, 'The server does not answer.', now)
        : stay(machine);
    case 'greeting':
      return now - mode.since >= GREETING_LIMIT
        ? lose(machine, 'The relay does not greet back.', now)
        : stay(machine);
    case 'live': {
      if (mode.probed !== null && now - mode.probed >= LIMITS.probeTimeout)
        return lose(machine, 'The connection gave no sign of life when asked.', now);
      if (now - mode.lastData >= LIMITS.silenceTimeout)
        return lose(machine, 'The connection fell silent.', now);
      if (now - mode.lastPing < LIMITS.heartbeatInterval) return stay(machine);
      return {
        machine: { ...machine, mode: { ...mode, lastPing: now } },
        effects: [{ kind: 'send', frame: { t: 'ping', at: now } }],
      };
    }
    case 'idle':
    case 'waiting':
    case 'needs-sign-in':
    case 'replaced':
    case 'closed':
      return stay(machine);
  }
}

function lose(machine: Machine, message: string, now: number): Step {
  const { mode } = machine;
  const phase = mode.kind === 'live' ? 'live' : mode.kind === 'greeting' ? 'hello' : 'dial';
  return wait(machine, 'attempt' in mode ? mode.attempt : 0, { at: now, phase, message });
}

function wait(machine: Machine, attempt: number, cause: Cause): Step {
  return {
    machine: {
      ...machine,
      generation: machine.generation + 1,
      told: null,
      mode: { kind: 'waiting', attempt, at: null, offline: false, cause },
    },
    effects: [{ kind: 'drop' }, { kind: 'lost' }],
  };
}

function ended(machine: Machine, mode: Extract<Mode, { cause: Cause }>): Step {
  return {
    machine: { ...machine, generation: machine.generation + 1, ticket: null, told: null, mode },
    effects: [{ kind: 'drop' }, { kind: 'lost' }],
  };
}

/** Data came: the socket is not in doubt any more. */
function alive(machine: Machine, mode: Extract<Mode, { kind: 'live' }>, now: number): Machine {
  return { ...machine, mode: { ...mode, lastData: now, probed: null } };
}

/** Complete is a fact about storage: the stored cursor is the head that the relay named. */
function completed(machine: Machine, now: number): Machine {
  const { mode, cursor, head } = machine;
  if (mode.kind !== 'live' || cursor === null || head === null || cursor !== head) return machine;
  return { ...machine, mode: { ...mode, complete: now, behind: 0 } };
}

const stay = (machine: Machine): Step => ({ machine, effects: [] });
