import { ArrowRight, Flame, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown } from '../use-store.ts';
import { JoinForm } from './join-form.tsx';
import { StartForm } from './start-form.tsx';

/** Two doors: a place of one's own, or somebody else's. */
export function FirstScreen() {
  const { say } = useWords();
  const invitation = useKnown((state) => state.invitation);
  const [door, setDoor] = useState<'start' | 'join' | null>(invitation ? 'join' : null);
  useEffect(() => {
    if (invitation) setDoor('join');
  }, [invitation]);

  if (door === 'start') return <StartForm onBack={() => setDoor(null)} />;
  if (door === 'join')
    return <JoinForm key={invitation ?? ''} invitation={invitation ?? ''} onBack={() => setDoor(null)} />;
  return (
    <main className="welcome">
      <div className="welcome-card">
        <span className="mark" aria-hidden="true">
          <Flame size={30} />
        </span>
        <h1>{say('first.title')}</h1>
        <p className="lead">{say('first.lead')}</p>
        <div className="doors">
          <button
            type="button"
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
          <button
            type="button"
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
        </div>
      </div>
    </main>
  );
}
