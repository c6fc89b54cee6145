/** One request carries between so many and so many bytes, as many as go in about a second. */
export const PIECE = { least: 64 * 1024, first: 512 * 1024, most: 8 * 1024 * 1024, time: 1_000 } as const;
/** What does not come through is sent in pieces of an eighth, not smaller than this; after so many that went, a piece may be twice as large. */
const SMALLEST = 4 * 1024;
const RISES_AFTER = 8;

/** How much at once comes through to a server, as far as that is known: something on the way may break off what is larger than it takes, each time anew. */
export class Pace {
  /** Bytes of a piece. */
  most: number = PIECE.most;
  #went = 0;

  /** A piece that the server, which had just answered, did not get. */
  failed(bytes: number): void {
    this.most = Math.max(SMALLEST, Math.floor(bytes / 8));
    this.#went = 0;
  }

  went(): void {
    this.#went += 1;
    if (this.#went < RISES_AFTER) return;
    this.most = Math.min(PIECE.most, this.most * 2);
    this.#went = 0;
  }
}
