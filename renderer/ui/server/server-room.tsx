import './server.css';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Tabs } from '../base/tabs.tsx';
import { useKnown } from '../use-store.ts';
import { ServerAudit } from './server-audit.tsx';
import { ServerConversations } from './server-conversations.tsx';
import { ServerGeneral } from './server-general.tsx';
import { ServerLetters } from './server-letters.tsx';
import { ServerPeople } from './server-people.tsx';
import { ServerReports } from './server-reports.tsx';

const PARTS = ['general', 'people', 'conversations', 'reports', 'letters', 'audit'] as const;
type Part = (typeof PARTS)[number];

/** For admins: the server of the account that is shown. */
export function ServerRoom() {
  const { say } = useWords();
  const account = useKnown((state) => state.account);
  const [part, setPart] = useState<Part>('general');
  /** Whom one came to look at. */
  const [person, setPerson] = useState('');
  if (account === null) return null;
  return (
    <div data-setting="server">
      <Tabs
        value={part}
        onChange={(next) => {
          setPerson('');
          setPart(next);
        }}
        label={say('server.parts')}
        tabs={PARTS.map((value) => ({ value, label: say(`server.${value}`), testId: `server-${value}` }))}
      >
        {part === 'general' && <ServerGeneral account={account} />}
        {part === 'people' && <ServerPeople account={account} looksFor={person} />}
        {part === 'conversations' && <ServerConversations account={account} />}
        {part === 'reports' && (
          <ServerReports
            account={account}
            onPerson={(user) => {
              setPerson(user);
              setPart('people');
            }}
          />
        )}
        {part === 'letters' && <ServerLetters account={account} />}
        {part === 'audit' && <ServerAudit account={account} />}
      </Tabs>
    </div>
  );
}
