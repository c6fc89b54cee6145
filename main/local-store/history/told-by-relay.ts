/** Frames and answers of the relay, as the history takes them. */
import { decodeDown } from '@matchbook/protocol/codec';
import type { AckItem, Entries, Heads, Page } from '@matchbook/protocol/frames';
import { StoreError } from '../files/store-error.ts';
import { type Content, isEntry } from '../outbox/item.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws StoreError where it is none that is stored */
export function bulkFrame(raw: Uint8Array): Entries | Heads | Page {
  let text: string;
  try {
    text = utf8.decode(raw);
  } catch {
    throw new StoreError({ kind: 'bad_json', message: 'The frame is not UTF-8.' });
  }
  const decoded = decodeDown(text);
  if (!decoded.ok) throw new StoreError(decoded.failure);
  const { frame } = decoded;
  if (frame.t === 'entries' || frame.t === 'heads' || frame.t === 'page') return frame;
  throw new StoreError({
    kind: 'bad_call',
    message: `A frame of type ${frame.t} is not stored.`,
    field: 'raw',
  });
}

/**
 * A register of one's own as the log keeps it since it took this. Null for a draft, which knows its version by itself, and where the answer
 * is of a relay that tells no version: there the register comes with its item.
 */
export function registerOf(
  conv: string,
  user: string,
  content: Content,
  { v, time }: AckItem,
): object | null {
  if (isEntry(content) || content.kind === 'read' || content.kind === 'draft') return null;
  if (v === undefined || time === undefined) return null;
  const { kind, replaces: _, ...said } = content;
  return { reg: kind, ...(kind === 'block' ? {} : { conv }), user, v, time, ...said };
}
