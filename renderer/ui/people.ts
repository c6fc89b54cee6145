/** Who somebody is on screen: a title for a conversation, initials and a hue that stays the same. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { apart } from '@matchbook/protocol/text';
import type { Words } from '../i18n/words.tsx';

/** Names that stand for a group without one. */
const NAMES = 3;

/**
 * The name of a group, also one that waits to be sent or, of a group that was never made, failed with it; else the others by name, so that a group is not taken for a talk with one
 * of them. Null where nothing is known yet of somebody.
 */
export function otherName(row: ConversationRow, user: string, say: Words['say']): string | null {
  const given = row.form === 'group' ? groupName(row) : null;
  if (given !== null) return given;
  const names = row.members
    .filter((member) => member.user !== user)
    .map((member) => member.name)
    .filter((name) => name !== null);
  const [name] = names;
  if (row.form === 'group' && names.length < 2)
    return name === undefined ? say('app.group') : say('app.groupWith', { name });
  if (name === undefined) return null;
  const some = apart(names.slice(0, NAMES)).join(say('app.between'));
  return names.length > NAMES ? `${some} …` : some;
}

export function groupName({ name, headN, changes = [] }: ConversationRow): string | null {
  const waiting = changes.findLast(
    ({ append, delivery }) => append.kind === 'rename' && (delivery !== 'failed' || headN === 0),
  );
  const body = waiting && 'body' in waiting.append ? waiting.append.body : undefined;
  return body && 'text' in body ? body.text : name;
}

/** Up to two letters as a reader sees them, from the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return chosen.map((word) => firstLetter(word).toLocaleUpperCase()).join('');
}

/** Letters of a name beside what was said. */
const NAMED = 14;

/** There is little room: whoever is meant is known by it. The sign behind it stays, however long it is. */
export function firstWord(name: string): string {
  const word = name.trim().split(/\s+/u)[0] ?? name;
  if (word.length <= NAMED) return word;
  const seen = [...letters.segment(word)].map(({ segment }) => segment);
  return seen.length > NAMED ? `${seen.slice(0, NAMED - 1).join('')}…` : word;
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** The first letter or digit, whatever brackets or quotes stand before it; of an emoji the whole of it. */
function firstLetter(word: string): string {
  const seen = [...letters.segment(word)].map(({ segment }) => segment);
  return seen.find((one) => /^[\p{L}\p{N}]/u.test(one)) ?? seen[0] ?? '';
}

/** Degrees on the colour wheel, from an id. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) % 24) * 15;
}
