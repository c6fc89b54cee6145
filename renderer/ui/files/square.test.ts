import fc from 'fast-check';
import { expect, it } from 'vitest';
import { middle, moved, resized } from './square.ts';

it('a square that is cut out of a picture lies in it, wherever it is moved', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 9_000 }),
    height: fc.integer({ min: 1, max: 9_000 }),
  });
  const steps = fc.array(
    fc.record({
      x: fc.integer({ min: -9_000, max: 9_000 }),
      y: fc.integer({ min: -9_000, max: 9_000 }),
      zoom: fc.double({ min: 0, max: 9, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(size, steps, (picture, all) => {
      let square = middle(picture);
      for (const { x, y, zoom } of all) square = moved(resized(square, zoom, picture), x, y, picture);
      expect(square.x).toBeGreaterThanOrEqual(-1e-6);
      expect(square.y).toBeGreaterThanOrEqual(-1e-6);
      expect(square.x + square.edge).toBeLessThanOrEqual(picture.width + 1e-6);
      expect(square.y + square.edge).toBeLessThanOrEqual(picture.height + 1e-6);
    }),
  );
});
