import { ArrowLeft, ArrowRight, Flame, KeyRound, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { JoinForm } from './join-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { StartForm } from './start-form.tsx';

type Door = 'start' | 'join' | 'sign-in';
const takeFocus = (button: HTMLButtonElement | null) => button?.focus();

/** Three doors: a place of one's own, somebody else's, or where one has an account. Also for a further account. */
export function FirstScreen() {
  const store = useMatchbook();
  const { say } = useWords();
  const adding = useKnown((state) => state.adding);
  /** Its servers have their first account: further people come by invitation. */
  const hosting = useKnown(
    (state) => (state.app?.embedded ?? null) !== null && (state.app?.accounts.length ?? 0) > 0,
  );
  const invitation = useKnown((state) => state.invitation);
  const [door, setDoor] = useState<Door | null>(invitation ? 'join' : null);
  /** Whoever comes back from one stands before it. */
  const [left, setLeft] = useState<Door | null>(null);
  /** Whoever wants a further account goes on by the keys that led here. */
  const first = adding ? (hosting ? 'join' : 'start') : null;
  const focused = left ?? first;
  const back = () => {
    setLeft(door);
    setDoor(null);
  };
  useEffect(() => {
    if (invitation) setDoor('join');
  }, [invitation]);

  if (door === 'sign-in') return <SignInForm onBack={back} />;
  if (door === 'start') return <StartForm onBack={back} />;
  if (door === 'join') return <JoinForm key={invitation ?? ''} invitation={invitation ?? ''} onBack={back} />;
  return (
    <main className="welcome">
      <div className="welcome-card">
        {adding && (
          <button
            type="button"
            className="button quiet back"
            data-testid="add-cancel"
            onClick={() => store.navigation.addAccount(false)}
          >
            <ArrowLeft size={16} className="turns" aria-hidden="true" />
            {say('first.back')}
          </button>
        )}
        <span className="mark" aria-hidden="true">
          <Flame size={30} />
        </span>
        <h1>{say(adding ? 'first.another' : 'first.title')}</h1>
        <p className="lead">{say(adding ? 'first.anotherLead' : 'first.lead')}</p>
        <div className="doors">
          {!hosting && (
            <button
              type="button"
              ref={focused === 'start' ? takeFocus : undefined}
              className="door primary"
              data-testid="start-here"
              onClick={() => setDoor('start')}
            >
              <Flame size={22} aria-hidden="true" />
              <span>
                <strong>{say('first.start')}</strong>
                <small>{say('first.startHint')}</small>
              </span>
              <ArrowRight size={18} className="turns" aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            ref={focused === 'join' ? takeFocus : undefined}
            className="door"
            data-testid="have-invitation"
            onClick={() => setDoor('join')}
          >
            <Link2 size={22} aria-hidden="true" />
            <span>
              <strong>{say('first.join')}</strong>
              <small>{say('first.joinHint')}</small>
            </span>
            <ArrowRight size={18} className="turns" aria-hidden="true" />
          </button>
          <button
            ref={focused === 'sign-in' ? takeFocus : undefined}
            type="button"
            className="door"
            data-testid="sign-in"
            onClick={() => setDoor('sign-in')}
          >
            <KeyRound size={22} aria-hidden="true" />
            <span>
              <strong>{say('first.signIn')}</strong>
              <small>{say('first.signInHint')}</small>
            </span>
            <ArrowRight size={18} className="turns" aria-hidden="true" />
          </button>
        </div>
      </div>
    </main>
  );
}
