/** How a connection begins anew and how it ends: by waiting, by going on without a socket, or for good. */
import { FAILURES, type Failure, failureOfClose, isFailureKind } from '@matchbook/protocol/failures';
import { RECONNECT } from '@matchbook/protocol/limits';
import type { Cause } from '@matchbook/protocol/session-state';
import {
  bumped,
  type Credential,
  DROP,
  ECHO,
  HTTP_AFTER,
  lettingGo,
  type Machine,
  type Mode,
  type Step,
  stay,
} from './model.ts';

/** Always a hard reset: whatever there was is dropped first. */
export function start(machine: Machine, attempt: number, now: number): Step {
  const fresh: Machine = { ...bumped(lettingGo(machine, now)), told: null, head: null };
  const ticket = ticketOf(machine, now);
  if (ticket) {
    const step = dial(fresh, attempt, ticket, now);
    return { machine: step.machine, effects: [...DROP, ...step.effects] };
  }
  return {
    machine: { ...fresh, ticket: null, mode: { kind: 'token', attempt, since: now, refused: false } },
    effects: [...DROP, { kind: 'fetch-token', refused: false, generation: fresh.generation }],
  };
}

export function ticketOf({ ticket }: Machine, now: number): Credential | null {
  return ticket && ticket.expires > now ? { ticket: ticket.text } : null;
}

export function dial(machine: Machine, attempt: number, credential: Credential, now: number): Step {
  return {
    machine: { ...machine, mode: { kind: 'dialling', attempt, since: now, credential } },
    effects: [{ kind: 'open', generation: machine.generation }],
  };
}

/** The socket was closed by its other side, or by the network. */
export function closed(machine: Machine, code: number, reason: string, now: number): Step {
  const { mode } = machine;
  if (mode.kind !== 'dialling' && mode.kind !== 'greeting' && mode.kind !== 'live') return stay(machine);
  const heard = failureOfClose(code, reason);
  // A frame before the close says more than the close has room for.
  const failure = !heard || machine.told?.kind === heard.kind ? machine.told : heard;
  const cause: Cause = {
    at: now,
    phase: phaseOf(mode),
    code,
    message:
      failure?.message ?? (code === 1006 ? 'The connection broke.' : `The connection was closed (${code}).`),
    ...(failure ? { failure } : {}),
  };
  return failure ? refused({ ...machine, broken: 0 }, failure, cause, now) : broke(machine, cause, now);
}

/** A server of ours said no: the table says what that means. */
export function refused(machine: Machine, failure: Failure, cause: Cause, now: number): Step {
  const { mode } = machine;
  switch (FAILURES[failure.kind].action) {
    case 'retry':
    // The relay could not read what this client sent: nothing that the person could mend, so it is tried again.
    case 'give-up':
      return wait(machine, attemptOf(mode), cause);
    case 'stop':
      if (failure.kind === 'session_replaced' && isEcho(machine, now))
        return wait({ ...machine, letGo: withoutOne(machine) }, attemptOf(mode), cause);
      return ended(machine, { kind: failure.kind === 'session_replaced' ? 'replaced' : 'closed', cause });
    case 'sign-in':
      // A token that does not last is not renewed in a circle: its server's clock may be another one.
      if (failure.kind === 'unauthorized' && mode.kind === 'live' && now - mode.since < RECONNECT.stableAfter)
        return wait({ ...machine, ticket: null }, 1, cause);
      return unauthorised(machine, cause, now);
  }
}

/** It was this device itself, by something that it had let go: once for each. Another copy of the app replaces what was let alone. */
function isEcho({ letGo }: Machine, now: number): boolean {
  return letGo !== null && now - letGo.at < ECHO;
}

const withoutOne = ({ letGo }: Machine) =>
  letGo && letGo.many > 1 ? { ...letGo, many: letGo.many - 1 } : null;

