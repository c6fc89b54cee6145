import type { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import type { DiagnosticsBridge } from '@matchbook/protocol/bridge/diagnostics';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { DiagnosticsApp } from './diagnostics/app.tsx';
import { Desk, DeskContext } from './diagnostics/desk.ts';
import { DeskLook } from './diagnostics/desk-look.tsx';
import { firstSpeech } from './i18n/speech.tsx';

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

const { language, facts } = await desk.learnLook();
const first = await firstSpeech(language.language, facts?.languages ?? navigator.languages);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <DeskContext value={desk}>
      <DeskLook first={first}>
        <DiagnosticsApp />
      </DeskLook>
    </DeskContext>
  </StrictMode>,
);
