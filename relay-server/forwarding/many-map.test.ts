import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ManyMap } from './many-map.ts';

it('is a map of sets, whatever is added and deleted', () => {
  const values = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  const step = fc.record({
    key: fc.integer({ min: 0, max: 1 }),
    value: fc.constantFrom(...values),
    add: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const map = new ManyMap<number, { name: string }>();
      const model = new Map([0, 1].map((key) => [key, new Set<{ name: string }>()]));
      for (const { key, value, add } of steps) {
        if (add) {
          map.add(key, value);
          model.get(key)!.add(value);
        } else {
          expect(map.delete(key, value)).toBe(model.get(key)!.delete(value));
        }
        for (const [at, set] of model) {
          expect(map.of(at)).toEqual([...set]);
          expect(map.count(at)).toBe(set.size);
        }
      }
    }),
  );
});
