import type { DeliveredPositions } from '../forwarding/delivered.ts';
import type { LogReading } from '../reader/port.ts';

/** Devices looked at in one step, and the time between steps (ms): those that come back together have more urgent needs. */
const STEP = 256;
const INTERVAL = 250;
/** Devices that may wait; who comes back beyond is looked at when it comes back the next time. */
const WAITING = 50_000;

/** Confirms that were lost with their connections: the cursor with which a device comes back says what it has stored. */
export class LateConfirms {
  readonly #reader: LogReading;
  readonly #delivered: Pick<DeliveredPositions, 'note'>;
  /** The furthest cursor of each user. */
  readonly #waiting = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(reader: LogReading, delivered: Pick<DeliveredPositions, 'note'>) {
    this.#reader = reader;
    this.#delivered = delivered;
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
    this.#timer.unref();
  }

  /** A device of this user came back with a cursor at `seq`. */
  note(user: string, seq: number): void {
    if (this.#waiting.size >= WAITING && !this.#waiting.has(user)) return;
    this.#waiting.set(user, Math.max(seq, this.#waiting.get(user) ?? 0));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting.clear();
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#waiting.size === 0) return;
    this.#looking = true;
    const step = [...this.#waiting.entries()].slice(0, STEP);
    for (const [user] of step) this.#waiting.delete(user);
    await Promise.all(
      step.map(async ([user, seq]) => {
        // A log that cannot be read ends the connections that need it; nothing is owed here.
        const stored = await this.#reader.ask({ type: 'stored', user, seq }).catch(() => null);
        for (const [conv, n] of stored ?? []) this.#delivered.note(user, conv, n);
      }),
    );
    this.#looking = false;
  }
}
