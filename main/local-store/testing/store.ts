/** The store as main has it, with the request handler in the same thread: its files are real, its clock is the test's. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStore, openLocalStore, type StoreThread } from '../local-store.ts';
import type { AnswerMessage, EndMessage, RequestMessage, StartMessage, StoreEvent } from '../messages.ts';
import { RequestHandler } from '../request-handler.ts';
import { ME } from './log.ts';

export const ACCOUNT = 'account-1';
export const IDENTITY = { account: ACCOUNT, user: ME, device: 'device-1' };

export class TestStore {
  directory: string;
  readonly #directories: string[];
  readonly path = (name: string): string => join(this.directory, ACCOUNT, name);
  store: LocalStore;
  now = 1_000_000;
  /** What the store could tell nobody; null: there must be nothing of the kind. */
  logs: string[] | null = null;
  #ids = 0;

  /** @param within the folder that has the store's */
  constructor(within = tmpdir()) {
    this.directory = mkdtempSync(join(within, 'matchbook-store-'));
    this.#directories = [this.directory];
    this.store = this.#face();
  }

  open() {
    return this.store.openAccount(IDENTITY);
  }

  /** Closes in order and opens again. */
  async reopen() {
    await this.store.close();
    this.store = this.#face();
    return this.open();
  }

  /**
   * Ends without closing anything, as a killed process does: the files keep what was committed. The new store works on a copy of
   * them, because in this one process the old connections live on.
   */
  async crash(between?: () => void) {
    this.#handler = null;
    this.#delayed.clear();
    const copy = mkdtempSync(join(tmpdir(), 'matchbook-store-'));
    this.#directories.push(copy);
    cpSync(this.directory, copy, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    this.directory = copy;
    between?.();
    this.store = this.#face();
    return this.open();
  }

  async dispose() {
    await this.store.close();
    for (const directory of this.#directories)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #handler: RequestHandler | null = null;
  /** Tasks that wait for time to pass. */
  readonly #delayed = new Set<() => void>();

  /** Lets time pass until what the store does beside answering is done, a number of steps at most. */
  async chores(steps = 500) {
    await this.store.cursor(ACCOUNT);
    for (let i = 0; i < steps; i++) {
      const tasks = [...this.#delayed];
      this.#delayed.clear();
      for (const task of tasks) task();
    }
  }

  #face(): LocalStore {
    return openLocalStore({ directory: this.directory, spawn: () => this.#thread() });
  }

  #thread(): StoreThread {
    let hear: (message: AnswerMessage | StoreEvent) => void = () => {};
    let exit: () => void = () => {};
    const thread: StoreThread = {
      postMessage: (message: StartMessage | RequestMessage | EndMessage) => {
        if ('end' in message) {
          exit();
          return;
        }
        if ('start' in message) {
          this.#handler = this.#start((event) => hear(event));
          return;
        }
        const handler = this.#handler!;
        queueMicrotask(() => hear(handler.handle(message)));
      },
      on: (event: string, listener: (message: never) => void) => {
        if (event === 'message') hear = listener as typeof hear;
        if (event === 'exit') exit = listener as unknown as typeof exit;
      },
      unref: () => {},
    };
    return thread;
  }

  #start(tell: (event: StoreEvent) => void): RequestHandler {
    return new RequestHandler({
      directory: this.directory,
      now: () => ++this.now,
      newId: () => `new-${++this.#ids}`,
      tell,
      later: (ms, task) => {
        if (ms > 0) {
          this.#delayed.add(task);
          return () => this.#delayed.delete(task);
        }
        const soon = setImmediate(task);
        return () => clearImmediate(soon);
      },
      log: (message) => {
        if (!this.logs) throw new Error(message);
        this.logs.push(message);
      },
    });
  }
}
