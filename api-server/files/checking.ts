/** Stored files read again, whole and at a bounded rate, and compared with their names. One file at a time. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileFault } from '@matchbook/protocol/http/admin';
import { BlobFailure } from './blob-failures.ts';
import { type BlobStore, thumbnailOf } from './blob-store.ts';

export type Fault = Pick<FileFault, 'part' | 'what'>;

/** Shorter pauses are saved up, ms. */
const LEAST_PAUSE = 20;

/** Lets so many bytes pass in a second. */
export class Pace {
  readonly #rate: number;
  #since = performance.now();
  #passed = 0;

  /** @param rate bytes a second */
  constructor(rate: number) {
    this.#rate = rate;
  }

  async pass(bytes: number): Promise<void> {
    const now = performance.now();
    const due = this.#since + (this.#passed / this.#rate) * 1_000;
    // What was not read while nobody asked is not made up for.
    if (due < now - 1_000) [this.#since, this.#passed] = [now, 0];
    this.#passed += bytes;
    const wait = this.#since + (this.#passed / this.#rate) * 1_000 - now;
    if (wait >= LEAST_PAUSE) await sleep(wait);
  }
}

/**
 * What is wrong with a stored file and its smaller image; nothing where all is well.
 *
 * @throws BlobFailure where the store cannot be asked now
 */
export async function faultsOf(
  blobs: BlobStore,
  { hash, thumbnail }: { hash: string; thumbnail: number },
  pace: Pace,
): Promise<{ faults: Fault[]; bytes: number }> {
  const faults: Fault[] = [];
  const file = await read(blobs, hash, pace);
  if (typeof file === 'string') faults.push({ part: 'file', what: file });
  else if (file.sha256 !== hash) faults.push({ part: 'file', what: 'damaged' });
  let bytes = typeof file === 'string' ? 0 : file.size;
  if (thumbnail === 1) {
    const small = await read(blobs, thumbnailOf(hash), pace);
    if (typeof small === 'string') faults.push({ part: 'thumbnail', what: small });
    else if (!isWhole(small)) faults.push({ part: 'thumbnail', what: 'damaged' });
    bytes += typeof small === 'string' ? 0 : small.size;
  }
  return { faults, bytes };
}

interface Read {
  sha256: string;
  size: number;
  /** Its first bytes. */
  head: Buffer;
}

/** Bytes that say what a WebP file is, and how long. */
const HEAD = 12;

async function read(blobs: BlobStore, key: string, pace: Pace): Promise<Read | Fault['what']> {
  const hash = createHash('sha256');
  let size = 0;
  let head = Buffer.alloc(0);
  try {
    for await (const piece of (await blobs.read(key)) as AsyncIterable<Buffer>) {
      if (head.length < HEAD) head = Buffer.concat([head, piece.subarray(0, HEAD - head.length)]);
      hash.update(piece);
      size += piece.length;
      await pace.pass(piece.length);
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if ((error instanceof BlobFailure && error.kind === 'missing') || code === 'ENOENT') return 'missing';
    // A sector that the disk cannot read any more.
    if (code === 'EIO') return 'damaged';
    throw error;
  }
  return { sha256: hash.digest('hex'), size, head };
}

/** The name of a smaller image is that of its original: all that it says about itself is its form and its length. */
const isWhole = ({ head, size }: Read): boolean =>
  head.length === HEAD &&
  head.toString('latin1', 0, 4) === 'RIFF' &&
  head.toString('latin1', 8, 12) === 'WEBP' &&
  head.readUInt32LE(4) + 8 === size;
