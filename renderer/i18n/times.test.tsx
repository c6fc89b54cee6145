import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { unbroken, useWords, WordsProvider } from './words.tsx';

const part = (type: Intl.DateTimeFormatPartTypes, value: string) => ({ type, value });

it('a time and its half of the day stay together, wherever the sentence breaks', () => {
  const [day, between, blank] = [part('weekday', 'Friday'), part('literal', ' at '), part('literal', ' ')];
  const time = [part('hour', '4'), part('literal', ':'), part('minute', '09')];
  expect(unbroken([day, between, ...time, blank, part('dayPeriod', 'PM')])).toBe('Friday at 4:09\u00a0PM');
  expect(unbroken([day, blank, part('dayPeriod', '下午'), blank, ...time])).toBe(
    'Friday\u00a0下午\u00a04:09',
  );
  expect(unbroken([day, blank, ...time])).toBe('Friday 4:09');
});

it('a day of the last week is called by its name, and one that has not come on this computer by its date', () => {
  const now = new Date(2026, 10, 25, 12).getTime();
  const Rows = () => {
    const { short } = useWords();
    const times = [-2, 0, 2, 366].map((days) => short(now + days * 86_400_000, now));
    return <p>{times.join(', ')}</p>;
  };
  render(
    <WordsProvider locale="en">
      <Rows />
    </WordsProvider>,
  );
  expect(screen.getByText(/^Mon, 12:00.PM, Nov 27, /u).textContent).toMatch(/2027|27$/);
});
