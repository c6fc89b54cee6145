import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';

/** The profile is used on another computer, or was copied from there: the person says which one goes on as what. Typing goes on meanwhile. */
export function StoppedCard({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const { standing } = account;
  const go = async (answer: Promise<Outcome<AccountSummary>>) => {
    setWorking(true);
    const done = await answer;
    setWorking(false);
    if (done.ok) focusComposer();
    else setError(failure(done.failure));
  };
  return (
    <section
      className="card"
      aria-labelledby="stopped-title"
      data-testid="stopped-card"
      data-standing={standing}
    >
      <MonitorSmartphone size={20} aria-hidden="true" className="card-icon" />
      <div className="card-text">
        <h2 id="stopped-title">{say(standing === 'copied' ? 'stopped.copied' : 'stopped.elsewhere')}</h2>
        <p>{say(standing === 'copied' ? 'stopped.copiedLead' : 'stopped.elsewhereLead')}</p>
        {account.embedded && <p>{say('stopped.embedded')}</p>}
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="card-actions">
          {account.keyed && !account.embedded && (
            <button
              type="button"
              className="button primary"
              disabled={working}
              data-testid="become-device"
              onClick={() => void go(store.accounts.becomeDevice(account.account))}
            >
              {say('stopped.becomeDevice')}
            </button>
          )}
          <button
            type="button"
            className="button"
            disabled={working}
            data-testid="take-over"
            onClick={() => void go(store.accounts.takeOver(account.account))}
          >
            {say('stopped.takeOver')}
          </button>
        </div>
      </div>
    </section>
  );
}
