/** One message of the first server's relay: put into the log like any other, so that its order stays the log's, and saved when it comes back from there. */

import { randomUUID } from 'node:crypto';
import { FAILURES, isFailureKind } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { isId } from '@matchbook/protocol/ids';
import { LEGACY_TYPE } from '@matchbook/protocol/shown-text';
import type { RelayClient } from '../outbound/relay-client.ts';
import { problem } from '../problems.ts';

const ROUTING = new Set(['id', 'conversationId', 'senderId', 'receiverId', 'createdAt', 'updatedAt']);

export const isLegacySave = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && !('epoch' in body) && !('items' in body);

/**
 * @returns the message as that server answered
 * @throws FailureError `invalid_field`; what the log says against it; `storage_unavailable` while the relay is away
 */
export async function legacySave(
  relay: RelayClient,
  body: Record<string, unknown>,
  now: number,
): Promise<object> {
  const { conversationId, senderId, id = randomUUID(), content = '' } = body;
  for (const [field, value] of Object.entries({ conversationId, senderId, id }))
    if (!isId(value))
      throw problem('invalid_field', `${field}: 1 to 64 of letters, digits, _ and -.`, { field });
  if (typeof content !== 'string') throw problem('invalid_field', 'content: a text.', { field: 'content' });
  const fields = Object.fromEntries(Object.entries(body).filter(([key]) => !ROUTING.has(key)));
  const plain = Object.keys(fields).every((key) => key === 'content');
  const item = {
    ...{ id, kind: 'message', sender: senderId, conv: conversationId },
    body: plain ? { type: 'text/plain', text: content } : { type: LEGACY_TYPE, text: JSON.stringify(fields) },
  } as InternalItem;
  const [verdict] = await relay.append([JSON.stringify(item)]).catch((error: Error) => {
    throw problem('storage_unavailable', `The relay cannot take it now: ${error.message}`, { retryAfter: 5 });
  });
  if (verdict?.outcome === 'done') {
    const time = new Date(now).toISOString();
    return { createdAt: time, ...body, id, updatedAt: time };
  }
  const reason = verdict?.reason ?? '';
  const kind = reason.split(':')[0] ?? '';
  if (verdict?.outcome === 'refused' && isFailureKind(kind) && FAILURES[kind].status)
    throw problem(kind, reason);
  throw problem('storage_unavailable', `The relay cannot take it now: ${reason}`, { retryAfter: 5 });
}
