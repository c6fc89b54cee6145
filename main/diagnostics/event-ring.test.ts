import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventRing } from './event-ring.ts';

describe('the ring of events', () => {
  it('numbers from 1 without gaps and gives back what it was given, in order', () => {
    const ring = new EventRing({ events: 10, bytes: 10_000 });
    expect([ring.first, ring.last, ring.bytes]).toEqual([1, 0, 0]);
    for (const type of ['a', 'b', 'c']) ring.push({ type });
    expect(ring.after(0, 100).map((line) => JSON.parse(line))).toEqual([
      { no: 1, type: 'a' },
      { no: 2, type: 'b' },
      { no: 3, type: 'c' },
    ]);
    expect(ring.after(2, 100)).toHaveLength(1);
    expect(ring.after(3, 100)).toEqual([]);
    expect(ring.after(0, 2)).toHaveLength(2);
  });

  it('never holds more than its bounds, whatever arrives, and always the newest', () => {
    const bounds = { events: 7, bytes: 300 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }), (sizes) => {
        const ring = new EventRing(bounds);
        const pushed: string[] = [];
        for (const [i, size] of sizes.entries()) {
          const words = 'x'.repeat(size);
          expect(ring.push({ words })).toBe(i + 1);
          pushed.push(JSON.stringify({ no: i + 1, words }));
          const held = ring.after(0, 1_000);
          expect(held).toEqual(pushed.slice(-held.length));
          expect(held.length).toBe(ring.last - ring.first + 1);
          expect(held.length).toBeGreaterThan(0);
          expect(held.length).toBeLessThanOrEqual(bounds.events);
          expect(ring.bytes).toBe(held.join('').length);
          if (held.length > 1) expect(ring.bytes).toBeLessThanOrEqual(bounds.bytes);
        }
      }),
    );
  });
});
