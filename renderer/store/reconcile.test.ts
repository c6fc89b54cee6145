import type { TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Delivery } from '@matchbook/protocol/delivery';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  rowKey,
  shownRows,
  stillPending,
  trimmed,
  WINDOW_ROWS,
  withLines,
  withOlder,
  withPage,
} from './reconcile.ts';
import type { Pending, Timeline } from './state.ts';

const row = (id: string, n: number | null, delivery: Delivery | null = null): TimelineRow => ({
  key: id,
  id,
  n,
  sender: 'me',
  own: true,
  kind: 'message',
  body: { type: 'text/plain', text: id },
  time: n ?? 0,
  delivery,
  save: null,
  failure: null,
  frozen: false,
});

const page = (rows: TimelineRow[], more: Partial<TimelinePage> = {}): TimelinePage => ({
  rows,
  waiting: [],
  holes: [],
  older: false,
  newer: false,
  headN: rows.at(-1)?.n ?? 0,
  readN: 0,
  unreadN: 0,
  unbroken: true,
  ...more,
});

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => row(`r${from + i}`, from + i, 'sent'));
const places = (timeline: Timeline | null) => timeline?.rows.map((one) => one.n);

describe('what one marked as unread', () => {
  const all = range(1, 5);
  const read = withPage(null, page(all, { readN: 5 }))!;

  it('is unread in the window that shows it, and stays so until it is read again', () => {
    const marked = withPage(read, page(all, { readN: 2, unreadN: 3 }))!;
    expect(marked).toMatchObject({ readN: 2, unreadN: 3, held: true, lineAfter: 2 });
    // Somebody writes meanwhile.
    const later = withPage(marked, page(range(1, 6), { readN: 2, unreadN: 3 }))!;
    expect(later).toMatchObject({ readN: 2, held: true, lineAfter: 2 });
    expect(withPage(later, page(range(1, 6), { readN: 6 }))).toMatchObject({
      ...{ readN: 6, unreadN: 0, held: false, lineAfter: 2 },
    });
  });

  it('begins the conversation for who comes to it, and is read as it is seen', () => {
    const opened = withPage(null, page(all, { readN: 2, unreadN: 3 }))!;
    expect(opened).toMatchObject({ readN: 2, held: false, lineAfter: 2 });
    expect(withPage(opened, page(all, { readN: 3, unreadN: 4 }))).toMatchObject({
      ...{ readN: 3, unreadN: 4, held: false, lineAfter: 2 },
    });
  });
});

