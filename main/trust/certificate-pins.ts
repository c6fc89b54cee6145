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

export class CertificatePins {
  readonly #accounts: () => Iterable<ServerAddress>;
  readonly #renewed: () => void;
  readonly #lookedAt = new Map<string, Pin>();

  /** @param renewed what was found about certificates before holds no more */
  constructor(accounts: () => Iterable<ServerAddress>, renewed: () => void) {
    this.#accounts = accounts;
    this.#renewed = renewed;
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
    this.#renewed();
  }

  /** The key by which a server is known; undefined for one that has its certificate from an authority. */
  of(api: string): Pin | undefined {
    return this.#lookedAt.get(api) ?? [...this.#accounts()].find((one) => one.api === api)?.pin;
  }

  /** Certificates are checked by host alone, so that every server of a host counts. @param pem what the host shows */
  verdict(hostname: string, pem: string): Verdict {
    const host = plain(hostname);
    const here: (Pin | undefined)[] = [];
    for (const { api, pin } of this.#accounts()) if (plain(new URL(api).hostname) === host) here.push(pin);
    for (const [api, pin] of this.#lookedAt) if (plain(new URL(api).hostname) === host) here.push(pin);
    if (here.every((pin) => pin === undefined)) return VERDICT.ask;
    try {
      if (here.includes(pinOf(new X509Certificate(pem)))) return VERDICT.accept;
    } catch {
      return VERDICT.otherKey;
    }
    // A server with a certificate of an authority may live on the same host.
    return here.includes(undefined) ? VERDICT.ask : VERDICT.otherKey;
  }
}

/** Addresses of IPv6 come with their brackets and without. */
const plain = (hostname: string) => hostname.toLowerCase().replace(/^\[|\]$/g, '');
