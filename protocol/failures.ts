/**
 * Every failure that crosses the wire, in one table: where it can occur and what the party that hears it must do.
 * Nobody decides that at a call site.
 */

/**
 * What to do about a failure:
 * - `retry`: the same again, later (with backoff, or after `retryAfter` seconds); nothing was stored
 * - `sign-in`: get a fresh access token and try once more; if that is refused too, the person must sign in
 * - `give-up`: the same request can never succeed; show it with its reason
 * - `stop`: end this session for good and say why
 */
export type Action = 'retry' | 'sign-in' | 'give-up' | 'stop';

interface Row {
  readonly action: Action;
  /** WebSocket close code, where it ends a connection. */
  readonly close?: number;
  /** HTTP status, where a server answers with it. */
  readonly status?: number;
}

const table = {
  // The connection.
  bad_json: { action: 'give-up', close: 4400, status: 400 },
  bad_frame: { action: 'give-up', close: 4402, status: 400 },
  unknown_frame: { action: 'give-up' },
  invalid_frame: { action: 'give-up' },
  unauthorized: { action: 'sign-in', close: 4401, status: 401 },
  identity_mismatch: { action: 'stop', close: 4403, status: 403 },
  hello_timeout: { action: 'retry', close: 4408 },
  session_replaced: { action: 'stop', close: 4409, status: 409 },
  session_revoked: { action: 'sign-in', close: 4410, status: 401 },
  silent: { action: 'retry', close: 4411 },
  slow_consumer: { action: 'retry', close: 4412 },
  frame_too_large: { action: 'give-up', close: 1009, status: 413 },
  too_many_sockets: { action: 'retry', close: 4414, status: 429 },
  too_many_errors: { action: 'retry', close: 4415 },
  version_unsupported: { action: 'stop', close: 4426, status: 426 },
  rate_limited: { action: 'retry', close: 4429, status: 429 },
  internal: { action: 'retry', close: 4500, status: 500 },
  draining: { action: 'retry', close: 1012, status: 503 },
  storage_unavailable: { action: 'retry', close: 4503, status: 503 },
  // One item of an append, or one request.
  invalid_field: { action: 'give-up', status: 400 },
  invalid_text: { action: 'give-up', status: 400 },
  body_too_large: { action: 'give-up', status: 413 },
  unknown_kind: { action: 'give-up', status: 400 },
  id_conflict: { action: 'give-up', status: 409 },
  unknown_conversation: { action: 'give-up', status: 404 },
  not_member: { action: 'give-up', status: 403 },
  unknown_user: { action: 'give-up', status: 404 },
  unknown_place: { action: 'give-up', status: 404 },
  not_allowed: { action: 'give-up', status: 403 },
  blocked: { action: 'give-up', status: 403 },
  conflict: { action: 'give-up', status: 409 },
  trimmed: { action: 'give-up', status: 410 },
  // The API.
  not_found: { action: 'give-up', status: 404 },
  forbidden: { action: 'give-up', status: 403 },
  not_joined: { action: 'give-up', status: 409 },
  // A host name that this server is not told to answer to (DNS rebinding): whoever runs it mends that, and not who asks.
  host_unknown: { action: 'retry', status: 403 },
  registration_closed: { action: 'give-up', status: 403 },
  invitation_invalid: { action: 'give-up', status: 410 },
  invitation_used: { action: 'give-up', status: 410 },
  invitation_expired: { action: 'give-up', status: 410 },
  invitation_own: { action: 'give-up', status: 409 },
  wrong_secret: { action: 'give-up', status: 401 },
  session_ended: { action: 'sign-in', status: 401 },
} as const satisfies Record<string, Row>;

export type FailureKind = keyof typeof table;
export const FAILURES: Readonly<Record<FailureKind, Row>> = table;

/** A failure as a value: what crosses every boundary. */
export interface Failure {
  kind: FailureKind;
  /** For people and logs, in English; never a body or a token. */
  message: string;
  /** The offending field and the limit it broke, where there is one. */
  field?: string;
  limit?: number;
  /** Seconds until a retry makes sense. */
  retryAfter?: number;
  /** Seconds over which those who hear the same spread what they do then. */
  spread?: number;
}

/** The failure as something to throw inside a process. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

export const isFailureKind = (kind: string): kind is FailureKind => Object.hasOwn(table, kind);

const byClose = new Map<number, FailureKind>();
for (const [kind, row] of Object.entries(FAILURES))
  if (row.close) byClose.set(row.close, kind as FailureKind);

/**
 * What a close means. Codes that are not ours (1006: the connection broke) are no failure of anybody's: null, reconnect.
 * The reason of our closes is the JSON of `{kind, message?, retryAfter?}` in at most 123 bytes.
 */
export function failureOfClose(code: number, reason: string): Failure | null {
  const kind = byClose.get(code);
  if (!kind) return null;
  const failure: Failure = { kind, message: kind };
  try {
    const told: unknown = JSON.parse(reason);
    if (typeof told !== 'object' || told === null) return failure;
    if ('message' in told && typeof told.message === 'string') failure.message = told.message;
    if ('retryAfter' in told && typeof told.retryAfter === 'number' && told.retryAfter >= 0)
      failure.retryAfter = told.retryAfter;
  } catch {
    // A proxy may replace the reason; the code alone decides.
  }
  return failure;
}
