import type { AccountSummary, DeviceView, OwnAccountView } from '@matchbook/protocol/bridge/views';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Confirm } from '../base/dialog.tsx';
import { OwnPicture } from '../files/own-picture.tsx';
import { Field } from '../onboarding/field.tsx';
import { nameFault } from '../onboarding/name.ts';
import { useMatchbook } from '../use-store.ts';

/** The account at its server: its name, its login and password, its devices. What the server does not answer is said, and asked again on demand. */
export function AccountSection({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [own, setOwn] = useState<OwnAccountView | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(async () => {
    setError(null);
    const answer = await store.accounts.own(account.account);
    if (answer.ok) setOwn(answer.value);
    else setError(failure(answer.failure));
  }, [store, account.account, failure]);
  useEffect(() => void load(), [load]);
  if (error !== null)
    return (
      <div className="account-section">
        <p className="error" role="alert" data-testid="account-error">
          {error}
        </p>
        <button type="button" className="button" onClick={() => void load()}>
          {say('invite.again')}
        </button>
      </div>
    );
  if (own === null)
    return (
      <p className="progress" role="status">
        {say('account.loading')}
      </p>
    );
  return (
    <div className="account-section" data-testid="account-section">
      <OwnPicture account={account} />
      <NameForm key={own.name} account={account} own={own} onChange={setOwn} />
      <PasswordForm account={account} own={own} onChange={setOwn} />
      <Devices account={account} />
    </div>
  );
}

interface FormProps {
  account: AccountSummary;
  own: OwnAccountView;
  onChange: (own: OwnAccountView) => void;
}

function NameForm({ account, own, onChange }: FormProps) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const [name, setName] = useState(own.name);
  const [error, setError] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const fault = nameFault(name, words);
    setError(fault);
    if (fault !== null) return;
    const answer = await store.accounts.rename(account.account, name.trim());
    setSaved(answer.ok);
    if (answer.ok) onChange(answer.value);
    else setError(words.failure(answer.failure));
  };
  return (
    <form data-setting="name" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label={say('start.name')}
        testId="account-name"
        error={error}
        value={name}
        hint={saved ? <p className="fine">{say('account.saved')}</p> : null}
        onChange={(event) => {
          setName(event.target.value);
          setError(null);
          setSaved(false);
        }}
      />
      <button
        type="submit"
        className="button"
        data-testid="account-name-save"
        disabled={name.trim() === own.name}
      >
        {say('account.save')}
      </button>
    </form>
  );
}

function PasswordForm({ account, own, onChange }: FormProps) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [fields, setFields] = useState({ login: own.login ?? '', next: '', current: '' });
  const [fault, setFault] = useState<{ field: string; text: string } | null>(null);
  const [saved, setSaved] = useState(false);
  const proved = account.keyed;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await store.accounts.setPassword({
      account: account.account,
      ...(fields.login.trim() === own.login ? {} : { login: fields.login }),
      next: fields.next,
      ...(proved ? {} : { current: fields.current }),
    });
    setSaved(answer.ok);
    if (answer.ok) {
      setFault(null);
      setFields({ login: answer.value.login ?? '', next: '', current: '' });
      onChange(answer.value);
    } else {
      const { kind, field, message } = answer.failure;
      const text =
        kind === 'wrong_secret'
          ? say('account.wrongPassword')
          : kind === 'invalid_field' || kind === 'conflict'
            ? message.replace(/^\w+: /, '')
            : failure(answer.failure);
      setFault({ field: field ?? 'next', text });
    }
  };
  const field = (name: 'login' | 'next' | 'current', label: string, type: string) => (
    <Field
      label={label}
      type={type}
      testId={`account-${name}`}
      error={fault?.field === name ? fault.text : null}
      value={fields[name]}
      onChange={(event) => {
        setFields({ ...fields, [name]: event.target.value });
        setFault(null);
        setSaved(false);
      }}
    />
  );
  return (
    <form data-setting="password" onSubmit={(event) => void submit(event)} noValidate>
      <h3>{say('account.signIn')}</h3>
      <p className="fine">{say('account.signInHint')}</p>
      {field('login', say('signin.login'), 'text')}
      {!proved && own.login !== null && field('current', say('account.current'), 'password')}
      {field('next', say('account.next'), 'password')}
      <p className="fine" aria-live="polite">
        {saved ? say('account.passwordSaved') : ''}
      </p>
      <button
        type="submit"
        className="button"
        data-testid="account-password-save"
        disabled={fields.next === ''}
      >
        {say('account.setPassword')}
      </button>
    </form>
  );
}

function Devices({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, failure, moment } = useWords();
  const [devices, setDevices] = useState<DeviceView[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [ending, setEnding] = useState<DeviceView | null>(null);
  const load = useCallback(async () => {
    const answer = await store.accounts.devices(account.account);
    if (answer.ok) setDevices(answer.value);
    setError(answer.ok ? null : failure(answer.failure));
  }, [store, account.account, failure]);
  useEffect(() => void load(), [load]);
  const end = async ({ device }: DeviceView) => {
    setEnding(null);
    const answer = await store.accounts.endDevice(account.account, device);
    if (answer.ok) await load();
    else setError(failure(answer.failure));
  };
  return (
    <section data-setting="devices" tabIndex={-1}>
      <h3>{say('account.devices')}</h3>
      <ul className="devices">
        {devices.map((device) => (
          <li key={device.device} data-testid="device">
            <span>
              <bdi>{device.name}</bdi>
              <small className="fine">
                {device.current
                  ? say('account.thisDevice')
                  : say('account.lastUsed', { time: moment(device.lastUsed) })}
              </small>
            </span>
            {!device.current && (
              <button
                type="button"
                className="button small"
                data-testid="device-end"
                onClick={() => setEnding(device)}
              >
                {say('account.endDevice')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {ending && (
        <Confirm
          open
          title={say('account.endTitle', { name: ending.name })}
          description={say('account.endLead')}
          action={say('account.endDevice')}
          dangerous
          testId="device-end-dialog"
          onConfirm={() => void end(ending)}
          onCancel={() => setEnding(null)}
        />
      )}
    </section>
  );
}
