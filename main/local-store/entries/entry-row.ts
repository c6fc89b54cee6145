import type { SaveState } from '@matchbook/protocol/delivery';
import { type Body, isEntryKind } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { ERASABLE, type HashedContent, hashOf, type Placed } from './incoming.ts';

/** An entry as stored. */
export interface EntryRow extends Placed {
  kind: string;
  time: number;
  id: string | null;
  sender: string | null;
  own: number;
  acked: number;
  target: number | null;
  /** JSON of a Body. */
  body: string | null;
  hash: string | null;
  raw: string | null;
  save: SaveState | null;
  reason: string | null;
}

export const ENTRY_COLUMNS =
  'conv, n, m, h, kind, time, id, sender, own, acked, target, body, hash, raw, save, reason';

export const bodyOf = (row: Pick<EntryRow, 'body'>): Body | null =>
  row.body === null ? null : (JSON.parse(row.body) as Body);

/** Place of the message that one answers, or answered before it was erased; null without one. */
export function replyOf(row: Pick<EntryRow, 'body' | 'raw'>): number | null {
  const body = bodyOf(row);
  const reply = body ? readContent(body)?.reply : (saysOf(row) as { reply?: number }).reply;
  return reply ?? null;
}

/** Content hash of a stored entry in hex; null where it cannot be known. */
export function contentHashOf(row: Pick<EntryRow, 'conv' | 'kind' | 'body' | 'hash' | 'raw'>): string | null {
  const body = bodyOf(row);
  if (row.kind !== 'message' || !body) return row.hash;
  return hashOf(row.conv, { kind: 'message', body, ...(saysOf(row) as { silent?: true }) });
}

/** The same, from what the row says now and not from what was noted when it came: of an erased body alone nothing else is left. @throws where the row says nothing of its kind any more */
export function hashOfStored(row: EntryRow): string | null {
  const { conv, kind, target } = row;
  const body = bodyOf(row);
  if (!isEntryKind(kind) || (!body && ERASABLE.has(kind))) return row.hash;
  const about = { ...(typeof target === 'number' ? { target } : {}), ...(body ? { body } : {}) };
  return hashOf(conv, { ...saysOf(row), kind, ...about } as HashedContent);
}

/** What an entry of a known kind says beside its body and target. */
export const saysOf = (row: Pick<EntryRow, 'raw'>): object =>
  row.raw === null ? {} : (JSON.parse(row.raw) as object);
