import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure } from '@matchbook/protocol/failures';
import { problem, targetOf } from './answers.ts';
import { hostAllowed, type Origins } from './origins.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;
/** What is served, by path and then by method. */
export type Routes = Record<string, Partial<Record<'GET' | 'POST', Handler>>>;

const no = (kind: Failure['kind'], message: string): Failure => ({ kind, message });

/** Everything of the relay that is not a WebSocket: who may ask, and which room answers. */
export class HttpFace {
  readonly #origins: Origins;
  readonly #routes: Map<string, Routes[string]>;

  constructor(origins: Origins, routes: Routes) {
    this.#origins = origins;
    this.#routes = new Map(Object.entries(routes));
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch {
      if (!response.headersSent) problem(response, no('internal', 'Something went wrong here.'));
      else response.destroy();
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin } = request.headers;
    if (!hostAllowed(host, this.#origins.hosts))
      return problem(response, no('host_unknown', 'This host name is not served here.'));
    if (!this.#origins.allowed(origin))
      return problem(response, no('forbidden', 'This origin is not allowed here.'));
    const url = targetOf(request);
    if (!url)
      return problem(response, { kind: 'bad_frame', message: 'The request target is not understood.' }, 400);
    const route = this.#prefixed(url.pathname);
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    if (!route) return problem(response, no('not_found', 'There is nothing here.'));
    if (request.method === 'OPTIONS') return preflight(response, route);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handler = method === 'GET' || method === 'POST' ? route[method] : undefined;
    if (handler) return await handler(request, response, url);
    response.setHeader('allow', Object.keys(route).join(', '));
    problem(response, no('not_found', 'Not with this method.'), 405);
  }

  /** A route that ends in a slash answers for everything behind it. */
  #prefixed(path: string): Routes[string] | undefined {
    return this.#routes.get(path) ?? this.#routes.get(path.slice(0, path.lastIndexOf('/') + 1));
  }
}

/** CORS: what a page of an allowed origin may send. The origin itself was answered already. */
function preflight(response: ServerResponse, route: Routes[string]): void {
  response.writeHead(204, {
    'access-control-allow-methods': Object.keys(route).join(', '),
    'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    'access-control-max-age': '600',
  });
  response.end();
}
