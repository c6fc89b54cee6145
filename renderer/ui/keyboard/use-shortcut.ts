/**
 * Who hears a key: a part of the window says what a shortcut does while it is shown, and the last one that said so is asked first. One listener a window,
 * so that no two parts act on one key press.
 */
import { SHORTCUTS, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import { useEffect, useRef } from 'react';
import { isPressed } from './keys.ts';

/** Answers `false` where it does not apply now: the next one is asked, or the key keeps its usual meaning. */
// biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to say
type Run = () => boolean | void;

const heard = new Map<ShortcutId, Run[]>();
/** Also while a dialog is open. */
const STAYS: ReadonlySet<ShortcutId> = new Set(['switcher', 'shortcuts', 'zoomIn', 'zoomOut', 'zoomReset']);
const IDS = Object.keys(SHORTCUTS) as ShortcutId[];

/** Does what the shortcut does, for a menu or a list of actions. False where nobody hears it now. */
export function runShortcut(id: ShortcutId): boolean {
  for (const run of (heard.get(id) ?? []).toReversed()) if (run() !== false) return true;
  return false;
}

/** Whether it would do something now. */
const isHeard = (id: ShortcutId): boolean => (heard.get(id)?.length ?? 0) > 0;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  // Behind a dialog nothing moves.
  const modal = document.querySelector('.veil') !== null;
  for (const id of IDS) {
    if (!isPressed(id, event) || !isHeard(id) || (modal && !STAYS.has(id))) continue;
    if (runShortcut(id)) {
      event.preventDefault();
      return;
    }
  }
}

/** @param enabled false while it means nothing here */
export function useShortcut(id: ShortcutId, run: Run, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const entry: Run = () => latest.current();
    if (heard.size === 0) window.addEventListener('keydown', onKeyDown);
    heard.set(id, [...(heard.get(id) ?? []), entry]);
    return () => {
      const rest = (heard.get(id) ?? []).filter((one) => one !== entry);
      if (rest.length > 0) heard.set(id, rest);
      else heard.delete(id);
      if (heard.size === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [id, enabled]);
}
