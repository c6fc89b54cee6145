/**
 * Escape where nothing nearer heard it (a menu, a dialog, the field that has the focus; those let nothing through): it ends what was begun last, one
 * thing a press: a pane beside the conversation, a selection.
 */
import { useEffect, useRef } from 'react';

const open: (() => void)[] = [];

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
  const last = open.at(-1);
  if (!last) return;
  event.preventDefault();
  last();
}

/** @param active false while there is nothing to end */
export function useEscape(active: boolean, end: () => void): void {
  const latest = useRef(end);
  useEffect(() => {
    latest.current = end;
  });
  useEffect(() => {
    if (!active) return;
    const entry = () => latest.current();
    if (open.length === 0) window.addEventListener('keydown', onKeyDown);
    open.push(entry);
    return () => {
      open.splice(open.indexOf(entry), 1);
      if (open.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [active]);
}
