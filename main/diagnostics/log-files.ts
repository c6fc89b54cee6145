/** Where an exported log is saved, and which one is opened: asked by the system's own dialogs, so that the page names no path. */
import { type BrowserWindow, dialog } from 'electron';

const FILTERS = [{ name: 'JSON lines', extensions: ['jsonl'] }];

export async function askSave(name: string, window: BrowserWindow | null): Promise<string | null> {
  const options = { defaultPath: name, filters: FILTERS };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  return canceled || !filePath ? null : filePath;
}

export async function askOpen(window: BrowserWindow | null): Promise<string | null> {
  const options = { properties: ['openFile' as const], filters: FILTERS };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}
