/** Where the bytes of files are: by the hash of what is in them, on disk or in an S3-compatible store. */
import type { Readable } from 'node:stream';

/** Inclusive, as in HTTP. */
export interface ByteRange {
  from: number;
  to: number;
}

/** A note beside the blobs that says whose they are; no blob is called like it. */
interface Marker {
  /** Null where there is none. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** Everything here throws a BlobFailure where the store cannot be used; on disk also what the operating system says. */
export interface BlobStore {
  /**
   * Durable when it resolves. Of the same key there is the same content, so that putting it again changes nothing.
   *
   * @param path of a complete local file, which stays, and is not changed any more
   */
  put(key: string, path: string, size: number, sha256: string): Promise<void>;
  has(key: string): Promise<boolean>;
  /** @throws BlobFailure `missing` where there is none */
  read(key: string, range?: ByteRange): Promise<Readable>;
  delete(key: string): Promise<void>;
  /** Keys, with the time at which they were put, ms. */
  list(): AsyncIterable<{ key: string; time: number }>;
  close(): void;
  /** Where others could come at the same blobs without a lock that keeps them out. */
  marker?: Marker;
}

/** Of a file its hash; of its smaller image the hash and an ending. Nothing else is a key, so that none leads elsewhere. */
export const KEY = /^[0-9a-f]{64}(\.webp)?$/;
export const thumbnailOf = (hash: string) => `${hash}.webp`;
