/** Which emoji somebody means: by shortcode first, then by name, then by what it is also called. */
import type { Emoji } from './emoji-data.ts';

export function findEmoji(all: readonly Emoji[], wanted: string, limit: number): Emoji[] {
  const words = folded(wanted).replaceAll('_', ' ').split(/\s+/u).filter(Boolean);
  if (words.length === 0) return all.slice(0, limit);
  const found: { emoji: Emoji; rank: number }[] = [];
  for (const emoji of all) {
    const rank = rankOf(emoji, words);
    if (rank !== null) found.push({ emoji, rank });
  }
  return found
    .sort((one, other) => one.rank - other.rank)
    .slice(0, limit)
    .map(({ emoji }) => emoji);
}

/** The lower the nearer; null where a word is nowhere. */
function rankOf(emoji: Emoji, words: readonly string[]): number | null {
  if (emoji.codes.includes(words.join('_'))) return 0;
  const { names, tags } = calledOf(emoji);
  let rank = 0;
  for (const word of words) {
    if (names.some((name) => name.startsWith(word))) rank += 1;
    else if (names.some((name) => name.includes(` ${word}`))) rank += 2;
    else if (tags.some((tag) => tag.startsWith(word))) rank += 3;
    else return null;
  }
  return rank + 1;
}

interface Called {
  names: readonly string[];
  tags: readonly string[];
}
const called = new WeakMap<Emoji, Called>();

function calledOf(emoji: Emoji): Called {
  const known = called.get(emoji);
  if (known) return known;
  const names = [...emoji.codes.map((code) => code.replaceAll('_', ' ')), folded(emoji.label)];
  const made = { names, tags: emoji.tags.map(folded) };
  called.set(emoji, made);
  return made;
}

/** As people type who leave accents away. */
const folded = (text: string): string =>
  text
    .toLocaleLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss');
