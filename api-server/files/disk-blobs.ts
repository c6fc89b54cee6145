/** Blobs in a folder: `ab/cd/<key>`, by the first bytes of the hash, so that no folder gets long. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type BlobInfo, type BlobKey, BlobMissing, type BlobStore, checkedKey, isKey } from './blob-store.ts';
import { flush, ifThere } from './durable.ts';

/** Copies that are not whole yet, in a folder of their own, which begins empty. */
const COMING = 'coming';
const PRIVATE = { recursive: true, mode: 0o700 } as const;

export class DiskBlobs implements BlobStore {
  #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** @throws Error where the folder cannot be made */
  static async open(root: string): Promise<DiskBlobs> {
    await rm(join(root, COMING), { recursive: true, force: true });
    await mkdir(join(root, COMING), PRIVATE);
    return new DiskBlobs(root);
  }

  async put(key: BlobKey, path: string): Promise<void> {
    const place = this.#place(key);
    const coming = join(this.#root, COMING, randomUUID());
    try {
      // Where the file system can share the blocks of two files, it does.
      await copyFile(path, coming, constants.COPYFILE_FICLONE);
      await flush(coming);
      await this.#makeFolder(key);
      await rename(coming, place);
      await flush(dirname(place));
    } catch (error) {
      await rm(coming, { force: true });
      throw error;
    }
  }

  async read(key: BlobKey, range?: { start: number; end: number }): Promise<Readable> {
    const handle = await ifThere(open(this.#place(key), 'r'));
    if (!handle) throw new BlobMissing(key);
    return handle.createReadStream(range ?? {});
  }

  async stat(key: BlobKey): Promise<BlobInfo | null> {
    const found = await ifThere(stat(this.#place(key)));
    return found && { key, size: found.size, modified: found.mtimeMs };
  }

  async remove(key: BlobKey): Promise<void> {
    await rm(this.#place(key), { force: true });
  }

  async *list(): AsyncIterable<BlobInfo> {
    for (const first of await foldersOf(this.#root))
      for (const second of await foldersOf(join(this.#root, first)))
        for (const key of await readdir(join(this.#root, first, second))) {
          const info = isKey(key) ? await this.stat(key) : null;
          if (info) yield info;
        }
  }

  close(): void {}

  #place(key: BlobKey): string {
    const name = checkedKey(key);
    return join(this.#root, name.slice(0, 2), name.slice(2, 4), name);
  }

  /** The names of new folders are flushed too, from the top. */
  async #makeFolder(key: BlobKey): Promise<void> {
    const folder = dirname(this.#place(key));
    if (await ifThere(stat(folder))) return;
    await mkdir(folder, PRIVATE);
    await flush(dirname(folder));
    await flush(this.#root);
  }
}

const foldersOf = async (path: string) => (await readdir(path)).filter((name) => /^[0-9a-f]{2}$/.test(name));
