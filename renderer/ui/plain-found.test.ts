import { expect, it } from 'vitest';
import { plainFound } from './plain-found.ts';

const at = (text: string, ...words: string[]) =>
  plainFound({
    text,
    marks: words.map((word) => [text.indexOf(word), text.indexOf(word) + word.length] as const),
  });

it('shows what was found as it reads, with the same words marked', () => {
  const found = at('The **ferry** goes at `9:40` from the [old pier](https://pier.example)', 'ferry', 'pier');
  expect(found.text).toBe('The ferry goes at 9:40 from the old pier');
  expect(found.marks.map(([from, to]) => found.text.slice(from, to))).toEqual(['ferry', 'pier']);
  expect(at('snake_case_word and 2 * 3 * 4', 'case').text).toBe('snake_case_word and 2 * 3 * 4');
});

it('marks a part of a word, and tells nothing of what is covered', () => {
  expect(at('a **match**book 👋 here', 'match', 'here')).toEqual({
    text: 'a matchbook 👋 here',
    marks: [
      [2, 7],
      [15, 19],
    ],
  });
  expect(at('It was ||the butler|| in the end', 'butler')).toEqual({
    text: 'It was ■■■■ in the end',
    marks: [],
  });
});
