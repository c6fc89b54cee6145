import { lazy, Suspense, useCallback, useState } from 'react';
import { useEarlyKeys } from '../keyboard/early-keys.ts';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

const Switcher = lazy(() => import('./switcher.tsx'));

/** The quick switcher is loaded when it is first wanted. The keys that lead from anywhere to anywhere are heard here. */
export function SwitcherDoor() {
  const store = useMatchbook();
  const account = useKnown((state) => state.account);
  const open = useKnown((state) => state.open);
  const [shown, setShown] = useState(false);
  const close = useCallback(() => setShown(false), []);
  const { early, onReady } = useEarlyKeys(shown && account !== null, close);
  useShortcut('switcher', () => setShown((before) => !before), account !== null);
  useShortcut(
    'newConversation',
    () => account !== null && store.panels.open({ kind: 'new-conversation', account }),
    account !== null,
  );
  useShortcut(
    'search',
    () => account !== null && store.finder.open(account, open?.conv ?? null),
    account !== null,
  );
  useShortcut(
    'searchEverywhere',
    // A window of one conversation shows no other.
    () =>
      account !== null && store.finder.open(account, store.navigation.alone ? (open?.conv ?? null) : null),
    account !== null,
  );
  return shown && account !== null ? (
    <Suspense>
      <Switcher account={account} early={early} onReady={onReady} onClose={close} />
    </Suspense>
  ) : null;
}
