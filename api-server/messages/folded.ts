/** Messages as they look now to one viewer: with the edits, reactions, pins and deletions that this viewer may see, and no others. */
import type { Body, FullEntry } from '@matchbook/protocol/entries';
import type { FoldedMessage } from '@matchbook/protocol/http/history';
import type { Kysely } from 'kysely';
import { entryOf } from '../db/entry-rows.ts';
import type { Database, EntryRow } from '../db/schema.ts';
import { type Range, sees } from './access.ts';

/** Kinds that are about another entry and are folded into it; everything else has a line of its own. */
export const ABOUT_ANOTHER = ['edit', 'delete', 'reaction', 'pin'];
/** Entries about one page of messages that are looked at, the newest ones. */
export const ABOUT = 5_000;

/** @param rows of messages of one conversation, in any order; of other kinds they come back as they are */
export async function folded(
  db: Kysely<Database>,
  ranges: readonly Range[],
  rows: readonly EntryRow[],
): Promise<FoldedMessage[]> {
  const messages = rows.filter(({ kind }) => kind === 'message');
  const conv = messages[0]?.conv;
  if (conv === undefined) return foldedWith(ranges, rows, []);
  const places = messages.map(({ n }) => n);
  const about = await db
    .selectFrom('entry')
    .selectAll()
    .where('conv', '=', conv)
    // One walk along the index instead of one for each.
    .where('target', '>=', Math.min(...places))
    .where('target', '<=', Math.max(...places))
    .orderBy('n', 'desc')
    .limit(ABOUT)
    .execute();
  return foldedWith(ranges, rows, about);
}

/** @param about what there is about them, in any order, also what this viewer may not see */
export function foldedWith(
  ranges: readonly Range[],
  rows: readonly EntryRow[],
  about: readonly EntryRow[],
): FoldedMessage[] {
  const byTarget = new Map<number, EntryRow[]>();
  for (const row of [...about].sort((one, other) => one.n - other.n)) {
    if (!sees(ranges, row.n)) continue;
    const list = byTarget.get(row.target!);
    if (list) list.push(row);
    else byTarget.set(row.target!, [row]);
  }
  return rows.map((row) => fold(row, byTarget.get(row.n) ?? []));
}

/** @param about what the viewer sees of what came later about it, in order */
function fold(row: EntryRow, about: readonly EntryRow[]): FoldedMessage {
  const entry = entryOf(row);
  const message: FoldedMessage = { entry, edits: [], reactions: [], pinned: false, deleted: null };
  for (const one of about.map(entryOf)) apply(message, one);
  // Erased bodies are gone for everybody; who may not see that it was deleted sees that there is nothing.
  if (message.deleted) message.edits = [];
  return message;
}

function apply(message: FoldedMessage, entry: FullEntry): void {
  const { n, time, sender } = entry;
  switch (entry.kind) {
    case 'edit':
      if (entry.body) message.edits.push({ n, time, body: entry.body });
      break;
    case 'delete':
      message.deleted = { n, time, by: sender };
      break;
    case 'pin':
      message.pinned = !entry.off;
      break;
    case 'reaction': {
      const same = keyOf(entry.body);
      if (same === null && !entry.off) return;
      message.reactions = message.reactions.filter(
        (one) => one.by !== sender || (same !== null && keyOf(one.body) !== same),
      );
      if (!entry.off && entry.body) message.reactions.push({ n, by: sender, body: entry.body });
    }
  }
}

const keyOf = (body: Body | undefined): string | null => (body ? JSON.stringify(body) : null);
