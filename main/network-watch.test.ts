import { expect, it } from 'vitest';
import { watchNetwork } from './network-watch.ts';

it('tells of a network that came back, and of nothing else', () => {
  let online = true;
  let back = 0;
  let look = () => {};
  watchNetwork({
    isOnline: () => online,
    back: () => back++,
    repeat: (work) => {
      look = work;
    },
  });
  const seen = [true, false, false, true, true, false, true].map((now) => {
    online = now;
    look();
    return back;
  });
  expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2]);
});
