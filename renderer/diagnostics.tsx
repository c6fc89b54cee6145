import type { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import type { DiagnosticsBridge } from '@matchbook/protocol/bridge/diagnostics';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { DiagnosticsApp } from './diagnostics/app.tsx';
import { Desk, DeskContext } from './diagnostics/desk.ts';
import { localeOf, WordsProvider } from './i18n/words.tsx';
import { ComponentBase } from './ui/base/component-base.tsx';

// The name alone, checked against the contract: importing the contract would bring its schemas into the window.
const name: typeof BRIDGE_GLOBAL = 'matchbook';
const bridge = (globalThis as unknown as Record<typeof name, DiagnosticsBridge>)[name];

const desk = new Desk({
  bridge,
  isVisible: () => document.visibilityState === 'visible',
  repeat: (work, interval) => {
    const timer = setInterval(work, interval);
    return () => clearInterval(timer);
  },
});
desk.start();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <WordsProvider locale={localeOf(navigator.languages)}>
      <DeskContext value={desk}>
        <ComponentBase>
          <DiagnosticsApp />
        </ComponentBase>
      </DeskContext>
    </WordsProvider>
  </StrictMode>,
);
