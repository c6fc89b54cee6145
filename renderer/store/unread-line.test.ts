import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { expect, it } from 'vitest';
import type { Timeline } from './state.ts';
import { firstNews, lookedOn, newsIn } from './unread-line.ts';

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

it('what was missing and comes at once is new to who looks on, also where the head was known before it', () => {
  const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => row(from + i));
  const shown = (to: number, more: object = {}) =>
    window(rows(1, to), { ...{ holes: [], headN: to, lineAfter: 10 }, ...more });
  const [before, now] = [shown(10), shown(40)];
  expect(lookedOn(before, now).lineAfter).toBe(40);
  expect(lookedOn(before, now, true).lineAfter).toBe(10);
  // Read on another device meanwhile; and a little is seen coming.
  expect(lookedOn(before, shown(40, { readN: 25 }), true).lineAfter).toBe(25);
  expect(lookedOn(before, shown(40, { readN: 35 }), true).lineAfter).toBe(40);
  // A snapshot names the head, and the rest is fetched.
  const snapshot = shown(10, { headN: 40, holes: [{ from: 11, to: 40 }] });
  expect(lookedOn(before, snapshot, true).lineAfter).toBe(10);
  expect(lookedOn(snapshot, now).lineAfter).toBe(10);
});

it('leads to what is new: to the line, to the first message behind what is read, or there where that is not shown', () => {
  const rows = [row(9), row(10, { kind: 'hidden' }), row(11, { own: true }), row(12), row(13)];
  const at = { lineAfter: 10, headN: 15 };
  expect(firstNews(window(rows, at), 2)).toBe(12);
  expect(firstNews(window(rows, { ...at, readN: 15 }), 0)).toBe(12);
  // Behind them only what is no message: an edit, a reaction.
  expect(firstNews(window(rows, { ...at, readN: 13, lineAfter: 13 }), 0)).toBeNull();
  expect(firstNews(window([row(14), row(15)], at), 4)).toBe(11);
  // Much came at once: all of it is read, and the line is far above.
  expect(firstNews(window([row(14), row(15)], { ...at, readN: 15 }), 0)).toBe(11);
});
