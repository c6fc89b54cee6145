import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONV } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
const DAY = 86_400_000;
const YEAR = 365 * DAY;
const first = 'a text that was given up';
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  at.now = 20_000 * DAY;
  await at.open();
});
afterEach(() => at.dispose());

const earlier = async () => (await at.store.earlierTexts({ account, conv })).map(({ text }) => text);
/** Something is begun, and other words take its place. */
async function replaced(text: string) {
  await at.store.saveDraft({ account, conv, text });
  await at.store.saveDraft({ account, conv, text: '' });
}

it('a clock that jumps a year ahead, and back, takes no earlier text', async () => {
  await replaced(first);
  at.now += YEAR;
  expect(await earlier()).toEqual([first]);
  await replaced('written while the clock was wrong');
  await at.reopen();
  await replaced('written on the day after it, the clock still wrong');
  expect((await earlier()).at(-1)).toBe(first);
  at.now -= YEAR;
  await at.reopen();
  await replaced('and the clock is right again');
  expect(await earlier()).toHaveLength(4);
  expect((await earlier()).at(-1)).toBe(first);
});

it('what is older than 30 days goes once the clock has held for some days', async () => {
  await replaced(first);
  at.now += 29 * DAY;
  for (const day of ['one', 'two', 'three']) {
    expect(await earlier()).toContain(first);
    await replaced(`something on day ${day} of them`);
    at.now += DAY;
  }
  expect(await earlier()).not.toContain(first);
  await at.reopen();
  at.now -= 10 * DAY;
  expect(await earlier()).not.toContain(first);
});
