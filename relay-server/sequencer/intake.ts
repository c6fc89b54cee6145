/** Append frames as they come from a socket, as far as they can be understood without the log. */
import { checkUp, type Decoded } from '@matchbook/protocol/codec';
import { APPENDS, type Append } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { fromBytes } from '@matchbook/protocol/msgpack';
import { Compile } from 'typebox/compile';

export interface RefusedItem {
  id: string;
  failure: Failure;
}
/** Items that are not understood are refused one by one, with their ids. */
export interface Intake {
  conv: string;
  items: Append[];
  refused: RefusedItem[];
}

interface Validator {
  Check(value: unknown): boolean;
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>;
}
const KINDS = new Map<string, Validator>(
  Object.entries(APPENDS).map(([kind, schema]) => [kind, Compile(schema) as unknown as Validator]),
);

/** @param batchItems the most that a frame may carry */
export function intake(frame: string | Uint8Array, batchItems: number): Intake | Failure {
  const value = typeof frame === 'string' ? parse(frame) : fromBytes(frame);
  if (value === undefined) return { kind: 'bad_json', message: 'The frame is not understood.' };
  return intakeOf(value, batchItems);
}

/** The same of a frame that is parsed already. */
export function intakeOf(value: unknown, batchItems: number): Intake | Failure {
  if (typeof value !== 'object' || value === null) return frameFault(value);
  const { conv, items } = value as { conv?: unknown; items?: unknown };
  if (!isId(conv) || !Array.isArray(items) || items.length === 0 || items.length > LIMITS.batchItems)
    return frameFault(value);
  if (items.length > batchItems)
    return {
      kind: 'invalid_frame',
      message: `At most ${batchItems} items.`,
      field: 'items',
      limit: batchItems,
    };
  const taken: Append[] = [];
  const refused: RefusedItem[] = [];
  for (const item of items as unknown[]) {
    if (typeof item !== 'object' || item === null || !('id' in item) || !isId(item.id))
      return frameFault(value);
    const validator = 'kind' in item && typeof item.kind === 'string' ? KINDS.get(item.kind) : undefined;
    if (validator?.Check(item)) taken.push(item as Append);
    else refused.push({ id: item.id, failure: itemFault(item, validator) });
  }
  return { conv, items: taken, refused };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nobody can be answered item by item: the frame as a whole is wrong. */
function frameFault(value: unknown): Failure {
  const decoded: Decoded<unknown> = checkUp(value);
  return decoded.ok
    ? { kind: 'invalid_frame', message: 'The frame is not understood.', field: '(frame)' }
    : decoded.failure;
}

function itemFault(item: object, validator: Validator | undefined): Failure {
  if (!validator) {
    const kind = 'kind' in item && typeof item.kind === 'string' ? item.kind.slice(0, 32) : '';
    return { kind: 'unknown_kind', message: `This relay knows no kind ${kind}.`, field: 'kind' };
  }
  const fault = [...validator.Errors(item)][0];
  const field = (fault?.instancePath ?? '').slice(1).replaceAll('/', '.') || 'item';
  return { kind: 'invalid_field', message: `${field}: ${fault?.message ?? 'invalid'}`, field };
}
