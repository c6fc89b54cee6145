/** All emoji, loaded when somebody first wants one: names and tags in the language of the window, shortcodes as everywhere. */
import { drawing, drawnOnly } from './drawn-emoji.ts';

export interface Emoji {
  /** Without a skin tone. */
  unicode: string;
  label: string;
  tags: readonly string[];
  /** Without colons; the first one is the usual one. */
  codes: readonly string[];
  group: number;
  /** By tone, 1 (light) to 5 (dark); empty where it has no skin. */
  tones: readonly string[];
}

/** Skin and hair alone are no emoji. */
const COMPONENTS = 2;

/** As emojibase-data has them. */
interface Named {
  unicode: string;
  label: string;
  hexcode: string;
  group?: number;
  order?: number;
  tags?: string[];
  skins?: { unicode: string; label: string }[];
}
type Codes = Record<string, string | string[]>;
type Loaded<T> = Promise<{ default: T }>;

const NAMES: Record<string, () => Loaded<Named[]>> = {
  en: () => import('emojibase-data/en/compact.json') as unknown as Loaded<Named[]>,
  de: () => import('emojibase-data/de/compact.json') as unknown as Loaded<Named[]>,
  fr: () => import('emojibase-data/fr/compact.json') as unknown as Loaded<Named[]>,
  es: () => import('emojibase-data/es/compact.json') as unknown as Loaded<Named[]>,
  ja: () => import('emojibase-data/ja/compact.json') as unknown as Loaded<Named[]>,
  ar: arabic,
};

/** As Unicode's CLDR has them: `default` is what it is found by, `tts` what is said. */
interface Annotations {
  annotations: { annotations: Record<string, { default?: string[]; tts?: string[] }> };
}

/** The data of pickers has no Arabic: its emoji, by the names that Unicode gives them. What has none there keeps its English one. */
async function arabic(): Loaded<Named[]> {
  const [english, unicode] = await Promise.all([
    NAMES.en!(),
    import('cldr-annotations-full/annotations/ar/annotations.json') as unknown as Loaded<Annotations>,
  ]);
  const { annotations } = unicode.default.annotations;
  const regions = new Intl.DisplayNames('ar', { type: 'region' });
  const about = (emoji: string) => annotations[emoji] ?? annotations[emoji.replaceAll('\ufe0f', '')];
  /** Of a family: who is in it. */
  const partsOf = (emoji: string) => {
    const names = emoji.split('\u200d').map((part) => about(part)?.tts?.[0]);
    return names.length > 1 && names.every((name) => name !== undefined) ? names.join('، ') : undefined;
  };
  const named = english.default.map((emoji): Named => {
    const found = about(emoji.unicode);
    const label = found?.tts?.[0] ?? flagOf(emoji.unicode, regions) ?? partsOf(emoji.unicode);
    if (label === undefined) return emoji;
    // Who learnt the English word finds it by that too.
    return { ...emoji, label, tags: [...(found?.default ?? []), emoji.label, ...(emoji.tags ?? [])] };
  });
  return { default: named };
}

const REGIONAL_A = 0x1f1e6;

/** Whose flag two regional letters are; undefined of anything else. */
function flagOf(unicode: string, regions: Intl.DisplayNames): string | undefined {
  if (!/^\p{Regional_Indicator}{2}$/u.test(unicode)) return undefined;
  const letters = [...unicode].map((one) => String.fromCharCode(0x41 + one.codePointAt(0)! - REGIONAL_A));
  const name = regions.of(letters.join(''));
  return name && `علم ${name}`;
}

const loaded = new Map<string, Promise<readonly Emoji[]>>();

/** The language of the names that a window in this language gets. */
export const namedIn = (language: string): string => (Object.hasOwn(NAMES, language) ? language : 'en');

/** In the order of keyboards. What has no names of its own language has English ones. */
export function loadEmoji(language: string): Promise<readonly Emoji[]> {
  const spoken = namedIn(language);
  let all = loaded.get(spoken);
  if (!all) {
    all = load(spoken);
    loaded.set(spoken, all);
    // Asked for again, it is tried again.
    all.catch(() => loaded.delete(spoken));
  }
  return all;
}

async function load(language: string): Promise<readonly Emoji[]> {
  const [names, codes, english] = await Promise.all([
    NAMES[language]!(),
    import('emojibase-data/en/shortcodes/github.json') as unknown as Loaded<Codes>,
    import('emojibase-data/en/shortcodes/emojibase.json') as unknown as Loaded<Codes>,
  ]);
  const codesOf = (hexcode: string) => [
    ...new Set([codes.default[hexcode] ?? [], english.default[hexcode] ?? []].flat()),
  ];
  const all = names.default
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .map(({ unicode, label, tags = [], hexcode, group, skins = [] }) => ({
      ...{ unicode, label, tags, group: group! },
      codes: codesOf(hexcode),
      // Two people may have two tones: those that have the same one are enough.
      tones:
        skins.length >= 5
          ? skins
              .filter(({ label: name }) => !name.includes(','))
              .slice(0, 5)
              .map((one) => one.unicode)
          : [],
    }));
  return drawnOnly(all, drawing());
}

/** @param tone 0 (none) to 5 */
export const toned = (emoji: Emoji, tone: number): string => emoji.tones[tone - 1] ?? emoji.unicode;
