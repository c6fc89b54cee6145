/** Frames from a client as far as they can be understood without the log. */
import { type Decoded, decodeUp, peekType } from '@matchbook/protocol/codec';
import { Append, AppendCreate, AppendMessage, AppendRead } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { UpFrame } from '@matchbook/protocol/frames';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';

export interface RefusedItem {
  id: string;
  failure: Failure;
}
export type Intake =
  | Decoded<UpFrame>
  /** An append of which some items are not understood: each of those is refused on its own, with its id. */
  | { ok: 'partly'; conv: string; items: Type.Static<typeof Append>[]; refused: RefusedItem[] };

const append = Compile(Append);
const KINDS: Record<string, { Errors(value: unknown): Iterable<{ instancePath: string; message: string }> }> =
  {
    create: Compile(AppendCreate),
    message: Compile(AppendMessage),
    read: Compile(AppendRead),
  };

export function decodeFrame(text: string): Intake {
  const decoded = decodeUp(text);
  if (decoded.ok || decoded.failure.kind !== 'invalid_frame' || peekType(text) !== 'append') return decoded;
  return itemByItem(JSON.parse(text)) ?? decoded;
}

/** Null where the frame itself is wrong, so that there is nobody to answer to. */
function itemByItem(frame: { conv?: unknown; items?: unknown }): Intake | null {
  const { conv, items } = frame;
  if (!isId(conv) || !Array.isArray(items) || items.length === 0 || items.length > LIMITS.batchItems)
    return null;
  const taken: Type.Static<typeof Append>[] = [];
  const refused: RefusedItem[] = [];
  for (const item of items as unknown[]) {
    if (append.Check(item)) taken.push(item);
    else if (typeof item === 'object' && item !== null && 'id' in item && isId(item.id))
      refused.push({ id: item.id, failure: faultOf(item) });
    else return null;
  }
  return { ok: 'partly', conv, items: taken, refused };
}

function faultOf(item: object): Failure {
  const kind = 'kind' in item ? String(item.kind).slice(0, 32) : '';
  const schema = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!schema) return { kind: 'unknown_kind', message: `This relay knows no kind ${kind}.`, field: 'kind' };
  const fault = [...schema.Errors(item)][0];
  const field = (fault?.instancePath ?? '').slice(1).replaceAll('/', '.') || 'item';
  return { kind: 'invalid_field', message: `${field}: ${fault?.message ?? 'invalid'}`, field };
}
