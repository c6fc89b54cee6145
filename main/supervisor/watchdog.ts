/** Looks at the clocks and at the session host every other second: says that this process stood still, or that the host is wedged. */
import { RECONNECT } from '@matchbook/protocol/limits';

/** Wall clock and monotonic clock drift apart by more than this, ms, only when the machine slept or the clock was set. */
const CLOCK_JUMP = 15_000;
const INTERVAL = 2_000;

export interface WatchdogParts {
  now(): number;
  /** Monotonic, ms. */
  uptime(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
  /** The machine slept, the clock was set, or this process had no time for so long. */
  stoodStill(): void;
  /** The host has shown no sign of life for `RECONNECT.wedgedAfter`; said again where that goes on. */
  wedged(reason: string): void;
}

export class Watchdog {
  readonly #parts: WatchdogParts;
  #fed: number;
  #clock: { wall: number; uptime: number };
  #timer: { cancel(): void } | null = null;

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
    this.#fed = parts.uptime();
    this.#clock = { wall: parts.now(), uptime: parts.uptime() };
    this.#schedule();
  }

  /** A sign of life of the host, or a new one. */
  fed(): void {
    this.#fed = this.#parts.uptime();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #schedule(): void {
    this.#timer = this.#parts.setTimer(() => {
      this.#look();
      this.#schedule();
    }, INTERVAL);
  }

  #look(): void {
    const clock = { wall: this.#parts.now(), uptime: this.#parts.uptime() };
    const passed = { wall: clock.wall - this.#clock.wall, uptime: clock.uptime - this.#clock.uptime };
    this.#clock = clock;
    // A look that itself comes late says that this process stood still, so the host had no chance to report, or was not heard yet.
    this.#fed = Math.min(clock.uptime, this.#fed + Math.max(0, passed.uptime - INTERVAL));
    const stoodStill = passed.uptime > CLOCK_JUMP || Math.abs(passed.wall - passed.uptime) > CLOCK_JUMP;
    if (stoodStill) {
      this.#fed = clock.uptime;
      this.#parts.stoodStill();
    } else if (clock.uptime - this.#fed > RECONNECT.wedgedAfter) {
      this.#fed = clock.uptime;
      this.#parts.wedged(`no progress for ${RECONNECT.wedgedAfter / 1_000} s`);
    }
  }
}
