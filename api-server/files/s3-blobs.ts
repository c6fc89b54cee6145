/** Blobs in a bucket of an S3-compatible store, all under one prefix. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { problem } from '../problems.ts';
import {
  type BlobInfo,
  type BlobKey,
  BlobMissing,
  type BlobStore,
  type ByteRange,
  checkedKey,
  hashOf,
  isKey,
} from './blob-store.ts';

export interface S3Settings {
  /** Null: Amazon's own, of the region. */
  endpoint: string | null;
  bucket: string;
  region: string;
  keyId: string;
  secret: string;
}

const PREFIX = 'files/';
/** For a connection; without a byte, either way (ms). */
const CONNECT_LIMIT = 5_000;
const STALL_LIMIT = 30_000;
const ATTEMPTS = 3;
/** In one request, S3 itself takes no more (5 GiB). */
export const S3_FILE_BYTES = 5 * 1024 ** 3;

export class S3Blobs implements BlobStore {
  #client: S3Client;
  #bucket: string;

  constructor({ endpoint, bucket, region, keyId, secret }: S3Settings) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      region,
      credentials: { accessKeyId: keyId, secretAccessKey: secret },
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_LIMIT, socketTimeout: STALL_LIMIT },
      // Checksums as trailers of a body are more than most compatible stores know.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async put(key: BlobKey, path: string): Promise<void> {
    const { size } = await stat(path);
    const Body = createReadStream(path);
    // Of a file the key is the checksum: a store that knows the header takes nothing else.
    const checksum = key === hashOf(key) ? Buffer.from(key, 'hex').toString('base64') : undefined;
    try {
      await reached(
        this.#client.send(
          new PutObjectCommand({
            ...this.#place(key),
            Body,
            ContentLength: size,
            ...(checksum && { ChecksumSHA256: checksum }),
          }),
        ),
      );
    } finally {
      Body.destroy();
    }
  }

  async read(key: BlobKey, range?: ByteRange): Promise<Readable> {
    const found = await reached(
      ifFound(
        this.#client.send(
          new GetObjectCommand({
            ...this.#place(key),
            ...(range && { Range: `bytes=${range.start}-${range.end}` }),
          }),
        ),
      ),
    );
    if (!found?.Body) throw new BlobMissing(key);
    return found.Body as Readable;
  }

  async stat(key: BlobKey): Promise<BlobInfo | null> {
    const found = await reached(ifFound(this.#client.send(new HeadObjectCommand(this.#place(key)))));
    return found && { key, size: found.ContentLength ?? 0, modified: found.LastModified?.getTime() ?? 0 };
  }

  async remove(key: BlobKey): Promise<void> {
    await reached(ifFound(this.#client.send(new DeleteObjectCommand(this.#place(key)))));
  }

  async *list(): AsyncIterable<BlobInfo> {
    for (let token: string | undefined; ; ) {
      const page = await reached(
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: PREFIX,
            ...(token && { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const key = Key.slice(PREFIX.length);
        if (isKey(key)) yield { key, size: Size, modified: LastModified?.getTime() ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
      if (!token) return;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #place(key: BlobKey) {
    return { Bucket: this.#bucket, Key: PREFIX + checkedKey(key) };
  }
}

/** Null where the store says that there is no such object. A bucket that is not there is no such answer. */
async function ifFound<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (['NoSuchKey', 'NotFound'].includes((error as Error).name)) return null;
    throw error;
  }
}

/** @throws FailureError `storage_unavailable`: the same request may succeed once somebody has looked after the store */
async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { name, message } = error as Error;
    throw problem('storage_unavailable', `The store of files does not answer: ${name} ${message}`, {
      retryAfter: 5,
    });
  }
}
