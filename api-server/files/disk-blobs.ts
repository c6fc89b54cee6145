import { createReadStream } from 'node:fs';
import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobFailure } from './blob-failures.ts';
import { type BlobStore, KEY } from './blob-store.ts';

/** On the server's own disk: two levels of folders, so that none gets too large. */
export function diskBlobs(folder: string): BlobStore {
  const pathOf = (key: string) => {
    if (!KEY.test(key)) throw new Error('not a key of a blob');
    return join(folder, key.slice(0, 2), key.slice(2, 4), key);
  };
  return {
    async put(key, path) {
      const target = pathOf(key);
      await mkdir(dirname(target), { recursive: true });
      const beside = `${target}.new`;
      await rm(beside, { force: true });
      // A second name of the same bytes: the first one stays until all else about the file is durable.
      await link(path, beside).catch(() => copyFile(path, beside));
      await synced(beside);
      await rename(beside, target);
      await synced(dirname(target));
    },
    has: (key) =>
      access(pathOf(key)).then(
        () => true,
        () => false,
      ),
    async read(key, range) {
      const path = pathOf(key);
      await access(path).catch((error: NodeJS.ErrnoException) => {
        throw new BlobFailure(error.code === 'ENOENT' ? 'missing' : 'away', error.message);
      });
      return createReadStream(path, range ? { start: range.from, end: range.to } : {});
    },
    delete: (key) => rm(pathOf(key), { force: true }),
    async *list() {
      for (const first of await names(folder))
        for (const second of await names(join(folder, first)))
          for (const key of await names(join(folder, first, second)))
            if (KEY.test(key)) yield { key, time: (await stat(pathOf(key))).mtimeMs };
    },
    close: () => {},
  };
}

const names = (folder: string) => readdir(folder).catch(() => []);

/** A file's bytes, or a folder's names, are on the disk. */
async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
