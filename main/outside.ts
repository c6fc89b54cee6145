/** The way out of the app: the question before a link is opened, and the opening. */
import { app, type BrowserWindow, dialog, shell } from 'electron';
import { LocalError } from './bridge/local-failure.ts';
import type { LinkParts } from './links.ts';
import { words } from './words/words.ts';

/** In tests there is no browser to open: the address is printed instead. Never in a packaged app. */
const isPrinted = () => !app.isPackaged && process.env.MATCHBOOK_TEST_OPEN === 'log';

/** @param window over which the question is asked; null for one of its own */
export function outside(window: BrowserWindow | null): LinkParts {
  return {
    confirm: async (message, detail) => {
      if (isPrinted()) return true;
      const options = {
        type: 'question' as const,
        message,
        detail,
        buttons: [words.open, words.cancel],
        defaultId: 0,
        cancelId: 1,
      };
      const { response } = await (window
        ? dialog.showMessageBox(window, options)
        : dialog.showMessageBox(options));
      return response === 0;
    },
    open: async (url) => {
      if (isPrinted()) process.stdout.write(`open: ${url}\n`);
      else await shell.openExternal(url);
    },
  };
}

/** @throws where the system cannot show it */
export async function showFolder(path: string): Promise<void> {
  if (isPrinted()) {
    process.stdout.write(`open: ${path}\n`);
    return;
  }
  const trouble = await shell.openPath(path);
  if (trouble) throw new LocalError('store_failed', trouble);
}

/** Where a file of this name is to be written; null where the person wants none. */
export async function placeForFile(window: BrowserWindow | null, name: string): Promise<string | null> {
  const options = { defaultPath: name, filters: [{ name: 'JSON', extensions: ['json'] }] };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  return canceled || !filePath ? null : filePath;
}
