/** The list of one account's conversations: asked for once, then only for the rows that changed; a row that says the same stays the same object. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { Coalesced } from './coalesced.ts';

/** With more changed rows than this the whole list is one question. */
const SOME = 200;

export interface ConversationListParts {
  /** All rows, or those of `convs` that there are. */
  ask(convs: readonly string[] | null): Promise<Outcome<ConversationRow[]>>;
  /** Newest first. */
  changed(rows: readonly ConversationRow[]): void;
  failed(answer: Extract<Outcome<never>, { ok: false }>): void;
  /** Waited for between two questions in a row. */
  rest?(): Promise<void>;
}

export class ConversationList {
  readonly #parts: ConversationListParts;
  readonly #asking: Coalesced;
  #rows: readonly ConversationRow[] | null = null;
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
    this.#rows = merged(this.#rows ?? [], answer.value, asked);
    this.#parts.changed(this.#rows);
  }
}

/** @param asked what `rows` answers: a conversation among them without a row is gone; null where it answers for all */
function merged(
  before: readonly ConversationRow[],
  rows: readonly ConversationRow[],
  asked: readonly string[] | null,
): ConversationRow[] {
  const answered = new Set(asked ?? rows.map(({ conv }) => conv));
  const present = new Map<string, ConversationRow>();
  const kept: ConversationRow[] = [];
  for (const row of before)
    if (answered.has(row.conv)) present.set(row.conv, row);
    else if (asked !== null) kept.push(row);
  const fresh = rows.map((row) => {
    const old = present.get(row.conv);
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
  if (asked === null) return fresh.sort(byTime);
  // The others are in their order already: of thousands only these look for their places.
  for (const row of fresh) kept.splice(placeOf(row, kept), 0, row);
  return kept;
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
