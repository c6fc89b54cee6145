/** Where the bytes of files are: a port with two implementations, a folder and an S3-compatible store, held to one contract (blob-store.test.ts). */
import type { Readable } from 'node:stream';

/** The SHA-256 of a file, hex, and of its smaller image the same with `.thumbnail`. */
export type BlobKey = string;

const KEY = /^[0-9a-f]{64}(\.thumbnail)?$/;

/** Bytes, both inclusive, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface BlobInfo {
  key: BlobKey;
  size: number;
  /** When it was put the last time, ms. */
  modified: number;
}

export interface BlobStore {
  /** Keeps a copy of the file at `path`, over what was there; durable and whole when this resolves, unseen before. */
  put(key: BlobKey, path: string): Promise<void>;
  /** @throws BlobMissing */
  read(key: BlobKey, range?: ByteRange): Promise<Readable>;
  stat(key: BlobKey): Promise<BlobInfo | null>;
  /** What is not there is removed already. */
  remove(key: BlobKey): Promise<void>;
  /** Everything that is kept, in no order; what is put or removed meanwhile may be in it or not. */
  list(): AsyncIterable<BlobInfo>;
  close(): void;
}

export class BlobMissing extends Error {
  constructor(key: BlobKey) {
    super(`The bytes of ${key} are not there.`);
    this.name = 'BlobMissing';
  }
}

export const isKey = (text: string): text is BlobKey => KEY.test(text);

export const thumbnailOf = (hash: string): BlobKey => `${hash}.thumbnail`;
export const hashOf = (key: BlobKey): string => key.slice(0, 64);

/** A key becomes a path: what is no hash never gets that far. */
export function checkedKey(key: string): BlobKey {
  if (!isKey(key)) throw new Error('A key is a SHA-256 in hex.');
  return key;
}
