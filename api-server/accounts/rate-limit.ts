/** Token buckets by key, in memory, for routes where secrets can be guessed. */
import { problem } from '../problems.ts';

/** Keys remembered at once; the longest unused gives way. */
const KEYS = 10_000;

export class RateLimit {
  #perSecond: number;
  #burst: number;
  #now: () => number;
  #buckets = new Map<string, { tokens: number; at: number }>();

  constructor({ perSecond, burst, now }: { perSecond: number; burst: number; now: () => number }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
  }

  /** @throws FailureError `rate_limited` with the seconds until the next try */
  take(key: string): void {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    const tokens = Math.min(
      this.#burst,
      bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * this.#perSecond,
    );
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), at: now });
    const oldest = this.#buckets.size > KEYS ? this.#buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.#buckets.delete(oldest);
    if (tokens >= 1) return;
    const retryAfter = Math.ceil((1 - tokens) / this.#perSecond);
    throw problem('rate_limited', `Too many tries; again in ${retryAfter} s.`, { retryAfter });
  }
}
