import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import { canBeSetAside, type StoreFault } from '@matchbook/protocol/bridge/store-fault';
import { FileWarning } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';

/** The files of the account cannot be opened: which, why, and the ways on. What lies in them stays there whatever is chosen. */
export function StoreFaultCard({ account, fault }: { account: string; fault: StoreFault }) {
  const { accounts } = useMatchbook();
  const { say, failure } = useWords();
  const [told, setTold] = useState<{ text: string; bad: boolean } | null>(null);
  const [working, setWorking] = useState(false);
  const during = async <T,>(answer: Promise<Outcome<T>>, done: (value: T) => string | null) => {
    setWorking(true);
    setTold(null);
    const outcome = await answer;
    setWorking(false);
    // Why it still is so stands above.
    const refused = ({ store, ...rest }: LocalFailure) => (store ? say('fault.still') : failure(rest));
    const text = outcome.ok ? done(outcome.value) : refused(outcome.failure);
    if (text !== null) setTold({ text, bad: !outcome.ok });
  };
  const open = (aside?: 'outbox' | 'history') => void during(accounts.openStore(account, aside), () => null);
  const part = fault.part === 'history' ? 'history' : 'outbox';
  const file = fault.path.split(/[\\/]/).at(-1) ?? fault.path;
  return (
    <section
      className="card"
      aria-labelledby="fault-title"
      data-testid="store-fault"
      data-part={fault.part}
      data-reason={fault.reason}
    >
      <FileWarning size={20} aria-hidden="true" className="card-icon" />
      <div className="card-text">
        <h2 id="fault-title">{say('fault.title')}</h2>
        <p>{say(`fault.reason.${fault.reason}`, { file })}</p>
        <code className="code code-path" dir="ltr">
          {fault.path}
        </code>
        {fault.reason === 'unreadable' && <p className="fine">{fault.detail}</p>}
        <p>{say('fault.kept')}</p>
        {canBeSetAside(fault) && <p>{say(`fault.asideLead.${part}`)}</p>}
        {told && (
          <p className={told.bad ? 'error' : ''} role={told.bad ? 'alert' : 'status'}>
            {told.text}
          </p>
        )}
        <div className="card-actions">
          <button
            type="button"
            className="button primary"
            disabled={working}
            data-testid="fault-again"
            onClick={() => open()}
          >
            {say('fault.again')}
          </button>
          {canBeSetAside(fault) && (
            <button
              type="button"
              className="button"
              disabled={working}
              data-testid="fault-aside"
              onClick={() => open(part)}
            >
              {say(`fault.aside.${part}`)}
            </button>
          )}
          <button
            type="button"
            className="button"
            disabled={working}
            data-testid="fault-export"
            onClick={() =>
              void during(accounts.exportUnsent(account), ({ files }) =>
                files[0] ? say('signout.exported', { file: files[0] }) : null,
              )
            }
          >
            {say('fault.export')}
          </button>
        </div>
      </div>
    </section>
  );
}
