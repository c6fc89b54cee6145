/** Work is done in the order in which it was asked for, each after the one before it, whatever became of that. */
export class Line {
  #last: Promise<unknown> = Promise.resolve();

  do<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** Work about one thing is done in turn; things that differ do not wait for each other. */
export class InTurn {
  readonly #lines = new Map<string, { line: Line; under: number }>();

  /** @param key of the thing */
  async do<T>(key: string, work: () => Promise<T>): Promise<T> {
    const one = this.#lines.get(key) ?? { line: new Line(), under: 0 };
    this.#lines.set(key, one);
    one.under++;
    try {
      return await one.line.do(work);
    } finally {
      if (--one.under === 0) this.#lines.delete(key);
    }
  }
}
