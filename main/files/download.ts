/** One file on its way from a server: written down as it comes, read by as many as want it meanwhile, kept once it is whole and what its hash says. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { HEAD_BYTES, mediaTypeOf } from '@matchbook/protocol/media-type';
import { LocalError } from '../bridge/local-failure.ts';

/** Bytes that one read hands on. */
const CHUNK = 256 * 1024;

export class Download {
  /** Where its bytes are: first beside, then where they are kept. */
  #path: string;
  /** As the server says; −1 where it does not. */
  readonly size: number;
  /** Resolves once all is there and whole; fails where it is not. */
  readonly done: Promise<void>;
  #available = 0;
  #ended = false;
  #failure: unknown = null;
  #wake: (() => void)[] = [];

  private constructor(path: string, size: number, done: (download: Download) => Promise<void>) {
    this.#path = path;
    this.size = size;
    this.done = done(this);
    this.done.catch(() => {});
  }

  /**
   * @param hash what the bytes must have; null where they are not the file itself (a smaller image of it)
   * @param keep called when the file is whole; answers with its place from then on
   */
  static begin(path: string, response: Response, hash: string | null, keep: () => Promise<string>): Download {
    const size = Number(response.headers.get('content-length') ?? -1);
    return new Download(path, Number.isSafeInteger(size) ? size : -1, (download) =>
      download.#run(response, hash, keep),
    );
  }

  get available(): number {
    return this.#available;
  }

  /** The type that its first bytes say, as soon as they are there. */
  async type(): Promise<string> {
    await this.#until(this.size < 0 ? HEAD_BYTES : Math.min(this.size, HEAD_BYTES));
    const handle = await this.#open();
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
      return mediaTypeOf(head.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  }

  /** Bytes from one place up to another (not with it), waiting for those that are still to come. */
  async *read(from: number, to: number): AsyncGenerator<Uint8Array> {
    const handle = await this.#open();
    try {
      for (let at = from; at < to; ) {
        await this.#until(at + 1);
        const piece = Buffer.alloc(Math.min(CHUNK, to - at, this.#available - at));
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield piece.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  /** What was just kept is not where it was. */
  async #open(): Promise<FileHandle> {
    try {
      return await open(this.#path, 'r');
    } catch {
      await this.done;
      return await open(this.#path, 'r');
    }
  }

  async #run(response: Response, hash: string | null, keep: () => Promise<string>): Promise<void> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(this.#path, 'wx+', 0o600);
      const digest = createHash('sha256');
      for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        digest.update(piece);
        await handle.writeFile(piece);
        this.#available += piece.length;
        this.#wakeAll();
      }
      if (this.size >= 0 && this.#available !== this.size)
        throw new LocalError('server_unreachable', 'The connection ended before the file did.');
      if (hash !== null && digest.digest('hex') !== hash)
        throw new LocalError('server_failed', 'What came is not the file that was asked for.');
      await handle.close();
      handle = null;
      this.#path = await keep();
    } catch (error) {
      this.#failure = error;
      await rm(this.#path, { force: true }).catch(() => {});
      throw error;
    } finally {
      await handle?.close().catch(() => {});
      this.#ended = true;
      this.#wakeAll();
    }
  }

  /** Until so many bytes are there, or there will be no more. @throws where it failed */
  async #until(bytes: number): Promise<void> {
    while (this.#available < bytes && !this.#ended)
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    if (this.#failure !== null) throw this.#failure;
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
