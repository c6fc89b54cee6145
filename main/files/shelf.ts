/**
 * Files on this device, by account, named by the SHA-256 of what is in them. `own` holds what this person attached and no server has for sure: it is never given up.
 * `kept` holds copies of what the server has: the ones that were looked at longest ago go where it takes more room than it may. `part` holds what is half written: what is on its way from a server
 * is gone on from for a day, all else of it is taken away at the start.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { HEAD_BYTES, mediaTypeOf } from '@matchbook/protocol/media-type';
import { LocalError } from '../bridge/local-failure.ts';
import { syncFolder } from '../profile/durable-file.ts';

export interface ShelvedFile {
  path: string;
  size: number;
  /** As its first bytes say. */
  type: string;
}

export interface ShelfOptions {
  /** Folder that has one folder an account. */
  directory: string;
  /** Bytes that `kept` may have, of all accounts together. */
  limit: () => number;
  now: () => number;
  log: (line: string) => void;
}

/** A copy's time of use is noted at most this often, ms. */
const TOUCHED_EVERY = 60_000;
/** What came of a file before the process ended waits so long to be asked for again, ms, and so many of them do, the newest. */
const COMING = { life: 24 * 60 * 60_000, most: 20 } as const;
const HASH = /^[0-9a-f]{64}$/;
type Place = 'own' | 'kept' | 'part';

