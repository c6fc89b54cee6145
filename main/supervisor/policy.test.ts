import { RECONNECT } from '@matchbook/protocol/limits';
import type { Cause } from '@matchbook/protocol/session-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceOf } from './policy.ts';

const cause = (retryAfter?: number): Cause => ({
  at: 0,
  phase: 'dial',
  message: 'refused',
  ...(retryAfter === undefined ? {} : { failure: { kind: 'rate_limited', message: 'later', retryAfter } }),
});
const LIMIT = RECONNECT.attemptLimit;
const chance = fc.double({ min: 0, max: 0.999_999, noNaN: true });

describe('the pace of attempts', () => {
  it('is full jitter below a bound that doubles from 0.5 s to 30 s', () => {
    const nearlyOne = 0.999_999;
    const bounds = Array.from({ length: RECONNECT.attemptLimit }, (_, i) =>
      Math.round(paceOf(i + 1, cause(), LIMIT, nearlyOne).delay),
    );
    expect(bounds).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: RECONNECT.attemptLimit }), chance, (attempt, random) => {
        const { delay, offline } = paceOf(attempt, cause(), LIMIT, random);
        expect(offline).toBe(false);
        // Full: the lower end is at once, not half of the bound.
        expect(delay).toBeCloseTo(random * bounds[attempt - 1]!, 0);
      }),
    );
  });

  it('without a limit stays below 30 s however many failed, and is never offline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), chance, (attempt, random) => {
        const { delay, offline } = paceOf(attempt, cause(), RECONNECT.attemptsUnlimited, random);
        expect(offline).toBe(false);
        expect(delay).toBeLessThan(RECONNECT.cap);
      }),
    );
  });

  it('with a limit of 1 is offline after the first', () => {
    expect(paceOf(1, cause(), 1, 0.5).offline).toBe(false);
    expect(paceOf(2, cause(), 1, 0.5)).toEqual({ delay: RECONNECT.offlineProbe, offline: true });
  });

  it('is spread over the time that a relay which restarts asks for', () => {
    const draining: Cause = {
      ...cause(),
      failure: { kind: 'draining', message: 'later', retryAfter: 1, spread: 5 },
    };
    expect(paceOf(1, draining, LIMIT, 0).delay).toBe(1_000);
    expect(paceOf(1, draining, LIMIT, 0.5).delay).toBe(3_500);
    // It is there and knows better, however often it was tried.
    expect(paceOf(7, draining, LIMIT, 0.5).delay).toBe(3_500);
    expect(paceOf(40, draining, LIMIT, 0.5)).toEqual({ delay: 3_500, offline: true });
  });

  it('I13: a relay that sends everybody away and says at once is met at one’s own pace', () => {
    const draining: Cause = {
      ...cause(),
      failure: { kind: 'draining', message: 'at once', retryAfter: 0, spread: 0 },
    };
    expect(paceOf(1, draining, LIMIT, 0.5).delay).toBe(250);
    expect(paceOf(7, draining, LIMIT, 0.5).delay).toBe(15_000);
  });

  it('is 60 s +- 50 % for ever after the attempt limit, told as offline', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: RECONNECT.attemptLimit + 1, max: 2 ** 31 }),
        chance,
        (attempt, random) => {
          const { delay, offline } = paceOf(attempt, cause(), LIMIT, random);
          expect(offline).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(30_000);
          expect(delay).toBeLessThan(90_000);
        },
      ),
    );
  });

  it('is never below what the server asks for, at any attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 3_600 }),
        chance,
        (attempt, asked, random) => {
          const { delay } = paceOf(attempt, cause(asked), LIMIT, random);
          expect(delay).toBeGreaterThanOrEqual(asked * 1_000);
          expect(Number.isFinite(delay)).toBe(true);
        },
      ),
    );
  });

  it('does not let everybody whom a server sent away come back at the same instant', () => {
    expect(paceOf(1, cause(10), LIMIT, 0.1).delay).not.toBe(paceOf(1, cause(10), LIMIT, 0.9).delay);
  });
});
