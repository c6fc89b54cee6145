/** Brings into the index what was saved before there was one, beside everything else: a few hundred messages at a time. */
import type { Logger } from 'pino';
import type { Store } from '../db/store.ts';
import type { SearchIndex } from './index-port.ts';
import { indexPending } from './intake.ts';

/** Left to others between two batches, and after a failure, ms. */
const REST = 50;
const AFTER_FAILURE = 5_000;

export class Indexing {
  #parts: { store: Store; index: SearchIndex; log: Logger };
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: { store: Store; index: SearchIndex; log: Logger }) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#step();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #step(): Promise<void> {
    const { store, index, log } = this.#parts;
    let rest = REST;
    try {
      if ((await indexPending(store, index)) === 0) return;
    } catch (error) {
      log.warn({ err: error }, 'older messages cannot be indexed now');
      rest = AFTER_FAILURE;
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.start(), rest);
  }
}
