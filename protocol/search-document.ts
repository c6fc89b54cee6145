/** A message as full-text search finds it, and the question for it in FTS5's language: the same on the server and on the desktop. */
import type { MessageContent } from './message-body.ts';
import type { SearchTerm } from './search-query.ts';
import { wordsOf } from './words.ts';

/** Words of at most this much text are looked for; what comes after is not found. UTF-16 units. */
export const TEXT_LIMIT = 64 * 1024;

/** Facts about a message, as words that no text has. Keys are numbers of the index. */
export const term = {
  conversation: (key: number) => `c${key}`,
  sender: (key: number) => `s${key}`,
  file: 'file',
  link: 'link',
} as const;

const LINK = /\bhttps?:\/\/\S/i;

/** Folded words in order, of the text and of the files' names; and what it has. */
export function documentOf({ text, files = [] }: MessageContent): { words: string[]; terms: string[] } {
  const said = [text, ...files.map(({ name }) => name)].join('\n').slice(0, TEXT_LIMIT);
  return {
    words: Array.from(wordsOf(said), ({ word }) => word),
    terms: [...(files.length > 0 ? [term.file] : []), ...(LINK.test(text) ? [term.link] : [])],
  };
}

/** The text that a hit shows. */
export const shownOf = ({ text, files = [] }: MessageContent): string =>
  text || files.map(({ name }) => name).join('\n');

export interface Wanted {
  terms: readonly SearchTerm[];
  /** All of these groups, of each any one. */
  facts: readonly (readonly string[])[];
}

/** In FTS5's language, over the columns `terms` and `words`: every word is a string, so that none is an operator. */
export function matchOf({ terms, facts }: Wanted): string {
  const text = (word: string) => `"${word.replaceAll('"', '""')}"`;
  const phrase = ({ words, joined, begun }: SearchTerm) =>
    [words, ...(joined ? [joined] : [])]
      .map((all) => `words : (${all.map(text).join(' + ')}${begun ? ' *' : ''})`)
      .join(' OR ');
  const wanted = [
    ...facts.map((group) => `terms : (${group.map(text).join(' OR ')})`),
    ...terms.filter(({ without }) => !without).map(phrase),
  ].map((one) => `(${one})`);
  const unwanted = terms.filter(({ without }) => without).map((one) => `(${phrase(one)})`);
  const all = wanted.join(' AND ');
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`;
}

/** FTS5's part: tokens are ours, the tokenizer only finds the spaces between them. */
export const FTS5_TOKENIZE = `unicode61 remove_diacritics 0 categories 'L* N* M* Co So Sk'`;
