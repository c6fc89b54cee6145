import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { writeDurably } from './durable-file.ts';

describe('a durable write', () => {
  it('replaces the file whole, with mode 0600 and nothing left beside it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    await writeDurably(path, 'a long first content');
    await writeDurably(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(folder)).toEqual(['file']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves the old file as it was when the new one cannot take its place', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    mkdirSync(path);
    writeFileSync(join(path, 'held'), '');
    await expect(writeDurably(path, 'x')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readdirSync(path)).toEqual(['held']);
  });

  it('says so where it may not write', async () => {
    const folder = temporaryFolder();
    await expect(writeDurably(join(folder, 'missing', 'file'), 'x')).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual([]);
  });
});
