/**
 * Words of a text, for full-text search: the same in the index and in a query, on the server and on the desktop. Segmented as Unicode's text segmentation
 * (UAX #29) says, with dictionaries where there are no spaces between words; then folded, so that case, width, accents and final forms do not matter.
 */

/** Longer words are cut; nobody searches for more. In UTF-16 units. */
const WORD_LENGTH = 64;
/** Accents of Latin, Greek and Cyrillic, points of Hebrew, marks and stretching of Arabic, variants of emoji: readers look for what is below them. */
const MARKS = new RegExp(
  `[${[
    '0300-036f',
    '0483-0487',
    '0591-05c7',
    '0610-061a',
    '0640',
    '064b-065f',
    '0670',
    '1ab0-1aff',
    '1dc0-1dff',
    '20d0-20ff',
    'fe0f',
  ]
    .map((range) => range.replace(/\w+/g, '\\u$&'))
    .join('')}]`,
  'g',
);
/** Letters that decomposition does not take apart, as their readers type them. */
const LETTERS: Readonly<Record<string, string>> = {
  ς: 'σ',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  // Forms of one Arabic letter, and the same of Persian and Urdu.
  ى: 'ي',
  ی: 'ي',
  ئ: 'ي',
  ک: 'ك',
  ة: 'ه',
  ؤ: 'و',
  // Hiragana and Katakana stay apart: they are different words.
};
const UNDECOMPOSED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/** Of a text in small letters. */
export const asTyped = (text: string): string => text.replace(UNDECOMPOSED, (letter) => LETTERS[letter]!);

/** A locale decides nothing here but which dictionary a Japanese or Thai text gets, and ICU sees that by script. */
let segmenter: Intl.Segmenter | null = null;
/** Made at the first use: it takes longer (15 to 20 ms) than opening a store, and a start segments nothing. */
function segmented(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  return segmenter.segment(text);
}

export interface Word {
  /** Folded. */
  word: string;
  /** Where it stands in the text: from (inclusive) to (exclusive), UTF-16 units. */
  from: number;
  to: number;
  /** Cut off from the word before it, with which dictionaries have it as one. */
  cut?: true;
}

const ASCII = /^[ -~]*$/;

/** One spelling of all that a reader takes for the same. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.slice(0, WORD_LENGTH).toLowerCase();
  const small = text.normalize('NFKD').replace(MARKS, '').normalize('NFKC').toLowerCase().replace(MARKS, '');
  return asTyped(small).slice(0, WORD_LENGTH);
}

/** Segments join what versions of ICU see differently (`a.example`, `don't`, `3.14`); its parts are words everywhere. */
const PARTS =
  /[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\u200d|\ufe0f|[\u{1f3fb}-\u{1f3ff}])*/gu;

/**
 * Nothing but ASCII, Latin, Greek and Cyrillic letters and the punctuation between them: there a word is a run of letters and digits, and the segmenter, which takes
 * most of the time of indexing, would find the same.
 */
const ALPHABETIC =
  /^[\s -~\xab\xbb\xc0-\u024f\u0370-\u0481\u048a-\u052f\u2013\u2014\u2018-\u201e\u2026\u20ac]*$/;

/**
 * A dictionary has some words of Chinese characters and Katakana whole (東京タワー) and others not: a reader looks for either part. ヵ and ヶ count, and belong to what
 * they stand in (八ヶ岳).
 */
const KANA = '(?![ヵヶ])[\\p{Script=Katakana}ー\uff70]';
const OTHERS = '[\\p{Script=Han}\\p{Script=Hiragana}]';
const HAS_KANA = /\p{Script=Katakana}/u;
const BESIDE_KANA = new RegExp(`(?<=${OTHERS})(?=(?!ー)${KANA})|(?<=${KANA})(?=${OTHERS})`, 'u');

/** Words in order. Emoji are words too; punctuation and spaces are not. */
export function* wordsOf(text: string): Generator<Word> {
  if (ALPHABETIC.test(text)) yield* partsOf(text, 0);
  else for (const { segment, index } of segmented(text)) yield* partsOf(segment, index);
}

function* partsOf(segment: string, index: number): Generator<Word> {
  for (const part of segment.matchAll(PARTS)) {
    let from = index + part.index;
    const pieces = HAS_KANA.test(part[0]) ? part[0].split(BESIDE_KANA) : [part[0]];
    for (const [i, piece] of pieces.entries()) {
      const word = fold(piece);
      if (word !== '') yield { word, from, to: from + piece.length, ...(i > 0 ? { cut: true } : {}) };
      from += piece.length;
    }
  }
}

/** Scripts whose words are written together, or get endings: what is typed is taken for a beginning. */
export const JOINED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
