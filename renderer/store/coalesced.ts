/** A question that is asked again when something changed while it was under way: never two at once, never one too few. */
export class Coalesced {
  readonly #ask: () => Promise<void>;
  readonly #rest: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  /** @param rest waited for after each answer: where much changes in a short time, not every change is a question */
  constructor(ask: () => Promise<void>, rest: () => Promise<void> = () => Promise.resolve()) {
    this.#ask = ask;
    this.#rest = rest;
  }

  /** Resolves once an answer has come that was asked for after this call, and the rest is over. */
  run(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop();
    return this.#running;
  }

  async #loop(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#ask();
        await this.#rest();
      } while (this.#again);
    } finally {
      this.#running = null;
    }
  }
}
