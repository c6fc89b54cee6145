import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useState } from 'react';

/** What was typed before the field of the switcher had the focus. */
export interface EarlyKeys {
  text: string;
  /** Enter came after it: the first line is meant. */
  entered: boolean;
}

const NONE: EarlyKeys = { text: '', entered: false };
const withoutLast = (text: string) => [...text].slice(0, -1).join('');

interface Heard {
  /** What is there becomes this. */
  onText: (change: (before: string) => string) => void;
  onEnter: () => void;
  onLeave: () => void;
}

/** Takes the keys that write, wherever the focus is, in the place of a field that comes. Keys with a modifier keep their meaning. */
function keysOf({ onText, onEnter, onLeave }: Heard): (event: KeyboardEvent) => void {
  return (event) => {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'Escape') onLeave();
    else if (key === 'Enter') onEnter();
    else if (key === 'Backspace') onText(withoutLast);
    else if ([...key].length === 1) onText((before) => before + key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

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
    const hear = keysOf({
      onText: (change) => setEarly(({ text }) => ({ text: change(text), entered: false })),
      onEnter: () => setEarly(({ text }) => ({ text, entered: true })),
      onLeave,
    });
    addEventListener('keydown', hear, true);
    return () => removeEventListener('keydown', hear, true);
  }, [on, ready, onLeave]);
  return { early, onReady };
}

/** As long as what shows this is there. It ends in the same moment in which the field that comes in its place has the focus. */
export function useKeysMeanwhile(heard: Heard): void {
  const hear = useEffectEvent((event: KeyboardEvent) => keysOf(heard)(event));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event);
    addEventListener('keydown', listen, true);
    return () => removeEventListener('keydown', listen, true);
  }, []);
}
