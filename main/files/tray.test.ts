import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { Tray } from './tray.ts';

let folder: string;
let path: string;
let aside: string[];
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'tray.json');
  aside = [];
});
const opened = () => new Tray(path, { newId: () => 'f-2', setAside: (place) => void aside.push(place) });

it('what cannot be read just now is neither empty nor written over, and is there when it can', async () => {
  const file = { hash: 'a'.repeat(64), name: 'map.txt', type: 'text/plain', size: 3 };
  const before = JSON.stringify({ c: [{ ...file, id: 'f-1' }] });
  // Read as a file, a folder is a failure of the disk.
  mkdirSync(path);
  const tray = opened();
  await expect(tray.hashes()).rejects.toThrow('EISDIR');
  await expect(tray.add('c', file)).rejects.toThrow('EISDIR');
  rmSync(path, { recursive: true });
  writeFileSync(path, before);
  expect((await tray.add('c', file)).map(({ id }) => id)).toEqual(['f-1', 'f-2']);
  expect(aside).toEqual([]);
});

it('what is damaged is set aside and said once, what can be read of it stays, and nothing that it names is given up', async () => {
  const file = (letter: string) => ({
    hash: letter.repeat(64),
    name: 'map.txt',
    type: 'text/plain',
    size: 3,
  });
  const whole = JSON.stringify({
    c: [{ ...file('a'), id: 'f-1' }],
    d: [{ ...file('b'), id: 'f-3', size: 'x' }],
  });
  const cut = JSON.stringify({ c: [{ ...file('e'), id: 'f-1' }] }).slice(0, -9);
  writeFileSync(path, whole);
  expect((await opened().list('c')).map(({ id }) => id)).toEqual(['f-1']);
  writeFileSync(path, cut);
  const tray = opened();
  expect(await tray.list('c')).toEqual([]);
  await tray.add('c', file('f'));
  expect(aside.map((place) => readFileSync(place, 'utf8'))).toEqual([whole, cut]);
  // Also in the next process, and for what sweeps the shelf.
  const next = opened();
  expect(await next.list('c')).toMatchObject([file('f')]);
  expect([...(await next.hashes())].map(([letter]) => letter).toSorted()).toEqual(['a', 'b', 'e', 'f']);
  expect([aside.length, readdirSync(folder).length]).toEqual([2, 3]);
  for (const not of ['', 'null', '[]', '"x"']) {
    writeFileSync(path, not);
    expect(await opened().list('c'), not).toEqual([]);
  }
  expect(aside).toHaveLength(6);
});
