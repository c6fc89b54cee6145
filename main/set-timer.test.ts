import { expect, it } from 'vitest';
import { setTimer } from './set-timer.ts';

it('I13: what is to wait for a month does not fall due at once, and what is to wait for a moment does then', async () => {
  const due: string[] = [];
  const month = setTimer(() => void due.push('month'), 31 * 86_400_000);
  setTimer(() => void due.push('cancelled'), 1).cancel();
  setTimer(() => void due.push('moment'), 20);
  await expect.poll(() => due).not.toEqual([]);
  expect(due).toEqual(['moment']);
  month.cancel();
});
