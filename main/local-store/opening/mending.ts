/** Rows of an outbox whose sum does not fit: what was written is found again where the backup tells it, and is marked as damaged where nothing does. */
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { bodyOf } from '@matchbook/protocol/message-body';
import { SUMMED, type Summed, sumIn, type Value } from '../files/row-sums.ts';
import { QUIET } from '../outbox/item.ts';

export type Row = Record<string, Value>;

const DAMAGED: LocalFailure = {
  kind: 'text_damaged',
  message: 'This was damaged on the disk and may not be what you wrote. Look at it before you send it again.',
};

/** A file of an earlier version has no sums: its rows are taken as they are. */
export const isWholeRow = (table: Summed, row: Row): boolean =>
  row.sum === undefined || row.sum === sumIn(table, row);

/**
 * The row as it was written: with one column of the backup in place of its own its sum fits, or it is the sum that is damaged.
 *
 * @param old the same row in the backup, where it is whole there
 */
export function asWritten(table: Summed, row: Row, old: Row | undefined): Row | null {
  if (isWholeRow(table, row)) return row;
  if (!old || !isWholeRow(table, old)) return null;
  // Nothing was written to it since.
  if (row.sum === old.sum) return old;
  for (const column of SUMMED[table]) {
    const candidate = { ...row, [column]: old[column] ?? null };
    if (row.sum === sumIn(table, candidate)) return candidate;
  }
  return SUMMED[table].every((column) => (row[column] ?? null) === (old[column] ?? null)) ? row : null;
}

/** It stays to be seen, with whatever of its text can be read, and goes nowhere by itself; null where nobody misses it. */
export function asDamaged(row: Row): Row | null {
  const kind = kindOf(row);
  if ((QUIET as readonly string[]).includes(kind)) return null;
  const content = isContentOf(row.content, kind) ? row.content : readableContent(String(row.content));
  return {
    ...row,
    ...{ content: content ?? null, kind: content === row.content ? kind : 'message' },
    ...{ failed: 1, failure: JSON.stringify(DAMAGED), next: null, tried: null, attempts: 0 },
    frozen: row.frozen === 1 ? 1 : 0,
    hold: Number.isSafeInteger(row.hold) && Number(row.hold) >= 0 && Number(row.hold) <= 7 ? row.hold! : 0,
    created: Number.isSafeInteger(row.created) && Number(row.created) > 0 ? row.created! : 1,
    target: typeof row.target === 'string' ? row.target : null,
  };
}

/** The kind stands in the content too. */
function kindOf(row: Row): string {
  try {
    return String((JSON.parse(String(row.content)) as { kind: unknown }).kind);
  } catch {
    return String(row.kind);
  }
}

function isContentOf(content: Value | undefined, kind: string): boolean {
  try {
    const parsed: unknown = JSON.parse(String(content));
    return typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === kind;
  } catch {
    return false;
  }
}

/** What stands where the text of a message stands, as a message: of content that is not even JSON any more. */
function readableContent(content: string): string {
  const [, text] = /\\?"text\\?":\s*\\?"((?:[^"\\]|\\.)*)/.exec(content) ?? [null, content];
  return JSON.stringify({ kind: 'message', body: bodyOf({ text: text || '?' }) });
}
