/** Tokens that come back at a steady rate, up to a burst. */
export interface Rate {
  perSecond: number;
  burst: number;
}
interface Bucket {
  tokens: number;
  at: number;
}

/** Buckets above which full ones are forgotten: a bucket that is full says nothing. */
const BUCKETS = 50_000;

/** A token bucket a key. */
export class Buckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = BUCKETS;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whole tokens that a key has. */
  available(key: string, now: number): number {
    return Math.floor(this.#filled(key, now));
  }

  take(key: string, count: number, now: number): void {
    const tokens = this.#filled(key, now) - count;
    this.#buckets.set(key, { tokens, at: now });
    if (this.#buckets.size > this.#sweepAt) this.#sweep(now);
  }

  /** Seconds until a key has a token. */
  wait(key: string, now: number): number {
    return Math.max(0, (1 - this.#filled(key, now)) / this.#rate.perSecond);
  }

  #filled(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.#rate.burst;
    return Math.min(
      this.#rate.burst,
      bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * this.#rate.perSecond,
    );
  }

  #sweep(now: number): void {
    for (const key of this.#buckets.keys())
      if (this.#filled(key, now) >= this.#rate.burst) this.#buckets.delete(key);
    this.#sweepAt = Math.max(BUCKETS, 2 * this.#buckets.size);
  }
}

export interface Rates {
  user: Rate;
  device: Rate;
  conversation: Rate;
}

/** How fast entries may come: a user, a device, a conversation. */
export class RateLimits {
  readonly #users: Buckets;
  readonly #devices: Buckets;
  readonly #conversations: Buckets;

  constructor({ user, device, conversation }: Rates) {
    this.#users = new Buckets(user);
    this.#devices = new Buckets(device);
    this.#conversations = new Buckets(conversation);
  }

  /** How many of `wanted` items may come now, and after how many seconds the next one may. Takes the tokens of those that may. */
  admit(
    user: string,
    device: string,
    conv: string,
    wanted: number,
    now: number,
  ): { taken: number; wait: number } {
    const own = `${user} ${device}`;
    const taken = Math.max(
      0,
      Math.min(
        wanted,
        this.#users.available(user, now),
        this.#devices.available(own, now),
        this.#conversations.available(conv, now),
      ),
    );
    this.#users.take(user, taken, now);
    this.#devices.take(own, taken, now);
    this.#conversations.take(conv, taken, now);
    if (taken === wanted) return { taken, wait: 0 };
    const waits = [
      this.#users.wait(user, now),
      this.#devices.wait(own, now),
      this.#conversations.wait(conv, now),
    ];
    return { taken, wait: Math.max(0.1, ...waits) };
  }
}
