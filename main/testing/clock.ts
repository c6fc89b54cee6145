/** Time that moves only when told to, with the timers that live in it. Wall clock and monotonic clock can be driven apart. */
export class Clock {
  wall = 1_700_000_000_000;
  uptime = 0;
  #timers: { at: number; work: () => void }[] = [];

  readonly now = () => this.wall;
  readonly monotonic = () => this.uptime;
  readonly setTimer = (work: () => void, delay: number) => {
    const timer = { at: this.uptime + delay, work };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  };

  get waiting(): number {
    return this.#timers.length;
  }

  /** Runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.uptime + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      const late = Math.max(next.at, this.uptime);
      this.wall += late - this.uptime;
      this.uptime = late;
      next.work();
    }
    this.wall += end - this.uptime;
    this.uptime = end;
  }

  /** The machine stood still: timers fall due late, all at once. @param counts the monotonic clock went on meanwhile */
  sleep(ms: number, counts: boolean): void {
    this.wall += ms;
    if (counts) this.uptime += ms;
  }
}
