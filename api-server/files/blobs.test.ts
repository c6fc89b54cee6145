import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
// @ts-expect-error: it has no types.
import S3rver from 's3rver';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, CREDENTIALS, REGION, refusal, type S3Server, startS3 } from '../testing/s3-server.ts';
import type { BlobStore } from './blob-store.ts';
import { diskBlobs } from './disk-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';

const KEY_ID = 'S3RVER';
const SECRET = 'S3RVER';

describe.each(['disk', 's3', 's3, signed'] as const)('blobs (%s)', (kind) => {
  let folder: string;
  let blobs: BlobStore;
  let strict: S3Server | null = null;
  let server: { run(): Promise<{ port: number }>; close(): Promise<void> } | null = null;
  let port = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matchbook-blobs-'));
    if (kind === 'disk') {
      blobs = diskBlobs(join(folder, 'stored'));
      return;
    }
    if (kind === 's3, signed') {
      strict = await startS3();
      blobs = s3Blobs(configOf(strict));
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
    await strict?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
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
});

/** No test waits for long. */
const IMPATIENT = { silence: 200, tries: 3, pause: 5 };

const configOf = ({ endpoint }: { endpoint: string }) => ({
  endpoint,
  bucket: BUCKET,
  region: REGION,
  keyId: CREDENTIALS.accessKeyId,
  secret: CREDENTIALS.secretAccessKey,
});

describe('an S3 store', () => {
  let s3: S3Server;
  let folder: string;
  let blobs: BlobStore;
  const content = randomBytes(300_000);
  const key = createHash('sha256').update(content).digest('hex');
  const path = () => join(folder, 'incoming');

  beforeEach(async () => {
    s3 = await startS3({ page: 7 });
    blobs = s3Blobs(configOf(s3), IMPATIENT);
    folder = mkdtempSync(join(tmpdir(), 'matchbook-s3-'));
    writeFileSync(path(), content);
  });
  afterEach(async () => {
    await s3.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const put = () => blobs.put(key, path(), content.length, key);
  const read = async (range?: { from: number; to: number }) => buffer(await blobs.read(key, range));

  it('lists page after page, of whatever size, each object once', async () => {
    const keys = Array.from({ length: 50 }, (_, i) => createHash('sha256').update(String(i)).digest('hex'));
    writeFileSync(path(), '');
    for (const one of keys) await blobs.put(one, path(), 0, createHash('sha256').digest('hex'));
    s3.objects.set('something else', Buffer.alloc(1));
    s3.asked.length = 0;
    const listed: string[] = [];
    for await (const one of blobs.list()) listed.push(one.key);
    expect(listed).toEqual([...keys].sort());
    expect(s3.asked).toHaveLength(8);
  });

  it.each([
    ['another secret', { secret: 'x' }, 'correct API_S3_SECRET'],
    ['another region', { region: 'us-east-1' }, '403'],
    ['another bucket', { bucket: 'other' }, 'correct API_S3_BUCKET'],
  ])('is refused with %s, once, and it is said what to correct', async (_what, wrong, advice) => {
    const other = s3Blobs({ ...configOf(s3), ...wrong }, IMPATIENT);
    await expect(other.put(key, path(), content.length, key)).rejects.toThrow(advice);
    await expect(other.put(key, path(), content.length, key)).rejects.toMatchObject({ kind: 'refused' });
    expect(s3.asked).toHaveLength(2);
    expect(s3.objects.size).toBe(0);
  });

  it.each([
    [403, 'AccessDenied', 'refused', 'let the key read'],
    [403, 'RequestTimeTooSkewed', 'refused', 'clock'],
    [301, 'PermanentRedirect', 'refused', 'API_S3_ENDPOINT'],
    [404, 'NoSuchKey', 'missing', 'NoSuchKey'],
  ])('%i %s is not asked again', async (status, code, kind, said) => {
    s3.faults.push((_request, response) => refusal(response, status, code));
    await expect(read()).rejects.toMatchObject({ kind, message: expect.stringContaining(said) });
    expect(s3.asked).toHaveLength(1);
  });

  it.each([
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [429, 'Throttling'],
    [400, 'RequestTimeout'],
    [409, 'OperationAborted'],
  ])('%i %s is asked again, and given up as retryable when it stays', async (status, code) => {
    const busy: S3Server['faults'][number] = (_request, response) => refusal(response, status, code);
    s3.faults.push(busy, busy);
    await put();
    expect(s3.asked).toHaveLength(3);
    expect(s3.objects.get(key)?.equals(content)).toBe(true);
    s3.faults.push(busy, busy, busy);
    await expect(read()).rejects.toMatchObject({ kind: 'away', message: expect.stringContaining(code) });
    expect(s3.asked).toHaveLength(6);
  });

  it('a connection that ends, and one that says nothing, are tried again', async () => {
    s3.faults.push((request) => request.socket.destroy());
    await put();
    s3.faults.push(() => {});
    expect((await read()).equals(content)).toBe(true);
    s3.faults.push(
      () => {},
      () => {},
      () => {},
    );
    await expect(read()).rejects.toMatchObject({ kind: 'away', message: expect.stringContaining('silent') });
  });

  /** Says that all will come, and ends in the middle. */
  const half: S3Server['faults'][number] = (request, response, stored) => {
    const from = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const to = Number(/-(\d+)/.exec(request.headers.range ?? '')?.[1] ?? content.length - 1);
    const piece = stored!.subarray(from, to + 1);
    response.writeHead(request.headers.range ? 206 : 200, { 'content-length': piece.length });
    response.write(piece.subarray(0, piece.length >> 1), () => response.destroy());
  };

  it('half an answer is read on from where it broke off', async () => {
    await put();
    s3.faults.push(half, half, half, half, half);
    expect((await read()).equals(content)).toBe(true);
    s3.faults.push(half, half);
    const part = { from: 1_000, to: 200_000 };
    expect((await read(part)).equals(content.subarray(1_000, 200_001))).toBe(true);
  });

  it('one that only breaks off is given up, and never ends as if it were whole', async () => {
    await put();
    const nothing: S3Server['faults'][number] = (request, response) => {
      response.writeHead(request.headers.range ? 206 : 200, { 'content-length': content.length });
      response.flushHeaders();
      setImmediate(() => response.destroy());
    };
    s3.faults.push(half, ...Array.from({ length: 10 }, () => nothing));
    await expect(read()).rejects.toMatchObject({ kind: 'away' });
    expect(s3.faults.length).toBeGreaterThan(0);
  });

  it('half a list is asked for again', async () => {
    await put();
    s3.faults.push((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('<ListBucketResult><Contents><Key>', () => response.destroy());
    });
    const listed: string[] = [];
    for await (const one of blobs.list()) listed.push(one.key);
    expect(listed).toEqual([key]);
  });

  it('nobody there', async () => {
    const gone = s3Blobs({ ...configOf(s3), endpoint: 'http://127.0.0.1:1' }, IMPATIENT);
    await expect(gone.has(key)).rejects.toMatchObject({
      kind: 'away',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a file of ours that cannot be read is no fault of the store', async () => {
    await expect(blobs.put(key, join(folder, 'nothing'), 10, key)).rejects.toThrow('ENOENT');
    expect(s3.asked.length).toBeLessThan(2);
  });
});
