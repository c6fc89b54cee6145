/** A token bucket of frames, whatever is in them. */
export class Allowance {
  #tokens: number;
  #at: number;

  /** @param now monotonic clock, ms */
  constructor(burst: number, now: number) {
    this.#tokens = burst;
    this.#at = now;
  }

  /** Whether one more may come. */
  take(now: number, perSecond: number, burst: number): boolean {
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1_000) * perSecond) - 1;
    this.#at = now;
    return this.#tokens >= 0;
  }

  /** A frame that was asked for does not count. */
  giveBack(): void {
    this.#tokens += 1;
  }
}
