/** What the store does beside its answers: one short step at a time, with pauses, so that whoever asks something never waits long for it. */

export interface Chore {
  name: string;
  /** A few milliseconds of work. Answers whether there is more to do now. */
  step(): boolean;
}

export interface ChoresOptions {
  /** Runs a task once, after `ms`; answers with how to call it off. */
  later: (ms: number, task: () => void) => () => void;
  /** A step failed: the chore is left alone until the next round. */
  failed: (name: string, error: unknown) => void;
}

/** From the opening of an account to the first step: the first window has been painted by then, ms. */
const START = 5_000;
/** Between two steps, ms. */
const PAUSE = 30;
/** Between two rounds in which there was nothing to do, ms. */
const ROUND = 10 * 60_000;

/** In order of importance: a later chore waits until an earlier one has nothing to do. */
export class Chores {
  readonly #options: ChoresOptions;
  readonly #chores: readonly Chore[];
  /** Left alone in this round. */
  readonly #failed = new Set<Chore>();
  #cancel: (() => void) | null;
  #ended = false;
  /** In so many ms the next step was asked for; null where nobody asked. */
  #due: number | null = null;

  constructor(chores: readonly Chore[], options: ChoresOptions) {
    this.#chores = chores;
    this.#options = options;
    this.#cancel = options.later(START, () => this.#step());
  }

  /** There is something to do: not in the next round, but soon. */
  wake(ms: number): void {
    // Whoever asks again and again does not put off what somebody asked for before.
    if (this.#ended || (this.#due !== null && ms >= this.#due)) return;
    this.#due = ms;
    this.#cancel?.();
    this.#cancel = this.#options.later(ms, () => this.#step());
  }

  end(): void {
    this.#ended = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #step(): void {
    this.#cancel = null;
    this.#due = null;
    let more = false;
    for (const chore of this.#chores) {
      if (this.#failed.has(chore)) continue;
      try {
        more = chore.step();
      } catch (error) {
        this.#failed.add(chore);
        this.#options.failed(chore.name, error);
      }
      if (more || this.#ended) break;
    }
    if (this.#ended) return;
    if (!more) this.#failed.clear();
    if (more) this.#due ??= PAUSE;
    this.#cancel ??= this.#options.later(more ? PAUSE : ROUND, () => this.#step());
  }
}
