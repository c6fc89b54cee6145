/** Files that are whole or as before, whatever happens meanwhile: written beside, synced, renamed, the folder synced. */
import { copyFile, type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @param mode permissions of a new file */
export async function writeDurably(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(fresh, 'w', mode);
    await handle.writeFile(data);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(fresh, path);
  } catch (error) {
    await handle?.close();
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Another name for the same bytes, which needs no room on the disk; a copy on file systems that know no such thing. */
export const alsoAs = (path: string, aside: string): Promise<void> =>
  link(path, aside).catch(() => copyFile(path, aside));

export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its rename is durable with the file.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
