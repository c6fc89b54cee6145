import { describe, expect, it } from 'vitest';
import type { Committed, FoldedState } from '../sequencer/messages.ts';
import type { Turn } from '../wire/turn.ts';
import { Hub, type HubItem, type Listener } from './hub.ts';

const head = (seq: number) =>
  ({ epoch: '0011223344556677', seq, running: '8899aabbccddeeff', time: seq }) as never;

function stage() {
  const forgotten: Listener[] = [];
  const turns: Listener[] = [];
  const turn = {
    forget: (one: Listener) => forgotten.push(one),
    delivered: (one: Listener) => turns.push(one),
  } as unknown as Turn;
  const folded = {
    head: head(0),
    conversations: [
      ['c', ['ann', 'bob']],
      ['d', ['bob', 'eve']],
    ],
    blocks: [['ann', 'eve']],
  } as unknown as FoldedState;
  const hub = new Hub(folded, turn, { items: 4, bytes: 1_000 });
  let seq = 0;
  const publish = (...items: Partial<Committed>[]) =>
    hub.publish({
      committed: items.map(
        (one) => ({ conv: 'c', user: 'ann', json: '{}', seq: ++seq, ...one }) as Committed,
      ),
      head: head(seq),
    } as never);
  const listener = (user: string) => {
    const heard: number[] = [];
    const one = { user, deliver: (item: HubItem) => heard.push(item.seq) } as unknown as Listener;
    hub.attach(one);
    return { one, heard };
  };
  return { hub, publish, listener, forgotten, turns };
}

describe('the hub', () => {
  it('delivers to the devices of present members, each once, and to nobody who went', () => {
    const { hub, publish, listener, forgotten, turns } = stage();
    const [ann, bob, phone, eve] = [listener('ann'), listener('bob'), listener('bob'), listener('eve')];
    publish({}, {});
    expect([ann, bob, phone, eve].map(({ heard }) => heard)).toEqual([[1, 2], [1, 2], [1, 2], []]);
    expect(turns).toHaveLength(3);
    // One of two devices of the same person goes: the other hears on, and the one that went is in nobody's turn.
    hub.detach(bob.one);
    expect(forgotten).toEqual([bob.one]);
    publish({});
    expect([ann.heard.at(-1), bob.heard.at(-1), phone.heard.at(-1)]).toEqual([3, 2, 3]);
    hub.detach(phone.one);
    hub.detach(ann.one);
    publish({});
    expect([ann.heard.length, bob.heard.length, phone.heard.length]).toEqual([3, 2, 3]);
  });

  it('judges membership as of each entry: who joins hears of it, who goes hears that they went, and nothing after', () => {
    const { hub, publish, listener } = stage();
    const [bob, eve] = [listener('bob'), listener('eve')];
    publish({ joined: ['eve'] }, {}, { left: ['bob'] }, {});
    expect([bob.heard, eve.heard]).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
    expect([[...hub.members('c')], [...hub.conversations('bob')], [...hub.conversations('eve')]]).toEqual([
      ['ann', 'eve'],
      ['d'],
      ['d', 'c'],
    ]);
    expect([...hub.members('none'), ...hub.conversations('nobody')]).toEqual([]);
  });

  it("tells a profile to whoever shares a conversation, and what is one's own to one's own devices", () => {
    const { publish, listener } = stage();
    const [ann, bob, eve] = [listener('ann'), listener('bob'), listener('eve')];
    publish(
      { conv: null, user: 'eve', to: 'sharing' as never },
      { conv: null, user: 'bob', to: 'owner' as never },
    );
    expect([ann.heard, bob.heard, eve.heard]).toEqual([[], [1, 2], [1]]);
  });

  it('knows who blocks whom, from the start and from what is said since', () => {
    const { hub, publish } = stage();
    expect([hub.blocks('ann', 'eve'), hub.blocks('eve', 'ann')]).toEqual([true, false]);
    publish({ conv: null, to: 'owner' as never, block: { of: 'eve', on: false } as never });
    publish({ conv: null, to: 'owner' as never, user: 'bob', block: { of: 'ann', on: true } as never });
    expect([hub.blocks('ann', 'eve'), hub.blocks('bob', 'ann')]).toEqual([false, true]);
  });

  it('keeps a bounded ring of what comes last, and says where it does not reach', () => {
    const { hub, publish } = stage();
    publish({}, { conv: 'd', user: 'bob' }, { json: '' });
    expect(hub.since(0, 'ann')?.map(({ seq }) => seq)).toEqual([1]);
    expect(hub.since(0, 'bob')?.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(hub.after(1, 1)?.map(({ seq }) => seq)).toEqual([2]);
    publish({}, {});
    // Beyond four half of them went.
    expect([hub.since(2, 'ann'), hub.after(0, 9)]).toEqual([null, null]);
    expect(hub.since(3, 'ann')?.map(({ seq }) => seq)).toEqual([4, 5]);
    expect(hub.after(5, 9)).toEqual([]);
    publish({ json: 'x'.repeat(999) });
    expect(hub.after(3, 9)).toBeNull();
  });

  it('has a new beginning, a new cursor and a new head with every group', () => {
    const { hub, publish } = stage();
    const { start, cursor } = hub;
    publish({});
    expect(hub.head.seq).toBe(1);
    expect(hub.cursor).not.toBe(cursor);
    expect(hub.start).not.toBe(start);
  });
});
