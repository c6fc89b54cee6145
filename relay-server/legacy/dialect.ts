/** The words of clients that were made for the first servers, and what they are in ours. */
import type { Body } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { isId } from '@matchbook/protocol/ids';
import { LEGACY_TYPE } from '@matchbook/protocol/shown-text';
import { utf8Length } from '@matchbook/protocol/text';

/** Fields that the relay itself knows or sets; everything else travels inside of the body. */
const ROUTING = new Set(['id', 'conversationId', 'receiverId', 'senderId']);

export interface LegacyMessage {
  /** Null: it has none, and gets one, and no promise about retries. */
  id: string | null;
  conversationId: string;
  receiverId: string;
  clientId: unknown;
  body: Body;
}

const wrong = (field: string, message: string): Failure => ({ kind: 'invalid_field', message, field });

/** Ids of both ends of a message, or what is wrong with them. */
export function parseRoute(frame: object): { conversationId: string; receiverId: string } | Failure {
  const { conversationId, receiverId } = frame as Record<string, unknown>;
  if (conversationId === undefined || conversationId === '')
    return wrong('conversationId', 'conversationId is required.');
  if (receiverId === undefined || receiverId === '') return wrong('receiverId', 'receiverId is required.');
  if (!isId(conversationId))
    return wrong('conversationId', 'conversationId is not 1 to 64 of letters, digits, _ and -.');
  if (!isId(receiverId)) return wrong('receiverId', 'receiverId is not 1 to 64 of letters, digits, _ and -.');
  return { conversationId, receiverId };
}

/** A `message` or `file`. */
export function parseLegacy(frame: object): LegacyMessage | Failure {
  const route = parseRoute(frame);
  if ('kind' in route) return route;
  const { id, content = '', type = 'message', clientId } = frame as Record<string, unknown>;
  if (id !== undefined && !isId(id)) return wrong('id', 'id is not 1 to 64 of letters, digits, _ and -.');
  if (typeof content !== 'string') return wrong('content', 'content is a text.');
  if (type !== 'message' && type !== 'file') return wrong('type', 'type is message or file.');
  if (content === '' && type === 'message') return wrong('content', 'content is required.');
  const fields = Object.entries(frame).filter(([key]) => !ROUTING.has(key));
  const more = fields.some(([key, value]) => key !== 'content' && !(key === 'type' && value === 'message'));
  const text = more ? written(Object.fromEntries(fields)) : content;
  if (text === null) return wrong('(frame)', 'It is nested too deeply.');
  const body: Body = { type: more ? LEGACY_TYPE : 'text/plain', text };
  return { id: id ?? null, ...route, clientId, body };
}

/**
 * What an entry is to an old client, as text, or null where it is told nothing about it. A body of our legacy type may be by anybody: what it says is
 * carried on only where it is a message, and never as a frame of the relay's own.
 */
export function toLegacy(json: string, reader: string): string | null {
  const entry = JSON.parse(json) as Record<string, unknown> & { body?: Body };
  const { kind, body } = entry;
  if (kind !== 'message' || !body) return null;
  const time = new Date(entry.time as number).toISOString();
  const message = (fields: Record<string, unknown>) =>
    written({
      createdAt: time,
      updatedAt: time,
      ...fields,
      type: fields.type === 'file' ? 'file' : 'message',
      id: entry.id,
      conversationId: entry.conv,
      senderId: entry.sender,
      receiverId: reader,
    });
  return message(fieldsOf(body)) ?? message(unreadable(body));
}

function fieldsOf(body: Body): Record<string, unknown> {
  if (!('text' in body)) return unreadable(body);
  if (body.type === LEGACY_TYPE) return legacyFields(body.text) ?? unreadable(body);
  return body.type.startsWith('text/') ? { content: body.text } : unreadable(body);
}

/** Fields of a body of our legacy type; null where they are none of an old client. */
function legacyFields(text: string): Record<string, unknown> | null {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return null;
    const { content = '', createdAt = '', updatedAt = '' } = fields as Record<string, unknown>;
    const plain = [content, createdAt, updatedAt].every((one) => typeof one === 'string');
    return plain ? (fields as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const unreadable = (body: Body) => {
  const bytes = 'text' in body ? utf8Length(body.text) : body.data.length;
  return { content: `[${body.type}, ${bytes} bytes: needs a newer version]` };
};

/** As JSON; null for what is nested deeper than can be written. */
function written(value: object): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
