/** What was shared in a conversation, page by page, in both directions from a place in it. What is not on this device is asked of the server, from there on. */

import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { SharedFetched, SharedItem, SharedKind, SharedPage } from '@matchbook/protocol/bridge/people';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A question for one page; `before` and `after` are places in the list, `at` one in the conversation. */
export type SharedWish = { before: number | null } | { after: number } | { at: number };
/** What is next to a place of the conversation; the newest where neither is said. */
export type FetchWish = { before?: number } | { after: number };

export interface SharedState {
  /** Newest first; null until the first page is there. */
  items: readonly SharedItem[] | null;
  /** There are, or may be, older or newer ones. */
  older: boolean;
  newer: boolean;
  /** Messages that are not on this device, of which nobody knows what was shared in them. */
  missing: number;
  /** The server is being asked. */
  asking: boolean;
  failure: LocalFailure | null;
  /** Why the server could not be asked. */
  unasked: LocalFailure | null;
}

export interface SharedPorts {
  ask(what: SharedKind, wish: SharedWish): Promise<Outcome<SharedPage>>;
  fetch(what: Exclude<SharedKind, 'link'>, wish: FetchWish): Promise<Outcome<SharedFetched>>;
}

/** Questions to the server for one step: on its pages may be nothing that is not shown already. */
const FETCHES = 8;

export class SharedList {
  readonly what: SharedKind;
  readonly state: StoreApi<SharedState>;
  readonly #ports: SharedPorts;
  #at: number | null = null;
  /** There is more on this device. */
  #here = { older: false, newer: false };
  /** Places of the conversation between which the server left nothing out; null while it is not asked. */
  #known: { from: number; to: number } | null = null;
  #line: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(what: SharedKind, ports: SharedPorts) {
    this.what = what;
    this.#ports = ports;
    this.state = createStore<SharedState>(() => ({
      ...{ items: null, older: false, newer: false, missing: 0, asking: false, failure: null, unasked: null },
    }));
  }

  /** From the newest, or from the message at this place of the conversation, backwards. */
  start(at: number | null): Promise<void> {
    this.#at = at;
    return this.#inLine(async () => {
      await this.#first();
      if (this.state.getState().missing > 0) await this.#askServer();
    });
  }

  /** The server could not be asked: once more. */
  again(): Promise<void> {
    return this.#inLine(() => this.#askServer());
  }

  loadOlder(): Promise<void> {
    return this.#inLine(() => this.#more('older'));
  }

  loadNewer(): Promise<void> {
    return this.#inLine(() => this.#more('newer'));
  }

  end(): void {
    this.#ended = true;
  }

  async #first(): Promise<void> {
    const page = await this.#asked(this.#at === null ? { before: null } : { at: this.#at });
    if (!page) return;
    this.#here = { older: page.next !== null, newer: this.#at !== null && page.items.length > 0 };
    this.#show(page.items, 'older');
  }

  /** From then on only what is known to be without gaps is listed. */
  async #askServer(): Promise<void> {
    const at = this.#at;
    const from = await this.#fetched(at === null ? {} : { before: at + 1 });
    if (from === null) return;
    this.#known = { from: from.next ?? 0, to: at ?? Number.MAX_SAFE_INTEGER };
    await this.#first();
    if ((this.state.getState().items ?? []).length === 0) await this.#more('older');
  }

  async #more(way: 'older' | 'newer'): Promise<void> {
    const shown = () => this.state.getState().items ?? [];
    const before = shown().length;
    for (let i = 0; i < FETCHES && shown().length === before && !this.#ended; i++) {
      const end = way === 'older' ? shown().at(-1) : shown()[0];
      if (this.#here[way]) {
        const wish = way === 'older' ? { before: end?.place ?? null } : end && { after: end.place };
        const page = wish && (await this.#asked(wish));
        if (!page) return;
        this.#here[way] = page.next !== null;
        this.#show(way === 'older' ? [...shown(), ...page.items] : [...page.items, ...shown()], way);
      } else if (!(await this.#further(way))) return;
    }
  }

  /** Asks the server for more that way; false where there is none, or it cannot be asked. */
  async #further(way: 'older' | 'newer'): Promise<boolean> {
    const known = this.#known;
    if (!known || !this.#beyond(way)) return false;
    const next = await this.#fetched(way === 'older' ? { before: known.from } : { after: known.to });
    if (!next) return false;
    if (way === 'older') known.from = next.next ?? 0;
    else known.to = next.next ?? Number.MAX_SAFE_INTEGER;
    this.#here[way] = true;
    return true;
  }

  /** The server may have more that way. */
  #beyond(way: 'older' | 'newer'): boolean {
    if (!this.#known) return false;
    return way === 'older' ? this.#known.from > 1 : this.#known.to < Number.MAX_SAFE_INTEGER;
  }

  #show(items: readonly SharedItem[], way: 'older' | 'newer'): void {
    const { from, to } = this.#known ?? { from: 0, to: Number.MAX_SAFE_INTEGER };
    const shown = items.filter(({ n }) => n >= from && n <= to);
    // What stands beyond is listed once what is between has come.
    if (shown.length < items.length) this.#here[way] = false;
    this.state.setState({
      items: shown,
      older: this.#here.older || this.#beyond('older'),
      newer: this.#here.newer || this.#beyond('newer'),
    });
  }

  async #asked(wish: SharedWish): Promise<SharedPage | null> {
    const answer = await this.#ports.ask(this.what, wish);
    if (this.#ended) return null;
    if (!answer.ok) {
      this.state.setState({ failure: answer.failure });
      return null;
    }
    this.state.setState({ missing: this.#known ? 0 : answer.value.missing, failure: null });
    return answer.value;
  }

  async #fetched(wish: FetchWish): Promise<SharedFetched | null> {
    const { what } = this;
    // The server knows no links.
    if (what === 'link') return null;
    this.state.setState({ asking: true, unasked: null });
    const answer = await this.#ports.fetch(what, wish);
    if (this.#ended) return null;
    this.state.setState({ asking: false, unasked: answer.ok ? null : answer.failure });
    return answer.ok ? answer.value : null;
  }

  /** One page after the other: two at once would overlap. */
  #inLine(step: () => Promise<void>): Promise<void> {
    this.#line = this.#line.then(() => (this.#ended ? undefined : step()));
    return this.#line;
  }
}
