/** An API server on a temporary folder and a real socket, with a stand-in for the relay that records what it is asked to append. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAILURES } from '@matchbook/protocol/failures';
import type { NewAccount } from '@matchbook/protocol/http/accounts';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { type Logger, pino } from 'pino';
import { type Config, parseConfig } from '../config.ts';
import { openStore } from '../db/open.ts';
import type { Store } from '../db/store.ts';
import { startApi } from '../server.ts';

export const SERVICE = 'service-secret-of-at-least-32-characters';
export const secret = () => randomBytes(32).toString('base64url');

interface RelayStandIn {
  url: string;
  appended: InternalItem[];
  /** Answers of the next requests; `null` for success. */
  failures: (number | 'refuse' | 'hang-up' | 'hang')[];
  /** Rows of its log that it has not handed over, as it says. */
  unsaved: number;
  /** Why it cannot read a body, as the relay says it; null where it can. */
  refuses: (body: string) => 'frame_too_large' | 'invalid_field' | null;
  waitFor(count: number): Promise<InternalItem[]>;
  close(): Promise<void>;
}

async function startRelayStandIn(): Promise<RelayStandIn> {
  const waiting = new Set<() => void>();
  const standIn = {
    appended: [] as InternalItem[],
    failures: [] as RelayStandIn['failures'],
    unsaved: 0,
    refuses: (() => null) as RelayStandIn['refuses'],
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/metrics')
      return void response.writeHead(200).end(`matchbook_relay_persister_backlog_rows ${standIn.unsaved}\n`);
    if (request.method === 'GET')
      return void response.writeHead(200).end(JSON.stringify({ status: 'OK', time: Date.now() }));
    if (request.headers.authorization !== `Bearer ${SERVICE}`) return void response.writeHead(401).end('{}');
    const failure = standIn.failures.shift();
    const body = await bodyOf(request);
    const kind = standIn.refuses(body);
    if (kind)
      return void response
        .writeHead(FAILURES[kind].status ?? 400)
        .end(JSON.stringify({ kind, detail: 'no' }));
    const { items } = JSON.parse(body) as { items: InternalItem[] };
    if (failure === 'hang') return;
    if (failure === 'hang-up') return void request.socket.destroy();
    if (typeof failure === 'number') return void response.writeHead(failure).end('{}');
    const answers = items.map(({ id }) =>
      failure === 'refuse' ? { id, ok: false, kind: 'invalid_field', message: 'no' } : { id, ok: true },
    );
    if (failure === undefined) standIn.appended.push(...items);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items: answers }));
    for (const wake of waiting) wake();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A server that stops in the middle of a request says the rest to nobody.
      if (request.complete) throw error;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...standIn,
    get appended() {
      return standIn.appended;
    },
    get refuses() {
      return standIn.refuses;
    },
    set refuses(refuses: RelayStandIn['refuses']) {
      standIn.refuses = refuses;
    },
    get unsaved() {
      return standIn.unsaved;
    },
    set unsaved(rows: number) {
      standIn.unsaved = rows;
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waitFor: async (count) => {
      while (standIn.appended.length < count) await new Promise<void>((resolve) => waiting.add(resolve));
      return standIn.appended;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

export interface TestApi {
  base: string;
  relay: RelayStandIn;
  /** Its data folder. */
  folder: string;
  config: Config;
  /** Everything that was logged, as text. */
  logged: string[];
  clock: { now: number };
  post(
    path: string,
    body: unknown,
    credential?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  send(
    method: string,
    path: string,
    body: unknown,
    credential?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  get(
    path: string,
    credential?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  register(name: string, more?: object): Promise<NewAccount & { secret: string; device: string }>;
  /** The database of the running server, by a connection of its own. */
  inStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Stops and starts on the same folder. */
  restart(): Promise<void>;
  /** @param options `keep` the data folder */
  close(options?: { keep?: boolean }): Promise<void>;
}

export async function startTestApi(env: Record<string, string> = {}): Promise<TestApi> {
  const folder = env.API_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'matchbook-api-'));
  const relay = await startRelayStandIn();
  const logged: string[] = [];
  const log: Logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const clock = { now: Date.now() };
  const { config, errors } = parseConfig({
    API_PORT: '0',
    API_DATA_DIR: folder,
    API_RELAY_URL: relay.url,
    API_SERVICE_SECRET: SERVICE,
    // Its clock stands still: nothing would be filled up again.
    API_RATE_USER: '1000000/1000000',
    ...env,
  });
  if (!config) throw new Error(errors.join('\n'));
  const start = (settings: Config) =>
    startApi(settings, { log, version: '0.0.0', now: () => clock.now, random: () => 0 });
  let api = await start(config).catch(async (error: unknown) => {
    await relay.close();
    throw error;
  });
  const request = async (method: string, path: string, body: unknown, credential?: string) => {
    const response = await fetch(`http://127.0.0.1:${api.port}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (response.status === 204 ? {} : await response.json()) as Record<string, unknown>,
    };
  };
  let devices = 0;
  const test: TestApi = {
    get base() {
      return `http://127.0.0.1:${api.port}`;
    },
    relay,
    folder,
    config,
    logged,
    clock,
    send: request,
    post: (path, body, credential) => request('POST', path, body, credential),
    get: (path, credential) => request('GET', path, undefined, credential),
    async register(name, more = {}) {
      const made = secret();
      const device = `device-${++devices}`;
      const answer = await test.post('/api/accounts', {
        name,
        secret: made,
        device: { id: device, name: 'test' },
        ...more,
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return { ...(answer.body as unknown as NewAccount), secret: made, device };
    },
    async inStore(work) {
      const store = await openStore(config, log);
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    async restart() {
      await api.close();
      api = await start({ ...config, port: 0 });
    },
    async close({ keep = false } = {}) {
      await api.close();
      await relay.close();
      if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return test;
}
