/**
 * One search: asked of this device and of the server, shown as one list without duplicates, newest first. Each source pages by itself; what is shown ends
 * where a source that has more could still put something in between.
 */
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { LocalSearchPage } from '@matchbook/protocol/bridge/views';
import type { SearchPage } from '@matchbook/protocol/http/history';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type SearchHit = SearchPage['items'][number];

export interface SearchState {
  /** Newest first. */
  hits: readonly SearchHit[];
  /** Null until anybody has answered. */
  total: number | null;
  /** There are more than `total`. */
  atLeast: boolean;
  /** More can be shown. */
  more: boolean;
  /** Somebody is being asked. */
  asking: boolean;
  local: LocalSearchPage['coverage'] | null;
  server: SearchPage['coverage'] | null;
  /** Why the server did not answer: this device alone did. */
  away: LocalFailure | null;
  /** Why this device did not answer. */
  failure: LocalFailure | null;
}

type Page = Pick<SearchPage, 'items' | 'total' | 'more' | 'next'>;
type Ask<P extends Page> = (cursor: number | null) => Promise<Outcome<P>>;

interface Source {
  items: SearchHit[];
  total: number;
  atLeast: boolean;
  next: number | null;
  /** It has answered once. */
  known: boolean;
  asking: boolean;
}

const fresh = (): Source => ({
  ...{ items: [], total: 0, atLeast: false },
  ...{ next: null, known: false, asking: false },
});
export const NOTHING_FOUND: SearchState = {
  ...{ hits: [], total: null, atLeast: false, more: false, asking: false },
  ...{ local: null, server: null, away: null, failure: null },
};

export class SearchRun {
  readonly state: StoreApi<SearchState> = createStore<SearchState>(() => NOTHING_FOUND);
  readonly #askLocal: Ask<LocalSearchPage>;
  readonly #askServer: Ask<SearchPage>;
  readonly #local = fresh();
  readonly #server = fresh();
  #ended = false;

  constructor(askLocal: Ask<LocalSearchPage>, askServer: Ask<SearchPage>) {
    this.#askLocal = askLocal;
    this.#askServer = askServer;
  }

  async start(): Promise<void> {
    await Promise.all([this.#fromDevice(), this.#fromServer()]);
  }

  /** Asks whoever stands in the way of showing more. */
  async further(): Promise<void> {
    const work: Promise<void>[] = [];
    const [local, server] = [this.#local, this.#server];
    const edge = this.#edge();
    if (local.next !== null && !local.asking && lastTime(local) >= edge) work.push(this.#fromDevice());
    if (server.next !== null && !server.asking && lastTime(server) >= edge) work.push(this.#fromServer());
    await Promise.all(work);
  }

  /** Whatever comes still is of no interest. */
  end(): void {
    this.#ended = true;
  }

  async #fromDevice(): Promise<void> {
    const answer = await this.#ask(this.#local, this.#askLocal);
    if (answer) this.#tell(answer.ok ? { local: answer.value.coverage } : { failure: answer.failure });
  }

  async #fromServer(): Promise<void> {
    const answer = await this.#ask(this.#server, this.#askServer);
    if (answer)
      this.#tell(answer.ok ? { server: answer.value.coverage, away: null } : { away: answer.failure });
  }

  async #ask<P extends Page>(source: Source, ask: Ask<P>): Promise<Outcome<P> | null> {
    source.asking = true;
    this.#tell({});
    const answer = await ask(source.known ? source.next : null);
    source.asking = false;
    if (this.#ended) return null;
    if (answer.ok) {
      const { items, total, more, next } = answer.value;
      source.items.push(...items);
      source.next = next;
      // A page further on counts the same.
      if (!source.known) Object.assign(source, { total, atLeast: more });
      source.known = true;
    } else source.next = null;
    return answer;
  }

  /** Older than this nothing is shown: something may come in between. */
  #edge(): number {
    return Math.max(
      ...[this.#local, this.#server].map((source) => (source.next === null ? 0 : lastTime(source))),
    );
  }

  #tell(change: Partial<SearchState>): void {
    if (this.#ended) return;
    const [local, server] = [this.#local, this.#server];
    const edge = this.#edge();
    const hits = new Map<string, SearchHit>();
    // What is on this device is newer: an edit comes here first.
    for (const hit of [...local.items, ...server.items]) {
      const key = `${hit.conv}/${hit.n}`;
      if (hit.time >= edge && !hits.has(key)) hits.set(key, hit);
    }
    const shown = [...hits.values()].sort((one, other) => other.time - one.time || other.n - one.n);
    const whole = local.next === null && server.next === null;
    const known = local.known || server.known;
    this.state.setState({
      ...change,
      hits: shown,
      // Where all of it is here, it was counted by being put together.
      total: !known ? null : whole ? shown.length : Math.max(local.total, server.total, shown.length),
      atLeast: !whole && (local.atLeast || server.atLeast),
      more: !whole,
      asking: local.asking || server.asking,
    });
  }
}

const lastTime = ({ items }: Source): number => items.at(-1)?.time ?? Number.MAX_SAFE_INTEGER;
