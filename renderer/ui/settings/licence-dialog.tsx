import type { LicenceView } from '@matchbook/protocol/bridge/about';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { useMatchbook } from '../use-store.ts';

/** Every package that is part of the app, with its licence as its author wrote it. */
export default function LicenceDialog({ onClose }: { onClose: () => void }) {
  const { preferences } = useMatchbook();
  const { say, failure } = useWords();
  const [all, setAll] = useState<LicenceView[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  useEffect(() => {
    void preferences.licences().then((answer) => {
      if (answer.ok) setAll(answer.value);
      else setError(failure(answer.failure));
    });
  }, [preferences, failure]);
  const shown = (all ?? []).filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('about.licencesTitle')}
      {...(all ? { description: say('about.licencesLead', { count: all.length }) } : {})}
      size="wide"
      testId="licence-dialog"
    >
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <input
        type="search"
        className="input search"
        aria-label={say('about.licencesFind')}
        placeholder={say('about.licencesFind')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className="licences">
        {shown.map(({ name, version, licence, text }) => (
          <li key={`${name} ${version}`}>
            <details>
              <summary dir="ltr">
                {name} <small className="fine">{version}</small>{' '}
                <span className="licence-name">{licence}</span>
              </summary>
              <pre dir="ltr">{text}</pre>
            </details>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
