/**
 * Escape where nothing nearer heard it (a menu, a dialog, the field that has the focus): it ends what was begun last, one thing a press: a pane beside the
 * conversation, a selection.
 */
import { useEffect, useRef } from 'react';

/** What covers the rest hears it itself, and may be gone by the time that the key comes by here. */
const COVERS = '.veil, .full-dialog, .menu, .popover';

const open: (() => void)[] = [];
let covered = false;

function onCapture({ key }: KeyboardEvent): void {
  if (key === 'Escape') covered = document.querySelector(COVERS) !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || covered) return;
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
    if (open.length === 0) {
      window.addEventListener('keydown', onCapture, true);
      window.addEventListener('keydown', onKeyDown);
    }
    open.push(entry);
    return () => {
      open.splice(open.indexOf(entry), 1);
      if (open.length > 0) return;
      window.removeEventListener('keydown', onCapture, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [active]);
}
