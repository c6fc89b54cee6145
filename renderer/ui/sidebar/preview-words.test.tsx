import { render } from '@testing-library/react';
import { createElement } from 'react';
import { expect, it } from 'vitest';
import { useWords, WordsProvider } from '../../i18n/words.tsx';
import { previewWords } from './preview-words.ts';

type Preview = Parameters<typeof previewWords>[0];
const said = (more: Partial<Preview>) => {
  const Said = () => {
    const words = useWords();
    return previewWords({ sender: 'bob', own: false, text: '', delivery: null, ...more }, words);
  };
  return render(createElement(WordsProvider, { children: createElement(Said) })).container.textContent;
};

it('says what a message has besides its text: spoken ones are no files', () => {
  expect(said({ files: ['audio/webm'], voice: true })).toBe('Voice message');
  expect(said({ files: ['audio/ogg'] })).toBe('Audio file');
  expect(said({ files: ['image/png', 'image/jpeg'], text: 'the shore' })).toBe('2 photos · the shore');
});
