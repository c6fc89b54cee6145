import { LANGUAGES } from '@matchbook/protocol/bridge/choices';
import { afterEach, describe, expect, it } from 'vitest';
import { type MenuParts, menuTemplate } from '../windows/menu-template.ts';
import type { Plural } from './catalogue.ts';
import { CATALOGUES, languageOf, speak, words } from './words.ts';

afterEach(() => void speak('en'));

const isPlural = (value: unknown): value is Plural =>
  typeof value === 'object' && value !== null && 'other' in value;

/** Every text of a catalogue by its path, plurals as one. */
function texts(value: unknown, path = ''): [string, string | Plural][] {
  if (typeof value === 'string' || isPlural(value)) return [[path, value]];
  return Object.entries(value as object).flatMap(([key, one]) => texts(one, `${path}.${key}`));
}

describe('the words of main', () => {
  it.each(LANGUAGES)('%s: all are there, with the arguments and plural forms that they need', (language) => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const argumentsOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    const english = new Map(texts(CATALOGUES.en));
    for (const [path, text] of texts(CATALOGUES[language])) {
      if (typeof text === 'string') {
        expect([path, text.trim()]).not.toEqual([path, '']);
        expect([path, argumentsOf(text)]).toEqual([path, argumentsOf(english.get(path) as string)]);
      } else
        for (const form of wanted)
          if (language === 'ar' ? form !== 'zero' : form !== 'many')
            expect([path, form, text[form] !== undefined]).toEqual([path, form, true]);
    }
  });

  it('follow the language, and the system where the person has left it to it', () => {
    expect(speak('de')).toBe(true);
    expect(speak('de')).toBe(false);
    expect(words.summary(3, 1)).toBe('3 neue Nachrichten in 1 Unterhaltung');
    speak('ar');
    expect(words.messages(2)).toBe('رسالتان جديدتان');
    expect(languageOf('system', ['nl-NL', 'fr-CA', 'de'])).toBe('fr');
    expect(languageOf('system', ['nl'])).toBe('en');
    expect(languageOf('ja', ['de'])).toBe('ja');
  });

  it('keep a name of the other direction apart from the sentence around it, and no other', () => {
    expect(words.said('نور', 'see you at 10')).toBe('\u2068نور\u2069: see you at 10');
    expect(words.said('Mira', 'see you at 10')).toBe('Mira: see you at 10');
    expect(words.titleWithCount('نور', 2)).toBe('\u2068نور\u2069 · 2 new messages');
    expect(words.names(['Mira', 'نور'], 0)).toBe('\u2068Mira\u2069, \u2068نور\u2069');
    expect(words.names(['Mira', 'Bob'], 0)).toBe('Mira, Bob');
    speak('ar');
    expect(words.said('Mira', 'غدًا')).toBe('\u2068Mira\u2069: غدًا');
  });

  it.each(LANGUAGES)('%s: say why the app cannot start, with the folder and what is known', (language) => {
    speak(language);
    const folder = '/home/ann/profile';
    for (const kind of ['other-owner', 'read-only', 'not-writable', 'in-use'] as const) {
      const told = words.cannotStart({ kind, folder, detail: 'No space.', holder: 'desk' });
      expect(told).toContain(folder);
      expect(told.includes('No space.')).toBe(kind === 'not-writable');
      expect(told.includes('desk')).toBe(kind === 'in-use');
      expect(told).not.toMatch(/[{}]/);
    }
  });
});

describe('the menu bar', () => {
  const parts: MenuParts = { packaged: true, settings() {}, diagnostics() {}, chosen() {} };

  it.each(['linux', 'darwin', 'win32'] as const)(
    '%s: each menu has its items, and no key is there twice',
    (platform) => {
      const menus = menuTemplate(platform, parts);
      const items = menus.flatMap(({ submenu }) => submenu as Electron.MenuItemConstructorOptions[]);
      expect(menus.map(({ label }) => label)).toContain('Help');
      expect(items.map(({ id }) => id)).toEqual(
        expect.arrayContaining([
          'previousUnread',
          'searchEverywhere',
          'outbox',
          'settings',
          'shortcuts',
          'licences',
          'about',
        ]),
      );
      expect(items.filter(({ type, label }) => type !== 'separator' && !label)).toEqual([]);
      const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
      expect(new Set(keys).size).toBe(keys.length);
      expect(items.some(({ role }) => role === 'toggleDevTools')).toBe(false);
      expect(menus[0]!.label === 'Matchbook').toBe(platform === 'darwin');
    },
  );

  it('is in the language of the person', () => {
    speak('fr');
    expect(menuTemplate('linux', parts).map(({ label }) => label)).toContain('Affichage');
  });
});