export class Shelf {
  readonly #options: ShelfOptions;
  /** Bytes in all `kept` folders; null until they were counted. */
  #bytes: number | null = null;
  #evicting: Promise<void> | null = null;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Makes the folders of an account and takes away what a process left half written. */
  async open(account: string): Promise<void> {
    await this.#tidyParts(account);
    for (const place of ['own', 'kept', 'part'] as const)
      await mkdir(this.#folder(account, place), { recursive: true, mode: 0o700 });
  }

  /**
   * Copies a file in: whole and on the disk when this answers.
   *
   * @param limit bytes that it may have @throws LocalError `file_too_large`, `file_empty`, `disk_full`
   */
  async take(
    account: string,
    source: AsyncIterable<Uint8Array>,
    limit: number,
  ): Promise<ShelvedFile & { hash: string }> {
    const fresh = join(this.#folder(account, 'part'), randomUUID());
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let size = 0;
    try {
      const handle = await open(fresh, 'wx', 0o600);
      try {
        for await (const piece of source) {
          if (size < HEAD_BYTES) head.push(piece.subarray(0, HEAD_BYTES - size));
          size += piece.length;
          if (size > limit) throw tooLarge(limit);
          hash.update(piece);
          await handle.writeFile(piece);
        }
        if (size === 0) throw new LocalError('file_empty', 'There is nothing in this file.');
        await handle.sync();
      } finally {
        await handle.close();
      }
      const name = hash.digest('hex');
      const path = this.#path(account, 'own', name);
      await rename(fresh, path);
      await syncFolder(this.#folder(account, 'own'));
      return { hash: name, path, size, type: mediaTypeOf(Buffer.concat(head)) };
    } catch (error) {
      await rm(fresh, { force: true });
      throw asLocal(error);
    }
  }

  /** Where the bytes are, of one's own or of a copy; null where they are not on this device. @param variant `.thumb`: of the smaller image */
  async find(account: string, hash: string, variant: '' | '.thumb' = ''): Promise<ShelvedFile | null> {
    for (const place of ['own', 'kept'] as const) {
      const path = this.#path(account, place, hash + variant);
      const found = await stat(path).catch(() => null);
      if (!found) continue;
      // Between the two it may have gone from one's own to the copies, or been given up.
      const type = await typeAt(path).catch(nullWhereGone);
      if (type === null) continue;
      if (place === 'kept' && this.#options.now() - found.mtimeMs > TOUCHED_EVERY) {
        const now = new Date(this.#options.now());
        await utimes(path, now, now).catch(() => {});
      }
      return { path, size: found.size, type };
    }
    return null;
  }

  /** Where something is to be written that `keep` takes. */
  part(account: string): string {
    return join(this.#folder(account, 'part'), randomUUID());
  }

  /**
   * Where a file of the server is written as it comes, and how much of it is there from before. Its last byte is asked for once more: from behind its end there would
   * be nothing to ask for.
   */
  async coming(account: string, hash: string): Promise<{ path: string; from: number; hash: string }> {
    const path = join(this.#folder(account, 'part'), hash);
    const found = await stat(path).catch(() => null);
    return { path, from: Math.max(0, (found?.size ?? 0) - 1), hash };
  }

  async #tidyParts(account: string): Promise<void> {
    const folder = this.#folder(account, 'part');
    const names = await readdir(folder).catch(() => []);
    const coming: { path: string; used: number }[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const about = await stat(path).catch(() => null);
      const isFresh = about !== null && this.#options.now() - about.mtimeMs < COMING.life;
      if (isFresh && HASH.test(name)) coming.push({ path, used: about.mtimeMs });
      else await rm(path, { recursive: true, force: true });
    }
    coming.sort((one, other) => other.used - one.used);
    for (const { path } of coming.slice(COMING.most)) await rm(path, { force: true });
  }

  /** A copy of what the server has: it may be given up. @param path a `part` */
  async keep(account: string, path: string, hash: string, variant: '' | '.thumb' = ''): Promise<string> {
    const { size } = await stat(path);
    const place = this.#path(account, 'kept', hash + variant);
    // Before it is among them: counted once.
    await this.#count();
    await rename(path, place);
    this.#bytes! += size;
    void this.evict();
    return place;
  }

  /** The server has what was one's own. */
  async release(account: string, hash: string): Promise<void> {
    const own = this.#path(account, 'own', hash);
    const found = await stat(own).catch(() => null);
    if (!found) return;
    const kept = this.#path(account, 'kept', hash);
    const already = await stat(kept).catch(() => null);
    await this.#count();
    await rename(own, kept);
    this.#bytes! += found.size - (already?.size ?? 0);
    void this.evict();
  }

  /** Nothing here needs it any more, and no server has it. */
  async drop(account: string, hash: string): Promise<void> {
    await rm(this.#path(account, 'own', hash), { force: true });
  }

  /** What no server has for sure, and since when it is here, ms. */
  async owned(account: string): Promise<{ hash: string; since: number }[]> {
    const names = await readdir(this.#folder(account, 'own')).catch(() => []);
    const files = names
      .filter((name) => HASH.test(name))
      .map(async (hash) => {
        const about = await stat(this.#path(account, 'own', hash)).catch(() => null);
        return about ? [{ hash, since: about.mtimeMs }] : [];
      });
    return (await Promise.all(files)).flat();
  }

  ownPath(account: string, hash: string): string {
    return this.#path(account, 'own', hash);
  }

  async used(): Promise<{ bytes: number; limit: number }> {
    await this.#count();
    return { bytes: this.#bytes ?? 0, limit: this.#options.limit() };
  }

  /** Gives up every copy. */
  async forget(): Promise<void> {
    for (const { path } of await this.#copies()) await rm(path, { force: true });
    this.#bytes = null;
  }

  /** Down to what `kept` may have, the longest unused first; the one that was used last stays. */
  evict(): Promise<void> {
    this.#evicting ??= this.#evict()
      .catch((error: unknown) => this.#options.log(`files: ${error}`))
      .finally(() => {
        this.#evicting = null;
      });
    return this.#evicting;
  }

  async #evict(): Promise<void> {
    await this.#count();
    const limit = this.#options.limit();
    if ((this.#bytes ?? 0) <= limit) return;
    const copies = (await this.#copies()).sort((one, other) => one.used - other.used);
    let bytes = copies.reduce((sum, { size }) => sum + size, 0);
    // The last one is what somebody looks at or saves now, from here, however large it is.
    for (const { path, size } of copies.slice(0, -1)) {
      if (bytes <= limit) break;
      await rm(path, { force: true });
      bytes -= size;
    }
    this.#bytes = bytes;
  }

  async #count(): Promise<void> {
    this.#bytes ??= (await this.#copies()).reduce((sum, { size }) => sum + size, 0);
  }

  async #copies(): Promise<{ path: string; size: number; used: number }[]> {
    const found: { path: string; size: number; used: number }[] = [];
    for (const account of await readdir(this.#options.directory).catch(() => [])) {
      const folder = this.#folder(account, 'kept');
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const about = await stat(path).catch(() => null);
        if (about) found.push({ path, size: about.size, used: about.mtimeMs });
      }
    }
    return found;
  }

  #folder(account: string, place: Place): string {
    return join(this.#options.directory, account, 'files', place);
  }

  #path(account: string, place: Place, name: string): string {
    return join(this.#folder(account, place), name);
  }
}

/** @throws LocalError where it is a folder, or cannot be read */
export async function readFileAt(path: string): Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }> {
  const about = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new LocalError(error.code === 'ENOENT' ? 'file_missing' : 'file_unreadable', error.message);
  });
  if (about.isDirectory()) throw new LocalError('file_is_folder', 'This is a folder.');
  if (!about.isFile() || !existsSync(path)) throw new LocalError('file_unreadable', 'This is no file.');
  return { size: about.size, bytes: piecesOf(path) };
}

/** Opened when it is read: what is refused for its size stays closed. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: 1024 * 1024 });
}

export const tooLarge = (limit: number) =>
  new LocalError('file_too_large', `The server takes files of at most ${limit} bytes.`, { limit });

async function typeAt(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return mediaTypeOf(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function nullWhereGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function asLocal(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new LocalError('disk_full', message);
  if (code === 'EACCES' || code === 'EIO' || code === 'ENOENT' || code === 'EISDIR')
    return new LocalError('file_unreadable', message);
  return error;
}
