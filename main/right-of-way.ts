/**
 * What a person sends goes before what they missed: it takes five turns of the store's thread until the log has it and the window shows so, and each would wait
 * behind a batch of pages. Bounded, so that neither one who writes without a pause nor a server that does not answer keeps anybody from catching up.
 */

/** Longest time that what came in waits for it, ms: once for each frame or batch of pages. */
const PATIENCE = 300;
/** After the log has it: until the window shows so, ms. */
const SHOWN = 30;

export interface RightOfWayParts {
  /** Steady, ms. */
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class RightOfWay {
  readonly #parts: RightOfWayParts;
  /** By the id of what is on its way: until when it goes first. */
  readonly #going = new Map<string, number>();
  #waiting: (() => void)[] = [];

  constructor(parts: RightOfWayParts) {
    this.#parts = parts;
  }

  /** The person has sent something. */
  begin(id: string): void {
    this.#prune();
    this.#going.set(id, this.#parts.now() + PATIENCE);
  }

  /** The log has answered for these. */
  end(ids: readonly string[]): void {
    const now = this.#parts.now();
    for (const id of ids) {
      const until = this.#going.get(id);
      if (until !== undefined) this.#going.set(id, Math.min(until, now + SHOWN));
    }
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Whatever came in may be stored now. */
  async clear(): Promise<void> {
    const latest = this.#parts.now() + PATIENCE;
    for (;;) {
      const now = this.#prune();
      const until = Math.min(latest, Math.max(0, ...this.#going.values()));
      if (until <= now) return;
      await new Promise<void>((resolve) => {
        const timer = this.#parts.setTimer(resolve, until - now);
        this.#waiting.push(() => {
          timer.cancel();
          resolve();
        });
      });
    }
  }

  #prune(): number {
    const now = this.#parts.now();
    for (const [id, until] of this.#going) if (until <= now) this.#going.delete(id);
    return now;
  }
}
