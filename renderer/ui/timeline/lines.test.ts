import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { describe, expect, it } from 'vitest';
import { GROUP_SPAN, linesOf } from './lines.ts';

const NOON = new Date(2026, 2, 3, 12).getTime();
const row = (n: number, more: Partial<TimelineRow> = {}): TimelineRow => ({
  key: `k${n}`,
  id: `id${n}`,
  n,
  sender: 'ada',
  own: false,
  kind: 'message',
  body: { type: 'text/plain', text: 'x' },
  time: NOON + n,
  delivery: null,
  save: null,
  failure: null,
  frozen: false,
  ...more,
});
const kinds = (lines: ReturnType<typeof linesOf>) => lines.map((line) => line.kind);

describe('the lines of a timeline', () => {
  it('groups a sender’s messages within five minutes', () => {
    const lines = linesOf(
      [
        row(1),
        row(2),
        row(3, { time: NOON + 2 + GROUP_SPAN }),
        row(4, { sender: 'bob', time: NOON + 3 + GROUP_SPAN }),
      ],
      [],
      99,
    );
    expect(lines.flatMap((line) => (line.kind === 'message' ? [[line.first, line.last]] : []))).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('separates days, and a group does not reach over one', () => {
    const late = new Date(2026, 2, 3, 23, 59).getTime();
    expect(kinds(linesOf([row(1, { time: late }), row(2, { time: late + 120_000 })], [], 99))).toEqual([
      'day',
      'message',
      'day',
      'message',
    ]);
  });

  it('leaves out what was deleted for oneself before the server knows of it, unless that was taken back or failed', () => {
    const mark = (value: number, delivery = 'queued') => ({
      append: { kind: 'deleted_for_me', id: 'x', target: 1, value },
      ...{ id: 'x', delivery, failure: null },
    });
    const marked = (...changes: object[]) => row(1, { changes } as unknown as Partial<TimelineRow>);
    expect(kinds(linesOf([marked(mark(1)), row(2)], [], 99))).toEqual(['day', 'message']);
    expect(kinds(linesOf([marked(mark(1), mark(0)), row(2)], [], 99))).toHaveLength(3);
    expect(kinds(linesOf([marked(mark(1, 'failed')), row(2)], [], 99))).toHaveLength(3);
  });

  it('draws the unread line before the first message of another person after the position', () => {
    const lines = linesOf([row(1), row(2, { own: true }), row(3), row(4)], [], 1);
    expect(kinds(lines)).toEqual(['day', 'message', 'message', 'unread', 'message', 'message']);
  });

  it('I8: shows a hole where rows are missing, at its place', () => {
    expect(kinds(linesOf([row(1), row(5), row(6)], [{ from: 2, to: 4 }], 99))).toEqual([
      'day',
      'message',
      'gap',
      'message',
      'message',
    ]);
    expect(kinds(linesOf([row(1)], [{ from: 2, to: 4 }], 99))).toEqual(['day', 'message', 'gap']);
  });

  it('keeps silent about entries that only keep their place', () => {
    expect(kinds(linesOf([row(1), row(2, { kind: 'hidden', body: null }), row(3)], [], 99))).toEqual([
      'day',
      'message',
      'message',
    ]);
  });

  it('gives every line a key of its own, also where the clock went back over midnight', () => {
    const lines = linesOf([row(1), row(2, { time: NOON - 86_400_000 }), row(3)], [], 99);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });
});
