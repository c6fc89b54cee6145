import { app, type Input, Menu, type MenuItemConstructorOptions } from 'electron';

/** Shown beside the item; heard by `hearDiagnosticsKeys`, which a page that stands still cannot swallow. */
const DIAGNOSTICS_KEYS = 'CommandOrControl+Shift+D';

export interface MenuParts {
  packaged: boolean;
  settings(): void;
  diagnostics(): void;
}

/** The least that every platform expects: settings, ending, editing, zoom, windows; and the way to the diagnostics. Developer tools only where the app is being developed. */
export function setMenu({ packaged, settings, diagnostics }: MenuParts): void {
  const choose: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CommandOrControl+,',
    click: settings,
  };
  const first: MenuItemConstructorOptions =
    process.platform === 'darwin'
      ? {
          role: 'appMenu',
          submenu: [
            { role: 'about' },
            { type: 'separator' },
            choose,
            { type: 'separator' },
            ...[{ role: 'services' as const }, { type: 'separator' as const }],
            ...[{ role: 'hide' as const }, { role: 'hideOthers' as const }, { role: 'unhide' as const }],
            ...[{ type: 'separator' as const }, { role: 'quit' as const }],
          ],
        }
      : {
          label: 'Matchbook',
          // Windows has no key for it by itself.
          submenu: [choose, { type: 'separator' }, { role: 'quit', accelerator: 'CommandOrControl+Q' }],
        };
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    { type: 'separator' },
    { id: 'diagnostics', label: 'Diagnostics', accelerator: DIAGNOSTICS_KEYS, click: diagnostics },
    ...(packaged ? [] : [{ role: 'toggleDevTools' as const }]),
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      first,
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
}

/** In every window: before its page gets the keys, so that a page that stands still is no obstacle. */
export function hearDiagnosticsKeys(open: () => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('before-input-event', (event, input) => {
      if (!isDiagnosticsKey(input)) return;
      event.preventDefault();
      open();
    });
  });
}

function isDiagnosticsKey({ type, key, code, control, meta, shift, alt }: Input): boolean {
  const command = process.platform === 'darwin' ? meta && !control : control && !meta;
  // By letter, or by place on a keyboard without that letter.
  const letter = key.toLowerCase() === 'd' || (!/^[a-z]$/i.test(key) && code === 'KeyD');
  return type === 'keyDown' && command && shift && !alt && letter;
}
