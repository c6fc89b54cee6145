/** Erases, now and then, what nobody needs: uploads that were given up, files that nothing shows, bytes that belong to no file. */
import type { Logger } from 'pino';
import type { Files } from './files.ts';
import type { Uploads } from './uploads.ts';

/** Between two rounds; bytes without a file are looked for in every 24th of them, and in the first, ms. */
const ROUND = 60 * 60_000;
const BYTES_EVERY = 24;

export class Housekeeping {
  #parts: { files: Files; uploads: Uploads; log: Logger };
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(parts: { files: Files; uploads: Uploads; log: Logger }) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#round();
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#round());
    }, ROUND);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  async #round(): Promise<void> {
    const { files, uploads, log } = this.#parts;
    try {
      await uploads.sweep();
      const erased = await files.sweep();
      if (erased > 0) log.info({ erased }, 'files that nothing showed');
      if (this.#rounds++ % BYTES_EVERY === 0) await files.sweepBytes();
    } catch (error) {
      log.warn({ err: error }, 'files cannot be looked through now');
    }
  }
}
