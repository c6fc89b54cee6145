/**
 * The session without a socket: one request after the other, each with the cursor that was stored, and beside them now and then a trial of
 * the socket. The relay takes polls and sockets of a device for the same session, the newer of which counts; so the request is given up when a
 * socket has opened, and not before.
 */
import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import { isNetworkFault } from '@matchbook/protocol/network-fault';
import type { Cause } from '@matchbook/protocol/session-state';
import { lose, refused, ticketOf, wait } from './endings.ts';
import { greet } from './greeting.ts';
import { doubtful } from './liveness.ts';
import {
  ASKING_LIMIT,
  DIAL_LIMIT,
  type Effect,
  type Event,
  flowFrom,
  lettingGo,
  type Machine,
  type Mode,
  POLL_SLACK,
  QUICK_ANSWER,
  REST_CAP,
  type Rest,
  STALE_AFTER,
  type Step,
  stay,
  TOKEN_LIMIT,
} from './model.ts';

type Polling = Extract<Mode, { kind: 'polling' }>;
type Polled = Extract<Event, { kind: 'polled' }>;

/** An answer came, and leads to `upTo`, which is to be stored before the next request: its cursor is the confirmation. */
export function polled(machine: Machine, event: Polled): Step {
  const { mode } = machine;
  const { upTo, now } = event;
  if (mode.kind === 'asking') {
    const first: Mode = {
      kind: 'polling',
      why: mode.why,
      at: null,
      trial: null,
      poll: { storing: '' },
      rest: restAfter(0, mode.since, event),
      ...flowFrom(now),
    };
    const { machine: next, effects } = ask({ ...machine, mode: first }, first, upTo, now);
    return { machine: next, effects: [{ kind: 'live' }, ...effects] };
  }
  if (mode.kind !== 'polling') return stay(machine);
  const rest = 'since' in mode.poll ? restAfter(mode.rest.quick, mode.poll.since, event) : mode.rest;
  return ask(machine, { ...mode, rest, lastData: now }, upTo, now);
}

/** Something that answers at once and has nothing to say is not asked in a circle: once may be chance, from the second on a second and more lies between. */
function restAfter(before: number, since: number, { nothing, random, now }: Polled): Rest {
  if (!nothing || now - since >= QUICK_ANSWER) return { quick: 0, until: now };
  const quick = before + 1;
  const most = Math.min(REST_CAP, QUICK_ANSWER * 2 ** (quick - 2));
  return { quick, until: quick === 1 ? now : since + QUICK_ANSWER + random * most };
}

function ask(machine: Machine, mode: Polling, upTo: string | null, now: number): Step {
  if (upTo !== null && upTo !== machine.cursor)
    return stay({ ...machine, mode: { ...mode, lastBulk: now, poll: { storing: upTo } } });
  return next(machine, mode, now);
}

function next(machine: Machine, mode: Polling, now: number): Step {
  if (mode.rest.until > now)
    return stay({ ...machine, mode: { ...mode, poll: { resting: mode.rest.until } } });
  return poll(machine, mode, LIMITS.pollWait, now);
}

function poll(machine: Machine, mode: Polling, seconds: number, now: number): Step {
  const limit = seconds * 1_000 + POLL_SLACK;
  return {
    machine: { ...machine, mode: { ...mode, poll: { since: now, limit } } },
    effects: [{ kind: 'poll', wait: seconds }],
  };
}

/** What the last answer brought is stored: the next request may go. */
export function pollStored(machine: Machine, now: number): Step {
  const { mode, cursor } = machine;
  if (mode.kind !== 'polling' || !('storing' in mode.poll) || mode.poll.storing !== cursor)
    return stay(machine);
  return next(machine, mode, now);
}

