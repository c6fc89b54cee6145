import { useCallback, useLayoutEffect, useState } from 'react';

/** What was typed before the field of the switcher had the focus. */
export interface EarlyKeys {
  text: string;
  /** Enter came after it: the first line is meant. */
  entered: boolean;
}

const NONE: EarlyKeys = { text: '', entered: false };

/**
 * Keys between the one that opens the switcher and the field that then has the focus. They are the switcher's: what had the focus before is mostly the composer, and it
 * would take a name for a message, and Enter for sending it.
 *
 * @param on it was opened
 * @param onLeave Escape came before there was anything to see
 */
export function useEarlyKeys(on: boolean, onLeave: () => void): { early: EarlyKeys; onReady: () => void } {
  const [early, setEarly] = useState(NONE);
  const [ready, setReady] = useState(false);
  const onReady = useCallback(() => setReady(true), []);
  useLayoutEffect(() => {
    if (on) return;
    setEarly(NONE);
    setReady(false);
  }, [on]);
  useLayoutEffect(() => {
    if (!on || ready) return;
    const hear = (event: KeyboardEvent) => {
      const { key } = event;
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (key === 'Escape') onLeave();
      else if (key === 'Enter') setEarly(({ text }) => ({ text, entered: true }));
      else if (key === 'Backspace')
        setEarly(({ text }) => ({ text: [...text].slice(0, -1).join(''), entered: false }));
      else if ([...key].length === 1) setEarly(({ text }) => ({ text: text + key, entered: false }));
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', hear, true);
    return () => removeEventListener('keydown', hear, true);
  }, [on, ready, onLeave]);
  return { early, onReady };
}
