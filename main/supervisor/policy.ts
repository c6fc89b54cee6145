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
 * @param random in [0, 1)
 */
export function paceOf(attempt: number, cause: Cause, random: number): Pace {
  const asked = (cause.failure?.retryAfter ?? 0) * 1_000;
  if (attempt > RECONNECT.attemptLimit)
    // 60 s +- 50 %: a server that comes back is not met by everybody at once.
    return { delay: Math.max(asked, RECONNECT.offlineProbe * (0.5 + random)), offline: true };
  const spread = (cause.failure?.spread ?? 0) * 1_000;
  const bound = Math.max(spread, Math.min(RECONNECT.cap, RECONNECT.base * 2 ** (attempt - 1)));
  // What a server asks for is a floor, with the jitter on top of it.
  return { delay: asked + random * bound, offline: false };
}
