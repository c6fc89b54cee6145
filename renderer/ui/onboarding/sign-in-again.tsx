import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { LoaderCircle } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { Field } from './field.tsx';
import { focusFirstFault } from './first-fault.ts';

/** The server refuses this device's keys: the recovery code opens the account again. Typing goes on meanwhile. */
export function SignInAgain({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [by, setBy] = useState<'code' | 'password'>('code');
  const [code, setCode] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (working) return;
    const form = event.currentTarget;
    if (by === 'code' ? code.trim() === '' : login.trim() === '' || password === '') {
      setError(say(by === 'code' ? 'signin.empty' : 'signin.bothEmpty'));
      focusFirstFault(form);
      return;
    }
    setWorking(true);
    const answer = await (by === 'code'
      ? store.accounts.recover(account.account, code.trim())
      : store.accounts.signIn({ server: account.api, login, password, account: account.account }));
    setWorking(false);
    if (answer.ok) return void focusComposer();
    setError(
      by === 'password' && answer.failure.kind === 'wrong_secret'
        ? say('signin.wrong')
        : failure(answer.failure),
    );
    focusFirstFault(form);
  };
  return (
    <form className="card" onSubmit={(event) => void submit(event)} noValidate aria-labelledby="signin-title">
      <div className="card-text">
        <h2 id="signin-title">{say('signin.title')}</h2>
        <p>
          {say(
            account.standing === 'signed-out'
              ? 'signin.leadOut'
              : account.standing === 'active'
                ? 'signin.lead'
                : 'signin.leadCopy',
          )}
        </p>
        {by === 'code' ? (
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
        ) : (
          <>
            <Field
              label={say('signin.login')}
              testId="again-login"
              error={null}
              value={login}
              readOnly={working}
              onChange={(event) => {
                setLogin(event.target.value);
                setError(null);
              }}
            />
            <Field
              label={say('signin.password')}
              type="password"
              testId="again-password"
              error={error}
              value={password}
              readOnly={working}
              onChange={(event) => {
                setPassword(event.target.value);
                setError(null);
              }}
            />
          </>
        )}
        <div className="card-actions">
          <button type="submit" className="button primary" data-testid="recovery-submit" disabled={working}>
            {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
            {working ? say('signin.working') : say('signin.submit')}
          </button>
          <button
            type="button"
            className="button quiet"
            data-testid="again-other-way"
            onClick={() => {
              setBy(by === 'code' ? 'password' : 'code');
              setError(null);
            }}
          >
            {say(by === 'code' ? 'signin.byPassword' : 'signin.byCode')}
          </button>
        </div>
      </div>
    </form>
  );
}
