/** What the connection log says of a frame: type, size, ids, places. Named fields only, so that nothing else can come along. */
import { LOG_LIMITS, type LogEvent } from '@matchbook/protocol/bridge/diagnostics';
import { decodeCursor } from '@matchbook/protocol/cursor';
import { isId } from '@matchbook/protocol/ids';

export type FrameFacts = Pick<
  LogEvent,
  'type' | 'size' | 'conv' | 'ids' | 'count' | 'ref' | 'n' | 'seq' | 'behind' | 'code' | 'words'
>;
type Fields = Record<string, unknown>;

const bytes = new TextEncoder();
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @param text a frame as it stood on the wire, of either direction, perhaps of a newer version or broken */
export function factsOf(text: string): FrameFacts {
  const size = bytes.encode(text).length;
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { type: 'unreadable', size };
  }
  if (!isFields(frame) || typeof frame.t !== 'string') return { type: 'unreadable', size };
  const facts: FrameFacts = { type: /^[a-z_]{1,32}$/.test(frame.t) ? frame.t : 'unknown', size };
  if (typeof frame.conv === 'string' && isId(frame.conv)) facts.conv = frame.conv;
  if (isCount(frame.ref)) facts.ref = frame.ref;
  if (isCount(frame.behind)) facts.behind = frame.behind;
  const position = cursorIn(frame);
  if (position) facts.seq = position.seq;
  if (frame.t === 'error' && typeof frame.kind === 'string') facts.words = failureIn(frame);
  if (frame.t === 'draining' && typeof frame.retryAfter === 'number')
    facts.words = `again after ${frame.retryAfter} s`;
  return { ...facts, ...itemsIn(frame) };
}

/** When the ping left that this pong answers; null for every other frame. */
export function pingOf(text: string): number | null {
  if (!text.startsWith('{"t":"pong"')) return null;
  const at = Number(/"at":(\d{1,16})/.exec(text)?.[1]);
  return Number.isSafeInteger(at) ? at : null;
}

function cursorIn({ upTo, head, cursor }: Fields) {
  const text = [upTo, head, cursor].find((value) => typeof value === 'string');
  return typeof text === 'string' ? decodeCursor(text) : null;
}

function itemsIn(frame: Fields): Partial<FrameFacts> {
  const { t, items, ids, conversations, from, to } = frame;
  const found: Partial<FrameFacts> = {};
  const list = [items, ids, conversations].find(Array.isArray) as unknown[] | undefined;
  if (list) found.count = list.length;
  const named = (list ?? [])
    .map((item) => (isFields(item) ? item.id : item))
    .filter((id): id is string => typeof id === 'string' && isId(id));
  if (named.length > 0) found.ids = named.slice(0, LOG_LIMITS.ids);
  const rows = (Array.isArray(items) ? items : []).filter(isFields);
  const places = rows.map(({ n }) => n).filter((n): n is number => isCount(n) && n > 0);
  // Places of several conversations make no range.
  const convs = new Set(rows.map(({ conv }) => conv).filter((conv) => typeof conv === 'string'));
  const [only] = convs;
  if (convs.size === 1 && typeof only === 'string' && isId(only) && frame.conv === undefined)
    found.conv = only;
  if (isCount(from) && isCount(to) && from > 0 && to >= from) found.n = [from, to];
  else if (places.length > 0 && convs.size <= 1) found.n = [Math.min(...places), Math.max(...places)];
  if (t === 'nack' || t === 'saved') {
    const [first] = rows;
    if (first) found.words = t === 'nack' ? failureIn(first) : String(first.state).slice(0, 40);
  }
  return found;
}

/** The kind of a failure, and the field that it names; its message may quote what somebody typed. */
function failureIn({ kind, field }: Fields): string {
  return `${String(kind).slice(0, 40)}${typeof field === 'string' ? ` (${field.slice(0, 40)})` : ''}`;
}
