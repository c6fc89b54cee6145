/** The languages of the windows: their own names, their direction, and their words, each loaded when it is wanted. English is always there. */
import type { Language } from '@matchbook/protocol/bridge/preferences';
import type { Catalogue } from './catalogue.ts';

export type Direction = 'ltr' | 'rtl';

/** `pseudo` is English made longer, for looking at layouts: by the system's language en-XA alone. */
export type Spoken = Language | 'pseudo';

export const OWN_NAMES: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
  ar: 'العربية',
};

const LOADERS: Record<Spoken, () => Promise<{ catalogue: Catalogue }>> = {
  en: async () => ({ catalogue: {} }),
  de: () => import('./de/catalogue.ts'),
  fr: () => import('./fr/catalogue.ts'),
  es: () => import('./es/catalogue.ts'),
  ja: () => import('./ja/catalogue.ts'),
  ar: () => import('./ar/catalogue.ts'),
  pseudo: () => import('./pseudo.ts'),
};

export interface Speech {
  language: Spoken;
  /** For dates, numbers and sorting: the reader's own variety of the language, where the system names one. */
  locale: string;
  direction: Direction;
  catalogue: Catalogue;
}

export const ENGLISH: Speech = { language: 'en', locale: 'en', direction: 'ltr', catalogue: {} };

const isOurs = (tag: string): tag is Language => Object.hasOwn(OWN_NAMES, tag);

/** @param wanted what the system prefers, best first */
export function choose(
  chosen: Language | 'system',
  wanted: readonly string[],
): { language: Spoken; locale: string } {
  const base = (tag: string) => tag.toLowerCase().split('-')[0]!;
  if (chosen !== 'system')
    return { language: chosen, locale: wanted.find((tag) => base(tag) === chosen) ?? chosen };
  if (wanted[0]?.toLowerCase() === 'en-xa') return { language: 'pseudo', locale: 'en' };
  for (const tag of wanted) {
    const language = base(tag);
    if (isOurs(language)) return { language, locale: tag };
  }
  return { language: 'en', locale: 'en' };
}

/** @throws where the words cannot be loaded */
export async function speechOf(chosen: Language | 'system', wanted: readonly string[]): Promise<Speech> {
  const { language, locale } = choose(chosen, wanted);
  const { catalogue } = await LOADERS[language]();
  return { language, locale, direction: language === 'ar' ? 'rtl' : 'ltr', catalogue };
}
