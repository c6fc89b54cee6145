import { expect, it } from 'vitest';
import { listeningClock } from './listening-clock.ts';

it('goes with the other as long as it is read, and stands while nobody reads it', () => {
  let now = 1_000;
  const listened = listeningClock(() => now);
  const begun = listened();
  for (let i = 0; i < 8; i++) {
    now += 250;
    listened();
  }
  expect(listened() - begun).toBe(2_000);
  // The machine slept for an hour.
  now += 3_600_000;
  expect(listened() - begun).toBe(2_500);
  now += 250;
  expect(listened() - begun).toBe(2_750);
});
