/**
 * The relay by HTTP: the frames that a socket would bring by `GET /entries`, and appends by `POST /send-message`. Requests go through the network
 * stack of the page, so its proxies and certificates hold. Every request has an end.
 */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { type Failure, isFailureKind } from '@matchbook/protocol/failures';
import type { AckItem, AppendFrame, DownFrame, NackItem } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';

/** From sending an append to its answer. */
const APPEND_LIMIT = 20_000;
/** Beyond the time that a poll waits by itself. */
const POLL_LIMIT = 14_000;

export interface HttpParts {
  /** Base address of the relay, without a slash at its end. */
  base: string;
  fetchToken(refused: boolean): Promise<Outcome<{ token: string; expires: number }>>;
  fetch(url: string, options: RequestInit): Promise<Response>;
}

/** `failure`: a server of ours refused, a fresh token included. Without one the network, or something in between, did. */
export interface Refused {
  ok: false;
  failure: Failure | null;
  message: string;
  status: number;
}
/** `cutOff`: a success of which not all came. */
type Answer = { ok: true; body: object; size: number } | (Refused & { cutOff?: true });
export type Polled = { ok: true; frames: { t: string }[]; size: number } | Refused;
export type Appended = { ok: true; frames: DownFrame[] } | Refused;

/** The address for HTTP of a relay whose WebSocket is at `relay`. */
export function httpBase(relay: string): string {
  return relay
    .replace(/^ws/, 'http')
    .replace(/[?#].*$/, '')
    .replace(/\/(ws)?$/, '');
}

export class HttpTransport {
  readonly #parts: HttpParts;
  /**
   * Bytes of entries that an answer may have: null, as many as the relay likes. Something on the way may cut off what is larger than it takes, each time anew; then less is asked for,
   * for as long as this session is there.
   */
  #most: number | null = null;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  /** @param wait seconds @param status own ids whose state at the API is asked for */
  async poll(
    cursor: string | null,
    wait: number,
    status: readonly string[],
    signal: AbortSignal,
  ): Promise<Polled> {
    const query = new URLSearchParams({ cursor: cursor ?? '', wait: String(wait) });
    if (status.length > 0) query.set('status', status.slice(0, LIMITS.pollStatusIds).join(','));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(wait * 1_000 + POLL_LIMIT)]);
    let answer: Answer;
    do {
      if (this.#most !== null) query.set('bytes', String(this.#most));
      answer = await this.#request(`/entries?${query}`, { method: 'GET', signal: limit });
    } while (!answer.ok && answer.cutOff && !limit.aborted && this.#askLess());
    if (!answer.ok) return answer;
    const { frames } = answer.body as { frames?: unknown };
    if (!Array.isArray(frames) || !frames.every(isFrame)) return notOurs(200);
    return { ok: true, frames, size: answer.size };
  }

  /** Whether there is less to ask for. */
  #askLess(): boolean {
    if (this.#most === LIMITS.pollBytesLeast) return false;
    this.#most = Math.max(LIMITS.pollBytesLeast, (this.#most ?? LIMITS.pollBytes) / 8);
    return true;
  }

  /** The same append as over a socket, with its `ack` and `nack`. */
  async append({ conv, items }: AppendFrame, signal: AbortSignal): Promise<Appended> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(APPEND_LIMIT)]);
    const answer = await this.#request('/send-message', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conv, items }),
      signal: limit,
    });
    if (!answer.ok) {
      const { failure } = answer;
      // The request as a whole: each of its items has the answer.
      if (!failure || answer.status === 401) return answer;
      return { ok: true, frames: [{ t: 'nack', conv, items: items.map(({ id }) => ({ id, ...failure })) }] };
    }
    const answered = (answer.body as { items?: unknown }).items;
    if (!Array.isArray(answered) || !answered.every(isAnswer)) return notOurs(200);
    const acks = answered.filter(({ ok }) => ok).map(({ ok: _ok, ...item }) => item as unknown as AckItem);
    const nacks = answered.filter(({ ok }) => !ok).map(({ ok: _ok, ...item }) => item as unknown as NackItem);
    return {
      ok: true,
      frames: [
        ...(acks.length > 0 ? [{ t: 'ack' as const, conv, items: acks }] : []),
        ...(nacks.length > 0 ? [{ t: 'nack' as const, conv, items: nacks }] : []),
      ],
    };
  }

  /** With a token that main has; where the relay refuses it, once more with a fresh one. */
  async #request(path: string, options: RequestInit): Promise<Answer> {
    for (const fresh of [false, true]) {
      const token = await this.#parts.fetchToken(fresh);
      if (!token.ok) {
        const { kind, message, retryAfter } = token.failure;
        const failure = isFailureKind(kind)
          ? { kind, message, ...(retryAfter === undefined ? {} : { retryAfter }) }
          : null;
        return { ok: false, failure, message, status: 0 };
      }
      const answer = await this.#once(path, options, token.value.token);
      if (answer.ok || answer.status !== 401 || fresh) return answer;
    }
    return notOurs(0);
  }

  async #once(path: string, options: RequestInit, token: string): Promise<Answer> {
    let status = 0;
    let text: string | null = null;
    try {
      const response = await this.#parts.fetch(this.#parts.base + path, {
        ...options,
        headers: { ...options.headers, authorization: `Bearer ${token}` },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
      status = response.status;
      text = await response.text();
      const body: unknown = JSON.parse(text);
      if (typeof body !== 'object' || body === null) return notOurs(status);
      if (response.ok) return { ok: true, body, size: text.length };
      const failure = failureIn(body);
      return { ok: false, failure, message: failure?.message ?? notOurs(status).message, status };
    } catch (error) {
      if (status === 200 && (text === null || text.startsWith('{')))
        return { ...notOurs(status), cutOff: true };
      if (status !== 0) return notOurs(status);
      return {
        ok: false,
        failure: null,
        message: error instanceof Error ? error.message : String(error),
        status,
      };
    }
  }
}

/** Something answers, and it is no relay: a proxy, or a page to sign in at. */
function notOurs(status: number): Refused {
  return {
    ok: false,
    failure: null,
    message: `Something between here and the server answers in its place (${status}).`,
    status,
  };
}

function failureIn(body: object): Failure | null {
  const { kind, message, field, limit, retryAfter } = body as Record<string, unknown>;
  if (typeof kind !== 'string' || !isFailureKind(kind)) return null;
  return {
    kind,
    message: typeof message === 'string' ? message : kind,
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
  };
}

const isFrame = (one: unknown): one is { t: string } =>
  typeof one === 'object' && one !== null && 't' in one && typeof one.t === 'string';

const isAnswer = (one: unknown): one is { id: string; ok: boolean } =>
  typeof one === 'object' &&
  one !== null &&
  'id' in one &&
  typeof one.id === 'string' &&
  'ok' in one &&
  typeof one.ok === 'boolean';
