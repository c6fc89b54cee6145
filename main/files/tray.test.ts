import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Tray } from './tray.ts';

const folder = mkdtempSync(join(tmpdir(), 'matchbook-tray-'));
const path = join(folder, 'tray.json');
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('what cannot be read just now is neither empty nor written over, and is there when it can', async () => {
  const file = { hash: 'a'.repeat(64), name: 'map.txt', type: 'text/plain', size: 3 };
  const before = JSON.stringify({ c: [{ ...file, id: 'f-1' }] });
  // Read as a file, a folder is a failure of the disk.
  mkdirSync(path);
  const tray = new Tray(path, () => 'f-2');
  await expect(tray.hashes()).rejects.toThrow('EISDIR');
  await expect(tray.add('c', file)).rejects.toThrow('EISDIR');
  rmSync(path, { recursive: true });
  writeFileSync(path, before);
  expect((await tray.add('c', file)).map(({ id }) => id)).toEqual(['f-1', 'f-2']);
});
