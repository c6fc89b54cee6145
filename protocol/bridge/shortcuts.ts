/**
 * Every key of the app, in one table: menus, tooltips, the list of shortcuts and whoever hears them read it here, so that none of them can say
 * something else. Windows hear the keys (renderer/ui/keyboard); the menu bar shows them, and tells the window in front what was chosen.
 */
export type ShortcutGroup = 'going' | 'conversation' | 'composing' | 'app';

export interface Shortcut {
  /** Modifiers and one key, joined by `+`. `Mod` is Cmd on macOS and Ctrl elsewhere; the key is a `KeyboardEvent.key`. */
  keys: string;
  group: ShortcutGroup;
  /** Heard by the part of the window that has the focus; here only to be listed. */
  local?: true;
}

const table = <Id extends string>(shortcuts: Record<Id, Shortcut>) => shortcuts;

export const SHORTCUTS = table({
  switcher: { keys: 'Mod+k', group: 'going' },
  search: { keys: 'Mod+f', group: 'going' },
  searchEverywhere: { keys: 'Mod+Shift+f', group: 'going' },
  nextHit: { keys: 'Mod+g', group: 'going' },
  previousHit: { keys: 'Mod+Shift+g', group: 'going' },
  next: { keys: 'Alt+ArrowDown', group: 'going' },
  previous: { keys: 'Alt+ArrowUp', group: 'going' },
  nextUnread: { keys: 'Alt+Shift+ArrowDown', group: 'going' },
  previousUnread: { keys: 'Alt+Shift+ArrowUp', group: 'going' },
  regions: { keys: 'F6', group: 'going' },
  regionsBack: { keys: 'Shift+F6', group: 'going' },
  account: { keys: 'Mod+1', group: 'going', local: true },
  newConversation: { keys: 'Mod+n', group: 'going' },
  outbox: { keys: 'Mod+Shift+o', group: 'going' },
  focusComposer: { keys: 'Mod+Shift+m', group: 'conversation' },
  focusConversations: { keys: 'Mod+Shift+l', group: 'conversation' },
  toggleRead: { keys: 'Mod+u', group: 'conversation' },
  ownWindow: { keys: 'Mod+Enter', group: 'conversation', local: true },
  pinUp: { keys: 'Mod+Shift+ArrowUp', group: 'conversation', local: true },
  pinDown: { keys: 'Mod+Shift+ArrowDown', group: 'conversation', local: true },
  rows: { keys: 'ArrowUp', group: 'conversation', local: true },
  answer: { keys: 'r', group: 'conversation', local: true },
  messageMenu: { keys: 'Enter', group: 'conversation', local: true },
  send: { keys: 'Enter', group: 'composing', local: true },
  newLine: { keys: 'Shift+Enter', group: 'composing', local: true },
  editLast: { keys: 'ArrowUp', group: 'composing', local: true },
  bold: { keys: 'Mod+b', group: 'composing', local: true },
  italic: { keys: 'Mod+i', group: 'composing', local: true },
  strike: { keys: 'Mod+Shift+x', group: 'composing', local: true },
  code: { keys: 'Mod+e', group: 'composing', local: true },
  link: { keys: 'Mod+k', group: 'composing', local: true },
  emoji: { keys: 'Mod+Shift+e', group: 'composing' },
  attach: { keys: 'Mod+Shift+u', group: 'composing' },
  shortcuts: { keys: 'Mod+/', group: 'app' },
  settings: { keys: 'Mod+,', group: 'app' },
  diagnostics: { keys: 'Mod+Shift+d', group: 'app', local: true },
  zoomIn: { keys: 'Mod+=', group: 'app' },
  zoomOut: { keys: 'Mod+-', group: 'app' },
  zoomReset: { keys: 'Mod+0', group: 'app' },
});

export type ShortcutId = keyof typeof SHORTCUTS;
/** What the menu bar has for a window: shortcuts, and what has no key. */
export type MenuChoice = ShortcutId | 'about' | 'licences';

/** As Electron writes it in a menu. */
export function acceleratorOf(id: ShortcutId): string {
  return partsOf(id)
    .map((part) => ACCELERATORS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+');
}

const ACCELERATORS: Record<string, string> = {
  Mod: 'CommandOrControl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '=': 'Plus',
};

export const partsOf = (id: ShortcutId): string[] => SHORTCUTS[id].keys.split('+');
