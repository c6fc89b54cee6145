/**
 * The connection log as a window holds it: the newest events up to a bound, those of them that pass the filter, and a view that can stand
 * still while more arrive. Work for an arrival is proportional to what arrived, never to what is held.
 */
import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { EVERYTHING, type Filter, hayOf, matcherOf } from './filter.ts';

/** What is over the bound is let go in strides, so that nothing is moved for every event. */
const STRIDE = 2_000;

export interface BookView {
  /** Events that are shown, oldest first. The array may grow at its end until the next view; `count` of it is this view. */
  rows: readonly NumberedEvent[];
  count: number;
  /** Shown rows that have left at the beginning since the book was opened: what a scroll position is corrected by. */
  left: number;
  /** All events held. */
  held: number;
  filter: Filter;
  paused: boolean;
  /** Events that pass the filter and came while it was paused. */
  missed: number;
  /** Types seen, for the filter. */
  types: readonly string[];
}

export class EventBook {
  #bound: number;
  #events: NumberedEvent[] = [];
  #rows: NumberedEvent[] = [];
  #left = 0;
  #filter: Filter = EVERYTHING;
  #matches = matcherOf(EVERYTHING);
  /** All events of the moment of the pause. */
  #frozen: readonly NumberedEvent[] | null = null;
  #missed = 0;
  #types = new Set<string>();
  #view: BookView | null = null;
  #listeners = new Set<() => void>();

  /** @param bound events that are held at least; a stride more at most */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** The same object until something changed. */
  readonly view = (): BookView => {
    this.#view ??= {
      rows: this.#rows,
      count: this.#rows.length,
      left: this.#left,
      held: this.#events.length,
      filter: this.#filter,
      paused: this.#frozen !== null,
      missed: this.#missed,
      types: [...this.#types].sort(),
    };
    return this.#view;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  get last(): number {
    return this.#events.at(-1)?.no ?? 0;
  }

  append(events: readonly NumberedEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) {
      this.#events.push(event);
      hayOf(event);
      if (this.#types.size < 100) this.#types.add(event.type);
      if (!this.#matches(event)) continue;
      if (this.#frozen) this.#missed++;
      else this.#rows.push(event);
    }
    if (this.#events.length > this.#bound + STRIDE) this.#letGo();
    this.#changed();
  }

  setFilter(filter: Filter): void {
    this.#filter = filter;
    this.#matches = matcherOf(filter);
    const shown = this.#frozen ?? this.#events;
    this.#rows = shown.filter(this.#matches);
    this.#left = 0;
    const since = this.#frozen?.at(-1)?.no ?? 0;
    this.#missed = this.#frozen
      ? this.#events.filter((event) => event.no > since && this.#matches(event)).length
      : 0;
    this.#changed();
  }

  pause(): void {
    if (this.#frozen) return;
    this.#frozen = [...this.#events];
    this.#rows = [...this.#rows];
    this.#changed();
  }

  resume(): void {
    if (!this.#frozen) return;
    this.#frozen = null;
    this.setFilter(this.#filter);
  }

  /** Contents that were shown are forgotten. */
  forgetContents(): void {
    const bare = (event: NumberedEvent) => {
      if (event.contents === undefined) return event;
      const { contents: _forgotten, ...rest } = event;
      return rest;
    };
    this.#events = this.#events.map(bare);
    this.#frozen = this.#frozen?.map(bare) ?? null;
    this.setFilter(this.#filter);
  }

  #letGo(): void {
    const over = this.#events.length - this.#bound;
    const first = this.#events[over]!.no;
    this.#events = this.#events.slice(over);
    // A view that stands still keeps what it shows.
    if (this.#frozen) return;
    let gone = 0;
    while (gone < this.#rows.length && this.#rows[gone]!.no < first) gone++;
    this.#rows = this.#rows.slice(gone);
    this.#left += gone;
  }

  #changed(): void {
    this.#view = null;
    for (const listener of this.#listeners) listener();
  }
}
