/** The highest place of a conversation in a frame; entries of others only. */
export interface StoredPlace {
  conv: string;
  n: number;
}

/** Adds a place to those of a frame, later places last. */
export function addPlace(places: StoredPlace[], conv: string, n: number): void {
  for (let i = places.length - 1; i >= 0; i--)
    if (places[i]!.conv === conv) {
      places[i]!.n = n;
      return;
    }
  places.push({ conv, n });
}

/** One sent frame that its device has not confirmed. */
interface Sent {
  seq: number;
  /** Its upTo. */
  cursor: string;
  items: number;
  bytes: number;
  places: readonly StoredPlace[];
}

/** An idle device has nothing out, and most are idle. */
const NONE: Sent[] = [];

/**
 * What a device may still be sent before it confirms: the whole backpressure. Counts items and bytes of what is out; an
 * item larger than the whole credit may go when nothing else is out.
 */
export class Credit {
  readonly #items: number;
  readonly #bytes: number;
  readonly #now: () => number;
  #out: Sent[] = NONE;
  #outItems = 0;
  #outBytes = 0;
  /** Since when there has been no credit and no confirm. */
  #starvedAt: number | null = null;

  constructor(items: number, bytes: number, now: () => number) {
    this.#items = items;
    this.#bytes = bytes;
    this.#now = now;
  }

  get freeItems(): number {
    return this.#items - this.#outItems;
  }
  get freeBytes(): number {
    return this.#bytes - this.#outBytes;
  }
  get exhausted(): boolean {
    return this.#outItems > 0 && (this.freeItems <= 0 || this.freeBytes <= 0);
  }

  get untouched(): boolean {
    return this.#outItems === 0;
  }

  /** A walk is worth its while: everything is confirmed, or a quarter of the credit is free. */
  get worthWalking(): boolean {
    return this.untouched || (this.freeItems * 4 >= this.#items && this.freeBytes * 4 >= this.#bytes);
  }

  /** Milliseconds since the peer should have confirmed something; 0 where it owes nothing. */
  get starved(): number {
    return this.#starvedAt === null ? 0 : this.#now() - this.#starvedAt;
  }

  spend(sent: Sent): void {
    if (sent.items === 0) return;
    if (this.#out === NONE) this.#out = [sent];
    else this.#out.push(sent);
    this.#outItems += sent.items;
    this.#outBytes += sent.bytes;
    if (this.exhausted) this.#starvedAt ??= this.#now();
  }

  /** Seq of an upTo that is out, without taking the cursor apart; null where it is none of them. */
  seqOf(cursor: string): number | null {
    for (const sent of this.#out) if (sent.cursor === cursor) return sent.seq;
    return null;
  }

  /** The device has everything up to seq. `line` hears the places that this proves to be delivered. */
  confirm(seq: number, line: { delivered(place: StoredPlace): void }): void {
    while (this.#out.length > 0 && this.#out[0]!.seq <= seq) {
      const { items, bytes, places } = this.#out.shift()!;
      this.#outItems -= items;
      this.#outBytes -= bytes;
      for (const place of places) line.delivered(place);
      this.#starvedAt = this.exhausted ? this.#now() : null;
    }
  }
}
