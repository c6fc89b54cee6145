/** Requests to an API server, through the network stack of the app (its proxies and certificates). */
import { isFailureKind } from '@matchbook/protocol/failures';
import { Problem } from '@matchbook/protocol/http/fields';
import { type NetworkFault, networkFaultOf } from '@matchbook/protocol/network-fault';
import Type, { type Static, type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { jsonOf } from './json-body.ts';
import { type Fetch, isOther } from './reach.ts';

export type { Fetch } from './reach.ts';

const TIMEOUT = 10_000;
/** The answer of a request that has none. */
export const NOTHING = Type.Null();

/** A server that was just started, or that hashes for many at once, takes longer than a link. */
const HASH_TIMEOUT = 30_000;

export class ApiClient {
  #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  get<S extends TSchema>(base: string, path: string, answer: S, token?: string): Promise<Static<S>> {
    const options = { method: 'GET', headers: bearer(token), signal: AbortSignal.timeout(TIMEOUT) };
    return this.#request(base, path, options, answer);
  }

  post<S extends TSchema>(
    base: string,
    path: string,
    body: object,
    answer: S,
    token?: string,
  ): Promise<Static<S>> {
    return this.send('POST', base, path, body, answer, token);
  }

  /** @param body null for none @param answer `NOTHING` where the server answers with no body */
  send<S extends TSchema>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    base: string,
    path: string,
    body: object | null,
    answer: S,
    token?: string,
  ): Promise<Static<S>> {
    const options = {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...bearer(token) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(HASH_TIMEOUT),
    };
    return this.#request(base, path, options, answer);
  }

  /** @throws LocalError `server_unreachable` or what the network stack names, `server_failed`, or the kind that the server names */
  async #request<S extends TSchema>(
    base: string,
    path: string,
    options: RequestInit,
    schema: S,
  ): Promise<Static<S>> {
    let response: Response;
    let answer: unknown;
    try {
      response = await this.#fetch(base + path, { ...options, redirect: 'error', credentials: 'omit' });
      if (isOther(response)) throw otherAnswers(base, response);
      answer = response.status === 204 ? null : await jsonOf(response);
    } catch (error) {
      if (error instanceof LocalError) throw error;
      const message = reason(error);
      throw new LocalError(causeOf(message), `The server cannot be reached: ${message}`);
    }
    if (response.ok && Check(schema, answer)) return answer;
    throw refusalOf(base, response, answer);
  }

  /**
   * An answer whose body is not JSON: bytes of a file, or of an upload.
   *
   * @throws LocalError as the others do, where it is no success
   */
  async open(base: string, path: string, options: RequestInit, token: string): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(base + path, {
        ...options,
        headers: { ...(options.headers as Record<string, string>), ...bearer(token) },
        redirect: 'error',
        credentials: 'omit',
      });
    } catch (error) {
      if (options.signal?.aborted) throw new LocalError('cancelled', 'Cancelled.');
      const message = reason(error);
      throw new LocalError(causeOf(message), `The server cannot be reached: ${message}`);
    }
    if (isOther(response)) throw otherAnswers(base, response);
    if (response.ok) return response;
    const refusal = refusalOf(base, response, await jsonOf(response).catch(() => null));
    // To a HEAD request there is no body that could name the kind.
    if (options.method === 'HEAD' && [404, 410].includes(response.status))
      throw new LocalError('not_found', 'The server does not know it.');
    if (options.method === 'HEAD' && response.status === 401)
      throw new LocalError('unauthorized', 'The server does not take the token.');
    throw refusal;
  }
}

const otherAnswers = (base: string, { status }: Response) =>
  new LocalError('other_answers', `Something that is no Matchbook server answers at ${base} (${status}).`);

function refusalOf(base: string, response: Response, answer: unknown): LocalError {
  // What it refuses stays refused, whether this app knows the word for it or not; what failed at it may work later.
  const isRefusal = !response.ok && Check(Problem, answer);
  if (isRefusal && (isFailureKind(answer.kind) || response.status < 500)) {
    const { message, field, limit, retryAfter } = answer;
    return new LocalError(isFailureKind(answer.kind) ? answer.kind : 'other', message, {
      ...(field === undefined ? {} : { field }),
      ...(limit === undefined ? {} : { limit }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
  return new LocalError(
    'server_failed',
    `The server at ${base} answers, but not as a Matchbook server does (${response.status}).`,
  );
}

/** That nothing answers has one word, whether it is refused or silent. */
function causeOf(message: string): NetworkFault | 'server_unreachable' {
  const fault = networkFaultOf(message);
  return fault === null || fault === 'connection_refused' || fault === 'no_answer'
    ? 'server_unreachable'
    : fault;
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
