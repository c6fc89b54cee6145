import { USE_HALVES, USES, usedNow } from '@matchbook/protocol/bridge/finding';
import { expect, it } from 'vitest';
import { noted } from './finding-calls.ts';

it('counts uses, halves them with time, and forgets what counts least beyond its bound', () => {
  let uses = noted({}, 'often', 0);
  uses = noted(uses, 'often', 0);
  expect(usedNow(uses.often!, 0)).toBe(2);
  expect(usedNow(uses.often!, USE_HALVES)).toBe(1);
  uses = noted(uses, 'often', USE_HALVES);
  expect(usedNow(uses.often!, USE_HALVES)).toBe(2);
  for (let i = 0; i < USES + 50; i++) uses = noted(uses, `once ${i}`, USE_HALVES + i);
  expect(Object.keys(uses)).toHaveLength(USES);
  expect(uses.often).toBeDefined();
  expect(uses['once 0']).toBeUndefined();
});
