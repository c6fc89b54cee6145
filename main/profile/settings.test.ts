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
import { DEFAULT_PREFERENCES } from '@matchbook/protocol/bridge/preferences';
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

  /** A profile in use: everything is there, most of it several times. */
  const inUse = () => ({
    accounts: [1, 2, 3].map((n) => ({
      ...account(n),
      embedded: n === 1,
      user: `u${n}`,
      relay: 'ws://127.0.0.1:20002/ws',
      serverName: 'S',
      open: 'c',
      ...(n === 3 ? { standing: 'signed-out' } : {}),
    })),
    embedded: { relayPort: 20_002, apiPort: 20_001, lan: { on: true, port: 20_003 } },
    current: 'a2',
    endings: [{ id: 'e', api: 'http://127.0.0.1:1', since: 5, days: 1 }],
    conversationWindows: [{ account: 'a1', conv: 'c' }],
    window: { x: 1, y: 2, width: 300, height: 400 },
    windows: [{ id: 'w', bounds: { width: 300, height: 400 } }],
    attemptLimit: 7,
    resting: ['a3'],
    dismissed: ['no-sandbox'],
    losses: [{ id: 'secrets-lost', detail: 'x' }],
    uses: { a: { score: 1, at: 2 } },
    ...DEFAULT_PREFERENCES,
    appearance: { ...DEFAULT_PREFERENCES.appearance, theme: 'dark' },
    conversations: { 'a1/c': { level: 'none', sound: null }, 'a1/d': { level: 'all', sound: 'none' } },
  });
  type Tree = Record<string, unknown>;
  const placesIn = (value: unknown, at: string[] = []): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) => [[...at, key], ...placesIn(part, [...at, key])])
      : [];
  const put = (tree: Tree, [key, ...rest]: string[], value: unknown): void => {
    if (rest.length === 0) tree[key!] = value;
    else put(tree[key!] as Tree, rest, value);
  };
  const without = (value: unknown, at: string): unknown => {
    const copy = structuredClone(value) as Tree;
    for (const one of Object.keys(copy)) if (one === at || one === 'losses') delete copy[one];
    return copy;
  };

  it('of a newer version, with one value that is unknown here: the rest stays, the accounts among it, and it is told', async () => {
    const folder = temporaryFolder();
    let n = 0;
    const places = placesIn(inUse());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom<unknown>('active', 'of-a-newer-version', -1.5, true, null, [], {}, [7], { newer: 1 }),
        fc.boolean(),
        async (at, value, copied) => {
          const path = join(folder, `newer-${n++}.json`);
          const damaged = structuredClone(inUse());
          put(damaged, at, value);
          const text = JSON.stringify(damaged);
          writeFileSync(path, text);
          if (copied) writeFileSync(`${path}.copy`, text);
          const settings = await openSettings(path);
          const [top = '', index, field = ''] = at;
          // All that does not hang on the value is as it was.
          expect(without(settings.data, top)).toEqual(without(inUse(), top));
          const ids = settings.data.accounts.map((one) => one.account);
          const others = ['a1', 'a2', 'a3'].filter(
            (_, i) => top !== 'accounts' || (index && String(i) !== index),
          );
          expect(ids).toEqual(expect.arrayContaining(others));
          const needed = ['account', 'device', 'api', ''];
          if (index && top === 'accounts' && !needed.includes(field)) expect(ids).toEqual(['a1', 'a2', 'a3']);
          for (const one of settings.data.accounts) {
            const { [field]: _damaged, ...rest } = (inUse().accounts[Number(one.account.slice(1)) - 1] ??
              {}) as Tree;
            if (ids.length === 3 && top === 'accounts' && field !== 'account')
              expect(one).toMatchObject(rest);
          }
          const loss = settings.data.losses.find(({ id }) => id.startsWith('settings-'));
          if (loss) expect(readFileSync(loss.detail.replace(/ \(.*\)$/, ''), 'utf8')).toBe(text);
          else if (top !== 'losses') expect(onDisk(path)).toEqual(damaged);
          await settings.update((all) => void all.dismissed.push('later'));
          expect((await openSettings(path)).data).toEqual(settings.data);
        },
      ),
      { numRuns: 250 },
    );
  });

  it('that lost an account in the file alone have it from the copy; the ports of own servers follow from their account', async () => {
    const path = join(temporaryFolder(), 'settings.json');
    const [damaged, whole] = [structuredClone(inUse()), inUse()];
    Object.assign(damaged.accounts[1]!, { device: 5 });
    writeFileSync(path, JSON.stringify(damaged));
    writeFileSync(`${path}.copy`, JSON.stringify(whole));
    const { data } = await openSettings(path);
    expect(data.accounts).toEqual(whole.accounts);
    expect(data.losses.map(({ id }) => id)).toEqual(['secrets-lost', 'settings-restored']);

    const other = join(temporaryFolder(), 'settings.json');
    writeFileSync(other, JSON.stringify({ ...inUse(), embedded: { relayPort: 'auto', apiPort: 20_001 } }));
    expect((await openSettings(other)).data.embedded).toEqual({ relayPort: 20_002, apiPort: 20_001 });
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
