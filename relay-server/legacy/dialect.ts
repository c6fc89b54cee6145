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
  const body: Body = more
    ? { type: LEGACY_TYPE, text: JSON.stringify(Object.fromEntries(fields)) }
    : { type: 'text/plain', text: content };
  return { id: id ?? null, ...route, clientId, body };
}

/** What an entry is to an old client, or null where it is told nothing about it. */
export function toLegacy(json: string, reader: string): Record<string, unknown> | null {
  const entry = JSON.parse(json) as Record<string, unknown> & { body?: Body };
  if (entry.kind !== 'message' || !entry.body) return null;
  const time = new Date(entry.time as number).toISOString();
  const fields = fieldsOf(entry.body);
  return {
    type: 'message',
    createdAt: time,
    updatedAt: time,
    ...fields,
    id: entry.id,
    conversationId: entry.conv,
    senderId: entry.sender,
    receiverId: reader,
  };
}

function fieldsOf(body: Body): Record<string, unknown> {
  if (!('text' in body)) return { content: unreadable(body.type, body.data.length) };
  if (body.type === LEGACY_TYPE) return JSON.parse(body.text) as Record<string, unknown>;
  return body.type.startsWith('text/')
    ? { content: body.text }
    : { content: unreadable(body.type, utf8Length(body.text)) };
}

const unreadable = (type: string, bytes: number): string =>
  `[${type}, ${bytes} bytes: needs a newer version]`;
