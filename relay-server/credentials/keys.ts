import { importJWK, type JWK } from 'jose';
import type { Api } from '../saving/api-client.ts';
import { readIfThere, writeDurably } from './durable-file.ts';

type Key = Awaited<ReturnType<typeof importJWK>>;

/** The keys are asked for this often, which also tells whether the API is there; while none are known, sooner. */
const REFRESH = { known: 30_000, unknown: 1_000 };
/** An unknown key id has them asked for again, at most this often: after an answer, and after none. */
const UNKNOWN_KEY = { answered: 2_000, failed: 500 };
/** Also the longest that a start waits for the API. */
const TIMEOUT = 2_000;
const MAX_KEYS = 16;

/** The API could not be asked: nothing can be said about a key id. */
export class KeysUnknown extends Error {}

/** The API's public keys, kept in a file: while the API is away, the ones known last go on. */
export class KeyCache {
  readonly #api: Api;
  readonly #file: string;
  readonly #now: () => number;
  #keys = new Map<string, Key>();
  #text = '';
  #asking: Promise<void> | null = null;
  #lookingAgain: Promise<void> | null = null;
  #failed = true;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

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
    this.#later();
  }

  #later(): void {
    const again = () => void this.refresh().finally(() => this.#later());
    if (this.#closed) return;
    this.#timer = setTimeout(again, this.ready ? REFRESH.known : REFRESH.unknown);
    this.#timer.unref();
  }

  get ready(): boolean {
    return this.#keys.size > 0;
  }

  /**
   * Null where the API knows no such key. Who asks for an unknown one waits until the API may be asked again (2 s at most), so that
   * a key which is new this moment is not taken for a forgery. Throws KeysUnknown where the API does not answer.
   */
  async key(kid: string): Promise<Key | null> {
    if (!this.#keys.has(kid)) {
      this.#lookingAgain ??= this.#lookAgain();
      await this.#lookingAgain;
    }
    const key = this.#keys.get(kid);
    if (!key && this.#failed) throw new KeysUnknown('The keys of the API are not known at the moment.');
    return key ?? null;
  }

  /** Asks the API; callers share one request. What is no set of keys changes nothing. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #lookAgain(): Promise<void> {
    try {
      const pause = this.#failed ? UNKNOWN_KEY.failed : UNKNOWN_KEY.answered;
      const wait = this.#askedAt + pause - this.#now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await this.refresh();
    } finally {
      this.#lookingAgain = null;
    }
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#now();
    const answer = await this.#api.request({ method: 'GET', path: '/api/auth/keys', timeout: TIMEOUT });
    this.#failed = !answer.ok || answer.status !== 200;
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
