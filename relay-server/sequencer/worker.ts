/** The sequencer's thread: owns the log, commits whatever queued while the last group was syncing. */
import { parentPort, workerData } from 'node:worker_threads';
import { LIMITS } from '@matchbook/protocol/limits';
import { failpoints } from './failpoint.ts';
import { commitGroup, takeGroup } from './group.ts';
import { Log } from './log.ts';
import type { AppendLimits, FromWorker, ToWorker } from './messages.ts';

export interface SequencerSettings {
  path: string;
  limits: AppendLimits;
  failpoint: string;
}

/** EX_IOERR: the disk did something that leaves unknown what is stored. The next start reads what is. */
const EXIT_IO = 74;

const port = parentPort!;
const { path, limits, failpoint } = workerData as SequencerSettings;
const hit = failpoints(failpoint, () => process.kill(process.pid, 'SIGKILL'));
const send = (message: FromWorker) => port.postMessage(message);

function open(): Log | null {
  try {
    const log = new Log({ path, limits, now: Date.now, hit });
    send({ type: 'ready', folded: log.folded() });
    return log;
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

const log = open();
const queue: ToWorker[] = [];
let scheduled = false;

function drain(): void {
  scheduled = false;
  if (!log || queue.length === 0) return;
  const group = takeGroup(queue, LIMITS.groupEntries);
  try {
    const result = commitGroup(
      log,
      group.map((one) => one.request),
      report,
    );
    hit('before_ack');
    send({ type: 'group', refs: group.map((one) => one.ref), result });
    log.checkpoint();
  } catch (error) {
    report(error);
    process.exit(EXIT_IO);
  }
  if (queue.length > 0) schedule();
}

// A turn between groups lets everything in that arrived while the last one was syncing.
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(drain);
}

function report(error: unknown): void {
  const { message, errcode } = error as { message?: string; errcode?: number };
  process.stderr.write(`${JSON.stringify({ level: 50, msg: 'append failed', error: message, errcode })}\n`);
}

port.on('message', (message: ToWorker | 'close') => {
  if (message === 'close') {
    while (queue.length > 0) drain();
    log?.close();
    port.close();
    return;
  }
  queue.push(message);
  schedule();
});
