import type { Form } from '@matchbook/protocol/entries';
import type { EntryRows } from '../entries/entry-rows.ts';
import type { Holes } from '../entries/holes.ts';
import type { Conversation, Conversations } from '../lists/conversations.ts';

/** What moves in a conversation while entries come in. */
export type Moving = Pick<Conversation, 'knownN' | 'headN' | 'headM' | 'time'>;

/** The widest range of which the places are remembered: what lies far apart is asked for one by one. */
const WIDEST = 1_000;

interface Range {
  from: number;
  to: number;
  /** Places without a row. */
  free: Set<number>;
  /** Messages that an entry has erased. */
  erased: Set<number>;
}

/**
 * What one intake knows of the conversations that it works on, so that a thousand entries need not ask a thousand times. What moved and
 * what was filled is written by `flush`, in the same transaction.
 */
export class IntakeBook {
  readonly #conversations: Conversations;
  readonly #rows: EntryRows;
  readonly #holes: Holes;
  readonly #moving = new Map<string, Moving>();
  readonly #ranges = new Map<string, Range>();
  readonly #filled = new Map<string, number[]>();

  constructor(conversations: Conversations, rows: EntryRows, holes: Holes) {
    this.#conversations = conversations;
    this.#rows = rows;
    this.#holes = holes;
  }

  /** Entries at these places are about to come. */
  expect(items: readonly object[]): void {
    const ends = new Map<string, [number, number]>();
    for (const item of items) {
      const { conv, n } = item as { conv?: unknown; n?: unknown };
      if (typeof conv !== 'string' || typeof n !== 'number') continue;
      const known = ends.get(conv);
      if (!known) ends.set(conv, [n, n]);
      else ends.set(conv, [Math.min(known[0], n), Math.max(known[1], n)]);
    }
    for (const [conv, [from, to]] of ends) {
      if (to - from < 2 || to - from > WIDEST) continue;
      const free = new Set<number>();
      for (let n = from; n <= to; n++) free.add(n);
      for (const n of this.#rows.places(conv, from, to)) free.delete(n);
      this.#ranges.set(conv, { from, to, free, erased: this.#rows.erasedWithin(conv, from, to) });
    }
  }

  /** There is certainly no row. */
  isFree(conv: string, n: number): boolean {
    return this.#ranges.get(conv)?.free.has(n) ?? false;
  }

  taken(conv: string, n: number): void {
    this.#ranges.get(conv)?.free.delete(n);
    const filled = this.#filled.get(conv);
    if (filled) filled.push(n);
    else this.#filled.set(conv, [n]);
  }

  isErased(conv: string, n: number): boolean {
    const range = this.#ranges.get(conv);
    return range && n >= range.from && n <= range.to ? range.erased.has(n) : this.#rows.erased(conv, n);
  }

  erased(conv: string, n: number): void {
    this.#ranges.get(conv)?.erased.add(n);
  }

  about(conv: string, form: Form, time: number): Moving {
    let moving = this.#moving.get(conv);
    if (!moving) {
      const { knownN, headN, headM, time: last } = this.#conversations.ensure(conv, form, time);
      moving = { knownN, headN, headM, time: last };
      this.#moving.set(conv, moving);
    }
    return moving;
  }

  /** Head and what frames told of; neither falls. */
  advance(moving: Moving, { n, m }: { n: number; m: number }, known: boolean): void {
    if (known) moving.knownN = Math.max(moving.knownN, n);
    if (n <= moving.headN) return;
    moving.headN = n;
    moving.headM = m;
  }

  /** What is known of a conversation is written, and forgotten: something else is about to change it. */
  leave(conv: string): void {
    this.#write(conv);
    this.#moving.delete(conv);
    this.#ranges.delete(conv);
  }

  flush(): void {
    for (const conv of new Set([...this.#moving.keys(), ...this.#filled.keys()])) this.#write(conv);
  }

  #write(conv: string): void {
    const filled = this.#filled.get(conv);
    this.#filled.delete(conv);
    if (filled) for (const [from, to] of runs(filled)) this.#holes.fill(conv, from, to);
    const moving = this.#moving.get(conv);
    if (moving) this.#conversations.move(conv, moving);
  }
}

/** Neighbours as ranges, ascending. */
export function runs(places: Iterable<number>): [number, number][] {
  const found: [number, number][] = [];
  for (const n of [...places].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else found.push([n, n]);
  }
  return found;
}
