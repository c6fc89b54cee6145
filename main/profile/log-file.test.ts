import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { LogFile } from './log-file.ts';

it('goes on where it left off, each line with its time', () => {
  const path = join(temporaryFolder(), 'logs', 'main.log');
  new LogFile(path).write('first');
  new LogFile(path).write('second');
  expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\S+Z first\n\d{4}-\S+Z second\n$/);
});

it('takes at most twice its limit of the disk, and keeps the newest', () => {
  const path = join(temporaryFolder(), 'main.log');
  const log = new LogFile(path);
  const line = 'x'.repeat(10_000);
  for (let i = 0; i < 700; i++) log.write(`${i} ${line}`);
  const sizes = [path, `${path}.1`].map((file) => statSync(file).size);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(2 * 1024 * 1024);
  expect(readFileSync(path, 'utf8')).toContain(' 699 ');
});

it('never throws: without its folder it is silent', () => {
  const folder = join(temporaryFolder(), 'logs');
  const log = new LogFile(join(folder, 'main.log'));
  rmSync(folder, { recursive: true });
  expect(() => log.write('x')).not.toThrow();
});
