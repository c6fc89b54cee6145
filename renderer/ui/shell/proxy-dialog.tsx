import type { ProxyQuestion } from '@matchbook/protocol/bridge/proxy';
import { LoaderCircle } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { Field } from '../onboarding/field.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** A proxy of the network wants a name and a password: asked in whichever window is in front, answered once for all. */
export function ProxyDoor() {
  const question = useKnown((state) => state.app?.proxy);
  return question ? <ProxyDialog question={question} /> : null;
}

function ProxyDialog({ question }: { question: ProxyQuestion }) {
  const { place, realm, wrong, kept, asked } = question;
  const store = useMatchbook();
  const { say } = useWords();
  const form = useId();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState(false);
  /** The question to which an answer is on its way. */
  const [given, setGiven] = useState<number | null>(null);
  const working = given === asked;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (working) return;
    if (user.trim() === '') return setEmpty(true);
    setGiven(asked);
    void store.proxy.signIn(user.trim(), password);
  };
  return (
    <Dialog
      open
      onClose={() => void store.proxy.cancel()}
      title={say('proxy.title')}
      description={say('proxy.lead', { place, realm: realm || 'none' })}
      testId="proxy-dialog"
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label={say('proxy.user')}
          testId="proxy-user"
          error={empty ? say('proxy.empty') : null}
          maxLength={256}
          value={user}
          readOnly={working}
          onChange={(event) => {
            setUser(event.target.value);
            setEmpty(false);
          }}
        />
        <Field
          label={say('proxy.password')}
          testId="proxy-password"
          type="password"
          error={wrong && !working && !empty ? say('proxy.wrong') : null}
          hint={say(kept ? 'proxy.kept' : 'proxy.notKept')}
          maxLength={256}
          value={password}
          readOnly={working}
          onChange={(event) => setPassword(event.target.value)}
        />
      </form>
      <DialogActions>
        <button
          type="submit"
          form={form}
          className="button primary"
          data-testid="proxy-submit"
          disabled={working}
        >
          {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
          {say('proxy.submit')}
        </button>
      </DialogActions>
    </Dialog>
  );
}
