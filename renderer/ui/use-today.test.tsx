import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useToday } from './use-today.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 2, 4, 23, 59, 20) });
});
afterEach(() => {
  vi.useRealTimers();
});

it('is another one after midnight, also where the machine slept over it, and is looked at once for all', () => {
  const drawn: string[] = [];
  const Drawn = () => {
    drawn.push(useToday());
    return null;
  };
  const view = render(
    <>
      <Drawn />
      <Drawn />
    </>,
  );
  expect(drawn).toEqual(['Wed Mar 04 2026', 'Wed Mar 04 2026']);
  expect(vi.getTimerCount()).toBe(1);
  act(() => vi.advanceTimersByTime(60_000));
  expect(drawn.slice(2)).toEqual(['Thu Mar 05 2026', 'Thu Mar 05 2026']);
  vi.setSystemTime(new Date(2026, 2, 7, 9));
  act(() => void window.dispatchEvent(new Event('focus')));
  expect(drawn.at(-1)).toBe('Sat Mar 07 2026');
  view.unmount();
  expect(vi.getTimerCount()).toBe(0);
});
