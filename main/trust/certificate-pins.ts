/**
 * Whose certificate is taken: of a server that is known by its key this key alone, whatever any authority says; of all others what the system says. A certificate
 * that is neither is never accepted by a click.
 */
import { X509Certificate } from 'node:crypto';
import type { Pin, ServerAddress } from '@matchbook/protocol/server-pin';
import { pinOf } from './pin.ts';

/** What Electron's certificate verification takes. -3: as Chromium found itself; the other is Chromium's name for a pinned key that is not there (net::ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN). */
export const VERDICT = { accept: 0, ask: -3, otherKey: -150 } as const;
export type Verdict = (typeof VERDICT)[keyof typeof VERDICT];

/** Servers of invitations that were looked at since the start. */
const LOOKED_AT = 100;
/** Between two times that what Chromium found is doubted, ms. A network may show other keys all day. */
const DOUBTED_EVERY = 60_000;

export interface CertificatePinsParts {
  /** Servers of the accounts that are here. */
  accounts(): Iterable<ServerAddress>;
  /** Servers of accounts that were signed out, are gone but for the end of their session, or are not made yet. Their keys count where nobody else says anything of the host. */
  others(): Iterable<ServerAddress>;
  /** What Chromium found of certificates holds no more. @param ended connections of before are not to be trusted either */
  renew(reason: string, ended: boolean): void;
  /** Monotonic, ms. */
  uptime(): number;
}

export class CertificatePins {
  readonly #parts: CertificatePinsParts;
  readonly #lookedAt = new Map<string, Pin>();
  /** The last verdict about each host since nothing was known. Chromium may answer what it was told here by itself. */
  readonly #last = new Map<string, Verdict>();
  #doubted = Number.NEGATIVE_INFINITY;

  constructor(parts: CertificatePinsParts) {
    this.#parts = parts;
  }

  /**
   * To be called before a server that an invitation or a person names is asked for the first time.
   *
   * @returns false where an account's server on this host is known otherwise. The network stack tells no port: that account's connections would take this key too, and
   * whoever sent the invitation would stand in its server's place.
   */
  expect({ api, pin }: ServerAddress): boolean {
    const host = hostOf(api);
    const here = [...this.#parts.accounts()].filter(isAt(host));
    const isKnown = here.some((one) => one.api === api && one.pin === pin);
    if (pin !== undefined && !isKnown && here.some((one) => one.pin !== pin)) return false;
    const before = this.#toldOf(host);
    // What was looked at there before counts no more, for the same reason.
    for (const [looked, known] of this.#lookedAt)
      if (known !== pin && hostOf(looked) === host) this.#lookedAt.delete(looked);
    if (pin !== undefined) this.#look(api, pin);
    if (this.#last.has(host) && this.#toldOf(host) !== before)
      this.#parts.renew(`the key of ${host} is another one than was known`, false);
    return true;
  }

  /** Nothing is known of any certificate. */
  forget(): void {
    this.#last.clear();
  }

  /** The key by which a server is known; undefined for one that has its certificate from an authority. */
  of(api: string): Pin | undefined {
    const known = [...this.#parts.accounts(), ...this.#parts.others()];
    return this.#lookedAt.get(api) ?? known.find((one) => one.api === api)?.pin;
  }

  /** @param pem what the host shows @param trusted Chromium found nothing wrong with it */
  verdict(hostname: string, pem: string, trusted: boolean): Verdict {
    const host = plain(hostname);
    const verdict = this.#judge(host, pem);
    this.#last.set(host, verdict);
    // Where the connection ends before this verdict arrives, Chromium goes by what it found itself the next time, and asks nobody.
    if (trusted && verdict === VERDICT.otherKey)
      this.#doubt(`${host} shows another key, and one that this computer trusts`);
    return verdict;
  }

  /**
   * Chromium found something wrong with a certificate by itself. Of a host that is known by its key alone this says nothing: a connection that ended while its
   * certificate was judged leaves Chromium's own finding behind, which then stands in the place of the verdict (electron/electron#47267).
   *
   * @param fault net::ERR_CERT_...
   * @returns what is meant: the last verdict where that was a refusal; `again` where it is worth asking once more; null where Chromium is right
   */
  passedOver(url: string, fault: string): 'other_key' | 'again' | null {
    if (!fault.includes('ERR_CERT_')) return null;
    const host = hostOf(url);
    const pins = this.#pinsAt(host);
    if (pins.length === 0 || pins.includes(undefined)) return null;
    if (this.#last.get(host) === VERDICT.otherKey) return 'other_key';
    return this.#doubt(`${host} is known by its key, and was judged without it`) ? 'again' : null;
  }

  #judge(host: string, pem: string): Verdict {
    const here = this.#pinsAt(host);
    if (here.every((pin) => pin === undefined)) return VERDICT.ask;
    try {
      if (here.includes(pinOf(new X509Certificate(pem)))) return VERDICT.accept;
    } catch {
      return VERDICT.otherKey;
    }
    // A server with a certificate of an authority may live on the same host.
    return here.includes(undefined) ? VERDICT.ask : VERDICT.otherKey;
  }

  #look(api: string, pin: Pin): void {
    this.#lookedAt.delete(api);
    this.#lookedAt.set(api, pin);
    for (const oldest of this.#lookedAt.keys()) {
      if (this.#lookedAt.size <= LOOKED_AT) break;
      this.#lookedAt.delete(oldest);
    }
  }

  /** Certificates are checked by host alone, so that every server of a host counts. */
  #pinsAt(host: string): (Pin | undefined)[] {
    const { accounts, others } = this.#parts;
    const lookedAt = [...this.#lookedAt].map(([api, pin]) => ({ api, pin }));
    const here = [...accounts(), ...lookedAt].filter(isAt(host));
    return (here.length > 0 ? here : [...others()].filter(isAt(host))).map(({ pin }) => pin);
  }

  #toldOf(host: string): string {
    return [...new Set(this.#pinsAt(host))].sort().join();
  }

  #doubt(reason: string): boolean {
    const now = this.#parts.uptime();
    if (now - this.#doubted < DOUBTED_EVERY) return false;
    this.#doubted = now;
    this.#parts.renew(reason, true);
    return true;
  }
}

/** Addresses of IPv6 come with their brackets and without. */
const plain = (hostname: string) => hostname.toLowerCase().replace(/^\[|\]$/g, '');

const hostOf = (url: string) => plain(new URL(url).hostname);

/** Servers of this computer are spoken to in plain, and have no certificate. */
const isAt =
  (host: string) =>
  ({ api }: ServerAddress) =>
    api.startsWith('https:') && hostOf(api) === host;
