import { Worker } from 'node:worker_threads';
import { refused, weight } from './group.ts';
import type { FoldedState, FromWorker, GroupResult, ItemOutcome, LogRequest, ToWorker } from './messages.ts';
import type { SequencerSettings } from './worker.ts';

/** Items that may be on their way to the log; beyond, appends are refused as retryable. */
const PENDING_ITEMS = 20_000;

interface Waiting {
  request: LogRequest;
  resolve: (outcomes: ItemOutcome[]) => void;
}

/** Main's face of the sequencer. */
export class Sequencer {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #ref = 0;
  #pending = 0;
  #onGroup: (result: GroupResult) => void = () => {};
  #closing: (() => void) | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /**
   * @param entry the worker's file
   * @param onExit the worker ended without being asked; the process must end with this code
   */
  static async start(
    entry: URL,
    settings: SequencerSettings,
    onExit: (code: number) => void,
  ): Promise<{ sequencer: Sequencer; folded: FoldedState }> {
    const worker = new Worker(entry, { workerData: settings });
    const sequencer = new Sequencer(worker);
    const folded = await new Promise<FoldedState>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(message.folded);
        else if (message.type === 'failed') reject(new Error(message.message));
        else sequencer.#settle(message.refs, message.result);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`The sequencer ended with ${code}.`));
        if (sequencer.#closing) sequencer.#closing();
        else onExit(code || 1);
      });
    });
    return { sequencer, folded };
  }

  /** Called with each group in log order, before its requests are answered. */
  onGroup(listener: (result: GroupResult) => void): void {
    this.#onGroup = listener;
  }

  /** Answers once it is durable or refused; never rejects. */
  submit(request: LogRequest): Promise<ItemOutcome[]> {
    const items = weight(request);
    if (this.#closing || this.#pending + items > PENDING_ITEMS) return Promise.resolve(refused(request));
    return new Promise((resolve) => {
      const ref = ++this.#ref;
      this.#pending += items;
      this.#waiting.set(ref, { request, resolve });
      this.#worker.postMessage({ ref, request } satisfies ToWorker);
    });
  }

  /** Commits what queued, then ends the worker. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      this.#worker.postMessage('close');
    });
  }

  #settle(refs: number[], result: GroupResult): void {
    this.#onGroup(result);
    refs.forEach((ref, i) => {
      const waiting = this.#waiting.get(ref);
      if (!waiting) return;
      this.#waiting.delete(ref);
      this.#pending -= weight(waiting.request);
      waiting.resolve(result.outcomes[i] ?? []);
    });
  }
}
