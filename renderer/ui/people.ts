/** Who somebody is on screen: a title for a conversation, initials and a hue that stays the same. */
import type { ConversationRow } from '@matchbook/protocol/bridge';

/** The others of a conversation by name; null where no name is known yet. */
export function otherName(row: ConversationRow, user: string): string | null {
  const names = row.members
    .filter((member) => member.user !== user)
    .map((member) => member.name)
    .filter((name) => name !== null);
  return names.length > 0 ? names.join(', ') : null;
}

/** Up to two letters as a reader sees them, from the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return chosen.map((word) => firstLetter(word).toLocaleUpperCase()).join('');
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstLetter = (word: string): string =>
  letters.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

/** Degrees on the colour wheel, from an id. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) % 24) * 15;
}
