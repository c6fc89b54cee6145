import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventBook } from './event-book.ts';
import { EVERYTHING, type Filter, matcherOf } from './filter.ts';

const event = (no: number, more: Partial<NumberedEvent> = {}): NumberedEvent => ({
  no,
  at: no,
  account: 'a',
  via: 'socket',
  dir: 'in',
  type: 'entries',
  size: 1,
  ...more,
});
const shown = (book: EventBook) => {
  const { rows, count } = book.view();
  return rows.slice(0, count).map(({ no }) => no);
};

describe('the filter', () => {
  const some = event(1, { type: 'ack', conv: 'conv-9', ids: ['m-1', 'm-2'], code: 4_401, words: 'Too Late' });
  it.each<[string, Partial<Filter>, boolean]>([
    ['nothing', {}, true],
    ['an id', { text: 'm-2' }, true],
    ['a conversation and a type, in any order and case', { text: 'ACK conv-9' }, true],
    ['a code', { text: '4401' }, true],
    ['words', { text: 'too late' }, true],
    ['a word that is not there', { text: 'ack missing' }, false],
    ['its direction', { show: 'in' }, true],
    ['the other direction', { show: 'out' }, false],
    ['lifecycle', { show: 'life' }, false],
    ['its type', { type: 'ack' }, true],
    ['another type', { type: 'ac' }, false],
    ['its account', { account: 'a' }, true],
    ['another account', { account: 'b' }, false],
  ])('takes %s', (_what, filter, passes) => {
    expect(matcherOf({ ...EVERYTHING, ...filter })(some)).toBe(passes);
  });

  it('has what concerns the app as a whole in the story of every account', () => {
    const sleep = event(1, { account: null, via: 'life', dir: null, type: 'suspend' });
    expect(matcherOf({ ...EVERYTHING, account: 'b' })(sleep)).toBe(true);
    expect(matcherOf({ ...EVERYTHING, show: 'life' })(sleep)).toBe(true);
  });
});

describe('the book of events', () => {
  it('stands still while paused, counts what passes the filter meanwhile, and shows it then', () => {
    const book = new EventBook(100);
    book.append([event(1), event(2, { type: 'ack' })]);
    book.pause();
    book.append([event(3), event(4, { type: 'ack' })]);
    expect(shown(book)).toEqual([1, 2]);
    expect(book.view()).toMatchObject({ paused: true, missed: 2, held: 4 });
    book.setFilter({ ...EVERYTHING, type: 'ack' });
    expect(shown(book)).toEqual([2]);
    expect(book.view().missed).toBe(1);
    book.resume();
    expect(shown(book)).toEqual([2, 4]);
  });

  it('gives the same view until something changed', () => {
    const book = new EventBook(100);
    const before = book.view();
    expect(book.view()).toBe(before);
    book.append([event(1)]);
    expect(book.view()).not.toBe(before);
  });

  it('forgets contents, in a paused view as well', () => {
    const book = new EventBook(100);
    book.append([event(1, { contents: 'canary' })]);
    book.pause();
    book.forgetContents();
    expect(JSON.stringify(book.view().rows)).not.toContain('canary');
    book.resume();
    expect(JSON.stringify(book.view().rows)).not.toContain('canary');
  });

  it('shows what passes, in order, holds its bound and tells how many rows left, whatever is done to it', () => {
    const bound = 3_000;
    const act = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('append' as const),
          count: fc.integer({ min: 1, max: 1_900 }),
        }),
      },
      fc.constantFrom(
        { kind: 'pause' as const },
        { kind: 'resume' as const },
        { kind: 'filter' as const },
        { kind: 'all' as const },
      ),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const book = new EventBook(bound);
        let no = 0;
        let frozen: number[] | null = null;
        for (const one of acts) {
          if (one.kind === 'append')
            book.append(
              Array.from({ length: one.count }, () => {
                no++;
                return event(no, { type: no % 3 === 0 ? 'ack' : 'entries' });
              }),
            );
          if (one.kind === 'pause') book.pause();
          if (one.kind === 'resume') book.resume();
          if (one.kind === 'filter') book.setFilter({ ...EVERYTHING, type: 'ack' });
          if (one.kind === 'all') book.setFilter(EVERYTHING);
          const view = book.view();
          const rows = shown(book);
          expect(view.held).toBeLessThanOrEqual(bound + 2_000);
          expect(view.held).toBeGreaterThanOrEqual(Math.min(no, bound));
          expect(rows).toEqual([...rows].sort((a, b) => a - b));
          if (view.filter.type === 'ack') expect(rows.every((row) => row % 3 === 0)).toBe(true);
          if (view.paused && frozen && one.kind === 'append') expect(rows).toEqual(frozen);
          if (!view.paused && view.filter === EVERYTHING) {
            expect(rows).toHaveLength(view.held);
            expect(rows.at(-1) ?? 0).toBe(no);
          }
          frozen = view.paused ? rows : null;
        }
      }),
      { numRuns: 60 },
    );
  });
});
