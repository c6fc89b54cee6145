/** What waits to be sent, of all accounts: counted always, listed while the outbox view is open. */
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { WaitingCount, WaitingItem } from '@matchbook/protocol/bridge/waiting';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Coalesced } from './coalesced.ts';
import { sameData } from './same-data.ts';

export interface WaitingState {
  counts: Readonly<Record<string, WaitingCount>>;
  /** By account; absent until the first answer. */
  lists: Readonly<Record<string, { items: readonly WaitingItem[]; total: number }>>;
  /** Why the last action was not done. */
  failure: LocalFailure | null;
  /** The outbox view is wanted. */
  open: boolean;
}

export class WaitingList {
  readonly state: StoreApi<WaitingState>;
  readonly #bridge: WindowBridge;
  readonly #newId: () => string;
  readonly #left: (account: string, ids: string[]) => void;
  readonly #asking = new Map<string, Coalesced>();
  #shown = false;

  /** @param left what was listed waits no more */
  constructor(bridge: WindowBridge, newId: () => string, left: (account: string, ids: string[]) => void) {
    this.#bridge = bridge;
    this.#newId = newId;
    this.#left = left;
    this.state = createStore<WaitingState>(() => ({ counts: {}, lists: {}, failure: null, open: false }));
  }

  /** Something changed in the outbox of this account, or it is seen for the first time. */
  changed(account: string): Promise<void> {
    let asking = this.#asking.get(account);
    if (!asking) {
      asking = new Coalesced(() => this.#ask(account));
      this.#asking.set(account, asking);
    }
    return asking.run();
  }

  follow(accounts: readonly string[]): void {
    for (const account of accounts) if (!this.#asking.has(account)) void this.changed(account);
  }

  open(open: boolean): void {
    this.state.setState({ open });
  }

  show(shown: boolean): void {
    this.#shown = shown;
    this.state.setState({ failure: null, ...(shown ? {} : { lists: {} }) });
    if (shown) for (const account of this.#asking.keys()) void this.changed(account);
  }

  hold({ account, id }: WaitingItem, on: boolean): Promise<boolean> {
    return this.#done(this.#bridge.call('outbox.hold', { account, id, on }));
  }

  sendNow({ account, id }: WaitingItem): Promise<boolean> {
    return this.#done(this.#bridge.call('outbox.sendNow', { account, id }));
  }

  edit({ account, id }: WaitingItem, text: string): Promise<boolean> {
    return this.#done(this.#bridge.call('outbox.edit', { account, id, newId: this.#newId(), text }));
  }

  discard({ account, id }: WaitingItem): Promise<boolean> {
    return this.#done(this.#bridge.call('outbox.discard', { account, id, newId: this.#newId() }));
  }

  retry({ account, id }: WaitingItem): Promise<boolean> {
    return this.#done(this.#bridge.call('outbox.retry', { account, id, newId: this.#newId() }));
  }

  /** One after the other, in their order; the first that fails is told, the others are done all the same. */
  async each(items: readonly WaitingItem[], act: (item: WaitingItem) => Promise<boolean>): Promise<void> {
    let failure: LocalFailure | null = null;
    for (const item of items) if (!(await act(item))) failure ??= this.state.getState().failure;
    this.state.setState({ failure });
  }

  async #ask(account: string): Promise<void> {
    const count = await this.#bridge.call('outbox.count', { account });
    if (count.ok) this.state.setState(({ counts }) => ({ counts: { ...counts, [account]: count.value } }));
    if (!this.#shown) return;
    const list = await this.#bridge.call('outbox.list', { account });
    if (!list.ok || !this.#shown) return;
    const { items, total } = list.value;
    const before = this.state.getState().lists[account]?.items ?? [];
    this.state.setState(({ lists }) => ({
      lists: { ...lists, [account]: { ...list.value, items: kept(before, items) } },
    }));
    const there = new Set(items.map(({ id }) => id));
    // Of a list that is cut nobody knows what left it.
    const left = total > items.length ? [] : before.flatMap(({ id }) => (there.has(id) ? [] : [id]));
    if (left.length > 0) this.#left(account, left);
  }

  async #done(answer: Promise<Outcome<unknown>>): Promise<boolean> {
    const got = await answer;
    this.state.setState({ failure: got.ok ? null : got.failure });
    return got.ok;
  }
}

/** What says the same as before stays the same object. */
function kept(before: readonly WaitingItem[] | undefined, now: readonly WaitingItem[]): WaitingItem[] {
  const known = new Map(before?.map((item) => [item.id, item]));
  return now.map((item) => {
    const same = known.get(item.id);
    return same && sameData(same, item) ? same : item;
  });
}
