/** Erases, now and then, what nobody needs: uploads that were given up, files that nothing shows, bytes that belong to no file. */
import type { Logger } from 'pino';
import { NotOurs } from './bucket.ts';
import type { Files } from './files.ts';
import type { Uploads } from './uploads.ts';

/** Between two rounds; bytes without a file are looked for in every 24th of them, and in the first, ms. */
const ROUND = 60 * 60_000;
const BYTES_EVERY = 24;

interface Parts {
  files: Files;
  uploads: Uploads;
  /** Whether all that people sent is saved here; what is not may show a file that nothing here shows. */
  isAllSaved: () => Promise<boolean>;
  /** Throws where the bytes are not this server's to erase, or that cannot be asked now. */
  claim: () => Promise<void>;
  log: Logger;
}

export class Housekeeping {
  #parts: Parts;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(parts: Parts) {
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
    const { files, uploads, isAllSaved, claim, log } = this.#parts;
    try {
      await uploads.sweep();
      await claim();
      const erased = await files.sweep(await isAllSaved());
      if (erased > 0) log.info({ erased }, 'files that nothing showed');
      if (this.#rounds++ % BYTES_EVERY === 0) await files.sweepBytes();
    } catch (error) {
      if (error instanceof NotOurs) log.error({ err: error }, 'nothing is erased');
      else log.warn({ err: error }, 'files cannot be looked through now');
    }
  }
}
