import './tokens.css';
import './base.css';
import './base/components.css';
import './onboarding/onboarding.css';
import './shell/shell.css';
import './timeline/timeline.css';
import './composer/composer.css';
import './outbox/outbox.css';
import { useWords } from '../i18n/words.tsx';
import { FirstScreen } from './onboarding/first-screen.tsx';
import { MainScreen } from './shell/main-screen.tsx';
import { FailureLine } from './shell/notices.tsx';
import { useKnown } from './use-store.ts';

/** Which of the three a person sees: nothing known yet, the two doors, or their conversations. */
export function App() {
  const { say } = useWords();
  const app = useKnown((state) => state.app);
  if (!app)
    return (
      <main className="welcome">
        <p className="progress appears-late" role="status">
          {say('app.starting')}
        </p>
        <FailureLine />
      </main>
    );
  const account = app.accounts[0];
  return account ? <MainScreen key={account.account} account={account} /> : <FirstScreen />;
}
