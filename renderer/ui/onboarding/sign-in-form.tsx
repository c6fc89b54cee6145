import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { ServerView } from '@matchbook/protocol/bridge/views';
import { ArrowLeft, ExternalLink, LoaderCircle } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { Field } from './field.tsx';
import { focusFirstFault } from './first-fault.ts';

/** After the last keystroke in the address, ms. */
const LOOK_DELAY = 400;

type Looked = { kind: 'none' | 'looking' } | { kind: 'seen'; view: ServerView };
type Faults = Partial<Record<'server' | 'login' | 'password', string>>;

/** Signing in to a server where one has an account: by login and password, or where that server sends its people. */
export function SignInForm({ onBack }: { onBack: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [server, setServer] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [looked, setLooked] = useState<Looked>({ kind: 'none' });
  const [faults, setFaults] = useState<Faults>({});
  const [working, setWorking] = useState<'password' | 'browser' | null>(null);
  const latest = useRef('');

  useEffect(() => {
    latest.current = server;
    const text = server.trim();
    if (text === '') {
      setLooked({ kind: 'none' });
      return;
    }
    const timer = setTimeout(async () => {
      setLooked({ kind: 'looking' });
      const answer = await store.accounts.lookUp(text);
      if (latest.current.trim() !== text) return;
      setLooked(answer.ok ? { kind: 'seen', view: answer.value } : { kind: 'none' });
      if (!answer.ok) setFaults((before) => ({ ...before, server: failure(answer.failure) }));
    }, LOOK_DELAY);
    return () => clearTimeout(timer);
  }, [server, store, failure]);

  const failed = (told: LocalFailure) => {
    const field =
      told.field === 'server' || told.field === 'login'
        ? told.field
        : told.kind === 'server_unreachable'
          ? 'server'
          : 'password';
    setFaults({ [field]: told.kind === 'wrong_secret' ? say('signin.wrong') : failure(told) });
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (working) return;
    const form = event.currentTarget;
    const found: Faults = {
      ...(server.trim() === '' ? { server: say('signin.serverEmpty') } : {}),
      ...(login.trim() === '' ? { login: say('signin.loginEmpty') } : {}),
      ...(password === '' ? { password: say('signin.passwordEmpty') } : {}),
    };
    setFaults(found);
    if (Object.keys(found).length > 0) {
      focusFirstFault(form);
      return;
    }
    setWorking('password');
    const answer = await store.accounts.signIn({ server, login, password });
    setWorking(null);
    if (answer.ok) return;
    failed(answer.failure);
    focusFirstFault(form);
  };
  const elsewhere = async () => {
    setWorking('browser');
    const answer = await store.accounts.signInElsewhere(server);
    setWorking(null);
    if (!answer.ok && answer.failure.kind !== 'cancelled') failed(answer.failure);
  };
  const back = () => {
    if (working === 'browser') void store.accounts.cancelSignIn();
    onBack();
  };
  const provider = looked.kind === 'seen' ? looked.view.provider : null;
  return (
    <main className="welcome">
      <form className="welcome-card" onSubmit={(event) => void submit(event)} noValidate>
        <button type="button" className="button quiet back" onClick={back} disabled={working === 'password'}>
          <ArrowLeft size={16} className="turns" aria-hidden="true" />
          {say('first.back')}
        </button>
        <h1>{say('signin.where')}</h1>
        <Field
          label={say('signin.server')}
          placeholder="chat.example.org"
          testId="server-input"
          error={faults.server ?? null}
          value={server}
          autoFocus
          readOnly={working !== null}
          onChange={(event) => {
            setServer(event.target.value);
            setFaults({});
          }}
          hint={
            looked.kind === 'seen' ? (
              <p className="fine" data-testid="server-seen">
                {say('signin.seen', { server: looked.view.name })}
              </p>
            ) : looked.kind === 'looking' ? (
              <p className="progress">{say('signin.looking')}</p>
            ) : null
          }
        />
        {provider !== null && (
          <button
            type="button"
            className="button wide"
            data-testid="sign-in-elsewhere"
            disabled={working !== null}
            onClick={() => void elsewhere()}
          >
            <ExternalLink size={16} aria-hidden="true" />
            {working === 'browser' ? say('signin.browser') : say('signin.with', { provider })}
          </button>
        )}
        <Field
          label={say('signin.login')}
          testId="login-input"
          error={faults.login ?? null}
          value={login}
          readOnly={working !== null}
          onChange={(event) => {
            setLogin(event.target.value);
            setFaults({});
          }}
        />
        <Field
          label={say('signin.password')}
          type="password"
          testId="password-input"
          error={faults.password ?? null}
          value={password}
          readOnly={working !== null}
          onChange={(event) => {
            setPassword(event.target.value);
            setFaults({});
          }}
        />
        <button
          type="submit"
          className="button primary wide"
          data-testid="sign-in-submit"
          disabled={working !== null}
        >
          {working === 'password' && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
          {working === 'password' ? say('signin.working') : say('signin.submit')}
        </button>
      </form>
    </main>
  );
}
