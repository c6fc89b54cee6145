/** Files that somebody here wants to see: from this device where they are, else from the account's server, once for all who ask at the same time. */
import { createReadStream } from 'node:fs';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import { Download } from './download.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf, ShelvedFile } from './shelf.ts';

/** A message is here before the server's database knows of it: who may read its files is known a moment later. Pauses before asking again, ms. */
const NOT_YET = [500, 1_000, 2_000, 4_000, 8_000] as const;
/** Failures that are remembered, to be told. */
const REMEMBERED = 500;

export type Variant = '' | '.thumb';

export interface DownloadsParts {
  shelf: Shelf;
  server: FileServer;
  sleep(ms: number): Promise<void>;
}

export interface Whole {
  /** Bytes so far. */
  progress?: (received: number) => void;
  signal?: AbortSignal;
  /** The server has known of its message for long: that it has no such file is its last word. */
  old?: boolean;
}

/** What can be read of a file, whole or still growing. */
export interface Readable {
  size: number;
  type: string;
  /** From one place up to another (not with it). */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

interface Asked {
  account: string;
  hash: string;
  variant: Variant;
  old: boolean;
  signal: AbortSignal;
}

export class Downloads {
  readonly #parts: DownloadsParts;
  readonly #going = new Map<
    string,
    { account: string; stop: AbortController; download: Promise<Download> }
  >();
  /** Accounts that are removed: nothing is begun for them. */
  readonly #leaving = new Set<string>();
  readonly #failures = new Map<string, LocalFailure>();

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
  }

  /**
   * To be shown: what is there of it at once, the rest as it comes.
   *
   * @throws LocalError
   */
  async open(account: string, hash: string, variant: Variant): Promise<Readable> {
    const here = await this.#parts.shelf.find(account, hash, variant);
    if (here) return readableFrom(here);
    // The sender's device has no smaller image of what it sent, and needs none.
    const whole = variant === '' ? null : await this.#parts.shelf.find(account, hash);
    if (whole) return readableFrom(whole);
    try {
      const download = await this.#begin(account, hash, variant);
      const type = await download.type();
      if (download.size < 0) {
        await download.done;
        return readableFrom((await this.#parts.shelf.find(account, hash, variant))!);
      }
      return { size: download.size, type, read: (from, to) => download.read(from, to) };
    } catch (error) {
      if (variant !== '' && asFailure(error).kind === 'not_found') return this.open(account, hash, '');
      throw error;
    }
  }

  /** Until it is on this device, whole. @throws LocalError */
  async whole(account: string, hash: string, how: Whole = {}): Promise<ShelvedFile> {
    const { progress, signal, old = false } = how;
    const here = await this.#parts.shelf.find(account, hash);
    if (here) return here;
    let stop = () => {};
    // Heard from the start: the server may be asked again for many seconds before anything comes.
    const cancelled = new Promise<never>((_, reject) => {
      stop = () => reject(new LocalError('cancelled', 'Cancelled.'));
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
    });
    let timer: ReturnType<typeof setInterval> | undefined;
    try {
      const download = await Promise.race([this.#begin(account, hash, '', old), cancelled]);
      timer = setInterval(() => progress?.(download.available), 200);
      await Promise.race([download.done, cancelled]);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    }
    return (await this.#parts.shelf.find(account, hash))!;
  }

  /** Why it could not be had when that was tried last. */
  failure(account: string, hash: string): LocalFailure | null {
    return this.#failures.get(`${account}/${hash}`) ?? null;
  }

  /** An account is on this device, maybe again. */
  opened(account: string): void {
    this.#leaving.delete(account);
  }

  /** The account is removed: what is on its way ends. Nothing is written for it any more when this answers. */
  async forget(account: string): Promise<void> {
    this.#leaving.add(account);
    const going = [...this.#going.values()].filter((one) => one.account === account);
    for (const { stop } of going) stop.abort(ended());
    await Promise.allSettled(going.map(async ({ download }) => (await download).done));
    for (const name of [...this.#failures.keys()])
      if (name.startsWith(`${account}/`)) this.#failures.delete(name);
  }

  #begin(account: string, hash: string, variant: Variant, old = false): Promise<Download> {
    if (this.#leaving.has(account)) return Promise.reject(ended());
    const name = `${account}/${hash}${variant}`;
    const going = this.#going.get(name);
    if (going) return going.download;
    const stop = new AbortController();
    const download = this.#ask({ account, hash, variant, old, signal: stop.signal });
    this.#going.set(name, { account, stop, download });
    const gone = () => this.#going.delete(name);
    download
      .then(({ done }) => done)
      .then(gone, (error: unknown) => {
        gone();
        if (!stop.signal.aborted && (variant === '' || asFailure(error).kind !== 'not_found'))
          this.#remember(`${account}/${hash}`, asFailure(error));
      });
    return download;
  }

  async #ask({ account, hash, variant, old, signal }: Asked): Promise<Download> {
    const { shelf, server, sleep } = this.#parts;
    const stopped = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    stopped.catch(() => {});
    const unlessStopped = <T>(work: Promise<T>) => Promise.race([work, stopped]);
    const path = `/api/files/${hash}${variant === '' ? '' : '/thumbnail'}`;
    for (let tried = 0; ; tried++) {
      try {
        const coming =
          variant === ''
            ? await shelf.coming(account, hash)
            : { path: shelf.part(account), from: 0, hash: null };
        const rest = (from: number) => {
          const headers = { range: `bytes=${from}-`, 'if-range': `"${hash}"` };
          return unlessStopped(server.ask(account, path, { method: 'GET', headers, signal }));
        };
        const response =
          coming.from > 0
            ? await rest(coming.from)
            : await unlessStopped(server.ask(account, path, { method: 'GET', headers: {}, signal }));
        const keep = async () => {
          const place = await shelf.keep(account, coming.path, hash, variant);
          this.#failures.delete(`${account}/${hash}`);
          return place;
        };
        return Download.begin({ ...coming, rest, keep, signal }, response);
      } catch (error) {
        const pause = old ? undefined : NOT_YET[tried];
        // Without a smaller image the file itself is asked for, and waited for.
        if (asFailure(error).kind !== 'not_found' || variant !== '' || pause === undefined) throw error;
        await unlessStopped(sleep(pause));
      }
    }
  }

  #remember(name: string, failure: LocalFailure): void {
    this.#failures.delete(name);
    this.#failures.set(name, failure);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }
}

const ended = () => new LocalError('cancelled', 'The account is removed from this computer.');

const readableFrom = ({ path, size, type }: ShelvedFile): Readable => ({
  ...{ size, type },
  read: (from, to) => createReadStream(path, { start: from, end: to - 1, highWaterMark: 256 * 1024 }),
});
