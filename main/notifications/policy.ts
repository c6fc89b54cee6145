/**
 * Whether a message makes a notification, and why. Pure: what counts is passed in. The rules are looked at in the order of the table, and the
 * first that applies is the reason; a message to which none applies is shown.
 */
import type { DecisionFacts, Reason } from '@matchbook/protocol/bridge/notifications';
import type { Level, NotificationPreferences, QuietHours } from '@matchbook/protocol/bridge/preferences';

export interface Situation {
  message: { own: boolean; silent: boolean; mentioned: boolean; n: number };
  /** Own read position in the conversation, from whichever device. */
  readN: number;
  /** From the log's register, ms; 0: not muted. */
  mutedUntil: number;
  level: Level;
  preferences: Pick<NotificationPreferences, 'on' | 'doNotDisturbUntil' | 'quiet' | 'whenActiveElsewhere'>;
  /** A focused window shows the conversation at its newest message. */
  onScreen: boolean;
  /** The person is using another of their devices, and not this one. */
  activeElsewhere: boolean;
  /** Wall clock, ms. */
  now: number;
  /** Local time of `now`: weekday (Sunday 0) and minute of the day. */
  local: { day: number; minute: number };
}

export interface Verdict {
  alert: boolean;
  reason: Reason;
  facts: DecisionFacts;
}

interface Rule {
  reason: Reason;
  /** What counted, where the rule applies; null where it does not. */
  applies(situation: Situation): DecisionFacts | null;
}

const when = (applies: boolean, facts: DecisionFacts = {}): DecisionFacts | null => (applies ? facts : null);

/** Facts of the message first, then what the person has chosen for good, then what holds at this moment. */
export const RULES: readonly Rule[] = [
  { reason: 'own', applies: ({ message }) => when(message.own) },
  { reason: 'read', applies: ({ message, readN }) => when(readN >= message.n) },
  { reason: 'off', applies: ({ preferences }) => when(!preferences.on) },
  { reason: 'muted', applies: ({ mutedUntil, now }) => when(mutedUntil > now, { until: mutedUntil }) },
  { reason: 'level-none', applies: ({ level }) => when(level === 'none') },
  {
    reason: 'level-mentions',
    applies: ({ level, message }) => when(level === 'mentions' && !message.mentioned),
  },
  { reason: 'silent', applies: ({ message }) => when(message.silent) },
  { reason: 'on-screen', applies: ({ onScreen }) => when(onScreen) },
  {
    reason: 'do-not-disturb',
    applies: ({ preferences, now }) =>
      when(preferences.doNotDisturbUntil > now, { until: preferences.doNotDisturbUntil }),
  },
  {
    reason: 'quiet-hours',
    applies: ({ preferences, local }) => {
      const hours = preferences.quiet.on ? quietAt(preferences.quiet.days, local) : null;
      return hours && { from: hours.from, to: hours.to };
    },
  },
  {
    reason: 'active-elsewhere',
    applies: ({ activeElsewhere, preferences }) => when(activeElsewhere && !preferences.whenActiveElsewhere),
  },
];

export function decide(situation: Situation): Verdict {
  for (const { reason, applies } of RULES) {
    const facts = applies(situation);
    if (facts) return { alert: false, reason, facts };
  }
  return { alert: true, reason: 'shown', facts: {} };
}

/** The quiet hours that hold at a local time: those of the day, or of the day before where they run past midnight. */
export function quietAt(
  days: readonly (QuietHours | null)[],
  { day, minute }: { day: number; minute: number },
): QuietHours | null {
  const today = days[day] ?? null;
  if (today && minute >= today.from && (today.to <= today.from || minute < today.to)) return today;
  const before = days[(day + 6) % 7] ?? null;
  return before && before.to <= before.from && minute < before.to ? before : null;
}

export function localTime(now: number): Situation['local'] {
  const date = new Date(now);
  return { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
}
