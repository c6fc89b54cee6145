/** What the quick switcher finds, and in which order: names by how they match, then by how much they were used. */
import uFuzzy from '@leeoniya/ufuzzy';
import { foldedName } from '../people/folded-name.ts';

export interface Candidate {
  /** Under which its use is remembered. */
  key: string;
  name: string;
  /** More names by which it is found, after the name. */
  also?: string;
  /** What others call it, by which it is found as written: of long lists a slip of the finger would find anything. */
  words?: string;
}

export interface Found<C extends Candidate> {
  candidate: C;
  /** What of the name matched: [from, to) pairs. */
  marks: [number, number][];
}

/** One slip of the finger in a word is forgiven. @param letters inside of a class; what is none of them parts words */
const fuzzyOf = (letters: string) =>
  new uFuzzy({
    unicode: true,
    interSplit: `[^${letters}\\d']+`,
    intraSplit: '\\p{Ll}\\p{Lu}',
    intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
    intraChars: `[${letters}\\d']`,
    intraContr: "'\\p{L}{1,2}\\b",
    intraMode: 1,
    intraIns: 1,
    intraSub: 1,
    intraTrn: 1,
    intraDel: 1,
  });
/** Letters of any script. A class of them all costs most of what a key takes: it is made anew for each, and stands in it many times. */
const ANY = fuzzyOf('\\p{L}');
/** Names that are written with so many different letters have no class of their own. */
const LETTERS = 200;

/** Candidates of which the places of a match are worked out. */
const RANKED = 1_000;

/** Where in the name it begins: at its start, at a word, inside of one; in the words that are taken as written; not in any of these; inside of a word and with a slip, which seldom is what was meant. */
const TIERS = { start: 5, word: 4, inside: 3, words: 2, also: 1, slip: 0 } as const;

/** Of the same candidates the same letters are looked at with every key. */
interface Folded {
  names: string[];
  haystack: string[];
  /** With the words that are taken as written; of those that have any. */
  written: Map<number, string>;
  /** Letters that occur; null where they are too many. */
  letters: ReadonlySet<string> | null;
  fuzzy: uFuzzy;
}
const folded = new WeakMap<readonly Candidate[], Folded>();
function foldedOf(candidates: readonly Candidate[]): Folded {
  const known = folded.get(candidates);
  if (known) return known;
  const names = candidates.map(({ name }) => foldedName(name));
  const haystack = candidates.map(({ also }, i) => (also ? `${names[i]} ${foldedName(also)}` : names[i]!));
  const written = new Map(
    candidates.flatMap(({ words }, i): [number, string][] =>
      words ? [[i, `${haystack[i]} ${foldedName(words)}`]] : [],
    ),
  );
  const letters = lettersOf(haystack.join(' '));
  const few = letters.size <= LETTERS;
  const fuzzy = few ? fuzzyOf(['a-z', ...letters].join('')) : ANY;
  const made = { names, haystack, written, letters: few ? letters : null, fuzzy };
  folded.set(candidates, made);
  return made;
}

const lettersOf = (text: string): Set<string> => new Set(text.match(/(?![a-z])\p{L}/gu));

/** A letter that no name has would part the word that it stands in. */
function fuzzyFor(wanted: string, { letters, fuzzy }: Folded): uFuzzy {
  return letters === null || [...lettersOf(wanted)].every((letter) => letters.has(letter)) ? fuzzy : ANY;
}

/** Works out ahead what each key looks at: of thousands that is too much for the first one. */
export const prepare = (candidates: readonly Candidate[]): void => void foldedOf(candidates);

interface Match<C extends Candidate> {
  candidate: C;
  place: number;
  tier: number;
  use: number;
}

const better = (one: Match<Candidate>, other: Match<Candidate>): number =>
  other.tier - one.tier ||
  other.use - one.use ||
  one.candidate.name.length - other.candidate.name.length ||
  one.place - other.place;

/**
 * @param used how much something was used
 * @param candidates in the order that holds where nothing else decides
 * @param most so many are asked for: of thousands that match only these are put in order
 */
