import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../config.ts';
import { SERVICE } from '../testing/running-api.ts';
import { runCommand } from './run.ts';

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-commands-'));
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it.each([
  [['--halp'], 'There is no command --halp.'],
  [['constructor'], 'There is no command constructor.'],
  [['backup'], 'Which folder?'],
  [['backup', 'here', 'there'], 'backup has no use for "there".'],
  [['backup', 'here', '--without-file'], "'--without-file'"],
  [['restore', 'here', '--take-bucket=yes'], "'--take-bucket'"],
  [['verify', '--rate', 'fast'], '--rate: megabytes a second.'],
  [['verify', '--rate'], "'--rate"],
  [['take-bucket', 'mine'], 'take-bucket has no use for "mine".'],
  [['migrate-store', '--from', 'sqlite', '--into', 'postgres'], "'--into'"],
  [['doctor', '--json'], "'--json'"],
] as const)('an order that is not understood is not half followed: %j', async (words, why) => {
  const env = { API_DATA_DIR: join(folder, 'data'), API_SERVICE_SECRET: SERVICE };
  const { config } = parseConfig(env);
  const args = words.map((word) => (word === 'here' ? join(folder, 'here') : word));
  expect(await runCommand(config!, args)).toBe(64);
  expect(said).toMatch(/^api: [^\n]+\n$/);
  expect(said).toContain(why);
  expect(existsSync(join(folder, 'here'))).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
