/** What was shared in a conversation, page by page, in both directions from a place in it. */

import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { SharedItem, SharedKind, SharedPage } from '@matchbook/protocol/bridge/people';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A question for one page; `before` and `after` are places in the list, `at` one in the conversation. */
export type SharedWish = { before: number | null } | { after: number } | { at: number };

export interface SharedState {
  /** Newest first; null until the first page is there. */
  items: readonly SharedItem[] | null;
  /** There are older, or newer, ones on this device. */
  older: boolean;
  newer: boolean;
  /** Messages that are not on this device. */
  missing: number;
  failure: LocalFailure | null;
}

export class SharedList {
  readonly what: SharedKind;
  readonly state: StoreApi<SharedState>;
  readonly #ask: (what: SharedKind, wish: SharedWish) => Promise<Outcome<SharedPage>>;
  #next: number | null = null;
  #newest: number | null = null;
  #line: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(what: SharedKind, ask: (what: SharedKind, wish: SharedWish) => Promise<Outcome<SharedPage>>) {
    this.what = what;
    this.#ask = ask;
    this.state = createStore<SharedState>(() => ({
      ...{ items: null, older: false, newer: false, missing: 0, failure: null },
    }));
  }

  /** From the newest, or from the message at this place of the conversation, backwards. */
  start(at: number | null): Promise<void> {
    return this.#page(at === null ? { before: null } : { at }, (page) => {
      this.#next = page.next;
      this.#newest = page.newest ?? null;
      return { items: page.items, older: page.next !== null, newer: at !== null && this.#newest !== null };
    });
  }

  loadOlder(): Promise<void> {
    return this.#inLine(async () => {
      if (this.#next === null) return;
      await this.#asked({ before: this.#next }, (page, { items }) => {
        this.#next = page.next;
        return { items: [...(items ?? []), ...page.items], older: page.next !== null };
      });
    });
  }

  loadNewer(): Promise<void> {
    return this.#inLine(async () => {
      if (this.#newest === null) return;
      await this.#asked({ after: this.#newest }, (page, { items }) => {
        this.#newest = page.newest ?? this.#newest;
        return { items: [...page.items, ...(items ?? [])], newer: page.next !== null };
      });
    });
  }

  end(): void {
    this.#ended = true;
  }

  #page(
    wish: SharedWish,
    use: (page: SharedPage, state: SharedState) => Partial<SharedState>,
  ): Promise<void> {
    return this.#inLine(() => this.#asked(wish, use));
  }

  async #asked(
    wish: SharedWish,
    use: (page: SharedPage, state: SharedState) => Partial<SharedState>,
  ): Promise<void> {
    const answer = await this.#ask(this.what, wish);
    if (this.#ended) return;
    if (!answer.ok) this.state.setState({ failure: answer.failure });
    else
      this.state.setState((state) => ({
        ...use(answer.value, state),
        missing: answer.value.missing,
        failure: null,
      }));
  }

  /** One page after the other: two at once would overlap. */
  #inLine(step: () => Promise<void>): Promise<void> {
    this.#line = this.#line.then(() => (this.#ended ? undefined : step()));
    return this.#line;
  }
}
