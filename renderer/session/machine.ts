/**
 * The session's state machine: what a device's logical link to the relay is doing. Pure: events in, the next state and the effects that
 * it wants out.
 *
 *   idle --dial--> token --> dialling --> greeting --welcome--> live
 *     any of these --broke--> waiting --dial--> ...             (offline is waiting with another name, see Advice)
 *     any of these --broke again--> asking --answer--> polling --socket opened--> greeting
 *     any of these --refused for good--> needs-sign-in | replaced | closed
 *     any of these --rest--> resting; dial leads out of every state
 */
import { FAILURES } from '@matchbook/protocol/failures';
import type { DownFrame } from '@matchbook/protocol/frames';
import type { Advice, Cause } from '@matchbook/protocol/session-state';
import { closed, dial, ended, lose, refused, start, wait } from './endings.ts';
import { greet, welcomed } from './greeting.ts';
import { fed, flowing, heard, ticked as liveTicked, probed, stored } from './liveness.ts';
import {
  bumped,
  DROP,
  dialLimit,
  type Event,
  GREETING_LIMIT,
  lettingGo,
  type Machine,
  type Step,
  stay,
  TOKEN_LIMIT,
} from './model.ts';
import * as polling from './polling.ts';

export { createMachine, type Effect, type Event, type Machine, publicState } from './model.ts';

export function transition(machine: Machine, event: Event): Step {
  if ('generation' in event && !counts(machine, event.generation)) return stay(machine);
  const { mode } = machine;
  switch (event.kind) {
    case 'advice':
      return advised(machine, event.advice, event.now);
    case 'token':
      if (mode.kind === 'polling') return polling.trialToken(machine, mode, event.token, event.now);
      if (mode.kind !== 'token') return stay(machine);
      return dial(machine, mode.attempt, { token: event.token, fresh: mode.refused }, event.now);
    case 'token-refused':
      return tokenRefused(machine, event);
    case 'opened':
      if (mode.kind === 'polling') return polling.changeOver(machine, mode, event.now);
      return mode.kind === 'dialling'
        ? greet(machine, mode.attempt, mode.credential, event.now)
        : stay(machine);
    case 'frame':
      return framed(machine, event.frame, event.now);
    case 'data': {
      const flow = flowing(machine);
      return stay(flow ? fed(machine, flow, event.now) : machine);
    }
    case 'closed':
      if (mode.kind === 'polling') return polling.trialFailed(machine, mode);
      return closed(machine, event.code, event.reason, event.now);
    case 'polled':
      return polling.polled(machine, event);
    case 'poll-failed':
      return polling.pollFailed(machine, event.failure, event.message, event.now);
    case 'explained':
      if (mode.kind !== 'waiting' || mode.cause.failure || event.fault === null) return stay(machine);
      return stay({
        ...machine,
        mode: { ...mode, cause: { ...mode.cause, fault: event.fault, message: event.message } },
      });
    case 'stored':
      return polling.pollStored(stored(machine, event.upTo, event.behind, event.now), event.now);
    case 'useless':
      return flowing(machine) ? lose(machine, event.message, event.now) : stay(machine);
    case 'tick':
      return ticked(machine, event.now);
  }
}

/** The socket that is being tried beside the polls counts as well. */
function counts({ mode, generation }: Machine, of: number): boolean {
  return of === generation || (mode.kind === 'polling' && of === mode.trial?.generation);
}

function advised(machine: Machine, advice: Advice, now: number): Step {
  const { mode } = machine;
  switch (advice.kind) {
    case 'dial':
      return start(machine, advice.attempt, now);
    case 'wait':
      if (mode.kind === 'polling') return stay({ ...machine, mode: { ...mode, at: advice.at } });
      if (mode.kind !== 'waiting') return stay(machine);
      return stay({
        ...machine,
        mode: { ...mode, at: advice.at, attempt: advice.attempt, offline: advice.offline },
      });
    case 'probe':
      if (mode.kind === 'live') return probed(machine, mode, advice.anew === true, now);
      return mode.kind === 'polling' ? polling.pollProbed(machine, mode, now) : stay(machine);
    case 'trial':
      return mode.kind === 'polling' ? polling.trial(machine, mode, now) : stay(machine);
    case 'rest':
      if (mode.kind === 'resting') return stay(machine);
      return {
        machine: { ...bumped(lettingGo(machine, now)), mode: { kind: 'resting', since: now } },
        effects: DROP,
      };
  }
}

function tokenRefused(machine: Machine, event: Extract<Event, { kind: 'token-refused' }>): Step {
  const { mode } = machine;
  const { failure, fault, message, now } = event;
  if (mode.kind === 'polling') return polling.trialFailed(machine, mode);
  if (mode.kind !== 'token') return stay(machine);
  const cause: Cause = {
    at: now,
    phase: 'dial',
    message,
    ...(failure ? { failure } : {}),
    ...(fault ? { fault } : {}),
  };
  // The person, and not the request, is what the server does not take.
  if (failure?.kind === 'forbidden') return ended(machine, { kind: 'closed', cause });
  if (failure && FAILURES[failure.kind].action === 'sign-in')
    return ended(machine, { kind: 'needs-sign-in', cause });
  return failure ? refused(machine, failure, cause, now) : wait(machine, mode.attempt, cause);
}

function framed(machine: Machine, frame: DownFrame, now: number): Step {
  if (machine.mode.kind === 'greeting')
    return frame.t === 'welcome' ? welcomed(machine, frame, now) : stay(machine);
  const flow = flowing(machine);
  return stay(flow ? heard(machine, flow, frame, now) : machine);
}

function ticked(machine: Machine, now: number): Step {
  const { mode } = machine;
  switch (mode.kind) {
    case 'token':
      return now - mode.since >= TOKEN_LIMIT
        ? lose(machine, 'No access token could be had in time.', now)
        : stay(machine);
    case 'dialling':
      return now - mode.since >= dialLimit(mode.attempt)
        ? lose(machine, 'The server does not answer.', now)
        : stay(machine);
    case 'greeting':
      return now - mode.since >= GREETING_LIMIT
        ? lose(machine, 'The relay does not greet back.', now)
        : stay(machine);
    case 'live':
      return liveTicked(machine, mode, now);
    case 'asking':
      return polling.askingTicked(machine, mode.since, now);
    case 'polling':
      return polling.pollTicked(machine, mode, now);
    case 'idle':
    case 'resting':
    case 'waiting':
    case 'needs-sign-in':
    case 'replaced':
    case 'closed':
      return stay(machine);
  }
}
