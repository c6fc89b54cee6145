/** What the list of conversations shows, and in which order: pure, so that keys and views agree. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';

export const FILTERS = ['all', 'unread', 'groups', 'people'] as const;
export type Filter = (typeof FILTERS)[number];

/** What is wished for and waits to be sent counts already; what was refused does not. */
function wished(row: ConversationRow, kind: 'pinned' | 'archived' | 'mute'): number | null {
  // Thousands are looked at with each message that comes, and hardly any waits for anything.
  if (!row.changes || row.changes.length === 0) return null;
  const change = row.changes.findLast(
    ({ append, delivery }) => append.kind === kind && delivery !== 'failed',
  );
  return change && 'value' in change.append ? change.append.value : null;
}

export const pinnedAt = (row: ConversationRow): number => wished(row, 'pinned') ?? row.pinned;
export const isArchived = (row: ConversationRow): boolean =>
  (wished(row, 'archived') ?? (row.archived ? 1 : 0)) === 1;
export const mutedUntil = (row: ConversationRow): number => wished(row, 'mute') ?? row.mutedUntil;

/** @param kept stays among the unread ones while it is read */
export function matches(row: ConversationRow, filter: Filter, kept: string | null): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'unread':
      return row.unread > 0 || row.conv === kept;
    case 'groups':
      return row.form === 'group';
    case 'people':
      return row.form === 'direct' && !row.self;
  }
}

/** Pinned ones first, in the order that the person gave them; then the others as they stand. The archive has no filters: all of it is shown. */
export function listed(
  rows: readonly ConversationRow[],
  options: { filter: Filter; archive: boolean; kept: string | null },
): readonly ConversationRow[] {
  const { filter, archive, kept } = options;
  const pinned: ConversationRow[] = [];
  // With each message that comes thousands are looked at: where all of them are shown as they stand, there is no other list of them.
  let others: ConversationRow[] | null = null;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const shown = isArchived(row) === archive && (archive || matches(row, filter, kept));
    if (shown && (archive || pinnedAt(row) === 0)) others?.push(row);
    else {
      others ??= rows.slice(0, at);
      if (shown) pinned.push(row);
    }
  }
  if (pinned.length === 0) return others ?? rows;
  return [...pinned.sort((one, other) => pinnedAt(one) - pinnedAt(other)), ...(others ?? [])];
}

/**
 * The places to be set so that `conv` stands at a place among the pinned ones, from 1 on. Only those that change: each is a register on all of the person's devices.
 *
 * @param place 0: not pinned any more
 */
export function pinChanges(
  rows: readonly ConversationRow[],
  conv: string,
  place: number,
): { conv: string; value: number }[] {
  const pinned = listed(rows, { filter: 'all', archive: false, kept: null })
    .filter((row) => pinnedAt(row) > 0)
    .map((row) => row.conv);
  const others = pinned.filter((one) => one !== conv);
  const next = place === 0 ? others : [...others.slice(0, place - 1), conv, ...others.slice(place - 1)];
  const present = new Map(rows.map((row) => [row.conv, pinnedAt(row)]));
  const changes = next.flatMap((one, i) => (present.get(one) === i + 1 ? [] : [{ conv: one, value: i + 1 }]));
  return place === 0 ? [...changes, { conv, value: 0 }] : changes;
}
