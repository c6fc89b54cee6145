import { Worker } from 'node:worker_threads';
import type { FromReader, ReadAnswers, ReadRequest, ToReader } from './messages.ts';

/** Catch-ups that are in the reader's thread at once; others wait in line, one a connection at most. Their answers are 128 KiB each at most. */
const CATCH_UPS = 32;
const CATCH_UP_TYPES = new Set<ReadRequest['type']>(['position', 'walk', 'heads']);

interface Waiting {
  request: ReadRequest;
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

export interface LogReading {
  ask<K extends ReadRequest['type']>(request: Extract<ReadRequest, { type: K }>): Promise<ReadAnswers[K]>;
}

/** Main's face of the reader. Rejects where the log cannot be read. */
export class Reader implements LogReading {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Waiting>();
  readonly #line: Waiting[] = [];
  #batch: ToReader[] = [];
  #ref = 0;
  #catchUps = 0;
  #closing = false;

  /** @param onExit the worker ended without being asked; the process must end */
  constructor(entry: URL, path: string, onExit: (code: number) => void) {
    this.#worker = new Worker(entry, { workerData: { path } });
    this.#worker.on('message', (messages: FromReader[]) => {
      for (const message of messages) this.#settle(message);
    });
    // An error event is followed by exit.
    this.#worker.on('error', (error) => this.#rejectAll(error));
    this.#worker.on('exit', (code) => {
      this.#rejectAll(new Error(`The reader ended with ${code}.`));
      if (!this.#closing) onExit(code || 1);
    });
  }

  ask<K extends ReadRequest['type']>(request: Extract<ReadRequest, { type: K }>): Promise<ReadAnswers[K]> {
    if (this.#closing) return Promise.reject(new Error('The reader is closed.'));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { request, resolve, reject };
      if (CATCH_UP_TYPES.has(request.type) && this.#catchUps >= CATCH_UPS) this.#line.push(waiting);
      else this.#post(waiting);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage('close');
    await ended;
  }

  #post(waiting: Waiting): void {
    const ref = ++this.#ref;
    if (CATCH_UP_TYPES.has(waiting.request.type)) this.#catchUps += 1;
    this.#asked.set(ref, waiting);
    this.#batch.push({ ref, request: waiting.request });
    if (this.#batch.length > 1) return;
    // What is asked for in one turn crosses in one message: waking a thread costs more than most answers.
    setImmediate(() => {
      const batch = this.#batch;
      this.#batch = [];
      this.#worker.postMessage(batch);
    });
  }

  #settle(message: FromReader): void {
    const waiting = this.#asked.get(message.ref);
    if (!waiting) return;
    this.#asked.delete(message.ref);
    if (CATCH_UP_TYPES.has(waiting.request.type)) {
      this.#catchUps -= 1;
      const next = this.#line.shift();
      if (next) this.#post(next);
    }
    if ('error' in message) waiting.reject(new Error(message.error));
    else waiting.resolve(message.answer as never);
  }

  #rejectAll(error: Error): void {
    const all = [...this.#asked.values(), ...this.#line.splice(0)];
    this.#asked.clear();
    for (const { reject } of all) reject(error);
  }
}
