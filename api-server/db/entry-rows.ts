/** Entries and their rows. */
import { fromBase64Url, toBase64Url } from '@matchbook/protocol/bytes';
import type { Body, FullEntry } from '@matchbook/protocol/entries';
import type { EntryRow } from './schema.ts';

/** Kinds whose body is gone when their row has none: it was erased. A picture may have none to begin with. */
const WITH_BODY = new Set(['message', 'edit', 'reaction']);

/** Null where the bytes of its body are no bytes. */
export function entryRow(item: FullEntry, seq: number, hash: string): EntryRow | null {
  const { conv, n, m, h, id, sender, kind, time, ...rest } = item;
  const { body, hash: _, ...facts } = rest as { body?: Body; hash?: string; target?: number };
  const data = body && 'data' in body ? fromBase64Url(body.data) : null;
  if (body && 'data' in body && !data) return null;
  return {
    ...{ conv, n, seq, m, h, id, sender, kind, time, hash },
    bodyType: body?.type ?? null,
    bodyText: body && 'text' in body ? body.text : null,
    bodyData: data,
    facts: Object.keys(facts).length > 0 ? JSON.stringify(facts) : null,
    target: facts.target ?? null,
  };
}

/** As the relay's devices receive it. */
export function entryOf(row: EntryRow): FullEntry {
  const { conv, n, m, h, id, sender, time, kind } = row;
  const facts = JSON.parse(row.facts ?? '{}') as object;
  return { conv, n, m, h, id, time, sender, kind, ...facts, ...bodyOf(row) } as FullEntry;
}

function bodyOf({ kind, bodyType: type, bodyText: text, bodyData: data, hash }: EntryRow): object {
  if (type !== null && text !== null) return { body: { type, text } };
  if (type !== null && data !== null) return { body: { type, data: toBase64Url(data) } };
  return WITH_BODY.has(kind) ? { hash } : {};
}
