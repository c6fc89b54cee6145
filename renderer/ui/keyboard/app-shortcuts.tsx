/** What the keys do that mean the same wherever one is in the window, and what the menu bar has for it. */
import type { ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import { lazy, Suspense, useEffect, useState } from 'react';
import { focusComposer } from '../composer/focus-composer.ts';
import { toggleRead } from '../sidebar/toggle-read.ts';
import { useMatchbook } from '../use-store.ts';
import { keysForReaders } from './keys.ts';
import { focusConversations, toRegion, walkMessages, writeFromAnywhere } from './regions.ts';
import { runShortcut, useShortcut } from './use-shortcut.ts';

const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'));

export function AppShortcuts() {
  const store = useMatchbook();
  const { preferences } = store;
  const [listed, setListed] = useState(false);
  useShortcut('settings', () => preferences.show(true));
  useShortcut('shortcuts', () => setListed((shown) => !shown));
  useShortcut('zoomIn', () => void preferences.zoom('in'));
  useShortcut('zoomOut', () => void preferences.zoom('out'));
  useShortcut('zoomReset', () => void preferences.zoom('reset'));
  useShortcut('emoji', () => pressNamed('emoji'));
  useShortcut('attach', () => pressNamed('attach'));
  useShortcut('focusComposer', () => focusComposer());
  useShortcut('focusConversations', focusConversations);
  useShortcut('regions', () => toRegion(1));
  useShortcut('regionsBack', () => toRegion(-1));
  useEffect(() => {
    const ways = [walkMessages, writeFromAnywhere];
    for (const way of ways) document.addEventListener('keydown', way);
    return () => ways.forEach((way) => void document.removeEventListener('keydown', way));
  }, []);
  useShortcut('toggleRead', () => {
    const row = document.activeElement?.closest<HTMLElement>('[data-testid="conversation-row"]');
    return toggleRead(store, row?.dataset.conv ?? null);
  });
  useShortcut('next', () => store.navigation.openBeside(1, false));
  useShortcut('previous', () => store.navigation.openBeside(-1, false));
  useShortcut('nextUnread', () => store.navigation.openBeside(1, true));
  useShortcut('previousUnread', () => store.navigation.openBeside(-1, true));
  useEffect(
    () =>
      store.onMenu((id) => {
        if (id === 'about') preferences.show(true, { room: 'about' });
        else if (id === 'licences') preferences.show(true, { room: 'about', setting: 'licences' });
        else runShortcut(id);
      }),
    [store, preferences],
  );
  return listed ? (
    <Suspense>
      <ShortcutsDialog onClose={() => setListed(false)} />
    </Suspense>
  ) : null;
}

/** The button that names this shortcut, where it is shown. */
function pressNamed(id: ShortcutId): boolean {
  const button = document.querySelector<HTMLButtonElement>(
    `button[aria-keyshortcuts="${keysForReaders(id)}"]`,
  );
  if (!button || button.disabled) return false;
  button.click();
  return true;
}
