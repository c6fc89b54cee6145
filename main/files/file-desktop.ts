/** What the desktop itself does with files: its dialogs, its file manager, its clipboard, dragging out. */
import { basename } from 'node:path';
import electron, {
  type BrowserWindow,
  clipboard,
  dialog,
  type NativeImage,
  nativeImage,
  shell,
} from 'electron';
import { LocalError } from '../bridge/local-failure.ts';
import type { FileDesktop } from './file-calls.ts';

/** Edge of the picture under the pointer while a file is dragged, pixels. */
const DRAGGED = 96;

export function fileDesktop(parts: {
  window(sender: number): BrowserWindow | null;
  /** Of the app, for what has no picture of its own. */
  icon: string;
}): FileDesktop {
  return {
    choose: async (sender) => {
      const window = parts.window(sender);
      const options = { properties: ['openFile' as const, 'multiSelections' as const] };
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      return canceled ? [] : filePaths;
    },
    askPlace: async (sender, name) => {
      const window = parts.window(sender);
      const options = { defaultPath: name };
      const { canceled, filePath } = await (window
        ? dialog.showSaveDialog(window, options)
        : dialog.showSaveDialog(options));
      return canceled || !filePath ? null : filePath;
    },
    copyImage: async (path) => {
      const image = nativeImage.createFromPath(path);
      if (image.isEmpty())
        throw new LocalError(
          'file_unreadable',
          `The clipboard takes no picture of this kind: ${basename(path)}.`,
        );
      await writeImage(image);
    },
    drag: (sender, path, isImage) => {
      const own = isImage ? nativeImage.createFromPath(path) : nativeImage.createEmpty();
      const picture = own.isEmpty() ? nativeImage.createFromPath(parts.icon) : own;
      parts.window(sender)?.webContents.startDrag({ file: path, icon: picture.resize({ width: DRAGGED }) });
    },
  };
}

/** Null where the person wants none. */
export async function askFolder(window: BrowserWindow | null): Promise<string | null> {
  const options = { properties: ['openDirectory' as const, 'createDirectory' as const] };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

export const revealFile = (path: string): void => shell.showItemInFolder(path);

/** The clipboard of Electron 45 takes items; that of 33 takes pictures. */
async function writeImage(image: NativeImage): Promise<void> {
  const older = clipboard as unknown as { writeImage?(image: NativeImage): void };
  if (older.writeImage) older.writeImage(image);
  else {
    const png = new Blob([new Uint8Array(image.toPNG())], { type: 'image/png' });
    await clipboard.write([new electron.ClipboardItem({ 'image/png': png })]);
  }
}
