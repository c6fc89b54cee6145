/** Who is asking: a person by access token, or the relay by the service secret. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Request, RequestHandler } from 'express';
import { jwtVerify } from 'jose';
import type { Kysely } from 'kysely';
import { AUDIENCE, type Keys } from './accounts/keys.ts';
import type { RateLimit } from './accounts/rate-limit.ts';
import type { Database } from './db/schema.ts';
import { problem } from './problems.ts';

export interface Person {
  user: string;
  device: string;
  sid: string;
  admin: boolean;
}

const bearer = (request: Request) =>
  /^Bearer ([!-~]{1,4096})$/i.exec(request.get('authorization') ?? '')?.[1];

export class Authentication {
  #keys: Keys;
  #db: Kysely<Database>;
  #issuer: string;
  #serviceHash: Buffer;
  #perUser: RateLimit;
  #now: () => number;

  constructor(parts: {
    keys: Keys;
    db: Kysely<Database>;
    issuer: string;
    serviceSecret: string;
    perUser: RateLimit;
    now: () => number;
  }) {
    this.#keys = parts.keys;
    this.#db = parts.db;
    this.#issuer = parts.issuer;
    this.#serviceHash = digest(parts.serviceSecret);
    this.#perUser = parts.perUser;
    this.#now = parts.now;
  }

  /** @throws FailureError `unauthorized`, also for the token of an ended session; `rate_limited` before the database is asked */
  async person(request: Request): Promise<Person> {
    const token = bearer(request);
    if (!token) throw unauthorized();
    const { sub, did, sid } = await this.#claims(token);
    if (!sub || !did || !sid) throw unauthorized();
    this.#perUser.take(sub);
    // Whether the database is away says nothing about a token: what it throws is no 401.
    const session = await this.#db
      .selectFrom('session')
      .innerJoin('account', 'account.user', 'session.user')
      .select(['ended', 'account.admin'])
      .where('sid', '=', sid)
      .where('session.user', '=', sub)
      .executeTakeFirst();
    if (!session || session.ended !== null) throw unauthorized();
    return { user: sub, device: did, sid, admin: session.admin === 1 };
  }

  async #claims(token: string): Promise<{ sub?: string; did?: string; sid?: string }> {
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => this.#keys.verifyKey(kid) ?? Promise.reject(unauthorized()),
        {
          algorithms: ['EdDSA'],
          issuer: this.#issuer,
          audience: AUDIENCE,
          clockTolerance: LIMITS.clockLeeway / 1_000,
          currentDate: new Date(this.#now()),
        },
      );
      return payload;
    } catch {
      throw unauthorized();
    }
  }

  /** @throws FailureError `forbidden` where the person is no admin of this server */
  async adminPerson(request: Request): Promise<Person> {
    const person = await this.person(request);
    if (!person.admin) throw problem('forbidden', 'This is for admins of this server.');
    return person;
  }

  /** Lets only the relay through. Compared by hash, so that neither length nor prefix show in the time it takes. */
  service: RequestHandler = (request, _response, next) => {
    const secret = bearer(request);
    if (secret !== undefined && timingSafeEqual(digest(secret), this.#serviceHash)) return next();
    throw unauthorized();
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const unauthorized = () => problem('unauthorized', 'A valid credential is needed.');
