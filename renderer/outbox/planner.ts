/** Which outbox items go on the wire next: per conversation one batch at a time, in the order of release (I5). */
import type { OutboxItem } from '@matchbook/protocol/bridge/host';
import type { Append } from '@matchbook/protocol/entries';
import { LIMITS } from '@matchbook/protocol/limits';
import { utf8Length } from '@matchbook/protocol/text';

/** Batches without an answer, over all conversations. */
const BATCHES_AT_ONCE = 8;
/** A batch stays well below the largest frame: JSON may double a body. */
const BATCH_BYTES = LIMITS.frameBytes / 2;

export interface Batch {
  conv: string;
  items: OutboxItem[];
}

/**
 * @param items in the order of release
 * @param busy conversations that have a batch in flight, or that wait for a reason
 */
export function plan(items: readonly OutboxItem[], busy: ReadonlySet<string>, inFlight: number): Batch[] {
  const batches = new Map<string, Batch & { bytes: number; full: boolean }>();
  for (const item of items) {
    if (busy.has(item.conv)) continue;
    let batch = batches.get(item.conv);
    if (!batch) {
      if (inFlight + batches.size >= BATCHES_AT_ONCE) continue;
      batch = { conv: item.conv, items: [], bytes: 0, full: false };
      batches.set(item.conv, batch);
    }
    if (batch.full) continue;
    const bytes = utf8Length(JSON.stringify(item.append));
    // Nothing behind an item that does not fit may overtake it.
    if (
      batch.items.length >= LIMITS.batchItems ||
      (batch.items.length > 0 && batch.bytes + bytes > BATCH_BYTES)
    ) {
      batch.full = true;
      continue;
    }
    batch.items.push(item);
    batch.bytes += bytes;
  }
  return [...batches.values()].map(({ conv, items: planned }) => ({ conv, items: createFirst(planned) }));
}

/** A conversation is created before anything is said in it, wherever its creation stands in line. */
function createFirst(items: OutboxItem[]): OutboxItem[] {
  return [
    ...items.filter((item) => item.append.kind === 'create'),
    ...items.filter((item) => item.append.kind !== 'create'),
  ];
}

export function appendOf(item: OutboxItem): Append {
  return { id: item.id, ...item.append } as Append;
}
