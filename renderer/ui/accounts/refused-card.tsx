import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import type { Failure } from '@matchbook/protocol/failures';
import type { NetworkFault } from '@matchbook/protocol/network-fault';
import type { SessionState } from '@matchbook/protocol/session-state';
import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** No time mends these: somebody has to do something, and has to be told what. */
const LASTING: readonly NetworkFault[] = [
  'certificate_untrusted',
  'certificate_other_key',
  'certificate_date',
  'certificate_name',
  'tls_failed',
  'proxy_refuses',
  'host_unknown',
];

/** Why there will be no connection by itself; `same`: what held before, as while it is tried again. */
function refusalIn(state: SessionState | undefined): Failure | LocalFailure | 'same' | null {
  switch (state?.kind) {
    case 'connecting':
      return 'same';
    case 'closed':
      return state.cause.failure ?? null;
    case 'waiting':
    case 'offline': {
      const { fault, message } = state.cause;
      return fault && LASTING.includes(fault) ? { kind: fault, message } : null;
    }
    default:
      return null;
  }
}

/** Why there is no connection to the server, in full: above the conversation there is room for two lines. */
export function RefusedCard({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const state = useKnown((known) => known.sessions[account.account]);
  const now = refusalIn(state);
  const [held, hold] = useState<Failure | LocalFailure | null>(null);
  if (now !== 'same' && now?.kind !== held?.kind) hold(now);
  const refusal = now === 'same' ? held : now;
  if (refusal === null) return null;
  return (
    <section
      className="card"
      aria-labelledby="refused-title"
      data-testid="refused-card"
      data-why={refusal.kind}
    >
      <ShieldAlert size={20} aria-hidden="true" className="card-icon" />
      <div className="card-text">
        <h2 id="refused-title">{say('refused.title', { server: account.serverName })}</h2>
        <p>{failure(refusal)}</p>
        <p>{say('refused.kept')}</p>
        <div className="card-actions">
          <button
            type="button"
            className="button"
            data-testid="refused-again"
            onClick={() => void store.accounts.reconnect(account.account)}
          >
            {say('status.tryAgain')}
          </button>
          <button type="button" className="button quiet" onClick={() => void store.showDiagnostics()}>
            {say('diag.open')}
          </button>
        </div>
      </div>
    </section>
  );
}
