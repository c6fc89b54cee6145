import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';
import { backup, migrateStore, restore, verify } from './copies.ts';
import { diagnose } from './doctor.ts';

const silent = pino({ level: 'silent' });

/** A server that has something of everything. */
async function lived(env: Record<string, string>): Promise<{ api: TestApi; access: string; file: string }> {
  const api = await startTestApi({ API_REGISTRATION: 'open', ...env });
  const ann = await api.register('Ann', { login: 'ann', password: 'correct horse' });
  const bob = await api.register('Bob');
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#08f' } })
    .png()
    .toBuffer();
  const hash = createHash('sha256').update(picture).digest('hex');
  const created = await fetch(`${api.base}/api/files/uploads`, {
    method: 'POST',
    headers: {
      ...{
        authorization: `Bearer ${ann.access}`,
        'tus-resumable': '1.0.0',
        'upload-length': String(picture.length),
      },
      'upload-metadata': `sha256 ${Buffer.from(hash).toString('base64')}`,
    },
  });
  await fetch(`${api.base}${created.headers.get('location')}`, {
    method: 'PATCH',
    headers: {
      ...{ authorization: `Bearer ${ann.access}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' },
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(picture),
  });
  const log = new LogWriter();
  log.profile(ann.user, 'Ann');
  log.create('c', 'direct', [ann.user, bob.user]);
  for (let i = 0; i < 600; i++) log.say('c', bob.user, `word ${i} 北京 '"\\ \n`);
  log.entry('c', bob.user, {
    kind: 'message',
    body: { type: 'image/png', data: randomBytes(99).toString('base64url') },
  });
  log.say('c', ann.user, {
    text: '',
    files: [{ hash, name: 'x.png', type: 'image/png', size: picture.length }],
  });
  log.read('c', ann.user, 300);
  log.register({ reg: 'mute', conv: 'c', user: ann.user, v: 1, value: 5, time: 1 });
  for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
  await api.post('/api/invitations', { uses: 3 }, ann.access);
  await api.send('PATCH', '/api/admin/settings', { name: 'Harbour' }, ann.access);
  return { api, access: ann.access, file: hash };
}

const seen = async (api: TestApi, access: string, file: string) => ({
  messages: (await api.get('/api/conversations/c/messages?before=302&limit=5', access)).body,
  list: (await api.get('/api/conversations', access)).body,
  file: createHash('sha256')
    .update(
      Buffer.from(
        await (
          await fetch(`${api.base}/api/files/${file}`, { headers: { authorization: `Bearer ${access}` } })
        ).arrayBuffer(),
      ),
    )
    .digest('hex'),
  name: (await api.get('/api/server')).body.name,
  invitations: (await api.get('/api/invitations', access)).body,
});

onBothDatabases('backups', (database) => {
  let folder: string;
  let api: TestApi;
  let access: string;
  let file: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'matchbook-backup-'));
    ({ api, access, file } = await lived(await database.env()));
  });
  afterEach(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('made while the server runs, proved, and restored into an empty one: everybody finds everything, and stays signed in', async () => {
    const target = join(folder, 'backup');
    expect(await backup(api.config, target, silent)).toEqual([
      expect.stringContaining('603 entries, 2 accounts, 1 files'),
    ]);
    expect(statSync(target).mode & 0o077).toBe(0);
    expect(await verify(target)).toEqual([expect.stringContaining('all the same')]);
    const before = await seen(api, access, file);
    const env = { ...(await database.env()), API_DATA_DIR: join(folder, 'new'), API_SERVICE_SECRET: SERVICE };
    const { config } = parseConfig(env);
    await restore(config!, target, silent);
    const second = await startTestApi(env);
    try {
      expect(await seen(second, access, file)).toEqual(before);
      const found = async () => (await second.get('/api/search?q=%22word%20599%22', access)).body;
      await expect.poll(async () => (await found()).total, { timeout: 10_000 }).toBe(1);
      // Places go on after those that were restored.
      expect((await second.send('PATCH', '/api/admin/settings', { name: 'Port' }, access)).status).toBe(200);
      await expect(restore(config!, target, silent)).rejects.toThrow('empty data folder');
    } finally {
      await second.close();
    }
  });

  it('that are damaged do not pass', async () => {
    const target = join(folder, 'backup');
    await backup(api.config, target, silent);
    await expect(backup(api.config, target, silent)).rejects.toThrow('never replaces');
    const blob = readdirSync(join(target, 'files')).find((name) => !name.endsWith('.webp'))!;
    appendFileSync(join(target, 'files', blob), 'x');
    await expect(verify(target)).rejects.toThrow('is damaged');
    rmSync(join(target, 'files', blob));
    await expect(verify(target)).rejects.toThrow('is missing');
    const other = join(folder, 'other');
    await backup(api.config, other, silent);
    const raw = new DatabaseSync(join(other, 'api.db'));
    raw.exec("UPDATE entry SET bodyText = 'changed' WHERE n = 5");
    raw.close();
    await expect(verify(other)).rejects.toThrow('entry: the same number of rows, with other content');
    await expect(verify(folder)).rejects.toThrow('is no backup');
    await expect(
      backup({ ...api.config, dataDir: '/dev/null/x', databaseUrl: null }, join(folder, 'none'), silent),
    ).rejects.toThrow();
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('the doctor says what wants attention, and what to do', async () => {
    const { lines, healthy } = await diagnose(api.config, silent, Date.now);
    const said = lines.join('\n');
    expect(said).toContain('durable commits');
    expect(said).toContain('nothing waits');
    expect([healthy, said]).toEqual([true, expect.stringMatching(/relay .*answers 200/)]);
    const stranger = await diagnose({ ...api.config, serviceSecret: 'x'.repeat(32) }, silent, Date.now);
    expect(stranger.lines.join('\n')).toContain('! service secret   not the relay’s');
    const fast = await diagnose(api.config, silent, () => Date.now() + 120_000);
    expect(fast.lines.join('\n')).toMatch(/! clocks +1[12]\d s apart: tokens are refused/);
    const away = await diagnose({ ...api.config, relayUrl: 'http://127.0.0.1:65535' }, silent, Date.now);
    expect([away.healthy, away.lines.join('\n')]).toEqual([
      false,
      expect.stringContaining('ECONNREFUSED: start it'),
    ]);
    const broken = await diagnose(
      { ...api.config, databaseUrl: 'postgres://nobody@127.0.0.1:1/x' },
      silent,
      Date.now,
    );
    expect(broken.lines.join('\n')).toContain('correct API_DATABASE_URL');
  });
});

describe.skipIf(postgresPrograms() === null)('migrate-store', () => {
  it('moves a grown embedded server to PostgreSQL and back, and nobody notices', async () => {
    const postgres = await startPostgres();
    const { api, access, file } = await lived({});
    try {
      const before = await seen(api, access, file);
      const databaseUrl = await postgres.create();
      await api.close({ keep: true });
      const config = { ...api.config, databaseUrl };
      const lines: string[] = [];
      const said = await migrateStore(config, { from: 'sqlite', to: 'postgres' }, silent, (line) =>
        lines.push(line),
      );
      expect(said[0]).toContain('603 entries');
      expect(lines).toContain('entry: 603');
      await expect(
        migrateStore(config, { from: 'sqlite', to: 'postgres' }, silent, () => {}),
      ).rejects.toThrow('not empty');
      await expect(migrateStore(config, { from: 'sqlite', to: 'sqlite' }, silent, () => {})).rejects.toThrow(
        'migrate-store',
      );
      const moved = await startTestApi({ API_DATA_DIR: api.folder, API_DATABASE_URL: databaseUrl });
      expect(await seen(moved, access, file)).toEqual(before);
      await moved.send('PATCH', '/api/admin/settings', { name: 'Later' }, access);
      await moved.close({ keep: true });
      rmSync(join(api.folder, 'api.db'));
      await migrateStore(config, { from: 'postgres', to: 'sqlite' }, silent, () => {});
      const back = await startTestApi({ API_DATA_DIR: api.folder });
      expect(await seen(back, access, file)).toEqual({ ...before, name: 'Later' });
      await back.close();
    } finally {
      await postgres.stop();
    }
  });
});
