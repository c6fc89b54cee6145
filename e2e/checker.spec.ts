import { expect, test } from '@playwright/test';
import { faultsOf, type Row } from './fixtures/transcript.ts';

const row = (n: number, text: string, sender = 'ann', id = text): Row => ({ id, sender, n, text });
const written = [
  { by: 'ann', texts: ['one', 'two', 'three'] },
  { by: 'bob', texts: ['hello'] },
];
const good = [row(2, 'one'), row(3, 'hello', 'bob'), row(4, 'two'), row(5, 'three')];
const faults = (rows: Row[]) =>
  faultsOf(
    [
      { device: 'a', rows: good },
      { device: 'b', rows },
    ],
    written,
  );

test('the checker is content with equal and whole transcripts', () => {
  expect(faults(good)).toEqual([]);
});

test('the checker goes red for each guarantee that is broken', () => {
  expect(faults([...good, good[3]!]).join()).toContain('I3: b shows three');
  expect(faults([...good, row(6, 'three', 'ann', 'other')]).join()).toContain('under two ids');
  expect(faults(good.slice(1)).join()).toContain('I11: b does not show "one"');
  expect(faults([...good, row(6, 'spam')]).join()).toContain('I2: b shows "spam"');
  expect(faults([good[1]!, good[0]!, good[2]!, good[3]!]).join()).toContain('I4: b shows "one" (n 2) after');
  expect(faults([row(2, 'one'), row(3, 'hello', 'bob'), row(4, 'three'), row(5, 'two')]).join()).toContain(
    'I5: b shows "three" of ann where "two" belongs',
  );
});
