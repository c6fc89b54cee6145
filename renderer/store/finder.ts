/** What is being searched for, and the runs that answer. A new text or filter is a new run. */
import type { Use } from '@matchbook/protocol/bridge/finding';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { LIMITS } from '@matchbook/protocol/limits';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Filters, NO_FILTERS, type Operator, queryOf, withFilter, withoutLast } from './filters.ts';
import { SearchRun } from './search-run.ts';
import {
  ENGLISH_OPERATORS,
  inEnglish,
  type OperatorWords,
  type Resolve,
  takeFilters,
} from './typed-filters.ts';

export interface FinderState {
  /** The account that is searched; null while nothing is. */
  account: string | null;
  text: string;
  filters: Filters;
  run: SearchRun | null;
  /** So many characters are too many: nothing is asked then, for what is at the end, as filters are, would be left out. */
  over: number;
  /** The hit that was opened last, by its place among those of the run. */
  at: number | null;
  /** Where there is room for one thing alone, the search has it: until a hit was opened. */
  narrow: boolean;
  uses: Readonly<Record<string, Use>>;
}

/** Hits of one page. */
const PAGE = 30;
/** From the last key to the question, ms. */
const PAUSE = 180;
/** A plain word at the end, long enough that not half of all messages have one that begins so. */
const BEGUN = /^[^"]*(?<![^\s])[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]{2,}$/u;

export class Finder {
  readonly state: StoreApi<FinderState>;
  readonly #bridge: WindowBridge;
  readonly #later: (delay: number, run: () => void) => () => void;
  #cancel: (() => void) | null = null;
  #words = ENGLISH_OPERATORS;

  constructor(bridge: WindowBridge, later: (delay: number, run: () => void) => () => void) {
    this.#bridge = bridge;
    this.#later = later;
    this.state = createStore<FinderState>(() => ({
      ...{ account: null, text: '', filters: NO_FILTERS },
      ...{ run: null, over: 0, at: null, narrow: false, uses: {} },
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
    this.#cancel = null;
    this.state.getState().run?.end();
    this.state.setState({ account: null, text: '', filters: NO_FILTERS, run: null, over: 0, at: null });
  }

  /** A hit was opened: where there is room for one thing alone, it is the conversation. */
  opened(at: number): void {
    this.state.setState({ narrow: false, at });
  }

  /**
   * @param words what filters are called in the person's language
   * @param resolve what a filter that was typed whole stands for
   */
  type(typed: string, words: OperatorWords, resolve: Resolve): void {
    this.#words = words;
    const { text, filters: taken } = takeFilters(typed, words, resolve);
    const { filters } = this.state.getState();
    const next = taken.reduce((before, [operator, value]) => withFilter(before, operator, value), filters);
    this.#cancel?.();
    this.state.setState({ text, filters: next });
    this.#cancel = this.#later(PAUSE, () => this.#run({}));
  }

  /** Before there is a field, which knows what filters stand for: they stay as they are written. */
  typeAhead(typed: string): void {
    this.type(typed, this.#words, () => null);
  }

  filter(change: Partial<Filters>): void {
    this.#run({ filters: { ...this.state.getState().filters, ...change } });
  }

  /** A filter that was completed takes the place of what was typed of it. */
  complete(operator: Operator, value: string, text: string): void {
    this.#run({ text, filters: withFilter(this.state.getState().filters, operator, value) });
  }

  /** Does not wait for the next key. Answers whether it was waiting. */
  now(): boolean {
    const waits = this.#cancel !== null;
    if (waits) this.#run({});
    return waits;
  }

  /** Enter ends a filter as the blank behind it does. Answers whether there was one. */
  ended(words: OperatorWords, resolve: Resolve): boolean {
    const typed = `${this.state.getState().text} `;
    if (takeFilters(typed, words, resolve).filters.length === 0) return false;
    this.type(typed, words, resolve);
    return this.now();
  }

  /** @param only the conversation that is searched whatever is dropped; null for any */
  dropLastFilter(only: string | null): void {
    const filters = withoutLast(this.state.getState().filters);
    if (filters && (only === null || filters.in.includes(only))) this.#run({ filters });
  }

  /** On this device, of all that is newest: for the quick switcher. */
  async messages(account: string, text: string, limit: number) {
    // Its last word is being typed; of a text that was pasted its beginning is looked for.
    const begun = text.slice(0, LIMITS.searchLength - 1);
    const q = BEGUN.test(begun) ? `${begun}*` : begun;
    return this.#bridge.call('search.local', { account, q, zone: zone(), limit, cursor: null });
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
    this.#cancel = null;
    this.state.getState().run?.end();
    const { account, text, filters } = { ...this.state.getState(), ...change };
    const english = inEnglish(text, this.#words);
    const q = queryOf(english, filters);
    // A conversation alone is no question: all of it would be the answer.
    const asks = account !== null && queryOf(english, { ...filters, in: [] }) !== '';
    const request = { account: account ?? '', q, zone: zone(), limit: PAGE };
    const over = asks ? Math.max(0, q.length - LIMITS.searchLength) : 0;
    const run =
      asks && over === 0
        ? new SearchRun(
            (cursor) => this.#bridge.call('search.local', { ...request, cursor }),
            (cursor) => this.#bridge.call('search.server', { ...request, cursor }),
          )
        : null;
    this.state.setState({ ...change, run, over, at: null });
    void run?.start();
  }
}

/** Minutes east of UTC. */
const zone = (): number => -new Date().getTimezoneOffset();
