import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engine, type Measured } from './engine.ts';
import { steadyLayout } from './steady-layout.ts';

const COUNT = 60;
const VIEW = 500;

/** Enough of them for the others to be guessed. */
const LAST_ROWS = Array.from({ length: 10 }, (_, i) => [COUNT - 1 - i, 60] as const);

/** A layout of which some rows were measured before anybody scrolled. */
function layoutOf(before: readonly Measured[]) {
  let view: { from: number; to: number } | null = null;
  const layout = steadyLayout(engine.createListLayout(COUNT), () => view);
  layout.$setItemSizes(LAST_ROWS, VIEW);
  layout.$setItemSizes(before, VIEW);
  return {
    layout,
    scrollTo: (from: number | null) => {
      view = from === null ? null : { from, to: from + VIEW };
    },
  };
}

const halves = fc.integer({ min: 20, max: 900 }).map((size) => size / 2);
const sizes = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: COUNT - 1 }), halves), {
    selector: ([index]) => index,
    minLength: 1,
    maxLength: 20,
  })
  .map((list) => list as Measured[]);

describe('a layout in which nothing that is in view moves', () => {
  test('while one scrolls, the first row in view and what is below it stay where rows above it are measured', () => {
    fc.assert(
      fc.property(sizes, fc.array(sizes, { maxLength: 6 }), fc.nat(1_500), (before, later, from) => {
        const { layout, scrollTo } = layoutOf(before);
        scrollTo(from);
        const first = layout.$findIndex(from);
        const at = layout.$getItemOffset(first);
        const size = layout.$getTotalSize();
        for (const measured of later) {
          layout.$setItemSizes(
            measured.filter(([index]) => index < first),
            VIEW,
          );
          expect(layout.$getItemOffset(first)).toBeCloseTo(at, 6);
          expect(layout.$getTotalSize()).toBeCloseTo(size, 6);
          expect(layout.$findIndex(from)).toBe(first);
        }
      }),
    );
  });

  test('rows follow each other without a gap, whatever was measured, and each is found where it is', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(1_500), fc.boolean(), (before, measured, from, settled) => {
        const { layout, scrollTo } = layoutOf(before);
        scrollTo(from);
        layout.$setItemSizes(measured, VIEW);
        if (settled) layout.settle();
        for (let index = 0; index < COUNT; index++) {
          const at = layout.$getItemOffset(index);
          expect(layout.$getItemOffset(index + 1)).toBeCloseTo(at + layout.$getItemSize(index), 6);
          if (at >= 0) expect(layout.$getRange(at + 0.1, at + 0.2)).toEqual([index, index]);
        }
      }),
    );
  });

  test('settled, it begins at its start again but for part of a pixel, and all rows have moved by the same whole pixels', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(1_500), (before, measured, from) => {
        const { layout, scrollTo } = layoutOf(before);
        scrollTo(from);
        layout.$setItemSizes(measured, VIEW);
        const [first, last] = [layout.$getItemOffset(0), layout.$getItemOffset(COUNT)];
        const moved = layout.settle();
        const by = layout.$getItemOffset(0) - first;
        expect(Math.abs(layout.slack)).toBeLessThan(1);
        expect(by).toBeCloseTo(Math.round(by), 6);
        expect(layout.$getItemOffset(COUNT) - last).toBeCloseTo(by, 6);
        expect(moved).toBe(by !== 0);
      }),
    );
  });

  test('where nobody scrolls rows are where their sizes say', () => {
    const { layout, scrollTo } = layoutOf([[30, 100]]);
    scrollTo(null);
    const before = layout.$getItemOffset(40);
    const size = layout.$getItemSize(3);
    layout.$setItemSizes([[3, size + 60]], VIEW);
    expect(layout.slack).toBe(0);
    expect(layout.$getItemOffset(40)).toBe(before + 60);
    expect(layout.tookAside()).toBe(false);
  });

  test('rows that are measured in view are told from those aside of it, once', () => {
    const { layout, scrollTo } = layoutOf(Array.from({ length: COUNT }, (_, i) => [i, 50] as const));
    scrollTo(1_000);
    layout.$setItemSizes([[10, 80]], VIEW);
    expect(layout.tookAside()).toBe(true);
    expect(layout.tookAside()).toBe(false);
    layout.$setItemSizes([[40, 80]], VIEW);
    expect(layout.tookAside()).toBe(true);
    layout.$setItemSizes([[20, 80]], VIEW);
    expect(layout.tookAside()).toBe(false);
    layout.$setItemSizes(
      [
        [10, 90],
        [25, 80],
      ],
      VIEW,
    );
    expect(layout.tookAside()).toBe(false);
  });
});
