/** V8 asks the system for its time zone once: an app that runs while its person travels would go on in the zone of its start. */

/** Between two looks, ms: quiet hours are told by the minute. */
const EVERY = 60_000;

/** Local times of this process are those of the system's zone as it is now. */
export function lookAtZone(): void {
  const { TZ } = process.env;
  // Node has V8 look again whenever this is set or taken away; what it was, it is again.
  process.env.TZ = TZ ?? '';
  if (TZ === undefined) delete process.env.TZ;
}

export class SystemZone {
  readonly #look: () => void;
  #looked: number | null = null;

  constructor(look: () => void = lookAtZone) {
    this.#look = look;
  }

  /** Before a local time is told that decides something. @param now wall clock, ms; may also have been set back */
  at(now: number): void {
    if (this.#looked !== null && Math.abs(now - this.#looked) < EVERY) return;
    this.#looked = now;
    this.#look();
  }
}
