import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
// @ts-expect-error: it has no types.
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlobStore, thumbnailOf } from './blob-store.ts';
import { diskBlobs } from './disk-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';

const KEY_ID = 'S3RVER';
const SECRET = 'S3RVER';

describe.each(['disk', 's3'] as const)('blobs (%s)', (kind) => {
  let folder: string;
  let blobs: BlobStore;
  let server: { run(): Promise<{ port: number }>; close(): Promise<void> } | null = null;
  let port = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matchbook-blobs-'));
    if (kind === 'disk') {
      blobs = diskBlobs(join(folder, 'stored'));
      return;
    }
    server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory: join(folder, 's3'),
      configureBuckets: [{ name: 'files' }],
    });
    ({ port } = await server!.run());
    blobs = s3Blobs({
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'files',
      region: 'us-east-1',
      keyId: KEY_ID,
      secret: SECRET,
    });
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = async (content: Buffer, ending = '') => {
    const hash = createHash('sha256').update(content).digest('hex');
    const path = join(folder, 'incoming');
    writeFileSync(path, content);
    await blobs.put(hash + ending, path, content.length, hash);
    return hash;
  };

  it('gives back what was put, whole and in part, and the same again changes nothing', async () => {
    const content = randomBytes(300_000);
    const key = await put(content);
    await put(content);
    expect((await buffer(await blobs.read(key))).equals(content)).toBe(true);
    expect(
      (await buffer(await blobs.read(key, { from: 10, to: 299_999 }))).equals(content.subarray(10)),
    ).toBe(true);
    expect((await buffer(await blobs.read(key, { from: 5, to: 5 }))).equals(content.subarray(5, 6))).toBe(
      true,
    );
    expect(await blobs.has(key)).toBe(true);
  });

  it('holds nothing as well as a lot', async () => {
    const key = await put(Buffer.alloc(0));
    expect((await buffer(await blobs.read(key))).length).toBe(0);
  });

  it('lists what it has, forgets what is deleted, and deletes twice', async () => {
    const key = await put(randomBytes(10));
    await put(randomBytes(10), '.webp');
    const listed = async () => {
      const keys: string[] = [];
      for await (const { key: one, time } of blobs.list()) {
        expect(Math.abs(Date.now() - time)).toBeLessThan(60_000);
        keys.push(one);
      }
      return keys;
    };
    expect(await listed()).toContain(key);
    expect((await listed()).some((one) => one.endsWith('.webp'))).toBe(true);
    await blobs.delete(key);
    await blobs.delete(key);
    expect(await listed()).not.toContain(key);
    expect(await blobs.has(key)).toBe(false);
    await expect(blobs.read(key)).rejects.toThrow();
  });

  it.each([
    '../../etc/passwd',
    'A'.repeat(64),
    'a'.repeat(63),
    `${'a'.repeat(64)}/x`,
    `${'a'.repeat(64)}.exe`,
    '',
  ])('takes %j for no key', async (key) => {
    await expect((async () => blobs.read(key))()).rejects.toThrow('not a key');
    await expect((async () => blobs.put(key, '/dev/null', 0, ''))()).rejects.toThrow('not a key');
    await expect((async () => blobs.delete(key))()).rejects.toThrow('not a key');
  });

  it('says so where it cannot be reached or is not let in', async () => {
    if (kind === 'disk') return;
    const key = thumbnailOf('a'.repeat(64));
    const wrong = s3Blobs({
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'files',
      region: 'us-east-1',
      keyId: 'WRONG',
      secret: SECRET,
    });
    await expect(wrong.read(key)).rejects.toThrow('403');
    const gone = s3Blobs({
      endpoint: 'http://127.0.0.1:1',
      bucket: 'files',
      region: 'us-east-1',
      keyId: KEY_ID,
      secret: SECRET,
    });
    await expect(gone.has(key)).rejects.toThrow('ECONNREFUSED');
  });
});
