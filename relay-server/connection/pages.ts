import type { Failure } from '@matchbook/protocol/failures';
import type { Fetch } from '@matchbook/protocol/frames';
import type { LogReading } from '../reader/port.ts';

/** Fetches of one connection in line; one is read at a time. */
const FETCHES = 16;

interface Peer {
  user: string;
  reader: LogReading;
  /** Once the line has room. */
  send: (text: string) => Promise<boolean>;
  refuse: (failure: Failure, ref: number) => void;
  broken: (error: unknown) => void;
}

/** Answers a connection's fetches, one after the other. */
export class Pages {
  readonly #peer: Peer;
  readonly #line: Fetch[] = [];
  #reading = false;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  fetch(frame: Fetch): void {
    if (this.#line.length >= FETCHES) {
      const message = 'Too many fetches await their answer.';
      this.#peer.refuse({ kind: 'rate_limited', message, retryAfter: 1 }, frame.ref);
      return;
    }
    this.#line.push(frame);
    if (!this.#reading) this.#read().catch((error: unknown) => this.#peer.broken(error));
  }

  close(): void {
    this.#line.length = 0;
  }

  async #read(): Promise<void> {
    const { user, reader, send, refuse } = this.#peer;
    this.#reading = true;
    try {
      for (let next = this.#line.shift(); next; next = this.#line.shift()) {
        const { ref, conv, from, to } = next;
        const page = await reader.ask({ type: 'page', user, conv, from, to });
        if (!page.ok) {
          refuse(page.failure, ref);
          continue;
        }
        const start = JSON.stringify({ t: 'page', ref, conv, from: page.from, to });
        if (!(await send(`${start.slice(0, -1)},"items":[${page.items.join(',')}]}`))) return;
      }
    } finally {
      this.#reading = false;
    }
  }
}
