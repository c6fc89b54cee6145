import { describe, expect, it } from 'vitest';
import { Credit } from './credit.ts';

const NOWHERE = new Map<string, number>();

describe('P14 credit', () => {
  it('is spent by items and by bytes, and comes back with a confirm of any later place', () => {
    const credit = new Credit(4, 100, () => 0);
    credit.spend(1, 2, 60, NOWHERE);
    expect([credit.freeItems, credit.freeBytes, credit.exhausted]).toEqual([2, 40, false]);
    credit.spend(5, 1, 40, NOWHERE);
    expect(credit.exhausted).toBe(true);
    credit.confirm(0);
    expect(credit.exhausted).toBe(true);
    credit.confirm(4);
    expect([credit.freeItems, credit.freeBytes]).toEqual([3, 60]);
    credit.confirm(9);
    expect(credit.untouched).toBe(true);
  });

  it('tells what a confirm proves, the highest place of each conversation', () => {
    const credit = new Credit(10, 100, () => 0);
    credit.spend(1, 1, 1, new Map([['c', 1]]));
    credit.spend(
      2,
      2,
      1,
      new Map([
        ['c', 3],
        ['d', 1],
      ]),
    );
    credit.spend(3, 1, 1, new Map([['c', 4]]));
    expect(credit.confirm(2)).toEqual(
      new Map([
        ['c', 3],
        ['d', 1],
      ]),
    );
    expect(credit.confirm(2)).toEqual(new Map());
    expect(credit.confirm(3)).toEqual(new Map([['c', 4]]));
  });

  it('measures for how long nothing was confirmed while it was used up', () => {
    let now = 0;
    const credit = new Credit(2, 100, () => now);
    credit.spend(1, 1, 1, NOWHERE);
    now = 1_000;
    expect(credit.starved).toBe(0);
    credit.spend(2, 1, 1, NOWHERE);
    now = 1_500;
    expect(credit.starved).toBe(500);
    credit.confirm(1);
    expect(credit.starved).toBe(0);
    credit.spend(3, 1, 1, NOWHERE);
    now = 1_700;
    expect(credit.starved).toBe(200);
  });

  it('makes a walk worth its while only when a quarter is free', () => {
    const credit = new Credit(8, 1_000, () => 0);
    for (let seq = 1; seq <= 8; seq++) credit.spend(seq, 1, 1, NOWHERE);
    credit.confirm(1);
    expect(credit.worthWalking).toBe(false);
    credit.confirm(2);
    expect(credit.worthWalking).toBe(true);
  });
});
