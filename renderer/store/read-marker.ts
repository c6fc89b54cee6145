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
  #address: Address | null = null;
  /** On screen, and not yet for long enough. */
  #young: { n: number; cancel: () => void } | null = null;
  /** Came on screen while `#young` was waiting; its own delay begins after that, so that a stream of messages postpones nothing. */
  #after: number | null = null;
  /** Was on screen for long enough, and waits for nothing but its turn. */
  #ripe: number | null = null;
  /** Told less than READ_PACE ago. */
  readonly #resting = new Set<string>();

  constructor(bridge: WindowBridge, later: Later) {
    this.#bridge = bridge;
    this.#later = later;
  }

  /** `n` is on screen in a window that has the person's attention. */
  seen(address: Address, n: number): void {
    const key = addressKey(address);
    if (this.#address && addressKey(this.#address) !== key) this.forget();
    this.#address = address;
    if (n <= Math.max(this.#told.get(key) ?? 0, this.#ripe ?? 0, this.#young?.n ?? 0)) return;
    if (this.#young) this.#after = Math.max(n, this.#after ?? 0);
    else this.#wait(n);
  }

  /** As far as main was told, which it may not have said back yet; 0 where it was told nothing. */
  told(address: Address): number {
    return this.#told.get(addressKey(address)) ?? 0;
  }

  /** From `n` on it is unread again: the next time that it is on screen it is told anew. What was read before it is told now, if it was not yet. */
  again(address: Address, n: number): void {
    const key = addressKey(address);
    const told = this.#told.get(key) ?? 0;
    if (this.#ripe !== null && this.#address && addressKey(this.#address) === key) {
      const before = Math.min(this.#ripe, n - 1);
      this.#ripe = before > told ? before : null;
    }
    this.forget();
    this.#told.set(key, Math.min(this.#told.get(key) ?? 0, n - 1));
  }

  /** The window lost the person's attention: what was not on screen for long enough was not read, all else is told now. */
  forget(): void {
    this.#young?.cancel();
    this.#young = null;
    this.#after = null;
    void this.#tell();
    this.#address = null;
  }

  #wait(n: number): void {
    const cancel = this.#later(READ_DELAY, () => {
      this.#ripe = n;
      this.#young = null;
      if (this.#after !== null) this.#wait(this.#after);
      if (this.#address && !this.#resting.has(addressKey(this.#address))) void this.#tell();
    });
    this.#young = { n, cancel };
    this.#after = null;
  }

  async #tell(): Promise<void> {
    const [address, n] = [this.#address, this.#ripe];
    this.#ripe = null;
    if (!address || n === null) return;
    const key = addressKey(address);
    this.#resting.add(key);
    this.#later(READ_PACE, () => {
      this.#resting.delete(key);
      if (this.#address && addressKey(this.#address) === key) void this.#tell();
    });
    const before = this.#told.get(key) ?? 0;
    this.#told.set(key, Math.max(before, n));
    const answer = await this.#bridge.call('read.mark', { ...address, n });
    // The next row that comes on screen, or the next focus, tells it again.
    if (!answer.ok && this.#told.get(key) === n) this.#told.set(key, before);
  }

  close(): void {
    this.forget();
  }
}
