import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_SPAN, linesAfter, linesOf, NO_LINES } from './lines.ts';

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

interface Shown {
  rows: TimelineRow[];
  holes: { from: number; to: number }[];
  lineAfter: number;
}

/** What happens to a timeline, as a change of what is shown. */
const happenings = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('comes' as const), some: spoken(1, 3) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('older' as const), some: spoken(1, 6) }) },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('changes' as const), at: fc.nat(), some: spoken(1, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('goes' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('forgets' as const), at: fc.nat(), end: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('line' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('hole' as const), at: fc.nat(), on: fc.boolean() }) },
);

function spoken(minLength: number, maxLength: number) {
  const one = fc.record({
    sender: fc.constantFrom('ada', 'bob'),
    kind: fc.constantFrom('message', 'message', 'message', 'rename', 'hidden'),
    own: fc.boolean(),
    placed: fc.boolean(),
    /** Minutes since the row before it: also a clock that went back. */
    later: fc.constantFrom(0, 1, 4, 6, 700, 1_500, -1_500),
  });
  return fc.array(one, { minLength, maxLength });
}

type Happening = typeof happenings extends fc.Arbitrary<infer T> ? T : never;

function after({ rows, holes, lineAfter }: Shown, happening: Happening, next: () => number): Shown {
  const rowsOf = (some: (Happening & { what: 'comes' })['some'], n: number, time: number) => {
    let at = time;
    return some.map(({ later, placed, ...about }, i) => {
      at += later * 60_000;
      return row(n + i, { ...about, key: `k${next()}`, time: at, n: placed || n + i < 0 ? n + i : null });
    });
  };
  const [first, last] = [rows[0], rows.at(-1)];
  const place = rows.findLast(({ n }) => n !== null)?.n ?? 0;
  const at = 'at' in happening ? happening.at % Math.max(1, rows.length) : 0;
  switch (happening.what) {
    case 'comes':
      return { rows: [...rows, ...rowsOf(happening.some, place + 1, last?.time ?? NOON)], holes, lineAfter };
    case 'older': {
      const { some } = happening;
      const began = (first?.time ?? NOON) - some.length * 200 * 60_000;
      return { rows: [...rowsOf(some, (first?.n ?? 0) - some.length, began), ...rows], holes, lineAfter };
    }
    case 'changes': {
      const { sender, kind, own } = happening.some[0]!;
      return {
        rows: rows.map((one, i) => (i === at ? { ...one, sender, kind, own } : one)),
        holes,
        lineAfter,
      };
    }
    case 'goes':
      return { rows: rows.filter((_, i) => i !== at), holes, lineAfter };
    case 'forgets':
      return { rows: happening.end ? rows.slice(0, at + 1) : rows.slice(at), holes, lineAfter };
    case 'line':
      return { rows, holes, lineAfter: rows[at]?.n ?? lineAfter };
    case 'hole': {
      const n = rows[at]?.n ?? 0;
      const more = [...holes, { from: n - 1, to: n - 1 }].sort((one, other) => one.from - other.from);
      return { rows, holes: happening.on ? more : [], lineAfter };
    }
  }
}

describe('the lines of a timeline, made from those of before', () => {
  it('are those that are made from nothing, whatever happens, and a line that says the same is the same one', () => {
    fc.assert(
      fc.property(fc.array(happenings, { maxLength: 25 }), (all) => {
        let made = 0;
        let shown: Shown = { rows: [], holes: [], lineAfter: 0 };
        let lines = NO_LINES;
        for (const happening of all) {
          shown = after(shown, happening, () => made++);
          const known = structuredClone(lines.lines);
          const now = linesAfter(lines, shown.rows, shown.holes, shown.lineAfter);
          const plain = linesAfter(NO_LINES, shown.rows, shown.holes, shown.lineAfter);
          expect(now).toEqual(plain);
          // Those that are drawn are not touched.
          expect(lines.lines).toEqual(known);
          const before = new Map(lines.lines.map((line) => [line.key, line]));
          for (const line of now.lines) {
            const old = before.get(line.key);
            const same = old && JSON.stringify(old) === JSON.stringify(line);
            if (same && (!('row' in old) || ('row' in line && old.row === line.row))) expect(line).toBe(old);
          }
          lines = now;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are the very list where only the place of what is read changed', () => {
    const rows = [row(1), row(2), row(3)];
    const lines = linesAfter(NO_LINES, rows, [], 3);
    expect(linesAfter(lines, rows, [], 5).lines).toBe(lines.lines);
    expect(linesAfter(lines, rows, [], 1).lines).not.toBe(lines.lines);
  });
});
