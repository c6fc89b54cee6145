import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, formatted, isInCode } from './formatting.ts';

/** `[` and `]` are the ends of what is selected. */
function apply(marked: string, format: Format): string {
  const start = marked.indexOf('[');
  const end = marked.indexOf(']') - 1;
  const text = marked.replace('[', '').replace(']', '');
  const after = formatted({ text, start, end }, format);
  return `${after.text.slice(0, after.start)}[${after.text.slice(after.start, after.end)}]${after.text.slice(after.end)}`;
}

describe('formatting', () => {
  it.each<[Format, string, string]>([
    ['bold', 'a [b] c', 'a **[b]** c'],
    ['bold', 'a **[b]** c', 'a [b] c'],
    ['bold', 'a [**b**] c', 'a [b] c'],
    ['italic', 'a **[b]** c', 'a ***[b]*** c'],
    ['bold', 'a[ b ]c', 'a **[b]** c'],
    ['code', '[]', '`[]`'],
    ['strike', '[x]', '~~[x]~~'],
    ['spoiler', '[x]', '||[x]||'],
    ['quote', 'one\nt[wo\nth]ree', 'one\n[> two\n> three]'],
    ['list', '[- one\n- two]', '[one\ntwo]'],
    ['block', 'see [x] y', 'see \n```\n[x]\n```\n y'],
  ])('%s of %j is %j', (format, before, after) => {
    expect(apply(before, format)).toBe(after);
  });

  it('makes a link of words, or of an address', () => {
    expect(formatted({ text: 'here', start: 0, end: 4 }, 'link')).toEqual({
      text: '[here](https://)',
      start: 7,
      end: 15,
    });
    expect(formatted({ text: 'https://a.b', start: 0, end: 11 }, 'link')).toEqual({
      text: '[](https://a.b)',
      start: 1,
      end: 1,
    });
  });

  it('taken away again leaves what was there', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é') }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom<Format>('bold', 'italic', 'strike', 'code', 'spoiler', 'quote', 'list'),
        (text, a, b, format) => {
          const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort(
            (one, other) => one - other,
          ) as [number, number];
          expect(formatted(formatted({ text, start, end }, format), format).text).toBe(text);
        },
      ),
    );
  });
});

it.each<[string, boolean]>([
  ['```|', true],
  ['so:\n```ts\nlet a;|', true],
  ['```\na|\n```', true],
  ['```\na\n```|', false],
  ['```\na\n```\nb|', false],
  ['```\n````|', false],
  ['````\n```|', true],
  ['~~~\n```|', true],
  ['```a```|', false],
  ['|```\na', false],
  ['a ```|', false],
])('knows what is in a block of code: %j', (marked, within) => {
  expect(isInCode(marked.replace('|', ''), marked.indexOf('|'))).toBe(within);
});
