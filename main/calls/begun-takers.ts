/** Words that were begun before a restart are known to every window: one of them puts them back where what they were for is gone. */
export class BegunTakers {
  readonly #takers = new Map<string, number>();
  readonly #isThere: (window: number) => boolean;

  /** @param isThere a window that was closed has put nothing back: another one may */
  constructor(isThere: (window: number) => boolean) {
    this.#isThere = isThere;
  }

  /** Whether it is this window that puts them back. */
  take(account: string, about: string, window: number): boolean {
    const key = JSON.stringify([account, about]);
    const taker = this.#takers.get(key);
    if (taker !== undefined && taker !== window && this.#isThere(taker)) return false;
    this.#takers.set(key, window);
    return true;
  }

  /** They are kept anew, or not any more. */
  settled(account: string, about: string): void {
    this.#takers.delete(JSON.stringify([account, about]));
  }
}
