import { expect, it } from 'vitest';
import { unbroken } from './words.tsx';

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