export function ranked<C extends Candidate>(
  query: string,
  candidates: readonly C[],
  used: (key: string) => number,
  most = candidates.length,
): Found<C>[] {
  const wanted = foldedName(query.trim());
  if (wanted === '') return unasked(candidates, used, most);
  const among = foldedOf(candidates);
  const { names, haystack, written } = among;
  const fuzzy = fuzzyFor(wanted, among);
  const parts = wanted.split(/\s+/);
  const indexes = fuzzy.search(haystack, wanted, 1, 0)[0] ?? [];
  const places = placesOf(fuzzy, wanted, haystack, indexes);
  const best: Match<C>[] = [];
  const meet = (place: number, tier: number) => {
    const candidate = candidates[place]!;
    const match = { candidate, place, tier, use: used(candidate.key) };
    const last = best[most - 1];
    if (last && better(match, last) >= 0) return;
    // Mostly few are asked for: each is put where it belongs among them.
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (better(best[middle]!, match) < 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, match);
    if (best.length > most) best.pop();
  };
  const asWritten = (text: string | undefined) =>
    text !== undefined && parts.every((part) => text.includes(part));
  for (const place of indexes) {
    const tier = tierOf(places.get(place), parts, names[place]!);
    meet(place, tier < TIERS.words && asWritten(written.get(place)) ? TIERS.words : tier);
  }
  if (written.size > 0) {
    const met = new Set(indexes);
    for (const [place, text] of written) if (!met.has(place) && asWritten(text)) meet(place, TIERS.words);
  }
  return best.map(({ candidate, place, tier }) => {
    const name = names[place]!;
    if (tier === TIERS.words) return { candidate, marks: [] };
    return {
      candidate,
      marks: marksOf(places.get(place) ?? placesOfParts(parts, name), name, candidate.name),
    };
  });
}

/** Where nothing is asked for yet: what was used most, then the others in their order. */
function unasked<C extends Candidate>(
  candidates: readonly C[],
  used: (key: string) => number,
  most: number,
): Found<C>[] {
  // Of thousands only some were ever used.
  const uses = new Map(
    candidates.flatMap((one): [C, number][] => {
      const use = used(one.key);
      return use > 0 ? [[one, use]] : [];
    }),
  );
  const found = [...uses.keys()].sort((one, other) => uses.get(other)! - uses.get(one)!).slice(0, most);
  for (const one of candidates) {
    if (found.length >= most) break;
    if (!uses.has(one)) found.push(one);
  }
  return found.map((candidate) => ({ candidate, marks: [] }));
}

/** @param ordered where the name has it in the order in which it was typed; absent where that is not worked out, or is in no such order */
function tierOf(ordered: readonly number[] | undefined, parts: readonly string[], name: string): number {
  const start = ordered ? (ordered[0] ?? name.length) : firstOf(parts, name);
  if (start >= name.length) return TIERS.also;
  if (ordered === undefined) return TIERS.inside;
  if (start === 0) return TIERS.start;
  if (!/[\p{L}\d]/u.test(name[start - 1]!)) return TIERS.word;
  return firstOf(parts, name) < name.length ? TIERS.inside : TIERS.slip;
}

/** Where the first of the words begins; the length of the name where it does not have all of them. */
function firstOf(parts: readonly string[], name: string): number {
  let first = name.length;
  for (const part of parts) {
    const at = name.indexOf(part);
    if (at < 0) return name.length;
    first = Math.min(first, at);
  }
  return first;
}

/** Where it stands: by candidate, of those that have it in the order in which it was typed. */
function placesOf(
  fuzzy: uFuzzy,
  wanted: string,
  haystack: string[],
  indexes: readonly number[],
): ReadonlyMap<number, readonly number[]> {
  // Of several words the library tells only who has them all.
  const ordered = indexes.length <= RANKED ? fuzzy.filter(haystack, wanted, [...indexes]) : null;
  if (!ordered?.length) return new Map();
  const info = fuzzy.info(ordered, haystack, wanted);
  return new Map(info.idx.map((place, at) => [place, info.ranges[at]!]));
}

/** Words in another order than they were typed in, each as written; none where one of them is not in the name. */
function placesOfParts(parts: readonly string[], name: string): number[] {
  const at = parts.map((part) => [name.indexOf(part), part.length] as const).sort(([a], [b]) => a - b);
  return at[0]![0] < 0 ? [] : at.flatMap(([from, length]) => [from, from + length]);
}

/** In the name as it is written; none where folding changed its length, so that no wrong letter is marked. */
function marksOf(ranges: readonly number[], folded: string, name: string): [number, number][] {
  if (folded.length !== name.length) return [];
  const marks: [number, number][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [from, to] = [ranges[i]!, Math.min(ranges[i + 1]!, name.length)];
    if (from < to) marks.push([from, to]);
  }
  return marks;
}
