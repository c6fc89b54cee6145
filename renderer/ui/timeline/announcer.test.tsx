import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { ownRow } from '../testing/fake-bridge.ts';
import { Announcer } from './announcer.tsx';

const row = (n: number, text: string, own = false): TimelineRow => ({
  ...ownRow(`m${n}`, text, n),
  own,
  sender: own ? 'me' : 'bob',
});

function announcer(first: TimelineRow[], beyond: number | null = null) {
  const drawn = (rows: TimelineRow[], beyond: number | null) => (
    <WordsProvider locale="en">
      <Announcer rows={rows} beyond={beyond} nameOf={() => 'Bob'} ready />
    </WordsProvider>
  );
  const { rerender } = render(drawn(first, beyond));
  const told = () => [...screen.getByTestId('announcer').children];
  return {
    again: (rows: TimelineRow[], further: number | null = null) => rerender(drawn(rows, further)),
    told,
    words: () => told().map(({ textContent }) => textContent),
  };
}

it('reads out what others say, and nothing of before or of one’s own', () => {
  const { again, words } = announcer([row(1, 'before')]);
  expect(words()).toEqual([]);
  again([row(1, 'before'), row(2, 'one'), row(3, 'mine', true)]);
  expect(words()).toEqual(['Bob: one']);
  again([row(1, 'before'), row(2, 'one'), row(3, 'mine', true), row(4, 'also mine', true)]);
  expect(words()).toEqual(['Bob: one']);
});

it('reads out each of those that come at once, the last three of many', () => {
  const { again, words } = announcer([row(1, 'before')]);
  again([row(1, 'before'), row(2, 'one'), row(3, 'two')]);
  expect(words()).toEqual(['Bob: one', 'Bob: two']);
  again(['a', 'b', 'c', 'd', 'e'].map((text, i) => row(4 + i, text)));
  expect(words()).toEqual(['Bob: c', 'Bob: d', 'Bob: e']);
});

it('reads out nothing of what was there already, as one comes to it from an earlier place', () => {
  const { again, words } = announcer([row(1, 'before')], 4);
  again([row(1, 'before'), row(2, 'read'), row(3, 'long ago')], 4);
  again([row(2, 'read'), row(3, 'long ago'), row(4, 'too')]);
  expect(words()).toEqual([]);
  again([row(3, 'long ago'), row(4, 'too'), row(5, 'now')]);
  expect(words()).toEqual(['Bob: now']);
});

it('makes the same words anew, so that they are read once more', () => {
  const { again, told, words } = announcer([row(1, 'before')]);
  again([row(2, 'ok')]);
  const [before] = told();
  expect(before).toBeDefined();
  again([row(2, 'ok'), row(3, 'ok')]);
  expect(words()).toEqual(['Bob: ok']);
  expect(told()[0]).not.toBe(before);
});
