import {
  isPluralElement,
  isSelectElement,
  type MessageFormatElement,
  parse,
  TYPE,
} from '@formatjs/icu-messageformat-parser';
import { LANGUAGES, type Language } from '@matchbook/protocol/bridge/choices';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { english } from './english.ts';
import { choose, speechOf } from './languages.ts';
import { lengthened } from './pseudo.ts';
import { isWord } from './word-id.ts';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');
/** What a message takes, by name and kind, in all of its branches. */
function takes(elements: MessageFormatElement[]): Set<string> {
  const found = new Set<string>();
  const walk = (some: MessageFormatElement[]) => {
    for (const element of some) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      if ('value' in element) found.add(`${element.value}: ${TYPE[element.type]}`);
      if (isPluralElement(element) || isSelectElement(element))
        for (const { value } of Object.values(element.options)) walk(value);
    }
  };
  walk(elements);
  return found;
}

/** Plural forms that a language has and a message does not. */
function missingForms(message: string, language: Language): string[] {
  const missing: string[] = [];
  const wanted = (type: 'cardinal' | 'ordinal') =>
    new Intl.PluralRules(language, { type })
      .resolvedOptions()
      // Only of millions, in these: `other` says it as well.
      .pluralCategories.filter((form) => form !== 'other' && !(language !== 'ar' && form === 'many'));
  const walk = (some: MessageFormatElement[]) => {
    for (const element of some) {
      if (!isPluralElement(element)) continue;
      // An exact value may stand in the place of its form.
      const exact: Record<string, string> = { zero: '=0', one: '=1', two: '=2' };
      for (const form of wanted(element.pluralType ?? 'cardinal'))
        if (!element.options[form] && !element.options[exact[form] ?? form]) missing.push(form);
    }
  };
  walk(parse(message));
  return missing;
}

const words: Record<string, Catalogue> = {};
beforeAll(async () => {
  for (const language of OTHERS) words[language] = (await speechOf(language, [])).catalogue;
});

describe('every language', () => {
  // Windows that open beside each other speak to one person in one way. At the beginning of a sentence `Sie` and `Ihr` may be others.
  it.each([
    ['de', /(?<=[\p{L},;] )(Sie|Ihnen|Ihr(e|em|en|er|es)?)\b|\b\p{Lu}\p{Ll}+en Sie\b/u],
    ['fr', /(?<!\p{L})(vous|votre|vos)(?!\p{L})|(?<!\p{L})(?!chez|assez)\p{L}{2,}ez(?!\p{L})/iu],
    ['es', /\b(usted|ustedes)\b/i],
  ] as const)('%s speaks to the person as to a friend, throughout', (language, formal) => {
    const said = Object.entries(words[language]!).filter(([, sentence]) => formal.test(sentence));
    expect(said).toEqual([]);
  });

  it.each(OTHERS)('%s says nothing that English does not', (language) => {
    expect(Object.keys(words[language]!).filter((id) => !isWord(id))).toEqual([]);
  });

  it.each(OTHERS)('%s says all that English says', (language) => {
    expect(Object.keys(english).filter((id) => !Object.hasOwn(words[language]!, id))).toEqual([]);
  });

  it.each(OTHERS)('%s: every message can be read, and takes what English takes', (language) => {
    const faults: string[] = [];
    for (const [id, message] of Object.entries(words[language]!)) {
      const english_ = takes(parse(english[id as keyof typeof english]));
      const own = takes(parse(message));
      if ([...english_].sort().join() !== [...own].sort().join())
        faults.push(`${id}: ${[...own].join(', ')} instead of ${[...english_].join(', ')}`);
    }
    expect(faults).toEqual([]);
  });

  it.each(LANGUAGES)('%s has every plural form that it needs', (language) => {
    const all = language === 'en' ? english : words[language]!;
    const faults = Object.entries(all).flatMap(([id, message]) =>
      missingForms(message, language).map((form) => `${id}: ${form}`),
    );
    expect(faults).toEqual([]);
  });

  it('the test sees a message that takes something else, or misses a form', () => {
    expect(takes(parse('{name} {count, number}'))).not.toEqual(takes(parse('{name} {count}')));
    expect(missingForms('{n, plural, one {#} other {#}}', 'ar').sort()).toEqual([
      'few',
      'many',
      'two',
      'zero',
    ]);
    expect(() => parse('{name')).toThrow();
  });
});

describe('the language of a window', () => {
  it.each([
    ['system', ['de-AT', 'en'], { language: 'de', locale: 'de-AT' }],
    ['system', ['nl', 'fr-CA'], { language: 'fr', locale: 'fr-CA' }],
    ['system', ['nl'], { language: 'en', locale: 'en' }],
    ['system', ['en-GB', 'de'], { language: 'en', locale: 'en-GB' }],
    ['system', ['en-XA'], { language: 'pseudo', locale: 'en' }],
    ['ja', ['de-AT'], { language: 'ja', locale: 'ja' }],
    ['de', ['en', 'de-CH'], { language: 'de', locale: 'de-CH' }],
  ] as const)('%s where the system wants %j', (chosen, wanted, expected) => {
    expect(choose(chosen, wanted)).toEqual(expected);
  });

  it('Arabic goes from right to left, and the others do not', async () => {
    const directions = await Promise.all(LANGUAGES.map(async (one) => (await speechOf(one, [])).direction));
    expect(directions).toEqual(['ltr', 'ltr', 'ltr', 'ltr', 'ltr', 'rtl']);
  });

  it('the pseudo-language is 40 % longer and takes the same', () => {
    const message = 'Hello {name}, {count, plural, one {# message} other {# messages}}';
    expect(takes(parse(lengthened(message)))).toEqual(takes(parse(message)));
    expect(lengthened('Settings').length).toBeGreaterThanOrEqual(8 * 1.4);
  });
});
