import './tokens.css';
import './base.css';
import './icons.css';
import './base/components.css';
import './base/controls.css';
import './base/tabs.css';
import './base/choices.css';
import './forced-colours.css';
import './onboarding/onboarding.css';
import './shell/shell.css';
import './talk/talk.css';
import './talk/shelf.css';
import './talk/choosing.css';
import './talk/composing.css';
import './text/text.css';
import './timeline/timeline.css';
import './windowed/windowed.css';
import './timeline/message.css';
import './timeline/dividers.css';
import './timeline/beside-message.css';
import './composer/composer.css';
import './files/files.css';
import './files/attaching.css';
import './files/gallery.css';
import './files/own-picture.css';
import './outbox/outbox.css';
import './notifications/why.css';
import './passport/passport.css';
import './accounts/accounts.css';
import './people/people.css';
import './sidebar/sidebar.css';
import './search/search.css';
import './groups/groups.css';
import { useWords } from '../i18n/words.tsx';
import type { Address } from '../store/state.ts';
import { AccountDialogs } from './accounts/account-dialogs.tsx';
import { useAccountKeys } from './accounts/account-rail.tsx';
import { useRefusedDrops } from './files/drop-target.tsx';
import { AppShortcuts } from './keyboard/app-shortcuts.tsx';
import { WhyDialog } from './notifications/why-dialog.tsx';
import { FirstScreen } from './onboarding/first-screen.tsx';
import { OutboxDoor } from './outbox/outbox-button.tsx';
import { PeopleDoor } from './people/people-door.tsx';
import { SettingsDoor } from './settings/settings-door.tsx';
import { ConversationWindow } from './shell/conversation-window.tsx';
import { MainScreen } from './shell/main-screen.tsx';
import { FailureLine } from './shell/notices.tsx';
import { ProxyDoor } from './shell/proxy-dialog.tsx';
import { SwitcherDoor } from './switcher/switcher-door.tsx';
import { useKnown } from './use-store.ts';

/** Which of these a person sees: nothing known yet, the doors, their conversations; or `only` one of them, in a window of its own. */
export function App({ only = null }: { only?: Address | null }) {
  const { say } = useWords();
  const app = useKnown((state) => state.app);
  const shown = useKnown((state) => state.account);
  const adding = useKnown((state) => state.adding);
  useAccountKeys();
  useRefusedDrops();
  if (!app)
    return (
      <main className="welcome">
        <p className="progress appears-late" role="status">
          {say('app.starting')}
        </p>
        <FailureLine />
      </main>
    );
  const wanted = only?.account ?? shown;
  const account = app.accounts.find((one) => one.account === wanted);
  const main = account && !adding ? <MainScreen key={account.account} account={account} /> : <FirstScreen />;
  return (
    <>
      {only ? account && <ConversationWindow account={account} address={only} /> : main}
      <AppShortcuts />
      <SettingsDoor />
      <WhyDialog />
      <OutboxDoor />
      <PeopleDoor />
      <AccountDialogs />
      <SwitcherDoor />
      <ProxyDoor />
    </>
  );
}
