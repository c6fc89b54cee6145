/** Token buckets by key, in memory. */
import { problem } from '../problems.ts';

/** Keys remembered at once; the longest unused gives way. */
const KEYS = 10_000;

export class RateLimit {
  #perSecond: number;
  #burst: number;
  #now: () => number;
  #refusedCount: boolean;
  #buckets = new Map<string, { tokens: number; at: number }>();

  /**
   * @param options.refusedCount whether a refused try counts too. Where secrets can be guessed it does, and who goes on gets nothing; elsewhere who asks
   * too fast gets as many answers as the rate has.
   */
  constructor(options: { perSecond: number; burst: number; now: () => number; refusedCount?: boolean }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#now = options.now;
    this.#refusedCount = options.refusedCount ?? true;
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
    const left = tokens >= 1 || this.#refusedCount ? Math.max(0, tokens - 1) : tokens;
    this.#buckets.set(key, { tokens: left, at: now });
    const oldest = this.#buckets.size > KEYS ? this.#buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.#buckets.delete(oldest);
    if (tokens >= 1) return;
    const retryAfter = Math.ceil((1 - tokens) / this.#perSecond);
    throw problem('rate_limited', `Too many tries; again in ${retryAfter} s.`, { retryAfter });
  }
}
