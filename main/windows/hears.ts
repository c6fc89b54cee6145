/**
 * Whether a page is there, and whether it can be told something. Its contents may be gone before its window has closed: Electron then has calls on them throw, and
 * some of them end the process (electron/electron#31337, #47830). Nothing is asked of contents but after one of these.
 */
export function isThere<W extends Paged>(window: W | null | undefined): window is W {
  if (!window || window.isDestroyed()) return false;
  const contents = window.webContents as Paged['webContents'] | undefined;
  return contents !== undefined && !contents.isDestroyed();
}

/** Between a crash and its reload it is there and hears nothing. */
export function hears<W extends Paged>(window: W | null | undefined): window is W {
  return isThere(window) && !window.webContents.isCrashed();
}

interface Paged {
  isDestroyed(): boolean;
  webContents: { isDestroyed(): boolean; isCrashed(): boolean };
}
