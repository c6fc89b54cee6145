import { expect, it } from 'vitest';
import { atOnce, inSlices } from './in-slices.ts';

let now = 0;
const clock = () => now;
/** Each step takes 4 ms. */
function* slow(steps: number): Generator<void, number> {
  for (let i = 0; i < steps; i++) {
    now += 4;
    yield;
  }
  return steps;
}

it('what is little is done before anything else happens, and what is much lets others in between', async () => {
  const heard: string[] = [];
  inSlices(slow(1), () => heard.push('little'), clock);
  heard.push('after');
  expect(heard).toEqual(['little', 'after']);
  await new Promise<void>((resolve) => {
    inSlices(slow(12), () => resolve(), clock);
    setTimeout(() => heard.push('between'));
  });
  expect(heard).toEqual(['little', 'after', 'between']);
  expect(atOnce(slow(2))).toBe(2);
});

it('what was called off is not finished', async () => {
  const heard: number[] = [];
  const stop = inSlices(slow(8), (steps) => heard.push(steps), clock);
  stop();
  await new Promise<void>((resolve) => void inSlices(slow(10), () => resolve(), clock));
  expect(heard).toEqual([]);
});
