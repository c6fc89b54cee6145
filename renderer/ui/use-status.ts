/** The connection of an account, read again when it changes and, while a countdown is in its words, every second. */
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import type { Cause } from '@matchbook/protocol/session-state';
import { useEffect, useReducer } from 'react';
import { useWords, type Words } from '../i18n/words.tsx';
import { SHUT, type StatusWords, statusWords } from './status-words.ts';
import { useKnown } from './use-store.ts';

const IDLE = { kind: 'idle' } as const;

function detailOf({ detail, values }: StatusWords, { say, clock, failure }: Words): string {
  if (!detail) return '';
  return say(detail.id, { ...values, time: clock(detail.at ?? 0), reason: reasonOf(detail.cause, failure) });
}

function reasonOf(cause: Cause | undefined, failure: Words['failure']): string {
  if (!cause) return '';
  if (cause.failure) return failure(cause.failure);
  return cause.fault ? failure({ kind: cause.fault, message: cause.message }) : cause.message;
}

/**
 * @returns its state, what it is called with what one can do (`status`), and both as sentences: `text`, `detail` (may be empty) and
 *   `steady`, which has no countdown in it.
 */
export function useStatus(account: AccountSummary) {
  const words = useWords();
  const state = useKnown((known) => known.sessions[account.account]) ?? IDLE;
  const embedded = useKnown((known) => (account.embedded ? (known.app?.embedded ?? null) : null));
  const whole = useKnown(
    ({ timeline }) => timeline === null || (timeline.unbroken && timeline.holes.length === 0),
  );
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const status = account.fault ? SHUT : statusWords(state, embedded, whole, Date.now());

  // The countdown runs while somebody can see it.
  useEffect(() => {
    if (!status.ticking) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') tick();
    }, 1_000);
    return () => clearInterval(timer);
  }, [status.ticking]);

  const times = Object.fromEntries(Object.entries(status.times).map(([key, at]) => [key, words.clock(at)]));
  const reason = status.reason ? words.failure(status.reason) : '';
  const values = { ...status.values, ...times, reason };
  return {
    state,
    status,
    text: words.say(status.id, values),
    steady: words.say(status.ticking ? 'status.connecting' : status.id, values),
    detail: detailOf(status, words),
  };
}
