/** One server in a process of its own: started, watched, started again when it ends (1 s doubling to 30 s), and stopped in good order. */
import type { EmbeddedServer } from '@matchbook/protocol/bridge/embedded';

/** A process, as Electron's utility process and as a test's child process. */
export interface ServerProcess {
  readonly pid: number | undefined;
  onLine(listener: (line: string) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export interface SupervisedParts {
  name: string;
  start(): ServerProcess;
  /** Whatever the server prints besides its ready line. */
  log(line: string): void;
  changed(): void;
  /** It has just become ready to serve. */
  ready(): void;
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** A server that ran for so long is taken for stable: its next end starts the count anew. */
const STABLE = 30_000;
/** A server that is not ready by then is ended, and counts as failed. */
const START_LIMIT = 30_000;
const STOP_LIMIT = 8_000;

export class SupervisedServer {
  #parts: SupervisedParts;
  #state: EmbeddedServer;
  #process: ServerProcess | null = null;
  #timer: { cancel(): void } | null = null;
  #lastLines: string[] = [];
  #stopping: (() => void) | null = null;

  constructor(parts: SupervisedParts) {
    this.#parts = parts;
    this.#state = { state: 'stopped', since: parts.now(), attempt: 0, at: null, pid: null, detail: null };
  }

  get state(): EmbeddedServer {
    return { ...this.#state };
  }

  start(): void {
    this.#timer?.cancel();
    this.#lastLines = [];
    this.#set({ state: 'starting', at: null });
    let process: ServerProcess;
    try {
      process = this.#parts.start();
    } catch (error) {
      this.#again(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#process = process;
    this.#timer = this.#parts.setTimer(() => process.kill(), START_LIMIT);
    process.onLine((line) => this.#hear(process, line));
    process.onExit((code) => {
      if (this.#process !== process) return;
      this.#process = null;
      this.#timer?.cancel();
      if (this.#stopping) {
        this.#set({ state: 'stopped', pid: null, at: null });
        this.#stopping();
        return;
      }
      this.#again(this.#reason(code));
    });
  }

  /** Resolves when it has ended; after a limit it is left to end with this process. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    const process = this.#process;
    if (!process) {
      this.#set({ state: 'stopped', at: null });
      return;
    }
    await new Promise<void>((resolve) => {
      const limit = this.#parts.setTimer(resolve, STOP_LIMIT);
      this.#stopping = () => {
        limit.cancel();
        resolve();
      };
      process.kill();
    });
  }

  #hear(process: ServerProcess, line: string): void {
    if (this.#process !== process) return;
    if (/^\{"ready":true/.test(line)) {
      this.#timer?.cancel();
      this.#set({ state: 'running', pid: process.pid ?? null, detail: null, at: null });
      this.#parts.ready();
      return;
    }
    this.#lastLines = [...this.#lastLines.slice(-2), line];
    this.#parts.log(line);
  }

  #again(detail: string): void {
    const { state, since } = this.#state;
    const stable = state === 'running' && this.#parts.now() - since >= STABLE;
    const attempt = stable ? 1 : this.#state.attempt + 1;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
    this.#set({ state: 'restarting', attempt, pid: null, at: this.#parts.now() + pause, detail });
    this.#timer = this.#parts.setTimer(() => this.start(), pause);
  }

  /** The last line that it printed tells more than a number: a port that is taken, a disk that is full. */
  #reason(code: number | null): string {
    const last = this.#lastLines.at(-1);
    const words = code === null ? 'it was killed' : `it ended with code ${code}`;
    return last && code !== 0 && code !== null ? `${words}: ${last.slice(0, 300)}` : words;
  }

  #set(change: Partial<EmbeddedServer>): void {
    const moved = change.state !== undefined && change.state !== this.#state.state;
    this.#state = { ...this.#state, ...change, ...(moved ? { since: this.#parts.now() } : {}) };
    this.#parts.changed();
  }
}
