/** HTTP to the API server, and the memory of whether it can be reached. */
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

export class ApiClient implements Api {
  readonly #base: string;
  readonly #secret: string;
  readonly #now: () => number;
  readonly #fetch: typeof fetch;
  #failingSince: number | null = null;

  constructor(options: { base: string; secret: string; now: () => number; fetch?: typeof fetch }) {
    this.#base = options.base;
    this.#secret = options.secret;
    this.#now = options.now;
    this.#fetch = options.fetch ?? fetch;
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

  async #ask(method: string, path: string, body: string | undefined, timeout: number): Promise<ApiAnswer> {
    let status = 0;
    try {
      const response = await this.#fetch(this.#base + path, {
        method,
        headers: {
          authorization: `Bearer ${this.#secret}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
      });
      status = response.status;
      return { ok: true, status, body: await response.json() };
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } };
      return { ok: false, status, message: cause?.code ?? message };
    }
  }
}
