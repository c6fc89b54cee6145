/** The list of one account's conversations: asked for once, then only for the rows that changed; a row that says the same stays the same object. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { Coalesced } from './coalesced.ts';
import { carryFound } from './row-of.ts';
import { sameData } from './same-data.ts';

/** With more changed rows than this the whole list is one question. */
const SOME = 200;

export interface ConversationListParts {
  /** All rows, or those of `convs` that there are. */
  ask(convs: readonly string[] | null): Promise<Outcome<ConversationRow[]>>;
  /**
   * Newest first.
   *
   * @param met somebody came, went, or looks otherwise: without it everybody is as before
   */
  changed(rows: readonly ConversationRow[], met: boolean): void;
  failed(answer: Extract<Outcome<never>, { ok: false }>): void;
  /** Waited for after each answer. */
  rest?(): Promise<void>;
}

export class ConversationList {
  readonly #parts: ConversationListParts;
  readonly #asking: Coalesced;
  #rows: readonly ConversationRow[] | null = null;
  /** The same by conversation. */
  #known = new Map<string, ConversationRow>();
  /** Members of some rows are others. */
  #met = false;
  /** Rows to ask for; null for all. */
  #stale: Set<string> | null = null;

  constructor(parts: ConversationListParts) {
    this.#parts = parts;
    this.#asking = new Coalesced(() => this.#ask(), parts.rest);
  }

  /** Everything is asked for anew. */
  refresh(): Promise<void> {
    this.#stale = null;
    return this.#asking.run();
  }

  /** @param convs whose rows changed; none named: any of them may have */
  rowsChanged(convs: readonly string[]): Promise<void> {
    if (convs.length === 0) return this.refresh();
    for (const conv of convs) this.#stale?.add(conv);
    return this.#asking.run();
  }

  async #ask(): Promise<void> {
    const stale = this.#stale;
    const asked = stale === null || this.#rows === null || stale.size > SOME ? null : [...stale];
    this.#stale = new Set();
    if (asked?.length === 0) return;
    const answer = await this.#parts.ask(asked);
    if (!answer.ok) {
      // Asked for again with whatever changes next.
      this.#stale = null;
      this.#parts.failed(answer);
      return;
    }
    const next = asked === null ? this.#all(answer.value) : this.#some(asked, answer.value);
    // What says the same is no news: nothing is drawn for it.
    if (next === this.#rows) return;
    this.#rows = next;
    const met = this.#met;
    this.#met = false;
    this.#parts.changed(next, met);
  }

  #all(rows: readonly ConversationRow[]): readonly ConversationRow[] {
    const present = this.#known;
    this.#met = true;
    const next = rows.map((row) => same(present.get(row.conv), row)).sort(byTime);
    this.#known = new Map(next.map((row) => [row.conv, row]));
    return next;
  }

  /** Of thousands only those that changed look for their places. One that is asked for and has no row is gone. */
  #some(asked: readonly string[], rows: readonly ConversationRow[]): readonly ConversationRow[] {
    const before = this.#rows ?? [];
    const answered = new Map(rows.map((row) => [row.conv, row]));
    let next: ConversationRow[] | null = null;
    for (const conv of asked) {
      const [old, came] = [this.#known.get(conv), answered.get(conv)];
      const row = came && same(old, came);
      if (row === old) continue;
      if (row?.members !== old?.members) this.#met = true;
      next ??= [...before];
      if (old) next.splice(placeOf(old, next), 1);
      if (row) {
        next.splice(placeOf(row, next), 0, row);
        this.#known.set(conv, row);
      } else this.#known.delete(conv);
    }
    if (next === null) return before;
    carryFound(before, next, asked);
    return next;
  }
}

/** The old one where it says the same; else at least its members, where they do: who is in a conversation seldom changes. */
function same(old: ConversationRow | undefined, row: ConversationRow): ConversationRow {
  if (!old) return row;
  if (!sameData(old.members, row.members)) return row;
  const kept = { ...row, members: old.members };
  return sameData(old, kept) ? old : kept;
}

const byTime = (one: ConversationRow, other: ConversationRow): number =>
  other.time - one.time || (one.conv < other.conv ? -1 : 1);

/** Where it stands among rows that are in order. */
function placeOf(row: ConversationRow, rows: readonly ConversationRow[]): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (byTime(rows[middle]!, row) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
