import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { act, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import type { ListHandle } from '../windowed/list-handle.ts';
import { DayPill, type DayPillHandle } from './day-pill.tsx';
import type { Line } from './lines.ts';

const ROW = 50;
const message = (n: number): Line => {
  const row = { n, time: Date.UTC(2026, 4, 3, 12, n) } as TimelineRow;
  return { kind: 'message', key: `m-${n}`, row, first: true, last: true };
};

it('says the day of what is at the top while one scrolls, and lies upon no line that stands there', () => {
  const lines: Line[] = [
    ...[1, 2, 3].map(message),
    { kind: 'unread', key: 'unread' },
    ...Array.from({ length: 40 }, (_, i) => message(i + 4)),
  ];
  const at = { scrollOffset: 0, scrollSize: lines.length * ROW, viewportSize: 500 };
  const list = { current: { ...at, findItemIndex: (px: number) => Math.floor(px / ROW) } as ListHandle };
  const pill = createRef<DayPillHandle>();
  render(
    <WordsProvider>
      <DayPill ref={pill} list={list} lines={lines} />
    </WordsProvider>,
  );
  const shownAt = (scrollOffset: number) => {
    Object.assign(list.current, { scrollOffset });
    act(() => pill.current?.scrolled());
    return screen.getByTestId('day-pill').dataset.shown;
  };
  expect(shownAt(0)).toBe('yes');
  // A conversation opens at its unread line.
  expect(shownAt(3 * ROW)).toBe('said');
  expect(shownAt(2 * ROW)).toBe('said');
  expect(shownAt(10 * ROW)).toBe('yes');
});
