/** Tells main how far a person has read: only what was on screen, only upwards (I9), not with every scrolled row. */
import type { WindowBridge } from '@matchbook/protocol/bridge';
import type { Later } from './draft-keeper.ts';
import { type Address, addressKey } from './state.ts';

/** Rows must be on screen for this long before they count as read, ms. */
export const READ_DELAY = 300;

export class ReadMarker {
  readonly #bridge: WindowBridge;
  readonly #later: Later;
  /** Highest place told, by conversation. */
  readonly #told = new Map<string, number>();
  #next: { address: Address; n: number } | null = null;
  #cancel: (() => void) | null = null;

  constructor(bridge: WindowBridge, later: Later) {
    this.#bridge = bridge;
    this.#later = later;
  }

  /** `n` is on screen in a window that has the person's attention. */
  seen(address: Address, n: number): void {
    if (n <= (this.#told.get(addressKey(address)) ?? 0)) return;
    if (this.#next && addressKey(this.#next.address) === addressKey(address) && this.#next.n >= n) return;
    this.#next = { address, n };
    this.#cancel?.();
    this.#cancel = this.#later(READ_DELAY, () => void this.#tell());
  }

  /** The window lost the person's attention before the delay was over. */
  forget(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#next = null;
  }

  async #tell(): Promise<void> {
    const next = this.#next;
    this.forget();
    if (!next) return;
    const key = addressKey(next.address);
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
