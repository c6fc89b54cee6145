/** A question that is asked again when something changed while it was under way: never two at once, never one too few. */
export class Coalesced {
  readonly #ask: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  /** Resolves once an answer has come that was asked for after this call. */
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
      } while (this.#again);
    } finally {
      this.#running = null;
    }
  }
}
