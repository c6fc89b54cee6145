/** What is confirmed when: at once where it is quiet, once a second where much comes. A confirm covers everything before it. */
import { LIMITS } from '@matchbook/protocol/limits';

/** The longest that a stored batch waits to be confirmed (ms): the relay writes what follows from it no more often. */
export const CONFIRM_INTERVAL = 1_000;

export interface Credit {
  creditEntries: number;
  creditBytes: number;
}

/** A batch that is durable here. */
export interface StoredBatch {
  upTo: string;
  items: number;
  /** Length of its frame. */
  characters: number;
  /** Own items still to come, as the frame says: the relay waits for the confirm to go on. */
  behind: number;
}

export class Confirms {
  readonly #send: (upTo: string) => void;
  readonly #now: () => number;
  #credit: Credit = LIMITS;
  #waiting: string | null = null;
  #items = 0;
  #characters = 0;
  #confirmedAt = Number.NEGATIVE_INFINITY;

  /** @param now ms */
  constructor(send: (upTo: string) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  /** A connection begins, with what the relay allows to be out. */
  begin(credit: Credit): void {
    this.lost();
    this.#credit = credit;
  }

  stored({ upTo, items, characters, behind }: StoredBatch): void {
    this.#waiting = upTo;
    this.#items += items;
    this.#characters += characters;
    const { creditEntries, creditBytes } = this.#credit;
    // With half of the credit out, the confirm arrives before the other half is used up.
    const much = this.#items * 2 >= creditEntries || this.#characters * 2 >= creditBytes;
    if (behind > 0 || much) this.#confirm();
    else this.tick();
  }

  /** To be called at least once a second. */
  tick(): void {
    const since = this.#now() - this.#confirmedAt;
    // A clock that was set back must not hold confirms up.
    if (since < 0 || since >= CONFIRM_INTERVAL) this.#confirm();
  }

  /** What was not confirmed on this connection is covered by the cursor of the next hello. */
  lost(): void {
    this.#waiting = null;
    this.#items = 0;
    this.#characters = 0;
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
  }

  #confirm(): void {
    if (this.#waiting === null) return;
    const upTo = this.#waiting;
    this.lost();
    this.#confirmedAt = this.#now();
    this.#send(upTo);
  }
}
