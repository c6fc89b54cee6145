/** Tells main how far a person has read: only what was on screen, only upwards (I9), not with every scrolled row. */
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Later } from './draft-keeper.ts';
import { type Address, addressKey } from './state.ts';

/** Rows must be on screen for this long before they count as read, ms. */
export const READ_DELAY = 300;
/** A position is told no more often than this, ms: each is an entry of the log that all members hear. */
export const READ_PACE = 1_000;

export class ReadMarker {
  readonly #bridge: WindowBridge;
  readonly #later: Later;
  /** Highest place told, by conversation. */
  readonly #told = new Map<string, number>();
  #next: { address: Address; n: number } | null = null;
  /** Came on screen while `#next` was waiting; its own delay begins after that, so that a stream of messages postpones nothing. */
  #after: { address: Address; n: number } | null = null;
  #cancel: (() => void) | null = null;
  /** Told less than READ_PACE ago. */
  readonly #resting = new Set<string>();

  constructor(bridge: WindowBridge, later: Later) {
    this.#bridge = bridge;
    this.#later = later;
  }

  /** `n` is on screen in a window that has the person's attention. */
  seen(address: Address, n: number): void {
    if (n <= (this.#told.get(addressKey(address)) ?? 0)) return;
    if (this.#next && addressKey(this.#next.address) === addressKey(address)) {
      if (n > Math.max(this.#next.n, this.#after?.n ?? 0)) this.#after = { address, n };
      return;
    }
    this.forget();
    this.#wait({ address, n });
  }

  /** From `n` on it is unread again: the next time that it is on screen it is told anew. */
  again(address: Address, n: number): void {
    this.forget();
    const key = addressKey(address);
    this.#told.set(key, Math.min(this.#told.get(key) ?? 0, n - 1));
  }

  /** The window lost the person's attention before the delay was over. */
  forget(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#next = null;
    this.#after = null;
  }

  #wait(next: { address: Address; n: number }): void {
    this.#next = next;
    const delay = this.#resting.has(addressKey(next.address)) ? READ_PACE : READ_DELAY;
    this.#cancel = this.#later(delay, () => void this.#tell());
  }

  async #tell(): Promise<void> {
    const [next, after] = [this.#next, this.#after];
    this.forget();
    if (!next) return;
    const key = addressKey(next.address);
    this.#resting.add(key);
    this.#later(READ_PACE, () => this.#resting.delete(key));
    if (after) this.#wait(after);
    const before = this.#told.get(key) ?? 0;
    this.#told.set(key, Math.max(before, next.n));
    const answer = await this.#bridge.call('read.mark', { ...next.address, n: next.n });
    // The next row that comes on screen, or the next focus, tells it again.
    if (!answer.ok && this.#told.get(key) === next.n) this.#told.set(key, before);
  }

  close(): void {
    this.forget();
  }
}
