import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConversationList } from './conversation-list.ts';

const row = (conv: string, time: number): ConversationRow =>
  ({ account: 'a', conv, time, form: 'group', self: false, members: [], headN: time, unread: 0 }) as never;

/** Main's side: rows that change at any time, also while a question is under way. */
class Main {
  rows = new Map<string, ConversationRow>();
  asked: (readonly string[] | null)[] = [];
  shown: readonly ConversationRow[] = [];
  failing = false;
  /** Of each list, whether people changed in it. */
  met: boolean[] = [];
  rests = 0;
  #held: (() => void)[] = [];
  readonly list = new ConversationList({
    ask: async (convs) => {
      this.asked.push(convs);
      await new Promise<void>((resolve) => this.#held.push(resolve));
      if (this.failing) return { ok: false, failure: { kind: 'store_failed', message: 'not now' } };
      const wanted = [...this.rows.values()].filter(({ conv }) => convs === null || convs.includes(conv));
      return { ok: true, value: structuredClone(wanted) };
    },
    changed: (rows, met) => {
      this.shown = rows;
      this.met.push(met);
    },
    rest: async () => {
      this.rests++;
    },
    failed: () => {},
  });

  async settle(): Promise<void> {
    for (let idle = 0; idle < 3; ) {
      const held = this.#held.splice(0);
      for (const answer of held) answer();
      idle = held.length > 0 ? 0 : idle + 1;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

describe('the list of conversations', () => {
  it('asks for everything once, then for what changed, and keeps rows that say the same', async () => {
    const main = new Main();
    for (const name of ['a', 'b', 'c']) main.rows.set(name, row(name, name.charCodeAt(0)));
    void main.list.refresh();
    await main.settle();
    const before = main.shown;
    expect(before.map(({ conv }) => conv)).toEqual(['c', 'b', 'a']);
    main.rows.set('a', row('a', 1_000));
    void main.list.rowsChanged(['a']);
    await main.settle();
    expect(main.asked).toEqual([null, ['a']]);
    expect(main.shown.map(({ conv }) => conv)).toEqual(['a', 'c', 'b']);
    expect(main.shown[1]).toBe(before[0]);
  });

  it('rests after each answer, and tells where nobody came, went or looks otherwise', async () => {
    const main = new Main();
    const withBob = (time: number, avatar: string | null) =>
      ({ ...row('a', time), members: [{ user: 'bob', name: 'Bob', avatar }] }) as never;
    main.rows.set('a', withBob(1, null));
    void main.list.refresh();
    await main.settle();
    const [before] = main.shown;
    for (const now of [withBob(2, null), withBob(2, 'hash')]) {
      main.rows.set('a', now);
      void main.list.rowsChanged(['a']);
      await main.settle();
    }
    expect(main.met).toEqual([true, false, true]);
    expect(main.rests).toBe(3);
    main.rows.set('a', withBob(3, 'hash'));
    const [seen] = main.shown;
    void main.list.rowsChanged(['a']);
    await main.settle();
    expect(main.shown[0]?.members).toBe(seen?.members);
    expect(main.shown[0]?.members).not.toBe(before?.members);
    main.rows.delete('a');
    void main.list.rowsChanged(['a']);
    await main.settle();
    expect(main.met.slice(3)).toEqual([false, true]);
  });

  it('is the same as main’s in the end, whatever changes when, with failures in between', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), conv: name, time: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ kind: fc.constant('remove' as const), conv: name }),
      fc.record({ kind: fc.constant('settle' as const) }),
      fc.record({ kind: fc.constant('fail' as const), on: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const main = new Main();
        void main.list.refresh();
        for (const one of steps) {
          if (one.kind === 'settle') await main.settle();
          else if (one.kind === 'fail') main.failing = one.on;
          else {
            if (one.kind === 'set') main.rows.set(one.conv, row(one.conv, one.time));
            else main.rows.delete(one.conv);
            void main.list.rowsChanged([one.conv]);
          }
        }
        await main.settle();
        main.failing = false;
        main.rows.set('last', row('last', 99));
        void main.list.rowsChanged(['last']);
        await main.settle();
        const expected = [...main.rows.values()].sort(
          (x, y) => y.time - x.time || (x.conv < y.conv ? -1 : 1),
        );
        expect(main.shown).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
