import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { Activity } from 'lucide-react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Tooltip } from '../base/tooltip.tsx';
import { useStatus } from '../use-status.ts';
import { useMatchbook } from '../use-store.ts';

const ACTIONS = {
  reconnect: 'status.reconnect',
  online: 'status.online',
  takeBack: 'status.takeBack',
  tryAgain: 'status.tryAgain',
} as const;

/** The connection in words, with what the person can do about it. */
export function ConnectionStatus({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const words = useWords();
  const { state, status, text, steady, detail } = useStatus(account);
  const waiting = useStore(store.waiting.state, ({ counts }) => counts[account.account]?.waiting ?? 0);
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
        {text}
      </span>
      {/* A countdown is not read out every second: only what it counts for. */}
      <span className="only-read" role="status" aria-label={words.say('status.label')}>
        {steady}
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
