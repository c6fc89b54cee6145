import { Worker } from 'node:worker_threads';
import { refused, weight } from './group.ts';
import type {
  FoldedState,
  FrameAnswers,
  FromWorker,
  GroupCommit,
  ItemOutcome,
  LogRequest,
  ToWorker,
} from './messages.ts';
import { type GroupMessage, type PackedGroup, unpack } from './packed.ts';
import type { SequencerSettings } from './worker.ts';

/** What may be on its way to the log at once: frames and requests, and their bytes. Beyond, appends are refused as retryable. */
const PENDING = { requests: 20_000, bytes: 64 * 1024 * 1024 };

interface Waiting {
  request: LogRequest;
  resolve: (outcomes: ItemOutcome[]) => void;
}

/** Main's face of the sequencer. What is asked for in one turn crosses to its thread in one message. */
export class Sequencer {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #ref = 0;
  #pending = 0;
  #batch: ToWorker[] = [];
  /** Frames that were sent and not answered. */
  #frameCount = 0;
  #frameBytes = 0;
  #onGroup: (group: GroupCommit) => void = () => {};
  #onAnswers: (answers: FrameAnswers) => void = () => {};
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
      worker.on('message', (message: Exclude<FromWorker, { type: 'group' }> | PackedGroup) => {
        if (message.type === 'ready') resolve(message.folded);
        else if (message.type === 'failed') reject(new Error(message.message));
        else sequencer.#settle(unpack(message));
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

  /** Items and frames on their way. */
  get pending(): number {
    return this.#pending + this.#frameCount;
  }

  /** Called with each group in log order, before its requests are answered. */
  onGroup(listener: (group: GroupCommit) => void): void {
    this.#onGroup = listener;
  }

  /** Called with the answers to a connection's frames, after the group they are in. */
  onAnswers(listener: (answers: FrameAnswers) => void): void {
    this.#onAnswers = listener;
  }

  /** Answers once it is durable or refused; never rejects. */
  submit(request: LogRequest): Promise<ItemOutcome[]> {
    const items = weight(request);
    if (this.#closing || this.pending + items > PENDING.requests) return Promise.resolve(refused(request));
    return new Promise((resolve) => {
      const ref = ++this.#ref;
      this.#pending += items;
      this.#waiting.set(ref, { request, resolve });
      this.#post({ ref, request });
    });
  }

  /** Introduces a connection whose frames will come. */
  join(peer: number, user: string, device: string): void {
    this.#post({ peer, user, device });
  }

  leave(peer: number): void {
    this.#post({ peer, gone: true });
  }

  /** An append frame as it came. False where there is no room for it now. */
  frame(peer: number, frame: string | Uint8Array): boolean {
    if (this.#closing || this.pending >= PENDING.requests) return false;
    if (this.#frameBytes + frame.length > PENDING.bytes) return false;
    this.#frameCount += 1;
    this.#frameBytes += frame.length;
    this.#post({ peer, frame });
    return true;
  }

  /** Commits what queued, then ends the worker. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#closing = resolve;
      this.#post('close');
    });
  }

  #post(message: ToWorker): void {
    this.#batch.push(message);
    if (this.#batch.length > 1) return;
    setImmediate(() => {
      const batch = this.#batch;
      this.#batch = [];
      this.#worker.postMessage(batch);
    });
  }

  #settle({ refs, outcomes, answers, group }: GroupMessage): void {
    this.#onGroup(group);
    refs.forEach((ref, i) => {
      const waiting = this.#waiting.get(ref);
      if (!waiting) return;
      this.#waiting.delete(ref);
      this.#pending -= weight(waiting.request);
      waiting.resolve(outcomes[i] ?? []);
    });
    for (const one of answers) {
      this.#frameCount -= one.frames;
      this.#frameBytes -= one.size;
      this.#onAnswers(one);
    }
  }
}
