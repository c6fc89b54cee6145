import { LIMITS } from '@matchbook/protocol/limits';

/** The least that may be under way: one frame. */
const FLOOR = LIMITS.bulkFrameBytes;
/** A ping that stays unanswered for so long counts no more (ms); who answers nothing at all is closed as silent. */
const FORGOTTEN = 30_000;
/** Time that an answer may take longer than the shortest one: less, and more may be under way; more, and less (ms). */
const SHORT_QUEUE = 20;
const LONG_QUEUE = 40;
/** The shortest answer is looked for anew this often (ms): a line may change. */
const SHORTEST_FOR = 10_000;

interface Sent {
  id: number;
  bytes: number;
  at: number;
}

/**
 * The bulk lane of a socket: what catches a device up must not stand in the way of what is live. A ping follows each frame; its pong says
 * that the peer has the frame, and how long that took. While answers come as fast as ever, what may be unanswered grows up to 64 KiB; where they come later, frames wait in
 * some buffer on the way, and it shrinks to one frame: on a slow line little stands in front of what is live, on a fast one there is no pause.
 */
export class Bulk {
  readonly #send: (text: string) => number;
  readonly #ping: (payload: Uint8Array) => void;
  readonly #now: () => number;
  #out: Sent[] = [];
  #bytes = 0;
  #limit: number = FLOOR;
  #shortest = Number.POSITIVE_INFINITY;
  #shortestAt = 0;
  /** Frames that were under way when the limit shrank say nothing new about the line. */
  #settledId = 0;
  #id = 0;
  #urgent: (() => void)[] = [];
  #patient: (() => void)[] = [];
  #closed = false;

  /**
   * @param send writes a frame and answers with its bytes
   * @param now monotonic clock, ms
   */
  constructor(send: (text: string) => number, ping: (payload: Uint8Array) => void, now: () => number) {
    this.#send = send;
    this.#ping = ping;
    this.#now = now;
  }

  /** Bytes that may be unanswered. */
  get limit(): number {
    return this.#limit;
  }

  /**
   * Writes a frame once there is room. Urgent ones, that a person waits for, go before the others. Resolves when it was written, with
   * false where the lane was closed.
   */
  async send(text: string, urgent: boolean): Promise<boolean> {
    while (!this.#closed && !this.#hasRoom(urgent))
      await new Promise<void>((resolve) => (urgent ? this.#urgent : this.#patient).push(resolve));
    if (this.#closed) return false;
    const bytes = this.#send(text);
    const id = ++this.#id;
    this.#out.push({ id, bytes, at: this.#now() });
    this.#bytes += bytes;
    const payload = Buffer.allocUnsafe(5);
    payload.write('b', 0);
    payload.writeUInt32BE(id, 1);
    this.#ping(payload);
    return true;
  }

  /** A pong, of ours or not. */
  pong(payload: Uint8Array): void {
    if (payload.length !== 5 || payload[0] !== 0x62) return;
    const id = Buffer.from(payload.buffer, payload.byteOffset, 5).readUInt32BE(1);
    const at = this.#now();
    while (this.#out.length > 0 && this.#out[0]!.id <= id) {
      const sent = this.#out.shift()!;
      this.#bytes -= sent.bytes;
      this.#learn(sent, at);
    }
    this.#wake();
  }

  #learn({ id, bytes, at }: Sent, now: number): void {
    const took = now - at;
    if (took < this.#shortest || now - this.#shortestAt > SHORTEST_FOR) {
      this.#shortest = took;
      this.#shortestAt = now;
    }
    const queue = took - this.#shortest;
    if (queue < SHORT_QUEUE) this.#limit = Math.min(LIMITS.bulkInFlight, this.#limit + bytes);
    else if (queue > LONG_QUEUE && id > this.#settledId) {
      this.#limit = Math.max(FLOOR, this.#limit / 2);
      this.#settledId = this.#id;
    }
  }

  /** To be called now and then. */
  tick(): void {
    const before = this.#now() - FORGOTTEN;
    while (this.#out.length > 0 && this.#out[0]!.at < before) this.#bytes -= this.#out.shift()!.bytes;
    if (this.#urgent.length > 0 || this.#patient.length > 0) this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #hasRoom(urgent: boolean): boolean {
    if (!urgent && this.#urgent.length > 0) return false;
    return this.#bytes === 0 || this.#bytes < this.limit;
  }

  #wake(): void {
    const waiting = [...this.#urgent, ...this.#patient];
    this.#urgent = [];
    this.#patient = [];
    for (const resume of waiting) resume();
  }
}
