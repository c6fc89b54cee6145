import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, higher, LADDER, rungAt } from './delivery.ts';
import { FAILURES, failureOfClose, isFailureKind } from './failures.ts';

const delivery = fc.constantFrom<Delivery>(...LADDER, 'failed');

describe('delivery', () => {
  it('I9: only climbs, in whatever order and however often receipts arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LADDER)), fc.constantFrom(...LADDER), (heard, start) => {
        const end = heard.reduce<Delivery>(higher, start);
        const highest = [start, ...heard].sort((a, b) => LADDER.indexOf(b) - LADDER.indexOf(a))[0];
        expect(end).toBe(highest);
      }),
    );
  });

  it('is the same in either order; failed gives way only to proof that the log has it', () => {
    fc.assert(fc.property(delivery, delivery, (a, b) => higher(a, b) === higher(b, a)));
    expect(higher('failed', 'queued')).toBe('failed');
    expect(higher('failed', 'sent')).toBe('sent');
  });

  it('says delivered and read only when every other member has it', () => {
    expect(rungAt(5, [])).toBe('sent');
    expect(rungAt(5, [{ delivered: 5, read: 0 }])).toBe('delivered');
    expect(rungAt(5, [{ delivered: 0, read: 5 }])).toBe('read');
    expect(
      rungAt(5, [
        { delivered: 9, read: 9 },
        { delivered: 4, read: 4 },
      ]),
    ).toBe('sent');
    expect(
      rungAt(5, [
        { delivered: 9, read: 9 },
        { delivered: 5, read: 4 },
      ]),
    ).toBe('delivered');
    expect(
      rungAt(5, [
        { delivered: 4, read: 6 },
        { delivered: 5, read: 4 },
      ]),
    ).toBe('delivered');
  });
});

describe('failures', () => {
  it('has one close code for one kind', () => {
    const codes = Object.values(FAILURES).flatMap((row) => row.close ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes)
      expect(code === 1009 || code === 1012 || (code >= 4400 && code < 4600)).toBe(true);
  });

  it('reads the close of a relay, and survives a mangled reason', () => {
    expect(failureOfClose(4429, '{"kind":"rate_limited","retryAfter":2}')).toEqual({
      kind: 'rate_limited',
      message: 'rate_limited',
      retryAfter: 2,
    });
    for (const reason of ['', 'x', 'null', '[]', '{"retryAfter":-1,"message":7}']) {
      expect(failureOfClose(4401, reason)).toEqual({ kind: 'unauthorized', message: 'unauthorized' });
    }
    expect(failureOfClose(1006, '')).toBeNull();
  });

  it('knows its own kinds only', () => {
    expect(isFailureKind('not_member')).toBe(true);
    expect(isFailureKind('toString')).toBe(false);
  });
});
