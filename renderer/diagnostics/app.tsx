import { Activity, FileSearch, Gauge, ListChecks, X } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/words.tsx';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/icons.css';
import '../ui/base/components.css';
import '../ui/base/controls.css';
import '../ui/base/tabs.css';
import '../ui/base/choices.css';
import '../ui/forced-colours.css';
import { Tabs } from '../ui/base/tabs.tsx';
import { CheckPanel } from './check/check-panel.tsx';
import { useDesk, useKnown } from './desk.ts';
import './diagnostics.css';
import './link/link.css';
import './log/log.css';
import './log/detail.css';
import './check/check.css';
import { FiguresPanel } from './figures/figures-panel.tsx';
import { ConnectionPanel } from './link/connection-panel.tsx';
import { LogPanel } from './log/log-panel.tsx';

type Part = 'connection' | 'log' | 'check' | 'figures';

export function DiagnosticsApp() {
  const { say } = useWords();
  const [part, setPart] = useState<Part>('connection');
  const file = useKnown((known) => known.file);
  // A file has events and nothing else.
  const shown = file ? 'log' : part;
  return (
    <div className="diag">
      <h1 className="only-read">{say('diag.title')}</h1>
      <FailureBar />
      <Tabs
        label={say('diag.tabs')}
        value={shown}
        onChange={setPart}
        tabs={[
          {
            value: 'connection',
            label: say('diag.connection'),
            icon: <Activity size={16} aria-hidden="true" />,
            testId: 'tab-connection',
          },
          {
            value: 'log',
            label: say('diag.log'),
            icon: <FileSearch size={16} aria-hidden="true" />,
            testId: 'tab-log',
          },
          {
            value: 'check',
            label: say('diag.check'),
            icon: <ListChecks size={16} aria-hidden="true" />,
            testId: 'tab-check',
          },
          {
            value: 'figures',
            label: say('diag.figures'),
            icon: <Gauge size={16} aria-hidden="true" />,
            testId: 'tab-figures',
          },
        ]}
      >
        {shown === 'connection' && <ConnectionPanel />}
        {shown === 'log' && <LogPanel key={file?.name ?? ''} />}
        {shown === 'check' && <CheckPanel />}
        {shown === 'figures' && <FiguresPanel />}
      </Tabs>
    </div>
  );
}

function FailureBar() {
  const desk = useDesk();
  const words = useWords();
  const failure = useKnown((known) => known.failure);
  if (!failure) return null;
  return (
    <div className="diag-failure" role="alert" data-testid="diag-failure">
      <p>
        {failure.kind === 'bad_call'
          ? words.say('file.bad', { name: failure.message })
          : words.failure(failure)}
      </p>
      <button
        type="button"
        className="button icon quiet"
        aria-label={words.say('diag.failure')}
        onClick={() => desk.dismissFailure()}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
