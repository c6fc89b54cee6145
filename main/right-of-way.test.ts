import { expect, it } from 'vitest';
import { RightOfWay } from './right-of-way.ts';
import { Clock } from './testing/clock.ts';

function stage() {
  const clock = new Clock();
  const way = new RightOfWay({
    now: () => clock.uptime,
    setTimer: (work, delay) => clock.setTimer(work, delay),
  });
  const stored: string[] = [];
  return { clock, way, stored, store: (what: string) => way.clear().then(() => stored.push(what)) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('stores at once where nobody sends anything', async () => {
  const { stored, store } = stage();
  await store('page');
  expect(stored).toEqual(['page']);
});

it('stores what came in once the log has what was sent, and the window could show it', async () => {
  const { clock, way, stored, store } = stage();
  way.begin('a');
  way.begin('b');
  void store('page');
  clock.advance(100);
  way.end(['a', 'of another device']);
  clock.advance(100);
  await settled();
  expect(stored).toEqual([]);
  way.end(['b']);
  await settled();
  expect(stored).toEqual([]);
  clock.advance(31);
  await settled();
  expect(stored).toEqual(['page']);
});

it('waits no longer than its bound for an answer that does not come', async () => {
  const { clock, way, stored, store } = stage();
  way.begin('a');
  clock.advance(200);
  void store('page');
  await settled();
  clock.advance(99);
  await settled();
  expect(stored).toEqual([]);
  clock.advance(2);
  await settled();
  expect(stored).toEqual(['page']);
  await store('next');
  expect(stored).toEqual(['page', 'next']);
});

it('goes on also while somebody sends without a pause', async () => {
  const { clock, way, stored, store } = stage();
  void store('first');
  await settled();
  way.begin('0');
  void store('page');
  for (let i = 1; i <= 10; i++) {
    clock.advance(31);
    way.begin(String(i));
    await settled();
  }
  expect(stored).toEqual(['first', 'page']);
});
