import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backup, restore, takeBucket } from '../commands/copies.ts';
import { diagnose } from '../commands/doctor.ts';
import { startTestApi, type TestApi } from '../testing/running-api.ts';
import {
  BUCKET,
  CREDENTIALS,
  type Fault,
  REGION,
  refusal,
  type S3Server,
  startS3,
} from '../testing/s3-server.ts';
import { claim, NotOurs } from './bucket.ts';
import { Housekeeping } from './housekeeping.ts';
import { s3Blobs } from './s3-blobs.ts';

const silent = pino({ level: 'silent' });
const MARKER = 'matchbook-server';

let s3: S3Server;
let folder: string;
const running: TestApi[] = [];
beforeEach(async () => {
  s3 = await startS3();
  folder = mkdtempSync(join(tmpdir(), 'matchbook-bucket-'));
});
afterEach(async () => {
  for (const api of running.splice(0)) await api.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const env = (more: Record<string, string> = {}) => ({
  API_S3_ENDPOINT: s3.endpoint,
  API_S3_BUCKET: BUCKET,
  API_S3_REGION: REGION,
  API_S3_KEY_ID: CREDENTIALS.accessKeyId,
  API_S3_SECRET: CREDENTIALS.secretAccessKey,
  ...more,
});
const start = async (more: Record<string, string> = {}) => {
  const api = await startTestApi(env(more));
  running.push(api);
  return api;
};
const owner = () => s3.objects.get(MARKER)?.toString();

it('is its first server’s, also after a restart; a second one does not start in it, and says why', async () => {
  const one = await start();
  const first = owner();
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  await one.restart();
  expect(owner()).toBe(first);
  await expect(start()).rejects.toThrow(/bucket.*another server.*take-bucket/s);
  expect(owner()).toBe(first);
});

it('a store that is away holds up no start, and is asked before anything is erased', async () => {
  const slow: Fault = (_request, response) => refusal(response, 503, 'SlowDown');
  const away = () => s3.faults.push(slow, slow, slow, slow);
  away();
  const one = await start();
  await one.inStore(async (store) => {
    const blobs = s3Blobs(
      {
        endpoint: s3.endpoint,
        bucket: BUCKET,
        region: REGION,
        keyId: CREDENTIALS.accessKeyId,
        secret: CREDENTIALS.secretAccessKey,
      },
      { silence: 1_000, tries: 2, pause: 1 },
    );
    const swept: string[] = [];
    const housekeeping = () =>
      new Housekeeping({
        files: {
          sweep: async () => swept.push('files'),
          sweepBytes: async () => swept.push('bytes'),
        } as never,
        uploads: { sweep: async () => {} } as never,
        isAllSaved: async () => true,
        claim: () => claim(store, blobs),
        log: silent,
      });
    const round = async () => {
      const keeping = housekeeping();
      keeping.start();
      await keeping.close();
      return swept.splice(0);
    };
    s3.faults.splice(0);
    expect(await round()).toEqual(['files', 'bytes']);
    away();
    expect(await round()).toEqual([]);
    s3.faults.splice(0);
    s3.objects.set(MARKER, Buffer.from('somebody else'));
    expect(await round()).toEqual([]);
    await expect(claim(store, blobs)).rejects.toBeInstanceOf(NotOurs);
    s3.objects.delete(MARKER);
    expect(await round()).toEqual(['files', 'bytes']);
  });
});

it('a restored copy is another server: it takes the bucket only when it is told to', async () => {
  const one = await start();
  const copy = join(folder, 'backup');
  await backup(one.config, copy, silent);
  const first = owner();
  const target = { ...one.config, dataDir: join(folder, 'again'), filesDir: join(folder, 'again', 'files') };
  await expect(restore(target, copy, silent)).rejects.toThrow('--take-bucket');
  expect(owner()).toBe(first);
  await restore(target, copy, silent, true);
  expect(owner()).not.toBe(first);
  const { lines } = await diagnose(one.config, silent, Date.now);
  expect(lines.find((line) => line.includes('file store'))).toMatch(/^! .*another server/);
  expect((await takeBucket(one.config, silent))[0]).toContain(first);
  expect(owner()).toBe(first);
});
