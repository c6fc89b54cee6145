import type { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { firstSpeech } from './i18n/speech.tsx';
import type { Later } from './store/draft-keeper.ts';
import { firstRows } from './store/first-rows.ts';
import { MatchbookStore } from './store/store.ts';
import { unpacked } from './store/unpacked.ts';
import { App } from './ui/app.tsx';
import { Boundary, Undrawn } from './ui/boundary.tsx';
import { ChosenLook } from './ui/chosen-look.tsx';
import { focusComposer } from './ui/composer/focus-composer.ts';
import { feltOf } from './ui/felt-window.ts';
import { nextFrame } from './ui/next-frame.ts';
import { toldUndrawn } from './ui/undrawn-told.ts';
import { StoreContext } from './ui/use-store.ts';

// The name alone, checked against the contract: importing the contract would bring its schemas into the window.
const name: typeof BRIDGE_GLOBAL = 'matchbook';
const bridge = unpacked((globalThis as unknown as Record<typeof name, WindowBridge>)[name]);

const now = () => Date.now();
/** A window of its own has one conversation: its address names it. */
const query = new URLSearchParams(location.search);
const [account, conv] = [query.get('account'), query.get('conv')];
const only = account !== null && conv !== null ? { account, conv } : null;
const later: Later = (delay, run) => {
  const timer = setTimeout(run, delay);
  return () => clearTimeout(timer);
};
const felt = feltOf(bridge);
const store = new MatchbookStore({
  bridge,
  felt,
  ...(only ? { only } : {}),
  now,
  newId: uuidv7Generator(now, (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)),
  later,
  nextFrame,
});
void store.start();
// What was opened from outside, a notification, is opened to be answered.
bridge.on('conversation.opened', () => requestAnimationFrame(focusComposer));
window.addEventListener('pagehide', () => void store.close());

// The first paint is already in the person's language and size.
const known = await store.preferences.refresh();
const first = await firstSpeech(
  known?.language.language ?? 'system',
  known?.facts.languages ?? navigator.languages,
);
await firstRows(store.state, later);
createRoot(document.getElementById('root')!, toldUndrawn(bridge)).render(
  <StrictMode>
    <StoreContext value={store}>
      <ChosenLook first={first}>
        <Boundary instead={<Undrawn />}>
          <App only={only} />
        </Boundary>
      </ChosenLook>
    </StoreContext>
  </StrictMode>,
);
