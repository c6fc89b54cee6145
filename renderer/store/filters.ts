/** What a search is narrowed by. Pure. */
export const OPERATORS = ['from', 'in', 'has', 'before', 'after'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filters {
  /** Users. */
  from: readonly string[];
  /** Conversations. */
  in: readonly string[];
  has: readonly ('file' | 'link')[];
  /** Days, `2026-03-31`. */
  after: string | null;
  before: string | null;
}

export const NO_FILTERS: Filters = { from: [], in: [], has: [], after: null, before: null };

/** As search-query.ts reads it. Ids stand for themselves. */
export function queryOf(text: string, { from, in: places, has, after, before }: Filters): string {
  return [
    text.trim(),
    ...from.map((user) => `from:${user}`),
    ...places.map((conv) => `in:${conv}`),
    ...has.map((what) => `has:${what}`),
    ...(after === null ? [] : [`after:${after}`]),
    ...(before === null ? [] : [`before:${before}`]),
  ]
    .filter(Boolean)
    .join(' ');
}

/** With one more. What there can be one of takes the place of the one before. */
export function withFilter(filters: Filters, operator: Operator, value: string): Filters {
  const also = <T extends string>(some: readonly T[]): readonly T[] =>
    some.includes(value as T) ? some : [...some, value as T];
  switch (operator) {
    case 'from':
      return { ...filters, from: also(filters.from) };
    case 'in':
      return { ...filters, in: also(filters.in) };
    case 'has':
      return { ...filters, has: also(filters.has) };
    case 'before':
    case 'after':
      return { ...filters, [operator]: value };
  }
}

/** Without the one that is shown last; null where there is none. */
export function withoutLast(filters: Filters): Filters | null {
  const { has, before, after, from, in: places } = filters;
  if (has.length > 0) return { ...filters, has: has.slice(0, -1) };
  if (before !== null) return { ...filters, before: null };
  if (after !== null) return { ...filters, after: null };
  if (from.length > 0) return { ...filters, from: from.slice(0, -1) };
  if (places.length > 0) return { ...filters, in: places.slice(0, -1) };
  return null;
}