describe('pages and the window', () => {
  it('keeps older rows when the newest page comes again', () => {
    const window = withPage(withPage(null, page(range(1, 10))), page(range(6, 12), { older: true }));
    expect(places(window)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(window?.older).toBe(false);
  });

  it('lets a newest page that reaches further back bring nothing to the start', () => {
    const window = withPage(withPage(null, page(range(5, 10), { older: true })), page(range(1, 12)));
    expect(places(window)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(window?.older).toBe(true);
  });

  it('refuses a page that leaves an unknown range behind the window', () => {
    expect(withPage(withPage(null, page(range(1, 10))), page(range(15, 20)))).toBeNull();
  });

  it('I8: takes a page that names the missing range as a hole', () => {
    const window = withPage(
      withPage(null, page(range(1, 10))),
      page(range(15, 20), { holes: [{ from: 11, to: 14 }] }),
    );
    expect(window?.holes).toEqual([{ from: 11, to: 14 }]);
  });

  it('puts older rows before the window, once', () => {
    const window = withOlder(withPage(null, page(range(6, 10), { older: true }))!, page(range(1, 7)));
    expect(places(window)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('never shows a lower rung than before', () => {
    const window = withPage(withPage(null, page([row('a', 1, 'read')])), page([row('a', 1, 'sent')]));
    expect(window?.rows[0]?.delivery).toBe('read');
  });

  it('I13: forgets the oldest rows at the bound', () => {
    const whole = withPage(null, page(range(1, WINDOW_ROWS.most + 1)))!;
    const short = trimmed(whole);
    expect(short.rows.length).toBe(WINDOW_ROWS.kept);
    expect(short.rows.at(-1)).toEqual(whole.rows.at(-1));
    expect(short.older).toBe(true);
    expect(trimmed(short)).toBe(short);
  });
});

describe('what is pinned', () => {
  const shown = withPage(null, page(range(3, 6)))!;
  const lines = (...rows: TimelineRow[]) => ({ rows, waiting: [], readN: 0, unreadN: 0 });
  const folded = { first: null, edits: [], reactions: [], pinned: true, deleted: null };

  it('is as it was while nothing but messages comes, and others change', () => {
    const more = withLines(shown, [4, 7, 8], lines(row('r4', 4, 'read'), ...range(7, 8)))!;
    expect([more.headN, more.pinsN]).toEqual([8, 6]);
  });

  it('may be something else once an entry comes that is no message, a pinned one changes, or a whole page comes', () => {
    // The pin of a message that is not among the rows, and so may be an edit of one.
    expect(withLines(shown, [1, 7], lines())?.pinsN).toBe(7);
    const pinned = withPage(null, page([...range(3, 5), { ...row('r6', 6, 'sent'), folded }]))!;
    expect(withLines(pinned, [6, 7], lines(row('r6', 6, 'read'), row('r7', 7)))?.pinsN).toBe(7);
    expect(withLines(pinned, [6, 7], lines(pinned.rows.at(-1)!, row('r7', 7)))?.pinsN).toBe(6);
    expect(withPage(shown, page(range(3, 7)))?.pinsN).toBe(7);
  });
});

describe('one’s own messages', () => {
  const pending = (id: string, settled: number | null): Pending => ({
    row: row(id, null, 'saving'),
    settled,
  });

  it('stay until a page shows them', () => {
    const list = [pending('a', null), pending('b', 3)];
    expect(stillPending(list, page([]), 3)).toBe(list);
    expect(stillPending(list, page([row('a', 1)]), 3)).toEqual([list[1]]);
  });

  it('go where a page that was asked for after their commit does not show them', () => {
    expect(stillPending([pending('b', 3)], page([]), 4)).toEqual([]);
  });

  type Step = 'enter' | 'commit' | 'ack' | 'leave' | 'ask' | 'answer';
  it('I3, I4: whatever the order of commits, acks and pages, each stands exactly once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Step>('enter', 'commit', 'ack', 'leave', 'ask', 'answer'), {
          maxLength: 80,
        }),
        (steps) => {
          // The store behind the bridge.
          const log: string[] = [];
          const outbox: string[] = [];
          // The window.
          const entered: string[] = [];
          let timeline = withPage(null, page([]));
          let waiting: readonly Pending[] = [];
          let asked = 0;
          let flight: { page: TimelinePage; asked: number } | null = null;
          const submitted: string[] = [];
          const apply: Record<Step, () => void> = {
            enter: () => {
              const id = `m${entered.length}`;
              entered.push(id);
              submitted.push(id);
              waiting = [...waiting, pending(id, null)];
            },
            commit: () => {
              const id = submitted.shift();
              if (!id) return;
              outbox.push(id);
              waiting = waiting.map((one) =>
                one.row.id === id ? { row: row(id, null, 'queued'), settled: asked } : one,
              );
            },
            // History has the row before the outbox lets go of it: a page may show both.
            ack: () => {
              const id = outbox.find((one) => !log.includes(one));
              if (id) log.push(id);
            },
            leave: () => {
              if (outbox[0] && log.includes(outbox[0])) outbox.shift();
            },
            ask: () => {
              flight ??= {
                asked: ++asked,
                page: page(
                  log.map((id, i) => row(id, i + 1, 'sent')),
                  { waiting: outbox.map((id) => row(id, null, 'queued')) },
                ),
              };
            },
            answer: () => {
              if (!flight) return;
              timeline = withPage(timeline, flight.page);
              waiting = stillPending(waiting, flight.page, flight.asked);
              flight = null;
            },
          };
          for (const step of steps) {
            apply[step]();
            const shown = shownRows(timeline, waiting);
            expect(shown.map((one) => one.id)).toEqual(entered);
            expect(new Set(shown.map(rowKey)).size).toBe(shown.length);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
