import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch, DelayedEntry } from '../reader/messages.ts';
import type { ApiAnswer } from './api-client.ts';
import { Persister, placeIn } from './persister.ts';

const EPOCH = '00112233445566ff';
const START = 1_000_000;

/** A log of entries with seq 1, 2, 3 ..., all of ann, all written at START. */
function set(entries: number, answers: (after: number) => ApiAnswer | Promise<ApiAnswer>, random = () => 1) {
  const told: { user: string; ids: string[]; state: string }[] = [];
  const sent: { at: number; after: number }[] = [];
  const forked: number[] = [];
  const kept: { seq: number; dead: object[] }[] = [];
  const of = (from: number, to: number): DelayedEntry[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
      seq: from + i + 1,
      id: `m${from + i + 1}`,
      sender: 'ann',
    }));
  let head = entries;
  const persister = new Persister({
    api: {
      request: async ({ body }) => {
        const { after } = JSON.parse(body!) as { after: number };
        sent.push({ at: Date.now() - START, after });
        return await answers(after);
      },
    },
    reader: {
      ask: (async (request: { type: string; after: number; before: number }) => {
        if (request.type === 'batch') {
          const upTo = Math.min(head, request.after + 2);
          return { items: [], entries: of(request.after, upTo), upTo } satisfies Batch;
        }
        const upTo = request.before >= START ? head : request.after;
        return { entries: of(request.after, upTo), upTo };
      }) as never,
    },
    head: () => ({ epoch: EPOCH, seq: head, running: '' }),
    recent: () => null,
    moved: () => {},
    hit: () => {},
    savedSeq: 0,
    keep: async ({ seq, dead }) => {
      kept.push({ seq, dead });
      return true;
    },
    tell: (user, items) => told.push({ user, ids: items.map(({ id }) => id), state: items[0]!.state }),
    onForked: (seq) => forked.push(seq),
    report: () => {},
    now: () => Date.now(),
    random,
  });
  return { persister, told, sent, forked, kept, grow: (to: number) => (head = to) };
}

const saved = (after: number, upTo: number, rejected: number[] = []): ApiAnswer => ({
  ok: true,
  status: 200,
  body: {
    progress: { epoch: EPOCH, seq: upTo },
    verdicts: Array.from({ length: upTo - after }, (_, i) => after + i + 1).map((seq) =>
      rejected.includes(seq) ? { seq, verdict: 'rejected', reason: 'no' } : { seq, verdict: 'saved' },
    ),
  },
});
const away: ApiAnswer = { ok: false, status: 0, message: 'ECONNREFUSED' };

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('I10 P15 the persister', () => {
  it('sends one batch after the other and goes on when the log grows', async () => {
    const { persister, sent, told, grow } = set(5, (after) => saved(after, Math.min(after + 2, 5)));
    persister.wake();
    await vi.advanceTimersByTimeAsync(60);
    expect(sent.map(({ after }) => after)).toEqual([0, 2, 4]);
    expect(told.flatMap(({ ids }) => ids)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    grow(5);
    persister.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(3);
    persister.close();
  });

  it.each([
    ['no answer', away],
    ['a 401', { ok: true, status: 401, body: {} }],
    ['a 404', { ok: true, status: 404, body: {} }],
    ['a 200 of something else', { ok: true, status: 200, body: { hello: 1 } }],
    [
      'a 409 of the place it sent from',
      { ok: true, status: 409, body: { kind: 'not_joined', progress: { epoch: EPOCH, seq: 0 } } },
    ],
    ['a 200 without progress', saved(0, 0)],
  ] as [string, ApiAnswer][])('tries for ever, slower up to 30 s, after %s', async (_title, answer) => {
    const { persister, sent, kept } = set(1, () => answer);
    persister.wake();
    await vi.advanceTimersByTimeAsync(200_000);
    const waits = sent.slice(1).map(({ at }, i) => at - sent[i]!.at);
    expect(waits.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(kept.flatMap(({ dead }) => dead)).toEqual([]);
    persister.close();
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(sent).toHaveLength(before);
  });

  it('rests between the batches of a backlog, 1.5 times what one took and 250 ms at most', async () => {
    const takes = [100, 100, 1_000, 100];
    const { persister, sent } = set(8, async (after) => {
      await new Promise((resolve) => setTimeout(resolve, takes.shift()));
      return saved(after, after + 2);
    });
    persister.wake();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 250, 500, 1_750]);
    persister.close();
  });

  it('waits a random part of that, and is not woken early by a log that grows', async () => {
    const { persister, sent } = set(
      1,
      () => away,
      () => 0.5,
    );
    persister.wake();
    await vi.advanceTimersByTimeAsync(1);
    for (let i = 0; i < 24; i++) {
      persister.wake();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(sent).toHaveLength(2);
    persister.close();
  });

  it('tells senders of a delay once, after ten seconds, and then that it is saved', async () => {
    let answer: (after: number) => ApiAnswer = () => away;
    const { persister, told } = set(3, (after) => answer(after));
    persister.wake();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([{ user: 'ann', ids: ['m1', 'm2', 'm3'], state: 'save_delayed' }]);
    expect(persister.progress).toEqual({ saved: 0, delayed: 3 });
    answer = (after) => saved(after, Math.min(after + 2, 3));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.slice(1).flatMap(({ ids, state }) => ids.map((id) => [id, state]))).toEqual([
      ['m1', 'saved'],
      ['m2', 'saved'],
      ['m3', 'saved'],
    ]);
    persister.close();
  });

  it('makes dead letters of single verdicts and goes on', async () => {
    const { persister, kept, told } = set(2, (after) => saved(after, 2, [1]));
    persister.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(kept).toEqual([{ seq: 2, dead: [{ seq: 1, reason: 'no' }] }]);
    expect(told).toEqual([{ user: 'ann', ids: ['m1', 'm2'], state: 'save_failed' }]);
    persister.close();
  });

  it('a lost answer is said again: senders hear what was saved and what was refused', async () => {
    const answers: ApiAnswer[] = [
      away,
      {
        ok: true,
        status: 409,
        body: {
          kind: 'not_joined',
          progress: { epoch: EPOCH, seq: 2 },
          rejected: [{ seq: 2, reason: 'no' }],
        },
      },
    ];
    const { persister, kept, told, sent } = set(2, () => answers.shift()!);
    persister.wake();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.map(({ after }) => after)).toEqual([0, 0]);
    expect(kept).toEqual([{ seq: 2, dead: [{ seq: 2, reason: 'no' }] }]);
    expect(told).toEqual([{ user: 'ann', ids: ['m1', 'm2'], state: 'saved' }]);
    expect(persister.progress.saved).toBe(2);
    persister.close();
  });

  it('says that the log was set back when the API has more of this epoch than the log', async () => {
    const { persister, forked } = set(2, () => ({
      ok: true,
      status: 409,
      body: { kind: 'not_joined', progress: { epoch: EPOCH, seq: 9 } },
    }));
    persister.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(forked).toEqual([9]);
    persister.close();
  });

  it('has no place in another epoch', () => {
    expect(placeIn(EPOCH, { epoch: EPOCH, seq: 7 })).toBe(7);
    expect(placeIn(EPOCH, { epoch: 'ff', seq: 7 })).toBe(0);
  });
});
