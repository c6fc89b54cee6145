/**
 * A proxy that wants a name and a password. Chromium asks nobody on behalf of sockets and of requests that main makes: it takes what it has in its memory of
 * such answers. So where a request was turned away, one of its own goes to the same server, the proxy's question is answered from what is kept or by the
 * person, and everything else finds the answer there. What a server asks for itself is never answered: it must not get what is meant for the proxy.
 */
import type { ProxyQuestion } from '@matchbook/protocol/bridge/proxy';
import { networkFaultOf } from '@matchbook/protocol/network-fault';
import type { Secrets } from '../profile/secrets.ts';
import type { Fetch } from './reach.ts';

/** Name among the secrets. */
const SECRET = 'proxies';
/** Proxies that are kept, the last ones. */
const KEPT = 20;
/** Questions of one request. */
const QUESTIONS = 50;

export interface Challenge {
  isProxy: boolean;
  host: string;
  port: number;
  realm: string;
}

export interface Credentials {
  user: string;
  password: string;
}

export interface ProxySignInParts {
  /** A request that carries nothing. `login` answers what is asked on its way; null: nothing is. @returns a server answered */
  request(url: string, login: (asked: Challenge) => Promise<Credentials | null>): Promise<boolean>;
  secrets: Pick<Secrets, 'read' | 'write' | 'sealed'>;
  log(line: string): void;
}

export class ProxySignIn {
  readonly #parts: ProxySignInParts;
  /** By place. */
  #known: Map<string, Credentials> | null = null;
  #question: ProxyQuestion | null = null;
  #answer: ((given: Credentials | null) => void) | null = null;
  #running: { through: Promise<boolean>; asked: Promise<false> } | null = null;
  #asked = 0;
  #declined = false;
  readonly #told = { changed: () => {}, through: () => {} };

  constructor(parts: ProxySignInParts) {
    this.#parts = parts;
  }

  get question(): ProxyQuestion | null {
    return this.#question;
  }

  /** @param changed the question is another one @param through what was turned away is let through now */
  onTold(changed: () => void, through: () => void): void {
    Object.assign(this.#told, { changed, through });
  }

  /** Requests of main: one that a proxy turned away goes again where what is kept opens it. Fails as Chromium's own do where not. */
  through(fetch: Fetch): Fetch {
    return async (url, options) => {
      const turnedAway = await attempt(fetch, url, options);
      if (turnedAway instanceof Response) return turnedAway;
      const again = typeof options.body === 'string' || options.body === undefined || options.body === null;
      const open = await this.#opens(url);
      if (!open || !again || options.signal?.aborted) throw turnedAway.error;
      const second = await attempt(fetch, url, options);
      if (second instanceof Response) return second;
      throw second.error;
    };
  }

  signIn(given: Credentials): void {
    this.#answer?.(given);
  }

  /** The person will not: they are left alone until `wanted`. */
  cancel(): void {
    this.#declined = true;
    this.#answer?.(null);
  }

  /** The person wants a connection. */
  wanted(): void {
    this.#declined = false;
  }

  /** What was asked in another network is no question any more. */
  networkChanged(): void {
    this.#declined = false;
    this.#answer?.(null);
  }

  /** @returns whether it is let through without anybody being asked */
  async #opens(url: string): Promise<boolean> {
    if (this.#declined) return false;
    if (!this.#running) {
      let told: (none: false) => void = () => {};
      const asked = new Promise<false>((resolve) => {
        told = resolve;
      });
      const through = this.#run(url, () => told(false)).finally(() => {
        this.#running = null;
      });
      this.#running = { through, asked };
    }
    const { through, asked } = this.#running;
    return Promise.race([through, asked]);
  }

  async #run(url: string, asking: () => void): Promise<boolean> {
    let given: Credentials | null = null;
    let byPerson = false;
    let place = '';
    let questions = 0;
    try {
      const open = await this.#parts.request(`${new URL(url).origin}/health-check`, async (asked) => {
        if (!asked.isProxy || ++questions > QUESTIONS) return null;
        place = `${asked.host}:${asked.port}`;
        if (given === null) {
          given = (await this.#read()).get(place) ?? null;
          if (given) return given;
        }
        asking();
        given = await this.#ask({
          place,
          realm: asked.realm,
          asked: ++this.#asked,
          wrong: given !== null,
          kept: this.#parts.secrets.sealed,
        });
        byPerson = given !== null;
        return given;
      });
      if (!open || given === null) return false;
      if (byPerson) await this.#keep(place, given);
      this.#told.through();
      return true;
    } catch (error) {
      this.#parts.log(`proxy: ${error}`);
      return false;
    } finally {
      this.#show(null);
    }
  }

  #ask(question: ProxyQuestion): Promise<Credentials | null> {
    if (this.#declined) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#answer = (given) => {
        this.#answer = null;
        resolve(given);
      };
      this.#show(question);
    });
  }

  #show(question: ProxyQuestion | null): void {
    if (this.#question === question) return;
    this.#question = question;
    this.#told.changed();
  }

  async #read(): Promise<Map<string, Credentials>> {
    this.#known ??= new Map(
      Object.entries(
        (await this.#parts.secrets.read<Record<string, Credentials>>(SECRET).catch((error: unknown) => {
          this.#parts.log(`proxy: ${error}`);
          return null;
        })) ?? {},
      ),
    );
    return this.#known;
  }

  /** Without a keyring it is known until the app ends: a password of somebody's office lies in no plain file of ours. */
  async #keep(place: string, given: Credentials): Promise<void> {
    const known = await this.#read();
    known.delete(place);
    known.set(place, given);
    for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
    if (!this.#parts.secrets.sealed) return;
    await this.#parts.secrets
      .write(SECRET, Object.fromEntries(known))
      .catch((error: unknown) => this.#parts.log(`proxy: ${error}`));
  }
}

/** @returns the answer, or as what it failed where a proxy may have turned it away @throws whatever else it failed by */
async function attempt(
  fetch: Fetch,
  url: string,
  options: RequestInit,
): Promise<Response | { error: unknown }> {
  try {
    const response = await fetch(url, options);
    if (response.status !== 407) return response;
    await response.body?.cancel();
    return { error: new Error('net::ERR_PROXY_AUTH_REQUESTED (407)') };
  } catch (error) {
    const fault = networkFaultOf(error instanceof Error ? error.message : String(error));
    // Of a tunnel that is refused Chromium says no more.
    if (fault === 'proxy_sign_in' || fault === 'proxy_refuses') return { error };
    throw error;
  }
}
