/** What main keeps for the next start is what a window then asks: word for word, or the start waits for the store instead. */
import { firstQuestions, keyOf, questionsOfScripts } from '@matchbook/protocol/bridge/first-questions';
import type { ConversationRow, TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { emptyState, type MatchbookState } from './state.ts';
import { TimelineWindow } from './timeline-window.ts';

const address = { account: 'a', conv: 'c' };

/** Questions of a window that opens a conversation with so many messages, read so far. */
async function openedWith(head: number, readN: number): Promise<string[]> {
  const asked: string[] = [];
  const call = async (name: string, request: { to?: number; after?: number; limit: number }) => {
    asked.push(keyOf(name, request));
    const { to = head, after, limit } = request;
    const from = after ?? Math.max(1, to - limit + 1);
    const last = after === undefined ? to : Math.min(head, after + limit - 1);
    const rows = Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => ({
      ...{ n: from + i, id: `i${from + i}`, sender: 'bob', own: false, kind: 'message' },
    })) as TimelineRow[];
    const value: TimelinePage = {
      ...{ rows, waiting: [], holes: [], headN: head, readN, unreadN: 0, unbroken: true },
      ...{ older: from > 1, newer: last < head },
    };
    return { ok: true, value };
  };
  const state = createStore<MatchbookState>(() => ({
    ...emptyState,
    conversations: { a: [{ conv: 'c', unread: head - readN } as ConversationRow] },
  }));
  const window = new TimelineWindow({ call, on: () => () => {} } as never, state, () => () => {});
  window.open(address);
  await new Promise((resolve) => setImmediate(resolve));
  expect(state.getState().timeline).not.toBeNull();
  return asked;
}

it('holds for whatever is unread in the conversation that is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2_000), fc.nat(2_000), async (read, unread) => {
      const kept = [...firstQuestions('a', 'c'), ...questionsOfScripts('a', 'c', unread, read)].map(
        ([name, request]) => keyOf(name, request),
      );
      const asked = await openedWith(read + unread, read);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.filter((question) => !kept.includes(question))).toEqual([]);
    }),
    {
      examples: [
        [100, 0],
        [100, 201],
        [0, 500],
        [0, 201],
        [1_000, 200],
        [1, 1_999],
      ],
    },
  );
});
