import { importJWK, type JWK } from 'jose';
import type { Api } from './api-client.ts';
import { readIfThere, writeDurably } from './durable-file.ts';

type Key = Awaited<ReturnType<typeof importJWK>>;

/** The keys are asked for this often, which also tells whether the API is there. */
const REFRESH = 30_000;
/** An unknown key id has them asked for again, at most this often. */
const UNKNOWN_KEY = 3_000;
const TIMEOUT = 5_000;
const MAX_KEYS = 16;

/** The API's public keys, kept in a file: while the API is away, the ones known last go on. */
export class KeyCache {
  readonly #api: Api;
  readonly #file: string;
  readonly #now: () => number;
  #keys = new Map<string, Key>();
  #text = '';
  #asking: Promise<void> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { api: Api; file: string; now: () => number }) {
    this.#api = options.api;
    this.#file = options.file;
    this.#now = options.now;
  }

  /** Reads the file and begins to ask. A file that cannot be read as keys counts as absent. */
  async start(): Promise<void> {
    const kept = readIfThere(this.#file)?.toString('utf8');
    if (kept !== undefined) {
      const keys = await parseKeys(kept);
      if (keys) [this.#keys, this.#text] = [keys, kept];
    }
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH);
    this.#timer.unref();
  }

  get ready(): boolean {
    return this.#keys.size > 0;
  }

  async key(kid: string): Promise<Key | null> {
    if (!this.#keys.has(kid) && (this.#asking || this.#now() - this.#askedAt >= UNKNOWN_KEY))
      await this.refresh();
    return this.#keys.get(kid) ?? null;
  }

  /** Asks the API; callers share one request. What is no set of keys changes nothing. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#now();
    const answer = await this.#api.request({ method: 'GET', path: '/api/auth/keys', timeout: TIMEOUT });
    if (!answer.ok || answer.status !== 200) return;
    const text = JSON.stringify(answer.body);
    if (text === this.#text) return;
    const keys = await parseKeys(text);
    if (!keys) return;
    this.#keys = keys;
    this.#text = text;
    writeDurably(this.#file, text);
  }
}

/** Ed25519 keys by their id; null where it is not a JWKS with at least one. */
async function parseKeys(text: string): Promise<Map<string, Key> | null> {
  try {
    const { keys } = JSON.parse(text) as { keys: JWK[] };
    const found = new Map<string, Key>();
    for (const jwk of keys.slice(0, MAX_KEYS)) {
      if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string' || jwk.d !== undefined)
        continue;
      found.set(jwk.kid, await importJWK(jwk, 'EdDSA'));
    }
    return found.size > 0 ? found : null;
  } catch {
    return null;
  }
}
