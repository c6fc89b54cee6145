import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DeliveredPosition, DeliveredPositions } from './delivered.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function set() {
  const written: (DeliveredPosition & { at: number })[] = [];
  const positions = new DeliveredPositions(
    (some) => written.push(...some.map((one) => ({ ...one, at: Date.now() }))),
    () => Date.now(),
  );
  return { positions, written };
}

it('I9 writes the first position of a key at once, then the highest of each second', async () => {
  const { positions, written } = set();
  for (let i = 1; i <= 30; i++) {
    positions.note('bob', 'c', i === 29 ? 1 : i);
    await vi.advanceTimersByTimeAsync(100);
  }
  vi.advanceTimersByTime(2_000);
  expect(written[0]).toMatchObject({ n: 1, at: 0 });
  expect(written.length).toBeLessThanOrEqual(5);
  expect(written.at(-1)).toMatchObject({ conv: 'c', user: 'bob', n: 30 });
  const gaps = written.slice(1).map(({ at }, i) => at - written[i]!.at);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  positions.close();
});

it('keeps keys apart, and writes what waits when it closes', async () => {
  const { positions, written } = set();
  positions.note('bob', 'c', 1);
  positions.note('bob', 'd', 1);
  positions.note('eve', 'c', 1);
  await Promise.resolve();
  expect(written).toHaveLength(3);
  positions.note('bob', 'c', 2);
  await Promise.resolve();
  expect(written).toHaveLength(3);
  positions.close();
  expect(written.at(-1)).toMatchObject({ user: 'bob', conv: 'c', n: 2 });
});

it('I13 holds a bounded number of positions back', async () => {
  const { positions, written } = set();
  for (let round = 1; round <= 2; round++)
    for (let i = 0; i < 10_100; i++) positions.note('bob', `c${i}`, round);
  await Promise.resolve();
  expect(written).toHaveLength(10_100 + 100);
  positions.close();
});
