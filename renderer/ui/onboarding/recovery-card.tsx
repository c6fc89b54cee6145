import { KeyRound } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { CopyButton } from '../copy-button.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** The recovery code, once. It stands above the conversation and keeps nobody from typing. */
export function RecoveryCard({ account }: { account: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  const code = useKnown((state) => state.app?.recovery.find((one) => one.account === account)?.code ?? null);
  if (code === null) return null;
  return (
    <section className="card" aria-labelledby="recovery-title">
      <KeyRound size={20} aria-hidden="true" className="card-icon" />
      <div className="card-text">
        <h2 id="recovery-title">{say('recovery.title')}</h2>
        <p>{say('recovery.lead')}</p>
        <code className="code" dir="ltr">
          {code}
        </code>
        <div className="card-actions">
          <CopyButton
            text={code}
            label={say('recovery.copy')}
            copied={say('recovery.copied')}
            testId="recovery-copy"
          />
          <button
            type="button"
            className="button primary"
            data-testid="recovery-done"
            onClick={() => void store.accounts.recoveryNoted(account).then(focusComposer)}
          >
            {say('recovery.done')}
          </button>
        </div>
      </div>
    </section>
  );
}
