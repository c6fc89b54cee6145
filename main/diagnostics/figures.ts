/** What the app costs here, as it was measured while it was used: nothing of it leaves this computer, and no timer runs for it. */
import type { Measured, ProcessUse, Spread, Figures as Told } from '@matchbook/protocol/bridge/figures';

/** Of each measure the last ones are kept. */
const KEPT = 1_000;
/** Shorter than this a hidden time says nothing, ms. */
const HIDDEN_AT_LEAST = 60_000;

export interface FigureParts {
  /** When the process began, wall clock ms. */
  born: number;
  now(): number;
  processes(): ProcessUse[];
}

export class Figures {
  readonly #parts: FigureParts;
  readonly #last: Record<'bubble' | 'queued', number[]> = { bubble: [], queued: [] };
  readonly #frames = { count: 0, longest: 0 };
  readonly #visible = new Set<number>();
  #start: number | null = null;
  #hiding: { at: number; processes: ProcessUse[] } | null = null;
  #hidden: Told['hidden'] = null;

  constructor(parts: FigureParts) {
    this.#parts = parts;
  }

  /** A conversation is on screen. The first time counts. @param at wall clock ms */
  usable(at: number): void {
    this.#start ??= at - this.#parts.born;
  }

  measured(what: Measured, ms: number): void {
    if (what === 'frame') {
      this.#frames.count++;
      this.#frames.longest = Math.max(this.#frames.longest, ms);
      return;
    }
    const values = this.#last[what];
    values.push(ms);
    if (values.length > KEPT) values.shift();
  }

  /** A window is to be seen from now on. */
  shown(window: number): void {
    this.#visible.add(window);
    const hiding = this.#hiding;
    this.#hiding = null;
    if (!hiding) return;
    const passed = this.#parts.now() - hiding.at;
    const percent = used(hiding.processes, this.#parts.processes());
    if (passed >= HIDDEN_AT_LEAST && percent !== null)
      this.#hidden = { seconds: passed / 1_000, percent: (percent / (passed / 1_000)) * 100 };
  }

  /** It is hidden, minimised or gone. */
  unseen(window: number): void {
    if (!this.#visible.delete(window) || this.#visible.size > 0) return;
    this.#hiding = { at: this.#parts.now(), processes: this.#parts.processes() };
  }

  told(caughtUp: Told['caughtUp']): Told {
    return {
      now: this.#parts.now(),
      start: this.#start,
      processes: this.#parts.processes(),
      hidden: this.#hidden,
      bubble: spread(this.#last.bubble),
      queued: spread(this.#last.queued),
      frames: { ...this.#frames },
      caughtUp,
    };
  }
}

/** Processor time between two looks, s: of a process that came meanwhile all of it; null where the runtime does not tell. */
function used(before: readonly ProcessUse[], after: readonly ProcessUse[]): number | null {
  let seconds = 0;
  for (const { pid, kind, cpu } of after) {
    if (kind === 'server') continue;
    if (cpu === null) return null;
    seconds += cpu - (before.find((one) => one.pid === pid)?.cpu ?? 0);
  }
  return seconds;
}

function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
}
