import { expect, it } from 'vitest';
import { hears, isThere } from './hears.ts';

const gone = () => {
  throw new TypeError('Object has been destroyed');
};
const page = (destroyed: boolean, crashed: boolean) => ({
  isDestroyed: () => false,
  webContents: { isDestroyed: () => destroyed, isCrashed: destroyed ? gone : () => crashed },
});

it('a page is told nothing once it has crashed, its contents are gone, or its window is', () => {
  expect([hears(page(false, false)), hears(page(false, true)), hears(page(true, false))]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isThere(page(false, true)), isThere(page(true, false))]).toEqual([true, false]);
  expect(hears({ isDestroyed: () => false, webContents: undefined as never })).toBe(false);
  const closed = { ...page(false, false), isDestroyed: () => true };
  Object.defineProperty(closed, 'webContents', { get: gone });
  expect([hears(closed), hears(null), hears(undefined)]).toEqual([false, false, false]);
});
