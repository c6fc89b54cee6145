import { createHash } from 'node:crypto';
import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { readFileAt, Shelf } from './shelf.ts';

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

it('what changes its place while it is looked for is found, and what is given up meanwhile is not there', async () => {
  const shelf = new Shelf({
    ...{ directory: temporaryFolder(), limit: () => 1_000_000, now: Date.now, log: () => {} },
  });
  await shelf.open('a');
  for (let i = 0; i < 200; i++) {
    const stays = i % 2 === 0;
    const text = `file ${i}`;
    const { hash } = await shelf.take('a', Readable.from([Buffer.from(text)]), 100);
    let going = true;
    const gone = (stays ? shelf.release('a', hash) : shelf.drop('a', hash)).finally(() => {
      going = false;
    });
    while (going) {
      const found = await shelf.find('a', hash);
      if (stays) expect(found).toMatchObject({ size: text.length });
    }
    await gone;
  }
});

it('a copy that is larger than all that may be kept is there until another one comes: it is read from there', async () => {
  const directory = temporaryFolder();
  const shelf = new Shelf({ directory, limit: () => 10, now: Date.now, log: () => {} });
  await shelf.open('a');
  const copied = async (name: string, used: number) => {
    const hash = createHash('sha256').update(name).digest('hex');
    const part = shelf.part('a');
    writeFileSync(part, name.repeat(20));
    utimesSync(part, used, used);
    await shelf.keep('a', part, hash);
    await shelf.evict();
    return hash;
  };
  const now = Date.now() / 1_000;
  const first = await copied('first', now - 20);
  expect(await shelf.find('a', first)).toMatchObject({ size: 100 });
  const second = await copied('second', now);
  expect(await shelf.find('a', first)).toBeNull();
  expect(await shelf.find('a', second)).toMatchObject({ size: 120 });
});
