/** Where one was in each conversation when one turned to another: whoever comes back goes on there, as long as nothing new waits. For as long as the window lives. */
import { type Address, addressKey, type LeftPlace } from './state.ts';

/** Conversations whose place is remembered: beyond it the one that was left first opens at its newest. */
export const LEFT_PLACES = 200;

export class LeftPlaces {
  /** Where one is in the conversation that is shown: null at the newest, undefined while nothing is. */
  here: () => LeftPlace | null | undefined = () => undefined;
  readonly #left = new Map<string, LeftPlace>();

  /** @param place null: at the newest */
  leave(address: Address, place: LeftPlace | null): void {
    const key = addressKey(address);
    this.#left.delete(key);
    if (place === null) return;
    this.#left.set(key, place);
    const [oldest] = this.#left.keys();
    if (this.#left.size > LEFT_PLACES) this.#left.delete(oldest!);
  }

  of(address: Address): LeftPlace | null {
    return this.#left.get(addressKey(address)) ?? null;
  }
}
