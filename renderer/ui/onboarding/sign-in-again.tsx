import { LoaderCircle } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { Field } from './field.tsx';

/** The server refuses this device's keys: the recovery code opens the account again. Typing goes on meanwhile. */
export function SignInAgain({ account }: { account: string }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (working) return;
    if (code.trim() === '') {
      setError(say('signin.empty'));
      return;
    }
    setWorking(true);
    const answer = await store.recover(account, code.trim());
    setWorking(false);
    if (answer.ok) focusComposer();
    else setError(failure(answer.failure));
  };
  return (
    <form className="card" onSubmit={(event) => void submit(event)} noValidate aria-labelledby="signin-title">
      <div className="card-text">
        <h2 id="signin-title">{say('signin.title')}</h2>
        <p>{say('signin.lead')}</p>
        <Field
          label={say('signin.code')}
          testId="recovery-input"
          className="mono"
          error={error}
          value={code}
          readOnly={working}
          onChange={(event) => {
            setCode(event.target.value);
            setError(null);
          }}
        />
        <div className="card-actions">
          <button type="submit" className="button primary" data-testid="recovery-submit" disabled={working}>
            {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
            {working ? say('signin.working') : say('signin.submit')}
          </button>
        </div>
      </div>
    </form>
  );
}
