import type { InvitationView } from '@matchbook/protocol/bridge/views';
import { ArrowLeft, LoaderCircle } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { previewFace, previewTitle } from '../people/preview-title.ts';
import { useMatchbook } from '../use-store.ts';
import { Field } from './field.tsx';
import { focusFirstFault } from './first-fault.ts';
import { linkIn } from './link-in.ts';
import { nameFault } from './name.ts';

/** After the last keystroke in the link, ms: a paste is looked at once, typing not with every letter. */
const LOOK_DELAY = 150;

type Look =
  | { kind: 'none' }
  | { kind: 'looking' }
  | { kind: 'seen'; view: InvitationView }
  | { kind: 'fault'; text: string };

/** The servers of somebody's app are signed by nobody: two people know by these words that they mean the same one. */
function KeyWords({ view, words }: { view: InvitationView; words: string }) {
  const { say } = useWords();
  return (
    <small data-testid="join-words">
      {say('join.words', { inviter: view.inviter })}{' '}
      <bdi dir="ltr" className="mono">
        {words}
      </bdi>
    </small>
  );
}

/** What is known of the pasted link. */
function Said({ look }: { look: Look }) {
  const words = useWords();
  const { say } = words;
  if (look.kind === 'looking') return <p className="progress">{say('join.checking')}</p>;
  if (look.kind === 'seen')
    return (
      <div className="inviter">
        <Avatar {...previewFace(look.view)} />
        <p>
          <strong>{previewTitle(look.view, words)}</strong>
          <small>{say('join.previewHint', { until: words.moment(look.view.expires) })}</small>
          {look.view.words !== null && <KeyWords view={look.view} words={look.view.words} />}
        </p>
      </div>
    );
  return <p className="fine">{say('join.where')}</p>;
}

/** A pasted or opened invitation: who invites, to where, and the name to join with. */
export function JoinForm({ invitation, onBack }: { invitation: string; onBack: () => void }) {
  const store = useMatchbook();
  const words = useWords();
  const { say, failure } = words;
  const [link, setLink] = useState(invitation);
  const [look, setLook] = useState<Look>({ kind: 'none' });
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  // What joining said stays, whatever a look that began before it finds.
  const asked = useRef(0);

  useEffect(() => {
    const mine = ++asked.current;
    if (link.trim() === '') {
      setLook({ kind: 'none' });
      return;
    }
    const text = linkIn(link);
    if (text === null) {
      setLook({ kind: 'fault', text: say('join.malformed') });
      return;
    }
    setLook({ kind: 'looking' });
    const timer = setTimeout(async () => {
      const answer = await store.accounts.preview(text);
      if (asked.current === mine)
        setLook(
          answer.ok ? { kind: 'seen', view: answer.value } : { kind: 'fault', text: failure(answer.failure) },
        );
    }, LOOK_DELAY);
    return () => {
      asked.current += 1;
      clearTimeout(timer);
    };
  }, [link, store, say, failure]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (working) return;
    const form = event.currentTarget;
    const found = linkIn(link);
    if (found === null)
      setLook({ kind: 'fault', text: say(link.trim() === '' ? 'join.empty' : 'join.malformed') });
    const fault = nameFault(name, words);
    setError(fault);
    if (fault || found === null) {
      focusFirstFault(form);
      return;
    }
    setWorking(true);
    asked.current += 1;
    const answer = await store.accounts.join(found, name.trim());
    setWorking(false);
    if (!answer.ok) focusFirstFault(form);
    if (answer.ok) store.closeInvitation();
    else if (answer.failure.field === 'name') setError(failure(answer.failure));
    else setLook({ kind: 'fault', text: failure(answer.failure) });
  };
  const back = () => {
    store.closeInvitation();
    onBack();
  };
  return (
    <main className="welcome">
      <form className="welcome-card join" onSubmit={(event) => void submit(event)} noValidate>
        <button type="button" className="button quiet back" onClick={back} disabled={working}>
          <ArrowLeft size={16} className="turns" aria-hidden="true" />
          {say('first.back')}
        </button>
        <h1>{say('join.title')}</h1>
        <Field
          label={say('join.input')}
          placeholder={say('join.placeholder')}
          testId="invitation-input"
          className="mono"
          error={look.kind === 'fault' ? look.text : null}
          value={link}
          autoFocus={invitation === ''}
          readOnly={working}
          onChange={(event) => setLink(event.target.value)}
          hint={<Said look={look} />}
        />
        <Field
          label={say('start.name')}
          testId="name-input"
          error={error}
          value={name}
          autoFocus={invitation !== ''}
          readOnly={working}
          onChange={({ target: { value } }) => {
            setError(null);
            // Pasted into the wrong field: it is what the other one lacks.
            if (linkIn(value) !== null && linkIn(link) === null) setLink(value);
            else setName(value);
          }}
        />
        <button type="submit" className="button primary wide" data-testid="join-submit" disabled={working}>
          {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
          {working ? say('join.working') : say('join.submit')}
        </button>
      </form>
    </main>
  );
}
