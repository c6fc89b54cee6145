/**
 * Live means that data flows. A socket whose pings are answered and whose data stands still is not live: every heartbeat names the head of the
 * log, and the stored cursor must get there.
 */
import type { DownFrame } from '@matchbook/protocol/frames';
import { LIMITS, RECONNECT } from '@matchbook/protocol/limits';
import { gaveNoAnswer, lose } from './endings.ts';
import {
  DOUBT_LIMIT,
  HEAD_LIMIT,
  type Machine,
  type Mode,
  PING_LIMIT,
  STALE_AFTER,
  type Step,
  stay,
} from './model.ts';

type Flowing = Extract<Mode, { kind: 'live' | 'polling' }>;
type Live = Extract<Mode, { kind: 'live' }>;

export const flowing = ({ mode }: Machine): Flowing | null =>
  mode.kind === 'live' || mode.kind === 'polling' ? mode : null;

/** A control frame came. */
export function heard(machine: Machine, mode: Flowing, frame: DownFrame, now: number): Machine {
  const next: Machine = { ...machine, mode: { ...mode, lastData: now } };
  switch (frame.t) {
    case 'pong':
      return place(answered(next, frame.at), frame, now);
    case 'heartbeat':
      return place(next, frame, now);
    case 'draining': {
      const { retryAfter, spread } = frame;
      const told = { kind: 'draining', message: 'The relay is restarting.', retryAfter } as const;
      return { ...next, told: { ...told, ...(spread === undefined ? {} : { spread }) } };
    }
    default:
      return next;
  }
}

/** Bulk data came. */
export function fed(machine: Machine, mode: Flowing, now: number): Machine {
  return { ...machine, mode: { ...mode, lastData: now, lastBulk: now } };
}

/** The store has come forward to the cursor. */
export function stored(machine: Machine, upTo: string, behind: number, now: number): Machine {
  const next = { ...machine, cursor: upTo, head: behind === 0 ? upTo : machine.head };
  const mode = flowing(next);
  if (!mode) return next;
  const short = mode.short === null ? null : now;
  return completed({ ...next, mode: { ...mode, short, stale: null } }, now);
}

/** The ping that went out at `at` has its answer, and every one before it. */
function answered(machine: Machine, at: number): Machine {
  const { mode } = machine;
  if (mode.kind !== 'live') return machine;
  const { lastPing } = mode;
  const asked = at >= lastPing ? null : mode.asked !== null && at >= mode.asked ? lastPing : mode.asked;
  // What lay in a buffer while the machine slept is no answer: only the one to this very question is.
  const probed = mode.probed !== null && at >= mode.probed.question ? null : mode.probed;
  const stale = asked === null && mode.short === null ? null : mode.stale;
  return { ...machine, mode: { ...mode, asked, probed, stale } };
}

/** Where the relay says that this device stands. */
function place(
  machine: Machine,
  { head, behind }: { head?: string | undefined; behind?: number | undefined },
  now: number,
): Machine {
  const mode = flowing(machine);
  if (!mode || (head === undefined && behind === undefined)) return machine;
  const left = behind ?? 0;
  const next = { ...machine, head: head ?? null, mode: { ...mode, behind: left, short: mode.short ?? now } };
  return completed(next, now);
}

/** Complete is a fact about storage: the stored cursor is the head that the relay named. */
function completed(machine: Machine, now: number): Machine {
  const mode = flowing(machine);
  const { cursor, head } = machine;
  if (!mode || cursor === null || head === null || cursor !== head) return machine;
  const doubted = mode.kind === 'live' && mode.asked !== null && mode.stale !== null;
  return {
    ...machine,
    mode: { ...mode, complete: now, behind: 0, short: null, stale: doubted ? mode.stale : null },
  };
}

/**
 * Is it in doubt? Ask. The answer to what was asked in another world may lie in a buffer: then it is asked again, and the doubt ends no later for that.
 * @param anew the world changed: an answer that does not come says nothing of WebSockets. Where only somebody came by, it may.
 */
export function probed(machine: Machine, mode: Live, anew: boolean, now: number): Step {
  if (mode.probed !== null && !anew) return stay(machine);
  // No answer to an older question carries the same time.
  const question = mode.probed === null ? now : Math.max(now, mode.probed.question + 1);
  const { since = now, changed = false } = mode.probed ?? {};
  return ping(
    { ...machine, mode: { ...mode, probed: { since, question, changed: changed || anew } } },
    question,
  );
}

export function ticked(machine: Machine, mode: Live, now: number): Step {
  const { asked, probed: doubted, short, lastBulk, lastPing } = mode;
  if (doubted !== null) {
    // Data that still comes may hold the answer up, on a slow line; for a while.
    const { since, changed } = doubted;
    const heardUntil = Math.min(Math.max(since, lastBulk), since + DOUBT_LIMIT - LIMITS.probeTimeout);
    if (now - heardUntil >= LIMITS.probeTimeout)
      return (changed ? gaveNoAnswer : lose)(machine, 'The connection gave no sign of life when asked.', now);
  }
  if (asked !== null && now - asked >= PING_LIMIT) return lose(machine, 'The connection fell silent.', now);
  if (now - mode.lastData >= LIMITS.silenceTimeout) return lose(machine, 'The connection fell silent.', now);
  // Data that came and could not be stored would not be stored by another socket either.
  if (short !== null && now - short >= HEAD_LIMIT && lastBulk < short)
    return lose(machine, 'The relay names more than it sends.', now);
  // A socket that lasted this long was no accident.
  const broken = now - mode.since >= RECONNECT.stableAfter ? 0 : machine.broken;
  const next = { ...machine, broken, mode: doubtful(mode, now) };
  return now - lastPing < LIMITS.heartbeatInterval ? stay(next) : ping(next, now);
}

/** Told as stale from the moment up to which it was known to be complete. */
export function doubtful<M extends Flowing>(mode: M, now: number): M {
  if (mode.stale !== null) return mode;
  const overdue = (since: number | null) => since !== null && now - since >= STALE_AFTER;
  if (!overdue(mode.short) && !(mode.kind === 'live' && overdue(mode.asked))) return mode;
  return { ...mode, stale: mode.complete ?? mode.since };
}

function ping(machine: Machine, now: number): Step {
  const mode = machine.mode as Live;
  return {
    machine: { ...machine, mode: { ...mode, lastPing: now, asked: mode.asked ?? now } },
    effects: [{ kind: 'send', frame: { t: 'ping', at: now } }],
  };
}
