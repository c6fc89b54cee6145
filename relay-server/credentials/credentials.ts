import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Failure } from '@matchbook/protocol/failures';
import type { Hello } from '@matchbook/protocol/frames';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { jwtVerify } from 'jose';
import { readIfThere, writeDurably } from './durable-file.ts';
import { type KeyCache, KeysUnknown } from './keys.ts';

/** Who a connection is. `expires`: when its token does, ms. */
export interface Identity {
  user: string;
  device: string;
  session: string;
  expires: number;
  /** The token says so; a ticket never does. */
  admin?: true;
}
export type Verdict = { ok: true; identity: Identity; byTicket: boolean } | { ok: false; failure: Failure };

const refused = (message: string): Verdict => ({ ok: false, failure: { kind: 'unauthorized', message } });

/**
 * Checks tokens and tickets. A ticket is an HMAC under a key of this relay over device, user, session and token expiry, so that a
 * storm of reconnects verifies no signatures; it is worth no more than the token it came from.
 */
export class Credentials {
  readonly #keys: Pick<KeyCache, 'key'>;
  readonly #issuer: string;
  readonly #ticketKey: Uint8Array;
  readonly #now: () => number;
  readonly #apiAway: () => boolean;
  /** Sessions that were ended, and when this process heard of it: the longest ago first. */
  readonly #revoked: Map<string, number>;

  constructor(options: {
    keys: Pick<KeyCache, 'key'>;
    issuer: string;
    ticketKey: Uint8Array;
    now: () => number;
    apiAway: () => boolean;
    /** Sessions that were ended lately. */
    revoked?: Iterable<string>;
  }) {
    this.#keys = options.keys;
    this.#issuer = options.issuer;
    this.#ticketKey = options.ticketKey;
    this.#now = options.now;
    this.#apiAway = options.apiAway;
    const now = options.now();
    this.#revoked = new Map([...(options.revoked ?? [])].map((session) => [session, now]));
  }

  async check({ token, ticket, device }: Pick<Hello, 'token' | 'ticket' | 'device'>): Promise<Verdict> {
    if (ticket !== undefined) {
      const identity = this.#readTicket(ticket);
      if (identity?.device === device && this.stands(identity.expires)) return this.#admit(identity, true);
      if (token === undefined) return refused('The ticket is not valid any more.');
    }
    if (token === undefined) return refused('A token or a ticket is needed.');
    return await this.#readToken(token, device);
  }

  /** Who a bearer token is of, without a device being named. */
  async bearer(token: string): Promise<Verdict> {
    return await this.#readToken(token, null);
  }

  /** The session is over: neither its tokens nor its tickets count any more. */
  revoke(session: string): void {
    const now = this.#now();
    for (const [old, at] of this.#revoked) {
      if (now - at <= LIMITS.revokedFor) break;
      this.#revoked.delete(old);
    }
    this.#revoked.set(session, now);
  }

  #admit(identity: Identity, byTicket: boolean): Verdict {
    if (!this.#revoked.has(identity.session)) return { ok: true, identity, byTicket };
    return { ok: false, failure: { kind: 'session_revoked', message: 'This session was ended.' } };
  }

  /** Whether something that expires (ms) still counts: beyond the leeway only while the API is away. */
  stands(expires: number): boolean {
    const over = this.#now() - expires;
    return over <= LIMITS.clockLeeway || (over <= LIMITS.tokenGrace && this.#apiAway());
  }

  ticket({ user, device, session, expires }: Identity): string {
    const payload = Buffer.from(JSON.stringify([1, user, device, session, expires])).toString('base64url');
    return `${payload}.${this.#sign(payload)}`;
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#ticketKey).update(payload).digest('base64url');
  }

  #readTicket(ticket: string): Identity | null {
    const [payload, signature, more] = ticket.split('.');
    if (!payload || !signature || more !== undefined) return null;
    const wanted = Buffer.from(this.#sign(payload));
    const given = Buffer.from(signature);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const [version, user, device, session, expires] = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    ) as [number, string, string, string, number];
    return version === 1 ? { user, device, session, expires } : null;
  }

  async #readToken(token: string, device: string | null): Promise<Verdict> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? null : await this.#keys.key(kid);
          if (!key) throw new Error('unknown key');
          return key;
        },
        {
          algorithms: ['EdDSA'],
          issuer: this.#issuer,
          audience: 'matchbook',
          requiredClaims: ['exp', 'sub'],
          // Expiry is judged below, with the grace that holds while the API is away.
          clockTolerance: LIMITS.tokenGrace / 1_000,
          currentDate: new Date(this.#now()),
        },
      );
      const { sub, did, sid, exp, nbf, iat } = payload;
      if (!isId(sub) || !isId(did) || !isId(sid)) return refused('The token lacks sub, did or sid.');
      const from = Math.max(nbf ?? 0, iat ?? 0) * 1_000;
      if (from > this.#now() + LIMITS.clockLeeway) return refused('The token is not valid yet.');
      const expires = (exp ?? 0) * 1_000;
      if (!this.stands(expires)) return refused('The token has expired.');
      // A session that was ended is remembered for as long as this holds.
      if (expires > this.#now() + LIMITS.accessTokenLongest + LIMITS.clockLeeway)
        return refused('The token would count for longer than a token may.');
      if (device !== null && did !== device) {
        const failure: Failure = { kind: 'identity_mismatch', message: 'The token is for another device.' };
        return { ok: false, failure };
      }
      const admin = payload.adm === true;
      return this.#admit(
        { user: sub, device: did, session: sid, expires, ...(admin ? { admin } : {}) },
        false,
      );
    } catch (error) {
      if (error instanceof KeysUnknown)
        return { ok: false, failure: { kind: 'internal', message: error.message, retryAfter: 1 } };
      return refused('The token is not valid.');
    }
  }
}

/** The relay's own key for tickets, made once. */
export function ticketKey(file: string): Uint8Array {
  const kept = readIfThere(file);
  if (kept?.length === 32) return kept;
  const fresh = randomBytes(32);
  writeDurably(file, fresh);
  return fresh;
}
