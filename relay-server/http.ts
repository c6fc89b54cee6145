import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FAILURES, type Failure, type FailureKind } from '@matchbook/protocol/failures';
import { InternalAppend, type InternalAppendResult } from '@matchbook/protocol/http';
import { LIMITS } from '@matchbook/protocol/limits';
import { Compile } from 'typebox/compile';
import type { ItemOutcome, LogRequest } from './sequencer/messages.ts';

const internalAppend = Compile(InternalAppend);
/** A probe of the log is good for this long, so that asking for readiness costs nothing. */
const PROBE_LIFE = 1_000;

export interface HttpParts {
  origins: readonly string[];
  hosts: readonly string[];
  serviceSecret: string;
  connections: () => number;
  keysReady: () => boolean;
  submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  now: () => number;
}

/** A name of `hosts`, with any port. Keeps pages of other names from reaching a loopback address (DNS rebinding). */
export function hostAllowed(header: string | undefined, hosts: readonly string[]): boolean {
  const name = header?.toLowerCase().replace(/:\d{1,5}$/, '');
  return hosts.some((host) => host.toLowerCase() === name);
}

/** Browsers send their origin; what sends none is no browser. */
export function originAllowed(header: string | undefined, origins: readonly string[]): boolean {
  return header === undefined || origins.includes(header);
}

/** Loopback, private and link-local addresses. */
export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return (
    /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(plain) ||
    plain === '::1' ||
    /^f[cd]|^fe[89ab]/i.test(plain)
  );
}

/** Everything of the relay that is not a WebSocket. */
export class HttpFace {
  readonly #parts: HttpParts;
  #probe: { at: number; ok: Promise<boolean> } | null = null;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch {
      problem(response, 'internal', 'Something went wrong here.');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origins, hosts } = this.#parts;
    if (!hostAllowed(request.headers.host, hosts)) {
      problem(response, 'forbidden', 'This host name is not served here.');
      return;
    }
    const { origin } = request.headers;
    if (!originAllowed(origin, origins)) {
      problem(response, 'forbidden', 'This origin is not allowed here.');
      return;
    }
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    const path = (request.url ?? '/').split('?')[0];
    switch (`${request.method} ${path}`) {
      case 'GET /livez':
        json(response, 200, { status: 'OK' });
        break;
      case 'GET /readyz':
        await this.#ready(response);
        break;
      case 'GET /health-check':
        json(response, 200, {
          status: 'OK',
          time: this.#parts.now(),
          connections: this.#parts.connections(),
        });
        break;
      case 'POST /internal/append':
        await this.#internalAppend(request, response);
        break;
      default:
        problem(response, 'not_found', 'There is nothing here.');
    }
  }

  async #ready(response: ServerResponse): Promise<void> {
    const now = this.#parts.now();
    if (!this.#probe || Math.abs(now - this.#probe.at) > PROBE_LIFE) {
      const ok = this.#parts.submit({ type: 'probe' }).then((outcomes) => outcomes.every((one) => one.ok));
      this.#probe = { at: now, ok };
    }
    const log = await this.#probe.ok;
    const keys = this.#parts.keysReady();
    json(response, log && keys ? 200 : 503, { status: log && keys ? 'OK' : 'NOT READY', log, keys });
  }

  async #internalAppend(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isPrivate(request.socket.remoteAddress ?? '')) {
      problem(response, 'forbidden', 'Only for servers of the same house.');
      return;
    }
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${this.#parts.serviceSecret}`)) {
      problem(response, 'unauthorized', 'The service secret is wrong.');
      return;
    }
    const body = await readBody(request, LIMITS.frameBytes);
    if (body === null) {
      problem(response, 'frame_too_large', 'The body is too large.');
      return;
    }
    const items = parse(body);
    if (items === undefined) {
      problem(response, 'bad_json', 'The body is not JSON.');
    } else if (!internalAppend.Check(items)) {
      problem(response, 'invalid_field', 'The body is not what this expects.');
    } else {
      const outcomes = await this.#parts.submit({ type: 'internal', items: items.items });
      const answer: InternalAppendResult = {
        items: outcomes.map((one) =>
          one.ok ? { id: one.id, ok: true } : { id: one.id, ok: false, ...one.failure },
        ),
      };
      json(response, 200, answer);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Null where it is longer than `limit` bytes. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Takes the same time wherever they differ. */
function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function problem(response: ServerResponse, kind: FailureKind, message: string): void {
  const failure: Failure = { kind, message };
  const status = FAILURES[kind].status ?? 500;
  // A body that was not read to its end would be taken for the next request.
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(JSON.stringify({ type: 'about:blank', title: kind, status, detail: message, ...failure }));
}
