import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import type { Cause } from '@matchbook/protocol/session-state';
import { Activity } from 'lucide-react';
import { useEffect, useReducer } from 'react';
import { useStore } from 'zustand';
import { useWords, type Words } from '../../i18n/words.tsx';
import { Tooltip } from '../base/tooltip.tsx';
import { SHUT, type StatusWords, statusWords } from '../status-words.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

const IDLE = { kind: 'idle' } as const;

const ACTIONS = {
  reconnect: 'status.reconnect',
  online: 'status.online',
  takeBack: 'status.takeBack',
  tryAgain: 'status.tryAgain',
} as const;

function detailOf({ detail, values }: StatusWords, { say, clock, failure }: Words): string {
  if (!detail) return '';
  return say(detail.id, { ...values, time: clock(detail.at ?? 0), reason: reasonOf(detail.cause, failure) });
}

function reasonOf(cause: Cause | undefined, failure: Words['failure']): string {
  if (!cause) return '';
  if (cause.failure) return failure(cause.failure);
  return cause.fault ? failure({ kind: cause.fault, message: cause.message }) : cause.message;
}

/** The connection in words, with what the person can do about it. */
export function ConnectionStatus({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const words = useWords();
  const state = useKnown((known) => known.sessions[account.account]) ?? IDLE;
  const embedded = useKnown((known) => (account.embedded ? (known.app?.embedded ?? null) : null));
  const whole = useKnown(
    ({ timeline }) => timeline === null || (timeline.unbroken && timeline.holes.length === 0),
  );
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const waiting = useStore(store.waiting.state, ({ counts }) => counts[account.account]?.waiting ?? 0);
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
  const detail = detailOf(status, words);
  return (
    <div className="status" data-tone={status.tone}>
      <span className="status-dot" aria-hidden="true" />
      <span
        className="status-words"
        data-testid="connection-status"
        data-state={state.kind}
        data-words={status.id}
        title={detail}
      >
        {words.say(status.id, { ...status.values, ...times, reason })}
      </span>
      {/* A countdown is not read out every second: only what it counts for. */}
      <span className="only-read" role="status" aria-label={words.say('status.label')}>
        {words.say(status.ticking ? 'status.connecting' : status.id, { ...status.values, ...times, reason })}
        {status.ticking ? '' : ` ${detail}`}
      </span>
      {status.action !== null && status.action !== 'recover' && (
        <button
          type="button"
          className="button small"
          data-testid="reconnect"
          onClick={() =>
            void (status.action === 'takeBack'
              ? store.accounts.takeBack(account.account)
              : store.accounts.reconnect(account.account))
          }
        >
          {words.say(ACTIONS[status.action])}
        </button>
      )}
      {waiting > 0 && state.kind !== 'live' && (
        <button
          type="button"
          className="button small quiet"
          data-testid="status-outbox"
          aria-description={words.say('outbox.open', { count: waiting })}
          onClick={() => store.waiting.open(true)}
        >
          {words.say('outbox.few', { count: waiting })}
        </button>
      )}
      <Tooltip text={words.say('diag.open')}>
        <button
          type="button"
          className="button icon quiet small"
          data-testid="open-diagnostics"
          aria-label={words.say('diag.open')}
          onClick={() => void store.showDiagnostics()}
        >
          <Activity size={14} aria-hidden="true" />
        </button>
      </Tooltip>
    </div>
  );
}