/** The request that is out is doubted: it is given up for one that is answered at once, or not at all. So is the trial, which was begun in another world. */
export function pollProbed(before: Machine, held: Polling, now: number): Step {
  const { machine, effects } = held.trial ? trialFailed(before, held) : stay(before);
  const mode: Polling = { ...held, ...(held.trial ? { at: null, trial: null } : {}) };
  if ('storing' in mode.poll) return { machine, effects };
  return {
    machine: {
      ...lettingGo(machine, now),
      mode: { ...mode, poll: { since: now, limit: LIMITS.pollFloor + LIMITS.probeTimeout } },
    },
    effects: [...effects, { kind: 'poll', wait: 0 }],
  };
}

const causeBy = (failure: Failure, at: number): Cause => ({
  ...{ at, phase: 'poll', message: failure.message, failure },
  ...(isNetworkFault(failure.kind) ? { fault: failure.kind } : {}),
});

export function pollFailed(machine: Machine, failure: Failure | null, message: string, now: number): Step {
  const { mode } = machine;
  if (mode.kind !== 'asking' && mode.kind !== 'polling') return stay(machine);
  // It says why the server cannot be had at all; else the story of the socket is the one to tell.
  const cause: Cause = failure
    ? causeBy(failure, now)
    : mode.kind === 'asking'
      ? mode.cause
      : { at: now, phase: 'poll', message };
  if (failure) return refused(machine, failure, cause, now);
  return wait(machine, mode.kind === 'asking' ? mode.attempt : 0, cause);
}

/** Tries the socket while the polls go on. */
export function trial(machine: Machine, mode: Polling, now: number): Step {
  if (mode.trial) return stay(machine);
  const generation = machine.last + 1;
  const credential = ticketOf(machine, now);
  return {
    machine: {
      ...machine,
      last: generation,
      mode: { ...mode, at: null, trial: { generation, since: now, credential } },
    },
    effects: [
      credential ? { kind: 'open', generation } : { kind: 'fetch-token', refused: false, generation },
    ],
  };
}

export function trialToken(machine: Machine, mode: Polling, token: string, now: number): Step {
  const { trial: tried } = mode;
  if (!tried || tried.credential) return stay(machine);
  const credential = { token, fresh: false };
  return {
    machine: { ...machine, mode: { ...mode, trial: { ...tried, since: now, credential } } },
    effects: [{ kind: 'open', generation: tried.generation }],
  };
}

export function trialFailed(machine: Machine, mode: Polling): Step {
  const effects: Effect[] = mode.trial ? [{ kind: 'drop-socket' }] : [];
  return { machine: { ...machine, mode: { ...mode, at: null, trial: null } }, effects };
}

/** A socket is open: from here on it counts. What the polls left unanswered is sent again on it, and taken once. */
export function changeOver(machine: Machine, mode: Polling, now: number): Step {
  const { trial: tried } = mode;
  if (!tried?.credential) return stay(machine);
  const { generation, credential } = tried;
  const next: Machine = { ...lettingGo(machine, now), generation, told: null, head: null };
  const { machine: greeting, effects } = greet(next, 1, credential, now);
  return { machine: greeting, effects: [{ kind: 'stop-poll' }, { kind: 'lost' }, ...effects] };
}

export function pollTicked(machine: Machine, mode: Polling, now: number): Step {
  const { poll: out, trial: tried } = mode;
  if ('since' in out && now - out.since >= out.limit)
    return lose(machine, 'The server does not answer by HTTP any more.', now);
  if (tried && now - tried.since >= (tried.credential ? DIAL_LIMIT : TOKEN_LIMIT))
    return trialFailed(machine, mode);
  if ('resting' in out && now >= out.resting) return poll(machine, mode, LIMITS.pollWait, now);
  const overdue = 'since' in out && now - out.since >= out.limit - POLL_SLACK + STALE_AFTER;
  const told =
    overdue && mode.stale === null ? { ...mode, stale: mode.complete ?? mode.since } : doubtful(mode, now);
  return stay({ ...machine, mode: told });
}

export function askingTicked(machine: Machine, since: number, now: number): Step {
  return now - since >= ASKING_LIMIT
    ? pollFailed(machine, null, 'The server does not answer by HTTP either.', now)
    : stay(machine);
}
