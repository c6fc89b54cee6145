/** What can wait for the first conversation on screen waits for it, and not longer than a person would for anything else. */

/** Longest wait, ms: a page that fails to show one must not keep the app from connecting. */
const PATIENCE = 3_000;

export class FirstView {
  #came!: () => void;
  readonly #shown = new Promise<void>((resolve) => {
    this.#came = resolve;
  });
  readonly #setTimer: (work: () => void, delay: number) => { cancel(): void };

  constructor(setTimer: (work: () => void, delay: number) => { cancel(): void }) {
    this.#setTimer = setTimer;
  }

  /** A window shows a conversation, or there is none to show. */
  shown(): void {
    this.#came();
  }

  async awaited(): Promise<void> {
    const timer = this.#setTimer(this.#came, PATIENCE);
    await this.#shown;
    timer.cancel();
  }
}
