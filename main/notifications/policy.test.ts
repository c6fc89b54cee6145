import type { Reason } from '@matchbook/protocol/bridge/notifications';
import { DEFAULT_PREFERENCES, FOREVER, type QuietHours } from '@matchbook/protocol/bridge/preferences';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, quietAt, RULES, type Situation } from './policy.ts';

const { notifications } = DEFAULT_PREFERENCES;
const usual: Situation = {
  message: { own: false, silent: false, mentioned: false, n: 7 },
  readN: 6,
  mutedUntil: 0,
  level: 'all',
  preferences: notifications,
  onScreen: false,
  activeElsewhere: false,
  now: 1_000_000,
  local: { day: 3, minute: 600 },
};
const message = (more: Partial<Situation['message']>) => ({ message: { ...usual.message, ...more } });
const prefer = (more: Partial<Situation['preferences']>) => ({ preferences: { ...notifications, ...more } });
const allDay = { on: true, days: Array.from({ length: 7 }, (): QuietHours => ({ from: 0, to: 0 })) };

/** What each reason takes, one alone. */
const TABLE: [Reason, Partial<Situation>][] = [
  ['own', message({ own: true })],
  ['read', { readN: 7 }],
  ['off', prefer({ on: false })],
  ['muted', { mutedUntil: 1_000_001 }],
  ['muted', { mutedUntil: FOREVER }],
  ['level-none', { level: 'none', ...message({ mentioned: true }) }],
  ['level-mentions', { level: 'mentions' }],
  ['silent', message({ silent: true })],
  ['on-screen', { onScreen: true }],
  ['do-not-disturb', prefer({ doNotDisturbUntil: 1_000_001 })],
  ['quiet-hours', prefer({ quiet: allDay })],
  ['active-elsewhere', { activeElsewhere: true }],
  ['shown', {}],
  ['shown', { mutedUntil: 1_000_000 }],
  ['shown', { level: 'mentions', ...message({ mentioned: true }) }],
  ['shown', prefer({ doNotDisturbUntil: 1_000_000 })],
  ['shown', { activeElsewhere: true, ...prefer({ whenActiveElsewhere: true }) }],
];

describe('the decision about a message', () => {
  it.each(TABLE)('%s', (reason, more) => {
    expect(decide({ ...usual, ...more })).toMatchObject({ reason, alert: reason === 'shown' });
  });

  it('has a row of this table for every rule', () => {
    expect(new Set(TABLE.map(([reason]) => reason))).toEqual(
      new Set<Reason>([...RULES.map(({ reason }) => reason), 'shown']),
    );
  });

  it('has as its reason the first in this order where several apply', () => {
    const order: Reason[] = [
      ...(['own', 'read', 'off', 'muted', 'level-none', 'level-mentions', 'silent', 'on-screen'] as const),
      ...(['do-not-disturb', 'quiet-hours', 'active-elsewhere'] as const),
    ];
    expect(RULES.map(({ reason }) => reason)).toEqual(order);
    const quiet = {
      ...{ message: { ...usual.message, silent: true }, mutedUntil: FOREVER, level: 'none' as const },
      ...{ onScreen: true, activeElsewhere: true },
      preferences: { ...notifications, doNotDisturbUntil: FOREVER, quiet: allDay },
    };
    expect(decide({ ...usual, ...quiet }).reason).toBe('muted');
    expect(decide({ ...usual, ...quiet, mutedUntil: 0, level: 'all' }).reason).toBe('silent');
  });

  it('is one, with a reason, for all combinations; nothing makes a message louder that a rule keeps quiet', () => {
    const bits = { reason: new Set<string>(), count: 0 };
    const choices = {
      own: [false, true],
      silent: [false, true],
      mentioned: [false, true],
      read: [false, true],
      on: [true, false],
      muted: [0, 999_999, 1_000_001, FOREVER],
      level: ['all', 'mentions', 'none'] as const,
      onScreen: [false, true],
      until: [0, 1_000_001, FOREVER],
      quiet: [notifications.quiet, allDay],
      elsewhere: [false, true],
      whenActiveElsewhere: [false, true],
    };
    for (const one of combinations(choices)) {
      const situation: Situation = {
        ...usual,
        message: { own: one.own, silent: one.silent, mentioned: one.mentioned, n: 7 },
        readN: one.read ? 7 : 6,
        mutedUntil: one.muted,
        level: one.level,
        onScreen: one.onScreen,
        activeElsewhere: one.elsewhere,
        preferences: {
          on: one.on,
          doNotDisturbUntil: one.until,
          quiet: one.quiet,
          whenActiveElsewhere: one.whenActiveElsewhere,
        },
      };
      const verdict = decide(situation);
      const loud =
        one.on &&
        !(one.own || one.silent || one.read || one.onScreen) &&
        one.muted <= usual.now &&
        one.until === 0 &&
        one.quiet !== allDay &&
        (one.level === 'all' || (one.level === 'mentions' && one.mentioned)) &&
        (!one.elsewhere || one.whenActiveElsewhere);
      if (verdict.alert !== loud || (verdict.reason === 'shown') !== loud)
        expect.fail(`${verdict.reason} for ${JSON.stringify(one)}`);
      bits.reason.add(verdict.reason);
      bits.count++;
    }
    expect(bits.count).toBe(2 ** 9 * 4 * 3 * 3);
    expect(bits.reason.size).toBe(RULES.length + 1);
  });
});

describe('quiet hours', () => {
  const days = (hours: Record<number, QuietHours>) => Array.from({ length: 7 }, (_, i) => hours[i] ?? null);
  const friday = { from: 22 * 60, to: 7 * 60 };

  it.each([
    [5, 22 * 60 - 1, null],
    [5, 22 * 60, friday],
    [6, 0, friday],
    [6, 7 * 60 - 1, friday],
    [6, 7 * 60, null],
    [6, 23 * 60, null],
    [5, 60, null],
  ])('of Friday night hold on day %i at minute %i: %j', (day, minute, found) => {
    expect(quietAt(days({ 5: friday }), { day, minute })).toEqual(found);
  });

  it('run from Saturday into Sunday', () => {
    expect(quietAt(days({ 6: friday }), { day: 0, minute: 60 })).toEqual(friday);
  });

  it('hold for as many minutes of a week as they say', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 6 }), (from, to, day) => {
        const hours = days({ [day]: { from, to } });
        let quiet = 0;
        for (let at = 0; at < 7 * 1_440; at++)
          if (quietAt(hours, { day: Math.floor(at / 1_440), minute: at % 1_440 })) quiet++;
        expect(quiet).toBe(to > from ? to - from : 1_440 - from + to);
      }),
      { numRuns: 30 },
    );
  });
});

function* combinations<T extends Record<string, readonly unknown[]>>(
  choices: T,
): Generator<{ [K in keyof T]: T[K][number] }> {
  const names = Object.keys(choices) as (keyof T)[];
  const one = {} as { [K in keyof T]: T[K][number] };
  function* from(i: number): Generator<typeof one> {
    const name = names[i];
    if (name === undefined) {
      yield { ...one };
      return;
    }
    for (const value of choices[name]!) {
      one[name] = value;
      yield* from(i + 1);
    }
  }
  yield* from(0);
}
