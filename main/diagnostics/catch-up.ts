/** How long it took until everything that a device had missed was there, by the frames that its connection log has. */
import type { LogEvent } from '@matchbook/protocol/bridge/diagnostics';

/** What comes after such a pause, ms, was not missed: it is new, or asked for by scrolling. */
const PAUSE = 2_000;

export interface CaughtUp {
  /** When the last of them came, wall clock ms. */
  at: number;
  entries: number;
  /** Since the connection stood. */
  ms: number;
}

export class CatchUp {
  /** The last one in which anything had been missed. */
  done: CaughtUp | null = null;
  #run: { from: number; last: number; entries: number; behind: number } | null = null;

  live(at: number): void {
    this.#run = { from: at, last: at, entries: 0, behind: 0 };
  }

  ended(): void {
    this.#run = null;
  }

  heard({ at, type, count = 0, behind = 0 }: LogEvent): void {
    const run = this.#run;
    if (!run || !['heads', 'entries', 'page'].includes(type)) return;
    if (at - run.last > PAUSE) {
      this.#run = null;
      return;
    }
    // The last frame of a stream says nothing of what is behind it.
    const missed = type === 'page' || (type === 'entries' && (behind > 0 || run.behind > 0));
    if (type === 'entries') run.behind = behind;
    if (type === 'entries' && !missed) return;
    run.last = at;
    if (!missed) return;
    run.entries += count;
    this.done = { at, entries: run.entries, ms: at - run.from };
  }
}
