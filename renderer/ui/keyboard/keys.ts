/** What a shortcut is called on a platform's keyboard, and whether an event is it. */
import { partsOf, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';

export type Platform = 'linux' | 'darwin' | 'win32';

/** The platform of this window. Chromium names it, where main has not been asked yet. */
const platform: Platform = /mac/i.test(globalThis.navigator?.platform ?? '') ? 'darwin' : 'linux';

const SYMBOLS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };
const MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩' };
/** In the order of Apple's menus. */
const MAC_ORDER = ['Alt', 'Shift', 'Mod'];

/** Each key by its own name: `['Ctrl', 'Shift', 'K']`, or `['⇧', '⌘', 'K']`. */
export function keysOf(id: ShortcutId, on: Platform = platform): string[] {
  const parts = partsOf(id);
  const sorted =
    on === 'darwin'
      ? parts.toSorted((a, b) => rank(a) - rank(b))
      : parts.map((part) => (part === 'Mod' ? 'Ctrl' : part));
  return sorted.map((part) => {
    const symbol = SYMBOLS[part] ?? (on === 'darwin' ? MAC[part] : undefined);
    return symbol ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

const rank = (part: string): number => {
  const place = MAC_ORDER.indexOf(part);
  return place < 0 ? MAC_ORDER.length : place;
};

/** As one word: for tooltips and menus. */
export const keysText = (id: ShortcutId, on: Platform = platform): string =>
  keysOf(id, on).join(on === 'darwin' ? '' : '+');

/** As `aria-keyshortcuts` wants it. */
export const keysForReaders = (id: ShortcutId, on: Platform = platform): string =>
  partsOf(id)
    .map((part) => (part === 'Mod' ? (on === 'darwin' ? 'Meta' : 'Control') : part))
    .join('+');

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Whether these keys were pressed: by letter, or by place on a keyboard that has no such letter. */
export function isPressed(id: ShortcutId, event: Pressed, on: Platform = platform): boolean {
  const parts = partsOf(id);
  const key = parts.at(-1)!;
  const wants = (name: string) => parts.includes(name);
  const [command, other] = on === 'darwin' ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (command !== wants('Mod') || other || event.altKey !== wants('Alt')) return false;
  // What needs Shift to be typed at all (`/` on many keyboards) is told by the character alone.
  const plain = key.length > 1 || /[a-z0-9]/.test(key);
  if (plain && event.shiftKey !== wants('Shift')) return false;
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  const hasLetter = /^[a-z]$/i.test(event.key);
  return /^[a-z]$/.test(key) && !hasLetter && event.code === `Key${key.toUpperCase()}`;
}
