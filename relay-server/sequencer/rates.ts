/** Tokens that come back at a steady rate, up to a burst. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** One bucket of tokens. */
export class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Tokens that are there (ms of a monotonic clock). */
  available(now: number): number {
    const { perSecond, burst } = this.#rate;
    if (now > this.#at) {
      this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1_000) * perSecond);
      this.#at = now;
    }
    return this.#tokens;
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  isFull(now: number): boolean {
    return this.available(now) >= this.#rate.burst;
  }

  /** The most tokens that there ever are. */
  get burst(): number {
    return this.#rate.burst;
  }

  /** Seconds until there are so many tokens. */
  wait(now: number, count = 1): number {
    return Math.max(0, (count - this.available(now)) / this.#rate.perSecond);
  }
}

/** Buckets above which full ones are forgotten: a bucket that is full says nothing. */
const BUCKETS = 50_000;

/** A bucket a key. */
export class Buckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = BUCKETS;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  of(key: string, now: number): Bucket {
    const there = this.#buckets.get(key);
    if (there) return there;
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
    const bucket = new Bucket(this.#rate, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    this.#sweepAt = Math.max(BUCKETS, 2 * this.#buckets.size);
  }
}

export interface Rates {
  user: Rate;
  device: Rate;
  conversation: Rate;
}

/** How fast entries may come: from a user, from a device, into a conversation. */
export class RateLimits {
  readonly #users: Buckets;
  readonly #devices: Buckets;
  readonly #conversations: Buckets;

  constructor({ user, device, conversation }: Rates) {
    this.#users = new Buckets(user);
    this.#devices = new Buckets(device);
    this.#conversations = new Buckets(conversation);
  }

  /**
   * How many of the first items may come now, and after how many seconds the next one may. Takes the tokens of those that may. One that costs more than there ever
   * are comes when there are as many as there can be.
   *
   * @param costs tokens of each item
   */
  admit(
    user: string,
    device: string,
    conv: string,
    costs: readonly number[],
    now: number,
  ): { taken: number; wait: number } {
    const buckets = [
      this.#users.of(user, now),
      this.#devices.of(`${user} ${device}`, now),
      this.#conversations.of(conv, now),
    ];
    const most = Math.min(...buckets.map(({ burst }) => burst));
    const free = Math.min(...buckets.map((bucket) => bucket.available(now)));
    let taken = 0;
    let spent = 0;
    let cost = 0;
    for (const one of costs) {
      cost = Math.min(one, most);
      if (spent + cost > free) break;
      spent += cost;
      taken += 1;
    }
    for (const bucket of buckets) bucket.take(spent);
    if (taken === costs.length) return { taken, wait: 0 };
    return { taken, wait: Math.max(0.1, ...buckets.map((bucket) => bucket.wait(now, cost))) };
  }
}
