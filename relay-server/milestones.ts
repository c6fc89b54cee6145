/** When a position in the log was reached: the last so many steps, by their seqs, which climb. */
export class Milestones {
  readonly #limit: number;
  /** Passed before anything was noted. */
  readonly #from: number;
  #steps: { seq: number; at: number }[] = [];

  constructor(limit: number, from = 0) {
    this.#limit = limit;
    this.#from = from;
  }

  reached(seq: number, at: number): void {
    this.#steps.push({ seq, at });
    if (this.#steps.length >= 2 * this.#limit) this.#steps = this.#steps.slice(-this.#limit);
  }

  /** When a seq was first passed (ms); `before` where that is longer ago than is remembered, null where it was not yet. */
  when(seq: number): number | 'before' | null {
    if (seq <= this.#from) return 'before';
    const first = this.#steps[0];
    if (!first) return null;
    if (seq < first.seq && this.#steps.length >= this.#limit) return 'before';
    return this.#steps.find((step) => step.seq >= seq)?.at ?? null;
  }
}
