import { describe, expect, it } from 'vitest';
import { NO_FILTERS, queryOf, withFilter, withoutLast } from './filters.ts';
import { dayOf, ENGLISH_OPERATORS, inEnglish, openFilter, takeFilters } from './typed-filters.ts';

const GERMAN = { from: 'von', in: 'in', has: 'hat', before: 'vor', after: 'nach' };
const ARABIC = { from: 'من', in: 'في', has: 'يحتوي', before: 'قبل', after: 'بعد' };
const people: Record<string, string> = { ann: 'u-ann', 'bob b': 'u-bob' };
const resolve = (operator: string, value: string) =>
  operator === 'from' ? (people[value] ?? null) : operator === 'has' && value !== 'file' ? null : value;

describe('a filter that is typed', () => {
  it('is open from its colon to the caret, in English and in one’s own language', () => {
    expect(openFilter('lake from:an', 12, ENGLISH_OPERATORS)).toEqual({
      ...{ operator: 'from', value: 'an', start: 5, end: 12 },
    });
    expect(openFilter('von:Ann Le', 10, GERMAN)).toMatchObject({
      operator: 'from',
      value: 'Ann Le',
      start: 0,
    });
    expect(openFilter('FROM:an', 7, GERMAN)).toMatchObject({ operator: 'from', value: 'an' });
    expect(openFilter('من:أ', 4, ARABIC)).toMatchObject({ operator: 'from', value: 'أ', start: 0 });
    expect(openFilter('from："an', 8, ENGLISH_OPERATORS)).toMatchObject({ operator: 'from', value: 'an' });
    // Before the caret only, at the beginning of a word only, and not the time of day.
    expect(openFilter('from:ann', 3, ENGLISH_OPERATORS)).toBeNull();
    expect(openFilter('therein:a', 9, ENGLISH_OPERATORS)).toBeNull();
    expect(openFilter('at 9:30', 7, ENGLISH_OPERATORS)).toBeNull();
    expect(openFilter('from:"ann" x', 12, ENGLISH_OPERATORS)).toBeNull();
  });

  it('leaves the text once it is whole and understood, and stays where it is not', () => {
    expect(takeFilters('from:ann lake', ENGLISH_OPERATORS, resolve)).toEqual({
      ...{ text: 'lake', filters: [['from', 'u-ann']] },
    });
    expect(takeFilters('lake von:"bob b"', GERMAN, resolve)).toEqual({
      ...{ text: 'lake ', filters: [['from', 'u-bob']] },
    });
    for (const text of ['from:ann', 'from:zoe lake', 'has:wings x', 'a from: b'])
      expect(takeFilters(text, ENGLISH_OPERATORS, resolve)).toEqual({ text, filters: [] });
    expect(takeFilters(' lake', ENGLISH_OPERATORS, resolve)).toEqual({ text: 'lake', filters: [] });
    expect(takeFilters('has:file from:ann in:c before:2026-01-01 x', ENGLISH_OPERATORS, resolve)).toEqual({
      text: 'x',
      filters: [
        ['has', 'file'],
        ['from', 'u-ann'],
        ['in', 'c'],
        ['before', '2026-01-01'],
      ],
    });
  });

  it('is asked in English, and not before it is more than begun', () => {
    expect(inEnglish('von:Zoe See', GERMAN)).toBe('from:Zoe See');
    expect(inEnglish('See von:', GERMAN)).toBe('See');
    expect(inEnglish('lake before:2026-', ENGLISH_OPERATORS)).toBe('lake');
    expect(inEnglish('has:', ENGLISH_OPERATORS)).toBe('');
    expect(inEnglish('at 9:30', ENGLISH_OPERATORS)).toBe('at 9:30');
  });

  it('is kept once, or in the place of the one before; the last one shown is dropped first', () => {
    let filters = NO_FILTERS;
    for (const [operator, value] of [
      ['from', 'a'],
      ['from', 'a'],
      ['in', 'c'],
      ['after', '2026-01-01'],
      ['after', '2026-01-02'],
      ['has', 'link'],
    ] as const)
      filters = withFilter(filters, operator, value);
    expect(queryOf('x', filters)).toBe('x from:a in:c has:link after:2026-01-02');
    const left: string[] = [];
    for (let next = withoutLast(filters); next; next = withoutLast(next)) left.push(queryOf('', next));
    expect(left).toEqual(['from:a in:c after:2026-01-02', 'from:a in:c', 'in:c', '']);
  });

  it('is a day that there is', () => {
    expect(dayOf('2026-02-28')).toBe('2026-02-28');
    for (const none of ['2026-02-29', '2026-13-01', '2026-2-1', 'today', '']) expect(dayOf(none)).toBeNull();
  });
});
