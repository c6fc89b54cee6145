/** Work about one thing is done in turn, each after the one before it, whatever became of that. Things that differ do not wait for each other. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @param key of the thing */
  async do<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => {});
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}
