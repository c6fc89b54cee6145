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
  accounts(): Iterable<ServerAddress>;
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

  /** To be called before a server that an invitation names is asked for the first time. */
  expect({ api, pin }: ServerAddress): void {
    if (pin === undefined || this.of(api) === pin) return;
    this.#lookedAt.delete(api);
    this.#lookedAt.set(api, pin);
    for (const oldest of this.#lookedAt.keys()) {
      if (this.#lookedAt.size <= LOOKED_AT) break;
      this.#lookedAt.delete(oldest);
    }
    const host = plain(new URL(api).hostname);
    if (this.#last.has(host)) this.#parts.renew(`the key of ${host} is another one than was known`, false);
  }

  /** Nothing is known of any certificate. */
  forget(): void {
    this.#last.clear();
  }

  /** The key by which a server is known; undefined for one that has its certificate from an authority. */
  of(api: string): Pin | undefined {
    return this.#lookedAt.get(api) ?? [...this.#parts.accounts()].find((one) => one.api === api)?.pin;
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
    const host = plain(new URL(url).hostname);
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

  /** Certificates are checked by host alone, so that every server of a host counts. */
  #pinsAt(host: string): (Pin | undefined)[] {
    const at = (api: string) => plain(new URL(api).hostname) === host;
    return [
      ...[...this.#parts.accounts()].filter(({ api }) => at(api)).map(({ pin }) => pin),
      ...[...this.#lookedAt].filter(([api]) => at(api)).map(([, pin]) => pin),
    ];
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
