import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { describe, expect, it } from 'vitest';
import { ConversationList } from './conversation-list.ts';
import { carryFound, rowOf } from './row-of.ts';

const row = (conv: string, unread = 0) => ({ conv, unread }) as ConversationRow;

/** A list that tells how often it was looked through. */
function counted(rows: ConversationRow[]) {
  let looks = 0;
  const find: typeof rows.find = (
    test: (one: ConversationRow, at: number, all: ConversationRow[]) => unknown,
  ) => {
    looks++;
    return rows.find(test);
  };
  return { list: Object.assign([...rows], { find }), looks: () => looks };
}

describe('the row of a conversation', () => {
  it('is looked for once in a list, and in the next one only where it may be another', () => {
    const first = counted([row('a'), row('b')]);
    expect([rowOf(first.list, 'b'), rowOf(first.list, 'b'), rowOf(first.list, 'c')]).toEqual([
      row('b'),
      row('b'),
      null,
    ]);
    expect(first.looks()).toBe(2);
    const next = counted([row('a', 1), row('b')]);
    carryFound(first.list, next.list, ['a']);
    expect([rowOf(next.list, 'b'), rowOf(next.list, 'c')]).toEqual([row('b'), null]);
    expect(next.looks()).toBe(0);
    const last = counted([row('b', 2), row('c')]);
    carryFound(next.list, last.list, ['b', 'c']);
    expect([rowOf(last.list, 'b'), rowOf(last.list, 'c')]).toEqual([row('b', 2), row('c')]);
  });

  it('is that of now after a conversation changed in the account’s list, came or went', async () => {
    let there = [row('a'), row('b')].map((one, i) => ({ ...one, members: [], time: 10 - i }));
    let shown: readonly ConversationRow[] = [];
    const list = new ConversationList({
      ask: async (convs) => ({ ok: true, value: there.filter(({ conv }) => !convs || convs.includes(conv)) }),
      changed: (rows) => {
        shown = rows;
      },
      failed: () => {},
    });
    await list.refresh();
    const seen = () => ['a', 'b', 'c'].map((conv) => rowOf(shown, conv)?.unread ?? null);
    expect(seen()).toEqual([0, 0, null]);
    there = [{ ...there[0]!, unread: 2 }, there[1]!];
    await list.rowsChanged(['a']);
    const looked = () => {
      throw new Error('The list was looked through.');
    };
    expect(rowOf(Object.assign(shown, { find: looked }), 'b')?.unread).toBe(0);
    there = [
      { ...there[0]!, unread: 3 },
      { ...there[0]!, conv: 'c', unread: 1 },
    ];
    await list.rowsChanged(['a', 'b', 'c']);
    expect(seen()).toEqual([3, null, 1]);
  });
});
