/**
 * Presence comes from input in a window, and from nothing else: a connection that came back after the machine woke must not say that the
 * person did.
 */

/** Told at most so often while it goes on; the relay takes nobody for away within 5 minutes. */
const INTERVAL = 60_000;
/** What the system sends to a window by itself. */
const NO_INPUT = new Set(['undefined', 'mouseEnter', 'mouseLeave', 'pointerCausedUaAction']);

export interface InputActivityParts {
  tell(active: boolean): void;
  /** Monotonic, ms. */
  uptime(): number;
}

export class InputActivity {
  #parts: InputActivityParts;
  #told = Number.NEGATIVE_INFINITY;

  constructor(parts: InputActivityParts) {
    this.#parts = parts;
  }

  /** @param type of an event that a window was sent, in Chromium's words */
  input(type: string): void {
    const now = this.#parts.uptime();
    if (NO_INPUT.has(type) || now - this.#told < INTERVAL) return;
    this.#told = now;
    this.#parts.tell(true);
  }

  /** The screen was locked, or the machine goes to sleep. */
  left(): void {
    this.#told = Number.NEGATIVE_INFINITY;
    this.#parts.tell(false);
  }

  /** What was told before, also while it was being connected, this relay has not heard: the next input is told at once. */
  connected(): void {
    this.#told = Number.NEGATIVE_INFINITY;
  }
}
