/** argon2id of account secrets, off the event loop, with a bound on how many run and how many wait. */
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { problem } from '../problems.ts';

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = {
  algorithm: 2 satisfies Algorithm.Argon2id as Algorithm,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};
const AT_ONCE = 2;
const WAITING = 50;

export class SecretHash {
  #running = 0;
  #queue: (() => void)[] = [];
  #dummy: Promise<string> | undefined;

  hash(secret: string): Promise<string> {
    return this.#bounded(() => hash(secret, COST));
  }

  /**
   * @param stored null for an unknown user, empty for one who has none: verified against a hash of nothing, so that the answer takes the same time
   */
  async verify(stored: string | null, secret: string): Promise<boolean> {
    this.#dummy ??= hash('no account has this secret', COST);
    const against = stored || (await this.#dummy);
    const same = await this.#bounded(() => verify(against, secret));
    return Boolean(stored) && same;
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < AT_ONCE) this.#running += 1;
    else {
      if (this.#queue.length >= WAITING)
        throw problem('rate_limited', 'Too many sign-ins at once.', { limit: WAITING, retryAfter: 2 });
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    try {
      return await work();
    } finally {
      // The place goes over to the next one, so that nobody slips in between.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
