import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { SharedItem, SharedKind } from '@matchbook/protocol/bridge/people';
import { describe, expect, it } from 'vitest';
import { type FetchWish, SharedList, type SharedWish } from './shared-list.ts';

const item = (n: number): SharedItem => ({ place: n * 10, n, sender: 'bob', time: n, files: [], links: [] });
const LOCAL_PAGE = 3;
const SERVER_PAGE = 4;

/** A conversation whose messages 1 to `count` all have a file, of which this device has some. */
class Conversation {
  readonly here: Set<number>;
  readonly #count: number;
  readonly asked: FetchWish[] = [];
  online = true;

  constructor(count: number, here: readonly number[]) {
    this.#count = count;
    this.here = new Set(here);
  }

  list(what: SharedKind = 'media') {
    return new SharedList(what, {
      ask: async (_what, wish: SharedWish) => {
        const all = [...this.here].sort((a, b) => b - a);
        const upTo = 'at' in wish ? wish.at * 10 + 1 : 'before' in wish ? (wish.before ?? 1e9) : 0;
        const newer = 'after' in wish ? all.filter((n) => n * 10 > wish.after).reverse() : null;
        const found = newer ?? all.filter((n) => n * 10 < upTo);
        const items = found.slice(0, LOCAL_PAGE).map(item);
        const next = found.length > LOCAL_PAGE ? items.at(-1)!.place : null;
        const missing = this.#count - this.here.size;
        return { ok: true, value: { items: newer ? items.reverse() : items, next, missing } };
      },
      fetch: async (_what, wish): Promise<Outcome<{ next: number | null }>> => {
        this.asked.push(wish);
        if (!this.online) return { ok: false, failure: { kind: 'server_unreachable', message: 'away' } };
        const all = Array.from({ length: this.#count }, (_, i) => this.#count - i);
        const found =
          'after' in wish
            ? all.filter((n) => n > wish.after).reverse()
            : all.filter((n) => n < (wish.before ?? 1e9));
        const page = found.slice(0, SERVER_PAGE);
        for (const n of page) this.here.add(n);
        return { ok: true, value: { next: found.length > SERVER_PAGE ? page.at(-1)! : null } };
      },
    });
  }
}

const places = (list: SharedList) => list.state.getState().items?.map(({ n }) => n);
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

describe('what was shared', () => {
  it('is listed from this device alone where nothing is missing there', async () => {
    const at = new Conversation(5, down(5, 1));
    const list = at.list();
    await list.start(null);
    await list.loadOlder();
    expect(places(list)).toEqual(down(5, 1));
    expect(list.state.getState()).toMatchObject({ older: false, newer: false, missing: 0 });
    expect(at.asked).toEqual([]);
  });

  it('is asked of the server beyond that, and listed without a gap', async () => {
    const at = new Conversation(30, [30, 29, 12, 3]);
    const list = at.list();
    await list.start(null);
    expect(places(list)).toEqual(down(30, 28));
    while (list.state.getState().older) {
      await list.loadOlder();
      const shown = places(list)!;
      expect(shown).toEqual(down(30, shown.at(-1)!));
    }
    expect(places(list)).toEqual(down(30, 1));
    expect(list.state.getState()).toMatchObject({ older: false, missing: 0, asking: false });
  });

  it('goes both ways from the middle, without a gap', async () => {
    const at = new Conversation(30, [28, 15, 14, 2]);
    const list = at.list();
    await list.start(15);
    for (let i = 0; i < 30; i++) {
      await list.loadNewer();
      await list.loadOlder();
      const shown = places(list)!;
      expect(shown).toEqual(down(shown[0]!, shown.at(-1)!));
    }
    expect(places(list)).toEqual(down(30, 1));
    expect(list.state.getState()).toMatchObject({ older: false, newer: false });
  });

  it('says where the server cannot be asked what is missing, lists what is here, and asks again when told to', async () => {
    const at = new Conversation(9, [9, 4]);
    at.online = false;
    const list = at.list();
    await list.start(null);
    expect(places(list)).toEqual([9, 4]);
    expect(list.state.getState()).toMatchObject({ missing: 7, unasked: { kind: 'server_unreachable' } });
    at.online = true;
    await list.again();
    while (list.state.getState().older) await list.loadOlder();
    expect(places(list)).toEqual(down(9, 1));
    expect(list.state.getState()).toMatchObject({ missing: 0, unasked: null });
  });

  it('asks the server for no links', async () => {
    const at = new Conversation(9, [9]);
    const list = at.list('link');
    await list.start(null);
    expect([places(list), list.state.getState().missing, at.asked]).toEqual([[9], 8, []]);
  });
});
