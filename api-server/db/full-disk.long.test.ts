/** Needs root: a file system of its own that is really full. Without root: store.test.ts, with a bound of SQLite's own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { roomEnds } from '../testing/full-store.ts';
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
        await store.close();
      } finally {
        execFileSync('umount', ['-l', disk]);
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
