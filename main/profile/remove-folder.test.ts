import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { removeFolder } from './remove-folder.ts';

it('a folder goes while something is still written in it', async () => {
  const folder = join(temporaryFolder(), 'account');
  await mkdir(join(folder, 'part'), { recursive: true });
  let coming = true;
  const writing = (async () => {
    for (let i = 0; coming; i++) await writeFile(join(folder, 'part', `${i}`), 'x').catch(() => {});
  })();
  setTimeout(() => {
    coming = false;
  }, 40);
  try {
    await removeFolder(folder);
  } finally {
    coming = false;
    await writing;
  }
  expect(existsSync(folder)).toBe(false);
});
