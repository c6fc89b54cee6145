import { CircleAlert, Clock3 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { keysForReaders } from '../keyboard/keys.ts';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { OutboxView } from './outbox-view.tsx';

/** What goes out at once is not mentioned, ms. */
const PATIENCE = 1_500;

/** Opens the outbox. There while something waits; by its key always. */
export function OutboxButton() {
  const store = useMatchbook();
  const { say } = useWords();
  const accounts = useKnown((state) => state.app?.accounts);
  const counts = useStore(store.waiting.state, (state) => state.counts);
  const present = (accounts ?? []).flatMap(({ account }) => counts[account] ?? []);
  const sum = (of: 'waiting' | 'failed') => present.reduce((total, count) => total + count[of], 0);
  const [waiting, failed] = [sum('waiting'), sum('failed')];
  const late = useLate(waiting > 0);

  useShortcut('outbox', () => store.waiting.open(true));

  return (
    <>
      {waiting > 0 && (late || failed > 0) && (
        <button
          type="button"
          className={failed > 0 ? 'button wide outbox-button trouble' : 'button wide outbox-button'}
          data-testid="outbox-open"
          aria-keyshortcuts={keysForReaders('outbox')}
          onClick={() => store.waiting.open(true)}
        >
          {failed > 0 ? (
            <CircleAlert size={16} aria-hidden="true" />
          ) : (
            <Clock3 size={16} aria-hidden="true" />
          )}
          {failed > 0 ? say('outbox.openFailed', { count: failed }) : say('outbox.open', { count: waiting })}
        </button>
      )}
    </>
  );
}

/** The outbox view, wherever in the window it was asked for. */
export function OutboxDoor() {
  const { waiting } = useMatchbook();
  const open = useStore(waiting.state, (state) => state.open);
  return open ? <OutboxView onClose={() => waiting.open(false)} /> : null;
}

/** True once it has been true for a while. */
function useLate(now: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!now) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [now]);
  return late;
}
