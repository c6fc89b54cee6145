import type { AboutView } from '@matchbook/protocol/bridge/about';
import { Activity, FileText, FolderOpen } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { CopyButton } from '../copy-button.tsx';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';

const LicenceDialog = lazy(() => import('./licence-dialog.tsx'));

export function AboutRoom() {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const place = usePreferences((state) => state.place);
  const [about, setAbout] = useState<AboutView | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [licences, setLicences] = useState(place?.setting === 'licences');
  useEffect(() => {
    void store.preferences.versions().then((answer) => {
      if (answer.ok) setAbout(answer.value);
      else setError(failure(answer.failure));
    });
  }, [store, failure]);
  const showLogs = async () => {
    const answer = await store.preferences.showLogs();
    setError(answer.ok ? null : failure(answer.failure));
  };
  const text =
    about &&
    `Matchbook ${about.app}\nElectron ${about.electron}\nChromium ${about.chrome}\nNode ${about.node}\n${about.system}\nprotocol ${about.protocol}`;
  return (
    <>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <Line
        setting="versions"
        label={about ? say('about.version', { version: about.app }) : ''}
        hint={about ? say('about.parts', { ...about }) : ''}
      >
        <CopyButton text={text} label={say('about.copy')} copied={say('about.copied')} testId="about-copy" />
      </Line>
      <Line setting="licences" label={say('about.licencesTitle')}>
        <button type="button" className="button" data-testid="licences" onClick={() => setLicences(true)}>
          <FileText size={16} aria-hidden="true" />
          {say('about.licences')}
        </button>
      </Line>
      <Line setting="logs" label={say('about.logs')} hint={say('about.logsHint')}>
        <button type="button" className="button" data-testid="show-logs" onClick={() => void showLogs()}>
          <FolderOpen size={16} aria-hidden="true" />
          {say('about.logs')}
        </button>
      </Line>
      <DiagnosticsLine />
      {licences && (
        <Suspense>
          <LicenceDialog onClose={() => setLicences(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The way to the diagnostics, where people look for it. */
export function DiagnosticsLine() {
  const store = useMatchbook();
  const { say } = useWords();
  return (
    <Line setting="diagnostics" label={say('about.diagnostics')} hint={say('about.diagnosticsHint')}>
      <button
        type="button"
        className="button"
        data-testid="settings-diagnostics"
        onClick={() => void store.showDiagnostics()}
      >
        <Activity size={16} aria-hidden="true" />
        {say('diag.open')}
      </button>
    </Line>
  );
}

function Line(props: { setting: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="setting" data-setting={props.setting}>
      <div className="setting-words">
        <span className="setting-label">{props.label}</span>
        {props.hint && <span className="fine">{props.hint}</span>}
      </div>
      {props.children}
    </div>
  );
}
