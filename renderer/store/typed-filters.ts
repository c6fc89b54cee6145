/**
 * Filters that are typed: `from:`, `in:`, `has:`, `before:`, `after:`, in English and in the words of one's own language. What is understood leaves the
 * text and is a filter; what is not stays, and is searched for as search-query.ts reads it. Pure.
 */
import { OPERATORS, type Operator } from './filters.ts';

/** What each is called besides its English name. */
export type OperatorWords = Readonly<Record<Operator, string>>;

export const ENGLISH_OPERATORS: OperatorWords = {
  ...{ from: 'from', in: 'in', has: 'has' },
  ...{ before: 'before', after: 'after' },
};

/** A filter that is being typed. */
export interface OpenFilter {
  operator: Operator;
  /** Behind the colon, without quotes. */
  value: string;
  /** Where it begins in the text, and where the caret is, UTF-16 units. */
  start: number;
  end: number;
}

/** What a value stands for; null where that is not known (yet). */
export type Resolve = (operator: Operator, value: string) => string | null;

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/** Longer names first: one may begin like another. */
function names(words: OperatorWords): string {
  const all = OPERATORS.flatMap((operator) => [operator, words[operator]]);
  return [...new Set(all)]
    .sort((one, other) => other.length - one.length)
    .map(escaped)
    .join('|');
}

const operatorOf = (name: string, words: OperatorWords): Operator =>
  OPERATORS.find((operator) => operator === name.toLowerCase()) ??
  OPERATORS.find((operator) => words[operator].toLowerCase() === name.toLowerCase())!;

/** The filter that ends at the caret; null where there is none. Its value may have blanks in it: names have. */
export function openFilter(text: string, caret: number, words: OperatorWords): OpenFilter | null {
  const before = text.slice(0, caret);
  const found = new RegExp(`(?:^|\\s)(${names(words)})[:：]("?)([^":：]*)$`, 'iu').exec(before);
  if (!found) return null;
  const [whole, name = '', , value = ''] = found;
  const start = caret - whole.trimStart().length;
  return { operator: operatorOf(name, words), value, start, end: caret };
}

/** Takes out what is typed whole, with the blank or the quote that ends it. */
export function takeFilters(
  text: string,
  words: OperatorWords,
  resolve: Resolve,
): { text: string; filters: [Operator, string][] } {
  const filters: [Operator, string][] = [];
  const whole = new RegExp(`(^|\\s)(${names(words)})[:：](?:"([^"]+)"|([^\\s"]+)(?=\\s))`, 'giu');
  const rest = text.replace(whole, (all, lead: string, name: string, quoted?: string, bare?: string) => {
    const operator = operatorOf(name, words);
    const value = resolve(operator, quoted ?? bare ?? '');
    if (value === null) return all;
    filters.push([operator, value]);
    return lead;
  });
  // Also the blank behind a quote that ended one: nobody looks for what begins with it.
  return { text: rest.trimStart(), filters };
}

/** The filters in the text that stand for nothing, in their order. */
export function misunderstood(
  text: string,
  words: OperatorWords,
  resolve: Resolve,
): { operator: Operator; value: string }[] {
  const any = new RegExp(`(?:^|\\s)(${names(words)})[:：](?:"([^"]+)"|([^\\s"]+))`, 'giu');
  return [...text.matchAll(any)].flatMap(([, name = '', quoted, bare = '']) => {
    const [operator, value] = [operatorOf(name, words), quoted ?? bare];
    return resolve(operator, value) === null ? [{ operator, value }] : [];
  });
}

/** As search-query.ts knows it: names of filters that stayed in the text are English, and one that is only begun is not there yet. */
export const inEnglish = (text: string, words: OperatorWords): string =>
  text
    .replace(
      new RegExp(`(^|\\s)(${names(words)})[:：]`, 'giu'),
      (_, lead: string, name: string) => `${lead}${operatorOf(name, words)}:`,
    )
    .replace(/(?:^|\s)(?:(?:from|in):|(?:has|before|after):\S*)$/u, '');

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day that there is, as `2026-03-31`. */
export function dayOf(value: string): string | null {
  const at = DAY.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : null;
}
