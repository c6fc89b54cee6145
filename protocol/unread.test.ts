import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unreadOf } from './unread.ts';

describe('unread', () => {
  it('is what can be counted one by one: seen, after the read position, of others', () => {
    const stays = fc
      .uniqueArray(fc.nat(60), { minLength: 2, maxLength: 8 })
      .map((edges) => edges.sort((a, b) => a - b))
      .map((edges) => {
        const ranges = [];
        for (let i = 0; i + 1 < edges.length; i += 2)
          ranges.push({ fromM: edges[i]!, untilM: edges[i + 1]! });
        return ranges;
      });
    fc.assert(
      fc.property(
        stays,
        fc.nat(60),
        fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
        (ranges, readM, mine) => {
          // The message number m is the m-th of the conversation.
          const seen = (m: number) => ranges.some(({ fromM, untilM }) => m > fromM && m <= untilM);
          const own = new Set(mine.filter(seen));
          let count = 0;
          for (let m = 1; m <= 60; m++) if (seen(m) && m > readM && !own.has(m)) count += 1;
          expect(unreadOf(ranges, readM, [...own].filter((m) => m > readM).length)).toBe(count);
        },
      ),
    );
  });

  it('of a group of a thousand messages is none for who came just now', () => {
    expect(unreadOf([{ fromM: 1_000, untilM: 1_000 }], 0, 0)).toBe(0);
    expect(unreadOf([{ fromM: 1_000, untilM: 1_002 }], 0, 1)).toBe(1);
  });
});
