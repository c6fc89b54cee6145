/** What later entries made of messages: read together with them, so that it makes no difference in which order anything came. */
import type { Folded } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import { bodyOf, type EntryRow } from './entry-row.ts';
import type { EntryRows } from './entry-rows.ts';

/** Entries about one page of messages that are looked at, the newest ones; the API has the same limit. */
const ABOUT = 5_000;

/** By place, for those of the rows about which something was said. Only a message can be the target. */
export function foldsOf(rows: EntryRows, messages: readonly EntryRow[]): Map<number, Folded> {
  const folds = new Map<number, Folded>();
  const targets = new Map(
    messages.flatMap((row): [number, EntryRow][] => (row.kind === 'message' ? [[row.n, row]] : [])),
  );
  const [first] = targets.values();
  if (!first) return folds;
  const places = [...targets.keys()];
  for (const about of rows.about(first.conv, Math.min(...places), Math.max(...places), ABOUT)) {
    const target = targets.get(about.target!);
    if (!target || about.n < target.n) continue;
    let fold = folds.get(target.n);
    if (!fold) {
      fold = { first: bodyOf(target), edits: [], reactions: [], pinned: false, deleted: null };
      folds.set(target.n, fold);
    }
    apply(fold, about, target);
  }
  for (const fold of folds.values()) if (fold.deleted) fold.edits = [];
  return folds;
}

/** The text as it is now. */
export function newestBody(row: EntryRow, fold: Folded | undefined): Body | null {
  if (fold?.deleted) return null;
  return fold?.edits.at(-1)?.body ?? bodyOf(row);
}

function apply(fold: Folded, about: EntryRow, target: EntryRow): void {
  const { n, time, kind } = about;
  const by = about.sender ?? '';
  const body = bodyOf(about);
  switch (kind) {
    case 'edit':
      // Nobody changes what another wrote, whatever a relay let through (I2).
      if (body && by === target.sender) fold.edits.push({ n, time, body });
      break;
    case 'delete':
      fold.deleted = { n, time, by };
      break;
    case 'pin':
      fold.pinned = !isOff(about);
      break;
    case 'reaction': {
      const same = keyOf(body);
      if (same === null && !isOff(about)) return;
      fold.reactions = fold.reactions.filter(
        (one) => one.by !== by || (same !== null && keyOf(one.body) !== same),
      );
      if (!isOff(about) && body) fold.reactions.push({ n, by, body });
    }
  }
}

const isOff = (row: EntryRow): boolean =>
  row.raw !== null && (JSON.parse(row.raw) as { off?: unknown }).off === true;
const keyOf = (body: Body | null): string | null => (body ? JSON.stringify(body) : null);
