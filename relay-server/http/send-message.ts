import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure } from '@matchbook/protocol/failures';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Credentials, Identity } from '../credentials/credentials.ts';
import { type LegacyMessage, parseLegacy } from '../legacy/dialect.ts';
import type { LegacyMessages } from '../legacy/messages.ts';
import { intakeOf } from '../sequencer/intake.ts';
import type { ItemOutcome, LogRequest } from '../sequencer/messages.ts';
import { json, parse, problem, readBody } from './answers.ts';
import type { Routes } from './face.ts';
import { bearerOf } from './operations.ts';

export interface SendMessageParts {
  credentials: Pick<Credentials, 'bearer'>;
  submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  legacy: LegacyMessages;
  batchItems: number;
}

/** An append without a socket: what cannot be sent over a WebSocket, in the words of v1 or of the first servers. */
export class SendMessage {
  readonly #parts: SendMessageParts;

  constructor(parts: SendMessageParts) {
    this.#parts = parts;
  }

  get routes(): Routes {
    return { '/send-message': { POST: (request, response) => this.#send(request, response) } };
  }

  async #send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verdict = await this.#parts.credentials.bearer(bearerOf(request));
    if (!verdict.ok) return problem(response, verdict.failure);
    const text = await readBody(request, LIMITS.frameBytes);
    if (text === null)
      return problem(response, {
        kind: 'frame_too_large',
        message: 'The body is too large.',
        limit: LIMITS.frameBytes,
      });
    const body = parse(text);
    if (typeof body !== 'object' || body === null)
      return problem(response, { kind: 'bad_json', message: 'The body is no JSON object.' });
    if ('conv' in body) await this.#append(request, response, verdict.identity, body as { conv: unknown });
    else await this.#legacy(request, response, verdict.identity, body);
  }

  async #append(
    request: IncomingMessage,
    response: ServerResponse,
    { user, device }: Identity,
    body: { conv: unknown; items?: unknown },
  ): Promise<void> {
    const key = idempotencyKey(request);
    // One item may have its id from the header.
    if (key !== null && Array.isArray(body.items) && body.items.length === 1)
      body = { ...body, items: [{ id: key, ...(body.items[0] as object) }] };
    const read = intakeOf({ t: 'append', ...body }, this.#parts.batchItems);
    if ('kind' in read) return problem(response, asRequest(read));
    const { conv, items, refused } = read;
    const outcomes =
      items.length === 0 ? [] : await this.#parts.submit({ type: 'append', user, device, conv, items });
    const answered = outcomes.map((one) =>
      one.ok
        ? { id: one.id, ok: true, ...one.place, ...one.register }
        : {
            id: one.id,
            ok: false,
            ...one.failure,
            ...(one.present === undefined ? {} : { present: JSON.parse(one.present) as object }),
          },
    );
    json(response, 200, {
      conv,
      items: [...answered, ...refused.map(({ id, failure }) => ({ id, ok: false, ...failure }))],
    });
  }

  async #legacy(
    request: IncomingMessage,
    response: ServerResponse,
    identity: Identity,
    body: object,
  ): Promise<void> {
    const key = idempotencyKey(request);
    const message: LegacyMessage | Failure = parseLegacy(key === null ? body : { id: key, ...body });
    if ('kind' in message) return problem(response, message, 400);
    const { outcome, delivered } = await this.#parts.legacy.send(identity, message, 0);
    if (!outcome.ok) return problem(response, outcome.failure);
    json(response, 200, { status: delivered ? 'delivered' : 'accepted', delivered });
  }
}

/** `Idempotency-Key` as an id: as it is, or hashed where it is none. */
function idempotencyKey(request: IncomingMessage): string | null {
  const header = request.headers['idempotency-key'];
  if (typeof header !== 'string' || header === '') return null;
  return isId(header) ? header : createHash('sha256').update(header).digest('base64url');
}

/** A frame's failure, where there is a request instead of a frame. */
function asRequest(failure: Failure): Failure {
  return failure.kind === 'invalid_frame' ? { ...failure, kind: 'invalid_field' } : failure;
}
