/** Which emoji somebody means: by shortcode first, then by name, then by what it is also called. */
import type { Emoji } from './emoji-data.ts';

export function findEmoji(all: readonly Emoji[], wanted: string, limit: number): Emoji[] {
  const words = wanted.toLocaleLowerCase().replaceAll('_', ' ').split(/\s+/u).filter(Boolean);
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
function rankOf({ codes, label, tags }: Emoji, words: readonly string[]): number | null {
  const whole = words.join('_');
  if (codes.includes(whole)) return 0;
  const names = [...codes.map((code) => code.replaceAll('_', ' ')), label.toLocaleLowerCase()];
  let rank = 0;
  for (const word of words) {
    if (names.some((name) => name.startsWith(word))) rank += 1;
    else if (names.some((name) => name.includes(` ${word}`))) rank += 2;
    else if (tags.some((tag) => tag.toLocaleLowerCase().startsWith(word))) rank += 3;
    else return null;
  }
  return rank + 1;
}
