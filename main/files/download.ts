/**
 * One file on its way from a server: written down as it comes, read by as many as want it meanwhile, kept once it is whole and what its hash says. What came of a
 * file before its connection or this process ended stays, and is gone on from.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { HEAD_BYTES, mediaTypeOf } from '@matchbook/protocol/media-type';
import { LocalError } from '../bridge/local-failure.ts';

/** Bytes that one read hands on. */
const CHUNK = 256 * 1024;
/** An answer that ends too early is gone on from at once where it brought so much: something on the way lets no more through. */
const WORTHWHILE = 16 * 1024;
/** Of a smaller image whose answer does not say how much it is. How large a file may be is its server's to say, and a proxy on the way may leave out what this one is. */
const UNSAID = 64 * 1024 * 1024;

/** A server that never ends would fill the disk. */
class TooMuch extends LocalError {
  constructor() {
    super('server_failed', 'More came than the server had said.');
  }
}

export interface Coming {
  /** Where it is written; with `from` bytes of it already there. */
  path: string;
  from: number;
  /** What the bytes must have; null where they are not the file itself (a smaller image of it): such are not gone on from. */
  hash: string | null;
  /** Asks for the rest, from a place on; answers with 206 where that is what comes. */
  rest(from: number): Promise<Response>;
  /** Called when the file is whole; answers with its place from then on. */
  keep(): Promise<string>;
  /** Nobody wants it any more: it fails with the reason. */
  signal: AbortSignal;
}

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

  /** @param response from where what is there ends (206), or all of it */
  static begin(coming: Coming, response: Response): Download {
    const from = response.status === 206 ? coming.from : 0;
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const size = Number.isSafeInteger(length) ? from + length : -1;
    return new Download(coming.path, size, (download) => download.#run(response, { ...coming, from }));
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

  async #run(response: Response, { from, hash, rest, keep, signal }: Coming): Promise<void> {
    let handle: FileHandle | null = null;
    let isWrong = hash === null;
    try {
      const digest = createHash('sha256');
      if (from > 0)
        for await (const piece of createReadStream(this.#path, { end: from - 1, highWaterMark: CHUNK }))
          this.#came(piece as Buffer, digest);
      handle = await open(this.#path, from > 0 ? 'r+' : 'w+', 0o600);
      await handle.truncate(from);
      for (let answer = response; ; ) {
        const before = this.#available;
        const broken = await this.#write(answer, { handle, digest, signal, isFile: hash !== null });
        if (broken === null) break;
        const isLast = signal.aborted || hash === null || this.size < 0 || broken instanceof TooMuch;
        if (isLast || this.#available - before < WORTHWHILE) throw broken;
        answer = await rest(this.#available);
        if (answer.status !== 206) throw broken;
      }
      if (hash !== null && digest.digest('hex') !== hash) {
        isWrong = true;
        throw new LocalError('server_failed', 'What came is not the file that was asked for.');
      }
      await handle.close();
      handle = null;
      this.#path = await keep();
    } catch (error) {
      this.#failure = error;
      if (isWrong || error instanceof TooMuch) await rm(this.#path, { force: true }).catch(() => {});
      throw error;
    } finally {
      await handle?.close().catch(() => {});
      this.#ended = true;
      this.#wakeAll();
    }
  }

  /** What comes of one answer. Null where all is there then, else what it ended with. */
  async #write(
    { body }: Response,
    to: { handle: FileHandle; digest: Hash; signal: AbortSignal; isFile: boolean },
  ): Promise<unknown> {
    const { handle, digest, signal, isFile } = to;
    const most = this.size < 0 ? (isFile ? Number.POSITIVE_INFINITY : UNSAID) : this.size;
    try {
      // Whatever the network makes of the signal: nobody waits for a server that says no more.
      const pieces = body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal });
      for await (const piece of (pieces ?? []) as AsyncIterable<Uint8Array>) {
        if (this.#available + piece.length > most) throw new TooMuch();
        for (let done = 0; done < piece.length; )
          done += (await handle.write(piece, done, piece.length - done, this.#available + done)).bytesWritten;
        this.#came(piece, digest);
      }
    } catch (error) {
      return error ?? new LocalError('server_unreachable', 'The connection broke.');
    }
    return this.size < 0 || this.#available === this.size
      ? null
      : new LocalError('server_unreachable', 'The connection ended before the file did.');
  }

  #came(piece: Uint8Array, digest: Hash): void {
    digest.update(piece);
    this.#available += piece.length;
    this.#wakeAll();
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
