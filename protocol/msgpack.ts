/**
 * Frames as msgpack (subprotocol `matchbook.v1.msgpack`): the same objects as in JSON, except that the bytes of a body are bytes (`data` of type
 * bin) and not base64url. Inside of every party a frame has its JSON form.
 */
import { decode, encode } from '@msgpack/msgpack';
import { fromBase64Url, toBase64Url } from './bytes.ts';

interface WithBody {
  body?: { data?: unknown };
}

/** Undefined for what is no msgpack, or more than one value. */
export function fromBytes(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch {
    return undefined;
  }
  for (const item of itemsOf(value))
    if (item.body?.data instanceof Uint8Array) item.body.data = toBase64Url(item.body.data);
  return value;
}

/** @param frame a frame in its JSON form; its bodies are changed */
export function toBytes(frame: unknown): Uint8Array {
  for (const item of itemsOf(frame))
    if (typeof item.body?.data === 'string') item.body.data = fromBase64Url(item.body.data) ?? item.body.data;
  return encode(frame);
}

/** What may have a body: items of a frame, registers of a snapshot, the present value beside a conflict. */
function* itemsOf(frame: unknown): Generator<WithBody> {
  if (typeof frame !== 'object' || frame === null) return;
  const { items, registers } = frame as { items?: unknown; registers?: unknown };
  for (const list of [items, registers]) {
    if (!Array.isArray(list)) continue;
    for (const item of list as unknown[]) {
      if (typeof item !== 'object' || item === null) continue;
      yield item as WithBody;
      const { present } = item as { present?: unknown };
      if (typeof present === 'object' && present !== null) yield present as WithBody;
    }
  }
}
