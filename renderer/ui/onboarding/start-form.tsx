import { ArrowLeft, LoaderCircle } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { Field } from './field.tsx';
import { focusFirstFault } from './first-fault.ts';
import { nameFault } from './name.ts';

/** Asks for a name; the servers in this app start behind it. */
export function StartForm({ onBack }: { onBack: () => void }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const embedded = useKnown((state) => state.app?.embedded ?? null);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (working) return;
    const form = event.currentTarget;
    const fault = nameFault(name, words);
    setError(fault);
    if (fault) {
      focusFirstFault(form);
      return;
    }
    setWorking(true);
    // It is kept, and shown in sentences of other languages: without what keeps a name apart in this one.
    const serverName = say('start.serverName', { name: name.trim() }).replaceAll(/[\u2066-\u2069]/g, '');
    const answer = await store.accounts.startHere(name.trim(), serverName);
    setWorking(false);
    if (answer.ok) return;
    setError(words.failure(answer.failure));
    focusFirstFault(form);
  };
  const up = embedded?.relay.state === 'running' && embedded.api.state === 'running';
  return (
    <main className="welcome">
      <form className="welcome-card" onSubmit={(event) => void submit(event)} noValidate>
        <button type="button" className="button quiet back" onClick={onBack} disabled={working}>
          <ArrowLeft size={16} className="turns" aria-hidden="true" />
          {say('first.back')}
        </button>
        <h1>{say('start.title')}</h1>
        <p className="lead">{say('start.lead')}</p>
        <Field
          label={say('start.name')}
          testId="name-input"
          error={error}
          value={name}
          autoFocus
          readOnly={working}
          onChange={(event) => {
            setName(event.target.value);
            setError(null);
          }}
        />
        <button type="submit" className="button primary wide" data-testid="start-submit" disabled={working}>
          {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
          {working ? say('start.working') : say('start.submit')}
        </button>
        <p className="progress" aria-live="polite">
          {working ? say(up ? 'start.account' : 'start.servers') : ''}
        </p>
      </form>
    </main>
  );
}
