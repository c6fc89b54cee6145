import { createHash, randomBytes } from 'node:crypto';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, FilesReport } from '@matchbook/protocol/http/admin';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyFiles } from '../commands/files.ts';
import { onBothDatabases } from '../testing/databases.ts';
import { startTestApi, type TestApi } from '../testing/running-api.ts';
import { BUCKET, CREDENTIALS, REGION, type S3Server, startS3 } from '../testing/s3-server.ts';
import { Pace } from './checking.ts';

const silent = pino({ level: 'silent' });
const FAST = 1e9;
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

type Person = { user: string; access: string };

async function upload(api: TestApi, person: Person, content: Uint8Array): Promise<string> {
  const hash = sha256(content);
  const headers = { authorization: `Bearer ${person.access}`, 'tus-resumable': '1.0.0' };
  const made = await fetch(`${api.base}/api/files/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(content.length),
      'upload-metadata': `sha256 ${base64(hash)}`,
    },
  });
  const sent = await fetch(`${api.base}${made.headers.get('location')}`, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: content as Buffer<ArrayBuffer>,
  });
  expect(sent.status).toBe(204);
  return hash;
}

onBothDatabases('stored files', (database) => {
  let api: TestApi;
  let root: Person;
  let ann: Person;
  const contents = Array.from({ length: 120 }, (_, i) => randomBytes(200 + i));
  let hashes: string[];
  let image: string;
  beforeEach(async () => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_ACCESS_TOKEN_SECONDS: '86400',
      API_SCRUB_BYTES_PER_SECOND: String(FAST),
    });
    root = await api.register('Root');
    ann = await api.register('Ann');
    hashes = [];
    // More than one page of them, some of them by way of the database alone.
    for (const content of contents.slice(0, 12)) hashes.push(await upload(api, ann, content));
    image = await upload(
      api,
      ann,
      await sharp({ create: { width: 40, height: 30, channels: 3, background: '#cde' } })
        .png()
        .toBuffer(),
    );
  });
  afterEach(() => api.close());

  const pathOf = (key: string) => join(api.folder, 'files/stored', key.slice(0, 2), key.slice(2, 4), key);
  const report = async () => (await api.get('/api/admin/files', root.access)).body as unknown as FilesReport;
  const checked = async () => {
    // The command goes by the clock of the machine, which the clock of the test is behind.
    api.clock.now += 600_000;
    const before = (await report()).check?.finishedAt ?? 0;
    expect((await api.post('/api/admin/files/check', {}, root.access)).status).toBe(204);
    await expect.poll(async () => (await report()).check?.finishedAt ?? 0).toBeGreaterThan(before);
    return report();
  };

  it('that are whole are said to be, by the command and to admins', async () => {
    expect(await report()).toMatchObject({ check: null, faults: [] });
    const { lines, whole } = await verifyFiles(api.config, silent, FAST);
    expect([whole, lines]).toEqual([
      true,
      [expect.stringMatching(/^13 files, \d+ bytes: all as their names say\.$/)],
    ]);
    expect((await report()).check).toMatchObject({ files: 13, finishedAt: expect.any(Number) });
  });

  it('that are missing or damaged are named, stay named over a restart, and are mended when they are brought again', async () => {
    const [gone, short, flipped] = hashes as [string, string, string];
    rmSync(pathOf(gone));
    truncateSync(pathOf(short), 10);
    const other = Buffer.from(contents[2]!);
    other[100]! ^= 1;
    writeFileSync(pathOf(flipped), other);
    truncateSync(pathOf(`${image}.webp`), 20);
    const { lines, whole } = await verifyFiles(api.config, silent, FAST);
    expect(whole).toBe(false);
    expect(lines).toHaveLength(5);
    for (const line of [
      `missing: ${gone} (application/octet-stream, 200 bytes)`,
      `damaged: ${short} (application/octet-stream, 201 bytes)`,
      `damaged: ${flipped} (application/octet-stream, 202 bytes)`,
      expect.stringMatching(`^damaged: the smaller image of ${image} `),
    ])
      expect(lines).toContainEqual(line);
    expect(lines.at(-1)).toMatch(/4 missing or damaged/);
    const { faults } = await checked();
    expect(faults.map(({ hash, part, what, owners }) => [hash, part, what, owners]).sort()).toEqual(
      [
        [gone, 'file', 'missing', [ann.user]],
        [short, 'file', 'damaged', [ann.user]],
        [flipped, 'file', 'damaged', [ann.user]],
        [image, 'thumbnail', 'damaged', [ann.user]],
      ].sort(),
    );
    expect((await api.get(`/api/files/${gone}`, ann.access)).body).toMatchObject({
      kind: 'not_found',
      message: expect.stringContaining('not on the server any more'),
    });
    await api.restart();
    expect((await report()).faults).toHaveLength(4);
    const { audit } = (await api.get('/api/admin/audit', root.access)).body as { audit: AuditEntry[] };
    expect(audit[0]).toMatchObject({ actor: root.user, action: 'files.check' });
    // The first bytes of a file are what its name says again.
    await upload(api, root, contents[0]!);
    await upload(api, ann, contents[1]!);
    expect((await report()).faults.map(({ hash }) => hash).sort()).toEqual([flipped, image].sort());
    writeFileSync(pathOf(flipped), contents[2]!);
    expect((await checked()).faults.map(({ hash }) => hash)).toEqual([image]);
  });

  it('one that is erased while it is looked for is not missed', async () => {
    await api.inStore(async ({ write }) => {
      await write((trx) => trx.deleteFrom('fileOwner').where('hash', '=', hashes[0]!).execute());
      await write((trx) => trx.deleteFrom('file').where('hash', '=', hashes[0]!).execute());
    });
    rmSync(pathOf(hashes[0]!));
    expect((await verifyFiles(api.config, silent, FAST)).whole).toBe(true);
  });

  it('a round that a stop cut off goes on where it was', async () => {
    const half = [...hashes, image].sort()[6]!;
    await api.inStore(({ write }) =>
      write((trx) =>
        trx
          .insertInto('scrub')
          .values({ startedAt: 5, checkedTo: half, files: 7, bytes: 1_000, finishedAt: null })
          .execute(),
      ),
    );
    rmSync(pathOf([...hashes, image].sort()[0]!));
    const { check, faults } = await checked();
    expect(check).toMatchObject({ startedAt: 5, files: 13 });
    // What was looked at before is not looked at again in the same round.
    expect(faults).toEqual([]);
    expect((await checked()).faults).toHaveLength(1);
  });
});

describe('stored files in S3', () => {
  let s3: S3Server;
  let api: TestApi;
  beforeEach(async () => {
    s3 = await startS3();
    api = await startTestApi({
      API_S3_ENDPOINT: s3.endpoint,
      API_S3_BUCKET: BUCKET,
      API_S3_REGION: REGION,
      API_S3_KEY_ID: CREDENTIALS.accessKeyId,
      API_S3_SECRET: CREDENTIALS.secretAccessKey,
      API_REGISTRATION: 'open',
    });
  });
  afterEach(async () => {
    await api.close();
    await s3.close();
  });

  it('are checked there; a store that refuses is no damage, and is said as it is', async () => {
    const ann = await api.register('Ann');
    const hash = await upload(api, ann, randomBytes(5_000));
    expect((await verifyFiles(api.config, silent, FAST)).whole).toBe(true);
    s3.objects.set(hash, randomBytes(5_000));
    expect((await verifyFiles(api.config, silent, FAST)).lines[0]).toContain(`damaged: ${hash}`);
    const config = { ...api.config, s3: { ...api.config.s3!, secret: 'x' } };
    await expect(verifyFiles(config, silent, FAST)).rejects.toThrow('correct API_S3_SECRET');
    expect((await verifyFiles(api.config, silent, FAST)).lines).toHaveLength(2);
  });

  it('who asks for one hears of trouble there as of something to try again, or that it is gone', async () => {
    const ann = await api.register('Ann');
    const hash = await upload(api, ann, randomBytes(500));
    const refused: S3Server['faults'][number] = (_request, response) => {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    };
    s3.faults.push(refused);
    const answer = await api.get(`/api/files/${hash}`, ann.access);
    expect([answer.status, answer.body.kind, answer.headers.get('retry-after')]).toEqual([
      503,
      'storage_unavailable',
      '60',
    ]);
    // Nobody keeps that answer for a year.
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(api.logged.join()).toContain('let the key read, write, delete and list');
    s3.objects.delete(hash);
    expect((await api.get(`/api/files/${hash}`, ann.access)).status).toBe(404);
  });
});

it('the pace of reading is kept, and a pause is not made up for', async () => {
  const pace = new Pace(1_000_000);
  const begun = performance.now();
  for (let i = 0; i < 30; i++) await pace.pass(10_000);
  // At the rate, 300 kB take 300 ms; a slow machine takes longer, and never much less.
  expect(performance.now() - begun).toBeGreaterThan(250);
});
