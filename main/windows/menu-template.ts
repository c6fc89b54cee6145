/** What stands in the menu bar, in the language of the person. Its keys come from the one table of shortcuts; what concerns a window, the window in front does. */
import { acceleratorOf, type MenuChoice, type ShortcutId } from '@matchbook/protocol/bridge/shortcuts';
import type { MenuItemConstructorOptions } from 'electron';
import { words } from '../words/words.ts';

type Item = MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;
type Label = keyof (typeof words)['menu'];

export interface MenuParts {
  packaged: boolean;
  settings(): void;
  diagnostics(): void;
  /** Something was chosen that a window does. */
  chosen(id: MenuChoice): void;
}

const SEPARATOR: Item = { type: 'separator' };

/** What the platform expects of a menu bar, and the ways to what the app has. */
export function menuTemplate(platform: NodeJS.Platform, parts: MenuParts): Item[] {
  const { menu } = words;
  const mac = platform === 'darwin';
  const role = (name: Role, label: Label, more: Item = {}): Item => ({
    role: name,
    label: menu[label],
    ...more,
  });
  const does = (id: ShortcutId, label: Label): Item => ({
    id,
    label: menu[label],
    accelerator: acceleratorOf(id),
    // The page hears its keys itself, with the focus where it is.
    registerAccelerator: false,
    click: () => parts.chosen(id),
  });
  const settings: Item = {
    id: 'settings',
    label: menu.settings,
    accelerator: acceleratorOf('settings'),
    click: parts.settings,
  };
  // Windows has no key for it by itself.
  const quit = role('quit', 'quit', { accelerator: 'CommandOrControl+Q' });
  const about: Item = { id: 'about', label: menu.about, click: () => parts.chosen('about') };
  const first: Item = {
    label: 'Matchbook',
    submenu: [
      ...[about, SEPARATOR, settings, SEPARATOR, role('services', 'services'), SEPARATOR],
      ...[role('hide', 'hide'), role('hideOthers', 'hideOthers'), role('unhide', 'showAll'), SEPARATOR, quit],
    ],
  };
  const file: Item[] = [
    does('newConversation', 'newConversation'),
    SEPARATOR,
    ...(mac ? [] : [settings, SEPARATOR]),
    role('close', 'closeWindow'),
    ...(mac ? [] : [quit]),
  ];
  const edit: Item[] = [
    role('undo', 'undo'),
    role('redo', 'redo'),
    SEPARATOR,
    ...[role('cut', 'cut'), role('copy', 'copy'), role('paste', 'paste')],
    role('pasteAndMatchStyle', 'pasteText'),
    ...[role('delete', 'delete'), SEPARATOR, role('selectAll', 'selectAll')],
  ];
  const view: Item[] = [
    ...[role('resetZoom', 'zoomReset'), role('zoomIn', 'zoomIn'), role('zoomOut', 'zoomOut')],
    // On most keyboards the plus needs Shift, and nobody presses it.
    role('zoomIn', 'zoomIn', { accelerator: 'CommandOrControl+=', visible: false }),
    SEPARATOR,
    role('togglefullscreen', 'fullScreen'),
    SEPARATOR,
    {
      id: 'diagnostics',
      label: menu.diagnostics,
      accelerator: acceleratorOf('diagnostics'),
      click: parts.diagnostics,
    },
    ...(parts.packaged ? [] : [role('toggleDevTools', 'developer')]),
  ];
  const go: Item[] = [
    ...[does('switcher', 'switcher'), does('search', 'search'), does('searchEverywhere', 'searchEverywhere')],
    SEPARATOR,
    ...[does('next', 'next'), does('previous', 'previous')],
    ...[does('nextUnread', 'nextUnread'), does('previousUnread', 'previousUnread'), SEPARATOR],
    does('outbox', 'outbox'),
  ];
  const window: Item[] = [
    role('minimize', 'minimize'),
    ...(mac ? [role('zoom', 'zoom'), SEPARATOR, role('front', 'front')] : []),
  ];
  const help: Item[] = [
    does('shortcuts', 'shortcuts'),
    { id: 'licences', label: menu.licences, click: () => parts.chosen('licences') },
    ...(mac ? [] : [about]),
  ];
  return [
    ...(mac ? [first] : []),
    { label: menu.file, submenu: file },
    { role: 'editMenu', label: menu.edit, submenu: edit },
    { label: menu.view, submenu: view },
    { label: menu.go, submenu: go },
    { role: 'windowMenu', label: menu.window, submenu: window },
    { role: 'help', label: menu.help, submenu: help },
  ];
}
