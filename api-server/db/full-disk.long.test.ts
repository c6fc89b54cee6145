/** Needs root: a file system of its own that is really full. Without root: store.test.ts, with a bound of SQLite's own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { roomEnds } from '../testing/full-store.ts';
import { startTestApi } from '../testing/running-api.ts';
import { openSqlite } from './sqlite.ts';

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'SQLite on a disk that is full',
  () => {
    it('refuses as retryable, answers what it has, and takes it when there is room', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'matchbook-full-'));
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
      try {
        const store = openSqlite(disk);
        const end = () => execFileSync('mount', ['-o', 'remount,size=20m', disk]);
        await roomEnds(store, { begin: () => {}, end });
        // Full again, to the last byte: a stop is a stop.
        try {
          writeFileSync(join(disk, 'filler'), Buffer.alloc(30_000_000));
        } catch {
          // That is what it is for.
        }
        await store.close();
      } finally {
        execFileSync('umount', ['-l', disk]);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    });

    it('an upload that filled it can be ended by who began it', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'matchbook-full-'));
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
      const api = await startTestApi({ API_DATA_DIR: join(disk, 'api') });
      try {
        const { access } = await api.register('Ann');
        const size = 9_000_000;
        const ask = (
          method: string,
          path: string,
          headers: Record<string, string>,
          body?: Buffer<ArrayBuffer>,
        ) =>
          fetch(`${api.base}${path}`, {
            method,
            headers: { authorization: `Bearer ${access}`, 'tus-resumable': '1.0.0', ...headers },
            ...(body ? { body } : {}),
          });
        const begun = await ask('POST', '/api/files/uploads', {
          'upload-length': String(size),
          'upload-metadata': `sha256 ${Buffer.from('a'.repeat(64)).toString('base64')}`,
        });
        const path = begun.headers.get('location')!;
        const bytes = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
        const full = await ask('PATCH', path, bytes, Buffer.alloc(size));
        expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);
        expect(await full.json()).toMatchObject({ kind: 'storage_unavailable' });
        const offset = Number((await ask('HEAD', path, {})).headers.get('upload-offset'));
        expect(offset).toBeGreaterThan(1_000_000);
        expect((await ask('DELETE', path, {})).status).toBe(204);
        expect(
          (await api.send('PATCH', '/api/account/profile', { name: 'Anna' }, access)).status,
        ).toBeLessThan(300);
      } finally {
        await api.close();
        execFileSync('umount', ['-l', disk]);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    });
  },
);
