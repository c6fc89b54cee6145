import { describe, expect, it } from 'vitest';
import { Credit, type StoredPlace } from './credit.ts';

const frame = (seq: number, items: number, bytes: number, ...places: StoredPlace[]) => ({
  ...{ seq, items, bytes, places },
  cursor: `c${seq}`,
});
const nobody = { delivered: () => {} };
const told = (credit: Credit, seq: number) => {
  const places: [string, number][] = [];
  credit.confirm(seq, { delivered: ({ conv, n }) => places.push([conv, n]) });
  return places;
};

describe('P14 credit', () => {
  it('is spent by items and by bytes, and comes back with a confirm of any later place', () => {
    const credit = new Credit(4, 100, () => 0);
    credit.spend(frame(1, 2, 60));
    expect([credit.freeItems, credit.freeBytes, credit.exhausted]).toEqual([2, 40, false]);
    credit.spend(frame(5, 1, 40));
    expect(credit.exhausted).toBe(true);
    credit.confirm(0, nobody);
    expect(credit.exhausted).toBe(true);
    credit.confirm(4, nobody);
    expect([credit.freeItems, credit.freeBytes]).toEqual([3, 60]);
    credit.confirm(9, nobody);
    expect(credit.untouched).toBe(true);
  });

  it('tells what a confirm proves, and knows the cursors that are out', () => {
    const credit = new Credit(10, 100, () => 0);
    credit.spend(frame(1, 1, 1, { conv: 'c', n: 1 }));
    credit.spend(frame(2, 2, 1, { conv: 'c', n: 3 }, { conv: 'd', n: 1 }));
    credit.spend(frame(3, 1, 1, { conv: 'c', n: 4 }));
    expect(told(credit, 2)).toEqual([
      ['c', 1],
      ['c', 3],
      ['d', 1],
    ]);
    expect(told(credit, 2)).toEqual([]);
    expect(credit.seqOf('c3')).toBe(3);
    expect(credit.seqOf('c2')).toBeNull();
    expect(told(credit, 3)).toEqual([['c', 4]]);
  });

  it('measures for how long nothing was confirmed while it was used up', () => {
    let now = 0;
    const credit = new Credit(2, 100, () => now);
    credit.spend(frame(1, 1, 1));
    now = 1_000;
    expect(credit.starved).toBe(0);
    credit.spend(frame(2, 1, 1));
    now = 1_500;
    expect(credit.starved).toBe(500);
    credit.confirm(1, nobody);
    expect(credit.starved).toBe(0);
    credit.spend(frame(3, 1, 1));
    now = 1_700;
    expect(credit.starved).toBe(200);
  });

  it('makes a walk worth its while only when a quarter is free', () => {
    const credit = new Credit(8, 1_000, () => 0);
    for (let seq = 1; seq <= 8; seq++) credit.spend(frame(seq, 1, 1));
    credit.confirm(1, nobody);
    expect(credit.worthWalking).toBe(false);
    credit.confirm(2, nobody);
    expect(credit.worthWalking).toBe(true);
  });
});
