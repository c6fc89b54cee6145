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

/** Letters of any script; one slip of the finger in a word is forgiven. */
const fuzzy = new uFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
  intraIns: 1,
  intraSub: 1,
  intraTrn: 1,
  intraDel: 1,
});
/** Candidates of which the places of a match are worked out. */
const RANKED = 1_000;

/** Where in the name it begins: at its start, at a word, inside of one; in the words that are taken as written; not in any of these. */
const TIERS = { start: 4, word: 3, inside: 2, words: 1, also: 0 } as const;

/** Of the same candidates the same letters are looked at with every key. */
interface Folded {
  names: string[];
  haystack: string[];
  /** With the words that are taken as written; of those that have any. */
  written: Map<number, string>;
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
  const made = { names, haystack, written };
  folded.set(candidates, made);
  return made;
}

/** Works out ahead what each key looks at: of thousands that is too much for the first one. */
export const prepare = (candidates: readonly Candidate[]): void => void foldedOf(candidates);

/**
 * @param used how much something was used
 * @param candidates in the order that holds where nothing else decides
 */
export function ranked<C extends Candidate>(
  query: string,
  candidates: readonly C[],
  used: (key: string) => number,
): Found<C>[] {
  const wanted = foldedName(query.trim());
  if (wanted === '') {
    // Of thousands only some were ever used.
    const uses = new Map(
      candidates.flatMap((one): [C, number][] => (used(one.key) > 0 ? [[one, used(one.key)]] : [])),
    );
    const first = [...uses.keys()].sort((one, other) => uses.get(other)! - uses.get(one)!);
    const others = candidates.filter((one) => !uses.has(one));
    return [...first, ...others].map((candidate) => ({ candidate, marks: [] }));
  }
  const { names, haystack, written } = foldedOf(candidates);
  const parts = wanted.split(/\s+/);
  const [indexes] = fuzzy.search(haystack, wanted, 1, 0);
  const places = placesOf(wanted, haystack, indexes ?? []);
  const found = (indexes ?? []).map((place) => {
    const ordered = places.get(place);
    const ranges = ordered ?? placesOfParts(parts, names[place]!);
    const candidate = candidates[place]!;
    const name = names[place]!;
    const start = ranges[0] ?? name.length;
    const tier =
      start >= name.length
        ? TIERS.also
        : ordered === undefined
          ? TIERS.inside
          : start === 0
            ? TIERS.start
            : /[\p{L}\d]/u.test(name[start - 1]!)
              ? TIERS.inside
              : TIERS.word;
    const marks = marksOf(ranges, name, candidate.name);
    return { candidate, place, tier: tier as number, use: used(candidate.key), marks };
  });
  const met = new Set(found.map(({ place }) => place));
  for (const [place, text] of written)
    if (!met.has(place) && parts.every((part) => text.includes(part))) {
      const candidate = candidates[place]!;
      found.push({ candidate, place, tier: TIERS.words, use: used(candidate.key), marks: [] });
    }
  return found
    .sort(
      (one, other) =>
        other.tier - one.tier ||
        other.use - one.use ||
        one.candidate.name.length - other.candidate.name.length ||
        one.place - other.place,
    )
    .map(({ candidate, marks }) => ({ candidate, marks }));
}

/** Where it stands: by candidate, of those that have it in the order in which it was typed. */
function placesOf(
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
