/** The row of a conversation in a list of thousands. Windows ask with each change of anything, and the list is mostly the one of before: it is looked through once. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';

const found = new WeakMap<readonly ConversationRow[], Map<string, ConversationRow | null>>();

export function rowOf(rows: readonly ConversationRow[] | undefined, conv: string): ConversationRow | null {
  if (rows === undefined) return null;
  let known = found.get(rows);
  if (!known) {
    known = new Map();
    found.set(rows, known);
  }
  let row = known.get(conv);
  if (row === undefined) {
    row = rows.find((one) => one.conv === conv) ?? null;
    known.set(conv, row);
  }
  return row;
}

/** In the list that follows upon another, with other rows for `changed` alone, nobody who was found is looked for again. */
export function carryFound(
  before: readonly ConversationRow[],
  next: readonly ConversationRow[],
  changed: readonly string[],
): void {
  const known = found.get(before);
  if (!known) return;
  const carried = new Map(known);
  for (const conv of changed) carried.delete(conv);
  found.set(next, carried);
}
