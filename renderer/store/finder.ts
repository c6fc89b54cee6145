/** What is being searched for, and the runs that answer. A new text or filter is a new run. */
import type { Use } from '@matchbook/protocol/bridge/finding';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { SearchRun } from './search-run.ts';

export interface Filters {
  /** Users. */
  from: readonly string[];
  /** Conversations. */
  in: readonly string[];
  has: readonly ('file' | 'link')[];
  /** Days, `2026-03-31`. */
  after: string | null;
  before: string | null;
}

export interface FinderState {
  /** The account that is searched; null while nothing is. */
  account: string | null;
  text: string;
  filters: Filters;
  run: SearchRun | null;
  /** Where there is room for one thing alone, the search has it: until a hit was opened. */
  narrow: boolean;
  uses: Readonly<Record<string, Use>>;
}

export const NO_FILTERS: Filters = { from: [], in: [], has: [], after: null, before: null };
/** Hits of one page. */
const PAGE = 30;
/** From the last key to the question, ms. */
const PAUSE = 180;

/** As search-query.ts reads it. Ids stand for themselves. */
export function queryOf(text: string, { from, in: places, has, after, before }: Filters): string {
  return [
    text.trim(),
    ...from.map((user) => `from:${user}`),
    ...places.map((conv) => `in:${conv}`),
    ...has.map((what) => `has:${what}`),
    ...(after === null ? [] : [`after:${after}`]),
    ...(before === null ? [] : [`before:${before}`]),
  ]
    .filter(Boolean)
    .join(' ');
}

/** A filter that was typed whole, with the space or quote that ends it, becomes a chip; what stays is the text. */
function typedFilters(text: string): { text: string; filters: Partial<Filters> } {
  const filters: { has: ('file' | 'link')[]; after?: string; before?: string } = { has: [] };
  const rest = text.replaceAll(
    /(^|\s)(?:has:(file|link)|(after|before):(\d{4}-\d{2}-\d{2}))(?=\s)/gu,
    (
      _,
      lead: string,
      has: 'file' | 'link' | undefined,
      when: 'after' | 'before' | undefined,
      day: string,
    ) => {
      if (has) filters.has.push(has);
      else if (when) filters[when] = day;
      return lead;
    },
  );
  const { has, ...days } = filters;
  return {
    text: rest === text ? text : rest.trimStart(),
    filters: { ...days, ...(has.length > 0 ? { has } : {}) },
  };
}

export class Finder {
  readonly state: StoreApi<FinderState>;
  readonly #bridge: WindowBridge;
  readonly #later: (delay: number, run: () => void) => () => void;
  #cancel: (() => void) | null = null;

  constructor(bridge: WindowBridge, later: (delay: number, run: () => void) => () => void) {
    this.#bridge = bridge;
    this.#later = later;
    this.state = createStore<FinderState>(() => ({
      ...{ account: null, text: '', filters: NO_FILTERS },
      ...{ run: null, narrow: false, uses: {} },
    }));
  }

  /** @param conv only in this conversation; everywhere where null */
  open(account: string, conv: string | null): void {
    const { account: before, text } = this.state.getState();
    this.#run({
      account,
      narrow: true,
      text: before === account ? text : '',
      filters: conv === null ? NO_FILTERS : { ...NO_FILTERS, in: [conv] },
    });
  }

  close(): void {
    this.#cancel?.();
    this.state.getState().run?.end();
    this.state.setState({ account: null, text: '', filters: NO_FILTERS, run: null });
  }

  /** A hit was opened: where there is room for one thing alone, it is the conversation. */
  opened(): void {
    this.state.setState({ narrow: false });
  }

  type(typed: string): void {
    const { text, filters } = typedFilters(typed);
    const present = this.state.getState().filters;
    const has = [...new Set([...present.has, ...(filters.has ?? [])])];
    this.#cancel?.();
    this.state.setState({ text, filters: { ...present, ...filters, has } });
    this.#cancel = this.#later(PAUSE, () => this.#run({}));
  }

  filter(change: Partial<Filters>): void {
    this.#run({ filters: { ...this.state.getState().filters, ...change } });
  }

  /** On this device, of all that is newest: for the quick switcher. */
  async messages(account: string, text: string, limit: number) {
    return this.#bridge.call('search.local', { account, q: text, zone: zone(), limit, cursor: null });
  }

  async learnUses(): Promise<void> {
    const answer = await this.#bridge.call('switcher.uses', {});
    if (answer.ok) this.state.setState({ uses: answer.value });
  }

  async used(key: string): Promise<void> {
    await this.#bridge.call('switcher.used', { key });
    await this.learnUses();
  }

  #run(change: Partial<FinderState>): void {
    this.#cancel?.();
    this.state.getState().run?.end();
    const { account, text, filters } = { ...this.state.getState(), ...change };
    const q = queryOf(text, filters);
    // A conversation alone is no question: all of it would be the answer.
    const asks = account !== null && queryOf(text, { ...filters, in: [] }) !== '';
    const request = { account: account ?? '', q, zone: zone(), limit: PAGE };
    const run = asks
      ? new SearchRun(
          (cursor) => this.#bridge.call('search.local', { ...request, cursor }),
          (cursor) => this.#bridge.call('search.server', { ...request, cursor }),
        )
      : null;
    this.state.setState({ ...change, run });
    void run?.start();
  }
}

/** Minutes east of UTC. */
const zone = (): number => -new Date().getTimezoneOffset();
