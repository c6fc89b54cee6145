/** When to dial next: full-jitter exponential backoff, and a slower pace after the attempt limit. Pure. */
import { RECONNECT } from '@matchbook/protocol/limits';
import type { Cause } from '@matchbook/protocol/session-state';

export interface Pace {
  /** ms until the next dial. */
  delay: number;
  /** The person is told that it is offline; trying goes on. */
  offline: boolean;
}

/**
 * @param attempt the attempt that is to come, from 1
 * @param limit attempts after which it is told as offline; 0: never
 * @param random in [0, 1)
 */
export function paceOf(attempt: number, cause: Cause, limit: number, random: number): Pace {
  const offline = limit !== RECONNECT.attemptsUnlimited && attempt > limit;
  const { retryAfter, spread } = cause.failure ?? {};
  const floor = (retryAfter ?? 0) * 1_000;
  // A server that says when, and over how long everybody spreads, is there: it knows better than the count of attempts.
  if (spread !== undefined && floor + spread * 1_000 >= RECONNECT.base)
    return { delay: floor + random * spread * 1_000, offline };
  // 60 s +- 50 %: a server that comes back is not met by everybody at once.
  if (offline && retryAfter === undefined) return { delay: RECONNECT.offlineProbe * (0.5 + random), offline };
  const bound = Math.min(RECONNECT.cap, RECONNECT.base * 2 ** (attempt - 1));
  // What a server asks for is a floor, with the jitter on top of it.
  return { delay: floor + random * bound, offline };
}

/**
 * When to try the socket again while HTTP carries the session: soon at first, for a network that only flapped; then as seldom as when offline.
 * @param tried trials since the polling began
 * @param random in [0, 1)
 */
export function trialPaceOf(tried: number, random: number): number {
  return Math.min(RECONNECT.offlineProbe, RECONNECT.firstTrial * 2 ** tried) * (0.5 + random);
}
