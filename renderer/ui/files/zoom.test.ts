import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FITTED, MOST, moved, type Room, zoomed } from './zoom.ts';

const length = fc.integer({ min: 1, max: 4_000 });
const size = fc.record({ width: length, height: length });
const room: fc.Arbitrary<Room> = fc.record({ picture: size, window: size });

describe('a picture in the gallery', () => {
  it('never leaves the window, and is never smaller than it fits', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ by: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
        fc.record({ x: fc.integer({ min: -5_000, max: 5_000 }), y: fc.integer({ min: -5_000, max: 5_000 }) }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(room, steps, (where, all) => {
        let view = FITTED;
        for (const step of all)
          view = 'by' in step ? zoomed(view, step.by, where) : moved(view, step.x, step.y, where);
        expect(view.scale).toBeGreaterThanOrEqual(1);
        expect(view.scale).toBeLessThanOrEqual(MOST);
        const play = Math.max(0, (where.picture.width * view.scale - where.window.width) / 2);
        expect(Math.abs(view.x)).toBeLessThanOrEqual(play + 1e-6);
      }),
    );
  });

  it('grows around what the pointer is on', () => {
    const where = { picture: { width: 1_000, height: 1_000 }, window: { width: 1_000, height: 1_000 } };
    const view = zoomed(FITTED, 2, where, { x: 200, y: -100 });
    // What was 200 right of the middle still is.
    expect(view.x + 200 * view.scale).toBe(200);
    expect(view.y - 100 * view.scale).toBe(-100);
  });
});
