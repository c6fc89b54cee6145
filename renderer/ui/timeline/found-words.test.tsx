import { expect, it } from 'vitest';
import { rangesOf } from './found-words.ts';

const marked = (html: string, words: string[]) => {
  const text = document.createElement('div');
  text.innerHTML = html;
  return rangesOf(text, words).map(String);
};

it('finds the words whatever their case, also where a format begins within one', () => {
  expect(marked('<p>Harbour and harbour</p>', ['harbour'])).toEqual(['Harbour', 'harbour']);
  expect(marked('<p>the <strong>har</strong>bour, <em>at nine</em></p>', ['harbour', 'nine'])).toEqual([
    'harbour',
    'nine',
  ]);
  expect(marked('<p>東京駅で会う</p>', ['東京'])).toEqual(['東京']);
});

it('takes what was searched for as it is written', () => {
  expect(marked('<p>a+b (c) [d] x-y 1/2</p>', ['a+b', '(c)', '[d]', 'x-y', '1/2'])).toHaveLength(5);
  expect(marked('<p>aab</p>', ['a.b'])).toEqual([]);
  expect(marked('<p>words</p>', ['', 'other'])).toEqual([]);
});
