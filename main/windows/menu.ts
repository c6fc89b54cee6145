import { type Input, Menu } from 'electron';
import { everyPage } from './every-page.ts';
import { type MenuParts, menuTemplate } from './menu-template.ts';

export class AppMenu {
  readonly #parts: MenuParts;

  constructor(parts: MenuParts) {
    this.#parts = parts;
  }

  /** Again whenever the language is another one. Developer tools only where the app is being developed. */
  make(): void {
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, this.#parts)));
  }
}

/** In every window: before its page gets the keys, so that a page that stands still is no obstacle. */
export function hearDiagnosticsKeys(open: () => void): void {
  everyPage((contents) => {
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
