import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SavedItem } from '@matchbook/protocol/frames';
import { InternalAppend, type InternalAppendResult } from '@matchbook/protocol/http/appending';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { Compile } from 'typebox/compile';
import type { Credentials } from '../credentials/credentials.ts';
import type { Metrics } from '../metrics.ts';
import type { ItemOutcome, LogRequest } from '../sequencer/messages.ts';
import type { Trace } from '../trace.ts';
import { json, parse, problem, readBody } from './answers.ts';
import type { Routes } from './face.ts';
import { isPrivate } from './origins.ts';

const internalAppend = Compile(InternalAppend);
/** A body of 64 KiB may be six times as large in JSON. */
const INTERNAL_BYTES = 2 * LIMITS.frameBytes;
/** A probe of the log is good for this long, so that asking for readiness costs nothing. */
const PROBE_LIFE = 1_000;

export interface OperationsParts {
  serviceSecret: string;
  credentials: Pick<Credentials, 'bearer'>;
  metrics: Metrics;
  trace: Trace;
  connections: () => number;
  keysReady: () => boolean;
  submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  /** Tells the devices of a sender what became of entries. */
  tell: (user: string, items: SavedItem[]) => void;
  now: () => number;
}

/** What servers of the house and their operators ask. */
export class Operations {
  readonly #parts: OperationsParts;
  #probe: { at: number; ok: Promise<boolean> } | null = null;

  constructor(parts: OperationsParts) {
    this.#parts = parts;
  }

  get routes(): Routes {
    return {
      '/livez': { GET: (_request, response) => json(response, 200, { status: 'OK' }) },
      '/readyz': { GET: (_request, response) => this.#ready(response) },
      '/health-check': {
        GET: (_request, response) => {
          const time = new Date(this.#parts.now()).toISOString();
          json(response, 200, { status: 'OK', time, connections: this.#parts.connections() });
        },
      },
      '/metrics': { GET: (request, response) => this.#metrics(request, response) },
      '/internal/append': { POST: (request, response) => this.#internalAppend(request, response) },
      '/debug/trace/': { GET: (request, response, url) => this.#trace(request, response, url) },
    };
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

  async #metrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!fromTheHouse(request) && !this.#isService(request))
      return problem(response, { kind: 'forbidden', message: 'Only from private addresses.' });
    const { registry } = this.#parts.metrics;
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType });
    response.end(text);
  }

  async #internalAppend(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!fromTheHouse(request))
      return problem(response, { kind: 'forbidden', message: 'Only for servers of the same house.' });
    if (!this.#isService(request))
      return problem(response, { kind: 'unauthorized', message: 'The service secret is wrong.' });
    const body = await readBody(request, INTERNAL_BYTES);
    if (body === null)
      return problem(response, {
        kind: 'frame_too_large',
        message: 'The body is too large.',
        limit: INTERNAL_BYTES,
      });
    const items = parse(body);
    if (items === undefined) return problem(response, { kind: 'bad_json', message: 'The body is not JSON.' });
    if (!internalAppend.Check(items)) {
      const [fault] = [...internalAppend.Errors(items)];
      const field = fault?.instancePath.slice(1).replaceAll('/', '.') || '(body)';
      return problem(response, { kind: 'invalid_field', message: `${field}: ${fault?.message}`, field });
    }
    const outcomes = await this.#parts.submit({ type: 'internal', items: items.items });
    items.items.forEach((item, i) => {
      if (item.kind === 'saved' && outcomes[i]?.ok)
        this.#parts.tell(item.sender, [{ id: item.entry, state: 'saved' }]);
    });
    const answer: InternalAppendResult = {
      items: outcomes.map((one) =>
        one.ok
          ? { id: one.id, ok: true, ...(one.place ? { n: one.place.n, time: one.place.time } : {}) }
          : { id: one.id, ok: false, ...one.failure },
      ),
    };
    json(response, 200, answer);
  }

  /** What happened to a message, for admins. */
  async #trace(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.#isService(request)) {
      const verdict = await this.#parts.credentials.bearer(bearerOf(request));
      if (!verdict.ok) return problem(response, verdict.failure);
      if (!verdict.identity.admin)
        return problem(response, { kind: 'forbidden', message: 'For admins only.' });
    }
    const id = url.pathname.slice('/debug/trace/'.length);
    if (!isId(id))
      return problem(response, { kind: 'invalid_field', message: 'This is no id.', field: 'id' });
    const found = await this.#parts.trace.of(id);
    if (found.length === 0)
      return problem(response, { kind: 'not_found', message: 'The log has no entry with this id.' });
    json(response, 200, { entries: found });
  }

  #isService(request: IncomingMessage): boolean {
    return sameSecret(bearerOf(request), this.#parts.serviceSecret);
  }
}

/** From a private address, and not on behalf of somebody behind a proxy. */
function fromTheHouse(request: IncomingMessage): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
  return forwarded === undefined && isPrivate(request.socket.remoteAddress ?? '');
}

/** The token of `Authorization: Bearer`, or nothing. */
export const bearerOf = (request: IncomingMessage): string =>
  /^Bearer ([\x21-\x7e]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';

/** Takes the same time wherever they differ. */
function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