/** A ticket that is refused falls back to the token, a token to a fresh one, a fresh one to the person. */
function unauthorised(machine: Machine, cause: Cause, now: number): Step {
  const { mode } = machine;
  if (mode.kind !== 'dialling' && mode.kind !== 'greeting' && mode.kind !== 'live')
    return ended(machine, { kind: 'needs-sign-in', cause });
  const attempt = mode.kind === 'live' ? 1 : mode.attempt;
  const fresh = mode.kind !== 'live' && 'token' in mode.credential && mode.credential.fresh;
  if (fresh) return ended(machine, { kind: 'needs-sign-in', cause });
  const askFresh = mode.kind === 'live' || 'token' in mode.credential;
  const next = bumped(machine);
  return {
    machine: {
      ...next,
      ticket: null,
      told: null,
      mode: { kind: 'token', attempt, since: now, refused: askFresh },
    },
    effects: [...DROP, { kind: 'fetch-token', refused: askFresh, generation: next.generation }],
  };
}

/**
 * The network ended a socket without a word of the relay's. Once is bad luck; again and again it may be something on the way that lets no
 * WebSocket through, so HTTP is tried before waiting.
 */
function broke(before: Machine, cause: Cause, now: number): Step {
  const machine = lettingGo(before, now);
  const { mode } = machine;
  const broken = machine.broken + 1;
  const attempt = attemptOf(mode);
  if (broken < HTTP_AFTER) return wait({ ...machine, broken }, attempt, cause);
  const why = mode.kind === 'dialling' ? 'blocked' : 'cut';
  return {
    machine: {
      ...bumped(machine),
      broken,
      told: null,
      mode: { kind: 'asking', attempt, since: now, cause, why },
    },
    effects: [...DROP, { kind: 'poll', wait: 0 }],
  };
}

/** Given up from this side. */
export function lose(before: Machine, message: string, now: number): Step {
  const machine = lettingGo(before, now);
  const { mode } = machine;
  const cause: Cause = { at: now, phase: phaseOf(mode), message };
  const onSocket = mode.kind === 'dialling' || mode.kind === 'greeting' || mode.kind === 'live';
  return onSocket ? broke(machine, cause, now) : wait(machine, attemptOf(mode), cause);
}

/** It was doubted, and rightly: the world changed, which says nothing about WebSockets. HTTP is not asked first; the next dial is awaited by somebody. */
export function gaveNoAnswer(before: Machine, message: string, now: number): Step {
  const machine = lettingGo(before, now);
  return wait(machine, 0, { at: now, phase: 'live', message });
}

export function wait(machine: Machine, attempt: number, cause: Cause): Step {
  return {
    machine: {
      ...bumped(machine),
      told: null,
      mode: { kind: 'waiting', attempt, at: null, offline: false, cause },
    },
    // What a server has said, or this computer's stack already has, needs no further explanation.
    effects: cause.failure || cause.fault ? DROP : [...DROP, { kind: 'explain' }],
  };
}

export function ended(machine: Machine, mode: Extract<Mode, { cause: Cause }>): Step {
  return { machine: { ...bumped(machine), ticket: null, told: null, mode }, effects: DROP };
}

const attemptOf = (mode: Mode): number => ('attempt' in mode ? mode.attempt : 0);

function phaseOf({ kind }: Mode): Cause['phase'] {
  if (kind === 'live') return 'live';
  if (kind === 'polling' || kind === 'asking') return 'poll';
  return kind === 'greeting' ? 'hello' : 'dial';
}

/** A failure as main tells it: of a kind that the protocol may not know. */
export interface Told extends Pick<Failure, 'message' | 'field' | 'retryAfter'> {
  kind?: string;
}

/** What of it a server may have said; null for what only this computer knows. */
export function knownFailure({ kind = '', message, field, retryAfter }: Told): Failure | null {
  if (!isFailureKind(kind)) return null;
  return {
    ...{ kind, message },
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(field === undefined ? {} : { field }),
  };
}
