import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeFolder } from '../profile/remove-folder.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { Recordings } from './recordings.ts';

it('a piece that comes after its account was removed does not make its folder anew; one that comes again is recorded for', async () => {
  const directory = temporaryFolder();
  const logged: string[] = [];
  const recordings = new Recordings({
    directory,
    shelf: { take: () => Promise.reject(new Error('not here')) },
    tray: () => ({}) as never,
    trayChanged: () => {},
    log: (line) => void logged.push(line),
  });
  const piece = { account: 'a', conv: 'c', id: 'r', bytes: Uint8Array.of(1), levels: [9] };
  const folder = join(directory, 'a');
  await recordings.keep(1, piece);
  await recordings.forget('a');
  expect(existsSync(join(folder, 'files/voice/r/sound'))).toBe(true);
  await removeFolder(folder);
  await expect(recordings.keep(1, piece)).rejects.toThrow('removed');
  recordings.gone(1);
  await recordings.end('a', 'other');
  expect([existsSync(folder), logged]).toEqual([false, []]);
  await recordings.opened('a');
  await recordings.keep(1, piece);
  expect(existsSync(join(folder, 'files/voice/r/sound'))).toBe(true);
});
