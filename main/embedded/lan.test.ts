import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { openSettings } from '../profile/settings.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { addressesOf, hostOf, Lan } from './lan.ts';

const at = (address: string, internal = false) =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo;

async function stage(folder = temporaryFolder(), interfaces = { eth0: [at('192.168.1.5')] }) {
  const settings = await openSettings(join(folder, 'settings.json'));
  await settings.update((all) => {
    all.embedded ??= { relayPort: 20_001, apiPort: 20_002 };
  });
  const lan = new Lan({
    settings,
    directory: join(folder, 'servers'),
    freePort: async () => 20_003,
    interfaces: () => interfaces,
    now: Date.now,
  });
  return { lan, settings, folder };
}

describe('letting others in', () => {
  it('is off until the person says so', async () => {
    const { lan } = await stage();
    expect(await lan.plan()).toBeNull();
    expect(lan.reachedAt()).toBeNull();
    expect(lan.view).toMatchObject({ on: false, port: null, address: '192.168.1.5', words: null });
  });

  it('keeps port and key, because invitations name them', async () => {
    const first = await stage();
    await first.lan.choose(true, null);
    const plan = await first.lan.plan();
    const reached = first.lan.reachedAt();
    expect(reached).toEqual({ api: 'https://192.168.1.5:20003', pin: expect.stringMatching(/^[\w-]{43}$/) });
    expect(statSync(join(first.folder, 'servers', 'front.json')).mode & 0o77).toBe(0);
    const second = await stage(first.folder);
    expect(await second.lan.plan()).toEqual(plan);
    expect(second.lan.reachedAt()).toEqual(reached);
    await second.lan.choose(false, null);
    expect(await second.lan.plan()).toBeNull();
    await second.lan.choose(true, null);
    expect(await second.lan.plan()).toEqual(plan);
  });

  it('never makes another key over one that cannot be read', async () => {
    const { lan, folder } = await stage();
    await lan.choose(true, null);
    await lan.plan();
    const path = join(folder, 'servers', 'front.json');
    writeFileSync(path, '{');
    const text = JSON.stringify(await lan.plan());
    const damaged = await stage(folder);
    await expect(damaged.lan.plan()).rejects.toThrow(SyntaxError);
    expect(readFileSync(path, 'utf8')).toBe('{');
    // Which file it is, and what is wrong with it, for the person; a key that is no key is the same.
    expect(damaged.lan.view.keyTrouble).toEqual({ path, detail: expect.stringContaining('JSON') });
    writeFileSync(path, '{"key":"x","certificate":"y"}');
    await expect(damaged.lan.plan()).rejects.toThrow();
    expect(damaged.lan.view).toMatchObject({ words: null, keyTrouble: { path } });
    // Put back, it counts again, without a new start of the app.
    writeFileSync(path, text);
    expect(JSON.stringify(await damaged.lan.plan())).toBe(text);
    expect(damaged.lan.view.keyTrouble).toBeNull();
  });

  it.each([
    ['home.example.org', 'https://home.example.org:20003'],
    [' Home.example.org:444 ', 'https://home.example.org:444'],
    ['203.0.113.9:443', 'https://203.0.113.9:443'],
    ['fd00::2', 'https://[fd00::2]:20003'],
    ['[fd00::2]:7', 'https://[fd00::2]:7'],
  ])('names what the person wrote: %s', async (typed, api) => {
    const { lan } = await stage();
    await lan.choose(true, hostOf(typed));
    await lan.plan();
    expect(lan.reachedAt()?.api).toBe(api);
  });

  it.each(['', 'a b', 'https://x', 'x/y', 'x@y', 'x:70000', 'ä', 'a'.repeat(254)])(
    'refuses what is no address, by field: %j',
    (typed) => {
      expect(() => hostOf(typed)).toThrow(LocalError);
      expect(() => hostOf(typed)).toThrow(/^address: /);
    },
  );
});

it('names addresses of private networks first, and none that others cannot use', () => {
  expect(
    addressesOf({
      lo: [at('127.0.0.1', true), at('::1', true)],
      eth1: [at('fd00::2'), at('203.0.113.9'), at('fe80::1'), at('169.254.3.4')],
      eth0: [at('192.168.1.5')],
      wg0: [at('10.8.0.2')],
    }),
  ).toEqual(['192.168.1.5', '10.8.0.2', '203.0.113.9', '[fd00::2]']);
});
