/** The last events of the connection log, as lines of JSON: bounded by number and by bytes, numbered from 1 without gaps. */

export interface RingBounds {
  events: number;
  bytes: number;
}

export class EventRing {
  #bounds: RingBounds;
  /** A circle: `#lines[no % events]`. */
  #lines: (string | undefined)[] = [];
  #first = 1;
  #next = 1;
  #bytes = 0;

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
  }

  /** Number of the oldest event that is kept; `last + 1` where there is none. */
  get first(): number {
    return this.#first;
  }

  /** Number of the newest event; 0 before the first. */
  get last(): number {
    return this.#next - 1;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns the number that the event got */
  push(event: object): number {
    const no = this.#next;
    const line = JSON.stringify({ no, ...event });
    // The newest stays, however large it is.
    while (
      this.#first < no &&
      (no - this.#first >= this.#bounds.events || this.#bytes + line.length > this.#bounds.bytes)
    )
      this.#forgetFirst();
    this.#next++;
    this.#lines[no % this.#bounds.events] = line;
    this.#bytes += line.length;
    return no;
  }

  /** Events after number `after`, oldest first. */
  after(after: number, limit: number): string[] {
    const from = Math.max(after + 1, this.#first);
    const to = Math.min(this.last, from + limit - 1);
    const lines: string[] = [];
    for (let no = from; no <= to; no++) lines.push(this.#lines[no % this.#bounds.events]!);
    return lines;
  }

  #forgetFirst(): void {
    const place = this.#first % this.#bounds.events;
    this.#bytes -= this.#lines[place]!.length;
    this.#lines[place] = undefined;
    this.#first++;
  }
}
