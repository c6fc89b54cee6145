/**
 * What a person types into the search field: words, "phrases", begin*, -without, and from: in: before: after: has:. The same on the server and on the desktop.
 * Nothing that is typed is an error: what is not understood is searched for as it stands.
 */
import { LIMITS } from './limits.ts';
import { JOINED, wordsOf } from './words.ts';

export interface SearchTerm {
  /** Folded; several stand next to each other. */
  words: string[];
  /** As servers have indexed them that cut off fewer words; absent where that is the same. */
  joined?: string[];
  /** The last of them is only begun. */
  begun: boolean;
  /** Messages that have it are not wanted. */
  without: boolean;
}

export type Having = 'file' | 'link';

export interface SearchQuery {
  terms: SearchTerm[];
  /** Names or ids, as typed. Several: any of them. */
  from: string[];
  in: string[];
  /** Time of the message, ms: `after` and later, before `before`. */
  after: number | null;
  before: number | null;
  has: Having[];
}

/** Terms and filters beyond these are not looked at. */
export const QUERY_LIMITS = { length: LIMITS.searchLength, terms: 16 } as const;

const TOKEN = /(-)?(?:(from|in|before|after|has):)?(?:"([^"]*)"?|(\S+))(\*)?/gu;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_LENGTH = 86_400_000;

/** @param zone the searcher's minutes east of UTC, by which days begin */
export function parseQuery(text: string, zone = 0): SearchQuery {
  const query: SearchQuery = { terms: [], from: [], in: [], after: null, before: null, has: [] };
  for (const [whole, minus, filter, quoted, bare] of text.slice(0, QUERY_LIMITS.length).matchAll(TOKEN)) {
    const value = quoted ?? bare ?? '';
    if (filter !== undefined && value !== '' && applied(query, filter, value, zone)) continue;
    const phrase = quoted !== undefined && filter === undefined;
    const plain = phrase ? value : whole.slice(minus?.length ?? 0);
    const [words, joined] = spelled(plain);
    const last = words.at(-1);
    if (last === undefined || query.terms.length === QUERY_LIMITS.terms) continue;
    const begun = whole.endsWith('*') || (!phrase && JOINED.test(last));
    const fewer = joined.length < words.length ? { joined } : {};
    query.terms.push({ words, ...fewer, begun, without: minus !== undefined });
  }
  return query;
}

/** Its words, and those that a dictionary has. */
function spelled(text: string): [words: string[], joined: string[]] {
  const [words, joined]: [string[], string[]] = [[], []];
  for (const { word, cut } of wordsOf(text)) {
    words.push(word);
    joined.push(cut ? `${joined.pop() ?? ''}${word}` : word);
  }
  return [words, joined];
}

/** Whether the filter was understood. */
function applied(query: SearchQuery, filter: string, value: string, zone: number): boolean {
  switch (filter) {
    case 'from':
      query.from.push(value);
      return true;
    case 'in':
      query.in.push(value);
      return true;
    case 'has':
      if (value !== 'file' && value !== 'link') return false;
      if (!query.has.includes(value)) query.has.push(value);
      return true;
    default: {
      const midnight = startOf(value, zone);
      if (midnight === null) return false;
      if (filter === 'before') query.before = Math.min(query.before ?? Infinity, midnight);
      // After a day: from the next one on.
      else query.after = Math.max(query.after ?? -Infinity, midnight + DAY_LENGTH);
      return true;
    }
  }
}

function startOf(day: string, zone: number): number | null {
  const match = DAY.exec(day);
  if (!match) return null;
  const utc = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(utc) ? null : utc - zone * 60_000;
}

/** Whether anything is asked for. */
export const asksNothing = (query: SearchQuery): boolean =>
  query.terms.every(({ without }) => without) &&
  query.from.length + query.in.length + query.has.length === 0 &&
  query.after === null &&
  query.before === null;

/** Where a text has what is looked for: [from, to) pairs in order, UTF-16 units. */
export function marksIn(text: string, terms: readonly SearchTerm[]): [number, number][] {
  const words = [...wordsOf(text)];
  const marks: [number, number][] = [];
  const wanted = terms.filter(({ without }) => !without);
  for (let at = 0; at < words.length; ) {
    const length = Math.max(0, ...wanted.map((term) => lengthAt(words, at, term)));
    if (length > 0) marks.push([words[at]!.from, words[at + length - 1]!.to]);
    at += Math.max(1, length);
  }
  return marks;
}

/** Words that a term covers from a place on; 0 where it is not there. */
function lengthAt(
  words: readonly { word: string }[],
  at: number,
  { words: wanted, begun }: SearchTerm,
): number {
  for (const [i, word] of wanted.entries()) {
    const there = words[at + i]?.word;
    if (there === undefined) return 0;
    const last = i === wanted.length - 1;
    if (!(begun && last ? there.startsWith(word) : there === word)) return 0;
  }
  return wanted.length;
}
