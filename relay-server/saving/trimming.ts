import type { ItemOutcome, LogRequest } from '../sequencer/messages.ts';

const DAY = 86_400_000;
/** Rows of one portion, and the pause between portions (ms): no group of messages waits long behind one. */
const PORTION = 500;
const PAUSE = 20;
/** How often it is looked whether there is something to trim (ms). */
const CHECK = 10 * 60_000;

/** Gives up what is older than the log keeps and saved, a little at a time. */
export class Trimming {
  readonly #submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  readonly #keep: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param days that the log keeps what the API has */
  constructor(submit: (request: LogRequest) => Promise<ItemOutcome[]>, days: number, now: () => number) {
    this.#submit = submit;
    this.#keep = days * DAY;
    this.#now = now;
  }

  start(): void {
    this.#later(PAUSE);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #portion(): Promise<void> {
    const [outcome] = await this.#submit({
      type: 'trim',
      before: this.#now() - this.#keep,
      entries: PORTION,
    });
    this.#later(outcome?.ok && outcome.id === 'more' ? PAUSE : CHECK);
  }

  #later(wait: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#portion(), wait);
    this.#timer.unref();
  }
}
