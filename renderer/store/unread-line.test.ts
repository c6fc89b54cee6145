import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { expect, it } from 'vitest';
import type { Timeline } from './state.ts';
import { newsIn } from './unread-line.ts';

const row = (n: number, more: object = {}) => ({ n, own: false, kind: 'message', ...more }) as TimelineRow;
const window = (rows: TimelineRow[], more: object = {}) =>
  ({ rows, readN: 10, newer: false, ...more }) as Timeline;

it('counts what others said behind what is read, as long as all of it is shown', () => {
  const rows = [row(10), row(11), row(12, { own: true }), row(13, { kind: 'rename' }), row(14)];
  expect(newsIn(window(rows), 99)).toBe(2);
  // It begins behind what is read, or ends before the newest.
  expect(newsIn(window([row(12), row(13)]), 99)).toBe(99);
  expect(newsIn(window(rows, { newer: true }), 99)).toBe(99);
  expect(newsIn(window([row(11)]), 99)).toBe(1);
});
