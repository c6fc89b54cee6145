/** A key is written at most this often (ms). */
const INTERVAL = 1_000;
/** Keys that may wait; beyond, a position is written at once instead of being held back. */
const WAITING = 10_000;

export interface DeliveredPosition {
  conv: string;
  user: string;
  n: number;
}

/**
 * Derives delivered positions from confirms: the furthest device of a user counts, and of what a key hears within a second only
 * the highest goes on to the log.
 */
export class DeliveredPositions {
  readonly #write: (positions: DeliveredPosition[]) => void;
  readonly #now: () => number;
  readonly #waiting = new Map<string, DeliveredPosition>();
  /** Keys written within the last interval. */
  #recent = new Map<string, number>();
  /** To be written at the end of this step, together. */
  #due: DeliveredPosition[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(write: (positions: DeliveredPosition[]) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
    this.#timer = setInterval(() => this.flush(), INTERVAL / 4);
    this.#timer.unref();
  }

  note(user: string, conv: string, n: number): void {
    const key = `${conv} ${user}`;
    const held = this.#waiting.get(key);
    if (held) {
      if (n > held.n) held.n = n;
    } else if (!this.#isRecent(key) || this.#waiting.size >= WAITING) {
      this.#recent.set(key, this.#now());
      this.#due.push({ conv, user, n });
      if (this.#due.length === 1) queueMicrotask(() => this.#writeDue());
    } else this.#waiting.set(key, { conv, user, n });
  }

  /** Writes what has waited long enough. */
  flush(): void {
    const now = this.#now();
    for (const [key, at] of this.#recent) if (now - at >= INTERVAL) this.#recent.delete(key);
    const due: DeliveredPosition[] = [];
    for (const [key, position] of this.#waiting) {
      if (this.#isRecent(key)) continue;
      this.#waiting.delete(key);
      this.#recent.set(key, now);
      due.push(position);
    }
    if (due.length > 0) this.#write(due);
  }

  /** Writes everything that waits. */
  close(): void {
    clearInterval(this.#timer);
    this.#writeDue();
    if (this.#waiting.size > 0) this.#write([...this.#waiting.values()]);
    this.#waiting.clear();
  }

  #writeDue(): void {
    const due = this.#due;
    this.#due = [];
    if (due.length > 0) this.#write(due);
  }

  #isRecent(key: string): boolean {
    const at = this.#recent.get(key);
    return at !== undefined && this.#now() - at < INTERVAL;
  }
}
