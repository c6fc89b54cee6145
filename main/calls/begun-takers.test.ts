import { expect, it } from 'vitest';
import { BegunTakers } from './begun-takers.ts';

it('one window puts back what was begun, until that is settled or the window is gone', () => {
  const open = new Set([1, 2]);
  const takers = new BegunTakers((window) => open.has(window));
  const take = (window: number, about = 'o1', account = 'a') => takers.take(account, about, window);
  expect([take(1), take(2), take(1)]).toEqual([true, false, true]);
  expect([take(2, 'o2'), take(2, 'o1', 'b')]).toEqual([true, true]);
  open.delete(1);
  expect([take(2), take(1)]).toEqual([true, false]);
  takers.settled('a', 'o1');
  expect(take(3)).toBe(true);
});
