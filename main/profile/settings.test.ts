import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { openSettings } from './settings.ts';

const account = (n: number) => ({
  account: `a${n}`,
  device: `d${n}`,
  name: `Person ${n}`,
  api: 'http://127.0.0.1:20001',
  embedded: false,
});
const onDisk = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('settings', () => {
  it('begin with defaults and are there at the next start', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    const settings = await openSettings(path);
    expect(settings.data).toMatchObject({ accounts: [], embedded: null, dismissed: [], losses: [] });
    expect(existsSync(path)).toBe(false);
    await settings.update(({ accounts }) => void accounts.push(account(1)));
    expect((await openSettings(path)).data.accounts).toEqual([account(1)]);
  });

  it('take 101 changes at once: every one of them is there, and each is durable when it says so', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    const settings = await openSettings(path);
    await Promise.all(
      Array.from({ length: 101 }, (_, i) =>
        settings
          .update(({ dismissed }) => void dismissed.push(`n${i}`))
          .then(() => expect(onDisk(path).dismissed).toContain(`n${i}`)),
      ),
    );
    expect((await openSettings(path)).data.dismissed).toHaveLength(101);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['settings.json', 'settings.json.copy']);
  });

  it('keep what a newer version has added', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    writeFileSync(path, JSON.stringify({ accounts: [{ ...account(1), colour: 'red' }], theme: 'dark' }));
    const settings = await openSettings(path);
    expect(settings.data.losses).toEqual([]);
    await settings.update((all) => void all.dismissed.push('x'));
    expect(onDisk(path)).toMatchObject({ theme: 'dark', accounts: [{ colour: 'red' }] });
  });

  const damages: [string, string][] = [
    ['empty', ''],
    ['cut off', '{"accounts":[{"acc'],
    ['of another shape', '{"accounts":"none"}'],
    ['no object', '[]'],
    ['null', 'null'],
    ['binary', '\0\0\0\0'],
  ];
  it.each(damages)('that are damaged (%s) are set aside, and their copy is taken', async (_what, content) => {
    const folder = temporaryFolder();
    const path = join(folder, 'settings.json');
    await (await openSettings(path)).update(({ accounts }) => void accounts.push(account(1)));
    writeFileSync(path, content);
    const { data } = await openSettings(path);
    expect(data.accounts).toEqual([account(1)]);
    const [loss] = data.losses;
    expect(loss).toMatchObject({ id: 'settings-restored' });
    expect(readFileSync(loss!.detail, 'utf8')).toBe(content);
    // The next start finds them whole, and the loss is still to be told.
    expect((await openSettings(path)).data).toMatchObject({ accounts: [account(1)], losses: [loss] });
  });

  it('of which both files are damaged are defaults, and said', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    writeFileSync(path, '{');
    writeFileSync(`${path}.copy`, '{');
    const { data } = await openSettings(path);
    expect(data.accounts).toEqual([]);
    expect(data.losses).toMatchObject([{ id: 'settings-reset' }]);
  });

  it('that were killed between setting aside and restoring come from their copy', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    await (await openSettings(path)).update(({ accounts }) => void accounts.push(account(1)));
    renameSync(path, `${path}.damaged-1`);
    expect((await openSettings(path)).data.accounts).toEqual([account(1)]);
  });

  it('that cannot be written are said to be so, kept, and written with the next change', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    const settings = await openSettings(path);
    mkdirSync(path);
    await expect(settings.update(({ dismissed }) => void dismissed.push('first'))).rejects.toThrow();
    rmdirSync(path);
    await settings.update(({ dismissed }) => void dismissed.push('second'));
    expect(onDisk(path).dismissed).toEqual(['first', 'second']);
  });

  it('refuse a change that would make them unreadable', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    const settings = await openSettings(path);
    const broken = settings.update((all) => {
      all.embedded = { relayPort: 0, apiPort: 1, serverName: '' };
    });
    await expect(broken).rejects.toThrow('invalid');
    expect(settings.data.embedded).toBeNull();
  });

  it('are whole whatever bytes lie in the file', async () => {
    const folder = temporaryFolder();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.json({ maxDepth: 1 })), async (content) => {
        const path = join(folder, `settings-${n++}.json`);
        writeFileSync(path, content);
        const { data } = await openSettings(path);
        expect(Array.isArray(data.accounts)).toBe(true);
        expect(Array.isArray(data.dismissed)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
