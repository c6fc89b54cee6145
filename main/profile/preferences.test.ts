import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PREFERENCES, FOREVER } from '@matchbook/protocol/bridge/preferences';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { Preferences } from './preferences.ts';
import { openSettings } from './settings.ts';

const place = () => join(temporaryFolder(), 'settings.json');

describe('preferences', () => {
  it('begin with defaults; a change of some fields keeps the others, is told, and is there at the next start', async () => {
    const path = place();
    const preferences = new Preferences(await openSettings(path));
    expect(preferences.all).toEqual(DEFAULT_PREFERENCES);
    const told: unknown[] = [];
    preferences.onChanged((all) => told.push(all.notifications.preview));
    await preferences.change({ notifications: { preview: 'nothing', doNotDisturbUntil: FOREVER } });
    await preferences.change({ appearance: { theme: 'dark' } });
    expect(told).toEqual(['nothing', 'nothing']);
    const again = new Preferences(await openSettings(path)).all;
    expect(again).toEqual({
      ...DEFAULT_PREFERENCES,
      notifications: {
        ...DEFAULT_PREFERENCES.notifications,
        preview: 'nothing',
        doNotDisturbUntil: FOREVER,
      },
      appearance: { ...DEFAULT_PREFERENCES.appearance, theme: 'dark' },
    });
  });

  it('of a conversation are its own, and gone when they are taken back', async () => {
    const path = place();
    const preferences = new Preferences(await openSettings(path));
    await preferences.choose('a', 'c', { level: 'mentions' });
    await preferences.choose('a', 'c', { sound: 'none' });
    expect(new Preferences(await openSettings(path)).of('a', 'c')).toEqual({
      level: 'mentions',
      sound: 'none',
    });
    expect(preferences.of('b', 'c')).toEqual({ level: null, sound: null });
    await preferences.choose('a', 'c', { level: null, sound: null });
    expect(JSON.parse(readFileSync(path, 'utf8')).conversations).toEqual({});
  });

  it('that cannot be read are replaced one by one, never by what tells others more, and cost nobody an account', async () => {
    const path = place();
    const account = { account: 'a1', device: 'd', name: 'A', api: 'http://127.0.0.1:1', embedded: false };
    const text = JSON.stringify({
      accounts: [account],
      notifications: { sound: 'trumpet', preview: 'first-word', badge: false },
      appearance: { theme: 'dark', hue: 7 },
      privacy: { receipts: 'contacts', typing: true },
      language: 'tlh',
    });
    writeFileSync(path, text);
    const settings = await openSettings(path);
    expect(settings.data.accounts).toEqual([account]);
    const places =
      'notifications.preview, notifications.sound, appearance.hue, language, privacy.receipts'.split(', ');
    const [loss] = settings.data.losses;
    expect(loss?.id).toBe('settings-mended');
    const [, aside, told] = /^(.*) \((.*)\)$/.exec(loss!.detail)!;
    expect(told!.split(', ').sort()).toEqual(places.sort());
    expect(readFileSync(aside!, 'utf8')).toBe(text);
    const { notifications, appearance, privacy, language } = new Preferences(settings).all;
    expect(notifications).toEqual({ ...DEFAULT_PREFERENCES.notifications, preview: 'nothing', badge: false });
    expect(appearance).toEqual({ ...DEFAULT_PREFERENCES.appearance, theme: 'dark' });
    expect(privacy).toEqual({ ...DEFAULT_PREFERENCES.privacy, receipts: false });
    expect(language).toEqual(DEFAULT_PREFERENCES.language);
    // It is whole from now on, and told once.
    expect((await openSettings(path)).data.losses).toEqual([loss]);
  });

  it('of a version that knew fewer fields get the defaults of the others', async () => {
    const path = place();
    writeFileSync(path, JSON.stringify({ accounts: [], notifications: { preview: 'name' } }));
    expect(new Preferences(await openSettings(path)).all.notifications).toEqual({
      ...DEFAULT_PREFERENCES.notifications,
      preview: 'name',
    });
  });
});
