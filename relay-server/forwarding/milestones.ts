const NONE: number[] = [];

/** When a position in the log was reached: the last so many steps, by their seqs, which climb. */
export class Milestones {
  readonly #limit: number;
  /** Passed before anything was noted. */
  readonly #from: number;
  /** Made with the first step: most of those that wait for one are idle. */
  #seqs: number[] = NONE;
  #times: number[] = NONE;
  /** Where the next step goes: the oldest one, once there are enough. */
  #next = 0;

  constructor(limit: number, from = 0) {
    this.#limit = limit;
    this.#from = from;
  }

  reached(seq: number, at: number): void {
    if (this.#seqs === NONE) [this.#seqs, this.#times] = [[], []];
    this.#seqs[this.#next] = seq;
    this.#times[this.#next] = at;
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** When a seq was first passed (ms); `before` where that is longer ago than is remembered, null where it was not yet. */
  when(seq: number): number | 'before' | null {
    if (seq <= this.#from) return 'before';
    const count = this.#seqs.length;
    const oldest = count < this.#limit ? 0 : this.#next;
    for (let i = 0; i < count; i++) {
      const at = (oldest + i) % count;
      if (this.#seqs[at]! < seq) continue;
      return i === 0 && count === this.#limit && seq < this.#seqs[at]! ? 'before' : this.#times[at]!;
    }
    return null;
  }
}
