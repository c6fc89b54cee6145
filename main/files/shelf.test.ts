import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { readFileAt } from './shelf.ts';

it('what is dropped and cannot be taken is told by what it is: a folder, nothing any more, no file', async () => {
  const folder = temporaryFolder();
  const kindOf = (path: string) =>
    readFileAt(path).then(
      ({ size }) => size,
      (error: unknown) => (error instanceof LocalError ? error.failure.kind : error),
    );
  const file = join(folder, 'plan.txt');
  writeFileSync(file, 'four');
  const link = join(folder, 'link.txt');
  symlinkSync(file, link);
  expect(await kindOf(link)).toBe(4);
  rmSync(file);
  for (const gone of [file, link]) expect(await kindOf(gone)).toBe('file_missing');
  expect(await kindOf(folder)).toBe('file_is_folder');
  if (process.platform !== 'win32') expect(await kindOf('/dev/null')).toBe('file_unreadable');
});
