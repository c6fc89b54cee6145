/** HTTP to the API server, and the memory of whether it can be reached. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type ApiAnswer =
  | { ok: true; status: number; body: unknown }
  /** No answer, or none that is JSON. `status` is 0 where there was none at all. */
  | { ok: false; status: number; message: string };

export interface ApiRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  /** ms */
  timeout: number;
}

export interface Api {
  request(request: ApiRequest): Promise<ApiAnswer>;
}

/** Requests must have failed for this long before the API counts as away. */
const AWAY_AFTER = 60_000;
/** Bytes of an answer; those of the API have some kilobytes. */
const LONGEST_ANSWER = 4 * 1024 * 1024;
const KEPT = { keepAlive: true, maxSockets: 4 };

export class ApiClient implements Api {
  readonly #base: string;
  readonly #secret: string;
  readonly #now: () => number;
  readonly #send: typeof httpRequest;
  readonly #agent: HttpAgent;
  #failingSince: number | null = null;

  constructor(options: { base: string; secret: string; now: () => number }) {
    this.#base = options.base;
    this.#secret = options.secret;
    this.#now = options.now;
    const secure = options.base.startsWith('https:');
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = secure ? new HttpsAgent(KEPT) : new HttpAgent(KEPT);
  }

  /** Every request of the last minute failed: sessions may outlive their tokens. */
  get away(): boolean {
    return this.#failingSince !== null && this.#now() - this.#failingSince >= AWAY_AFTER;
  }

  /** Never rejects. An answer of 5xx counts as none: the API is not there for us. */
  async request({ method, path, body, timeout }: ApiRequest): Promise<ApiAnswer> {
    const answer = await this.#ask(method, path, body, timeout);
    if (answer.ok && answer.status < 500) this.#failingSince = null;
    else this.#failingSince ??= this.#now();
    return answer;
  }

  /** Over a connection that is kept: a batch every few milliseconds must not cost a fetch. */
  #ask(method: string, path: string, body: string | undefined, timeout: number): Promise<ApiAnswer> {
    return new Promise((resolve) => {
      const fail = (message: string, status = 0) => resolve({ ok: false, status, message });
      const headers: Record<string, string | number> = { authorization: `Bearer ${this.#secret}` };
      if (body !== undefined) {
        headers['content-type'] = 'application/json';
        headers['content-length'] = Buffer.byteLength(body);
      }
      const send = this.#send;
      const agent = this.#agent;
      const asked = send(this.#base + path, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const status = response.statusCode ?? 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LONGEST_ANSWER) asked.destroy(new Error('The answer is too long.'));
          else chunks.push(chunk);
        });
        response.on('error', (error) => fail(error.message, status));
        response.on('end', () => {
          try {
            resolve({ ok: true, status, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
          } catch {
            fail('The answer is not JSON.', status);
          }
        });
      });
      // From the first byte sent to the last one received.
      const timer = setTimeout(() => asked.destroy(new Error('timeout')), timeout);
      asked.on('close', () => {
        clearTimeout(timer);
        fail('The connection was closed.');
      });
      asked.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
      asked.end(body);
    });
  }
}
