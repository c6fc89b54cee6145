/** The sequencer's thread: owns the log, commits whatever queued while the last group was syncing. */
import { parentPort, workerData } from 'node:worker_threads';
import { LIMITS } from '@matchbook/protocol/limits';
import { failpoints } from './failpoint.ts';
import { AppendFrames, answerTexts, type ReadyFrame } from './frames.ts';
import { commitGroup, copyBack, takeGroup } from './group.ts';
import { Log } from './log.ts';
import type {
  AppendLimits,
  FrameAnswers,
  FromWorker,
  GroupResult,
  ItemOutcome,
  LogRequest,
  ToWorker,
} from './messages.ts';
import { pack } from './packed.ts';
import { RateLimits, type Rates } from './rates.ts';

export interface SequencerSettings {
  path: string;
  limits: AppendLimits;
  batchItems: number;
  rates: Rates;
  failpoint: string;
}

/** One thing to be committed: a request that is answered by its number, or a frame that is answered by its connection. */
type Queued =
  | { request: LogRequest; ref: number; refused: ReadyFrame['refused'] }
  | { request: ReadyFrame['request']; peer: number; size: number; refused: ReadyFrame['refused'] };

/** EX_IOERR: the disk did something that leaves unknown what is stored. The next start reads what is. */
const EXIT_IO = 74;
const port = parentPort!;
const settings = workerData as SequencerSettings;
const { path, limits } = settings;
const hit = failpoints(settings.failpoint, () => process.kill(process.pid, 'SIGKILL'));
const send = (message: FromWorker) => port.postMessage(message);
const frames = new AppendFrames(new RateLimits(settings.rates), settings.batchItems, () => performance.now());

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
const queue: Queued[] = [];
/** What could not be understood; told with the next group. */
let faults: FrameAnswers[] = [];
/**
 * What a group waits at most for as many frames as the one before it had (ms). Under load those who write are answered together and write again together: one
 * commit, and one write a device, for all of them. Where it is quiet the one before had one, and nothing waits.
 */
const GATHER = 2;
let expected = 0;
/** Frames in the queue. */
let waiting = 0;
let timer: NodeJS.Timeout | null = null;
let scheduled = false;

function drain(): void {
  scheduled = false;
  if (timer) clearTimeout(timer);
  timer = null;
  if (!log || (queue.length === 0 && faults.length === 0)) return;
  const group = takeGroup(queue, LIMITS.groupEntries);
  expected = group.reduce((count, one) => count + ('peer' in one ? 1 : 0), 0);
  waiting -= expected;
  const begun = performance.now();
  try {
    const result =
      group.length === 0
        ? { outcomes: [], committed: [], head: log.head, repeated: 0 }
        : commitGroup(
            log,
            group.map((one) => one.request),
            report,
          );
    const took = performance.now() - begun;
    hit('before_ack');
    tell(group, result, took);
    copyBack(log, report);
  } catch (error) {
    report(error);
    process.exit(EXIT_IO);
  }
  if (queue.length > 0) schedule();
}

function tell(
  group: readonly Queued[],
  { outcomes, committed, head, repeated }: GroupResult,
  took: number,
): void {
  const refs: number[] = [];
  const told: ItemOutcome[][] = [];
  const answers = new Map<number, FrameAnswers>();
  for (const one of faults) addAnswer(answers, one);
  faults = [];
  let items = 0;
  group.forEach((one, i) => {
    const outcome = outcomes[i] ?? [];
    items += outcome.length;
    if ('peer' in one) {
      const { peer, size, request, refused } = one;
      addAnswer(answers, { peer, size, frames: 1, texts: answerTexts(request.conv, outcome, refused) });
    } else {
      refs.push(one.ref);
      told.push([...outcome, ...one.refused.map((late) => ({ ok: false as const, ...late }))]);
    }
  });
  const stats = { items, repeated, took };
  const message = { refs, outcomes: told, answers: [...answers.values()], group: { committed, head, stats } };
  port.postMessage(pack({ type: 'group', ...message }));
}

function addAnswer(answers: Map<number, FrameAnswers>, one: FrameAnswers): void {
  const there = answers.get(one.peer);
  if (!there) {
    answers.set(one.peer, one);
    return;
  }
  there.texts.push(...one.texts);
  there.frames += one.frames;
  there.size += one.size;
  if (one.failure) there.failure ??= one.failure;
}

// A turn between groups lets everything in that arrived while the last one was syncing.
function schedule(): void {
  if (scheduled) return;
  if (expected > 1 && waiting < expected) {
    timer ??= setTimeout(drain, GATHER);
    return;
  }
  scheduled = true;
  setImmediate(drain);
}

function report(error: unknown): void {
  const { message, errcode } = error as { message?: string; errcode?: number };
  process.stderr.write(`${JSON.stringify({ level: 50, msg: 'append failed', error: message, errcode })}\n`);
}

function take(message: Exclude<ToWorker, 'close'>): void {
  if ('request' in message) {
    const { request, ref } = message;
    const ready = request.type === 'append' ? frames.limit(request) : { request, refused: [] };
    queue.push({ ref, ...ready });
  } else if ('user' in message) {
    frames.join(message.peer, message.user, message.device);
  } else if ('gone' in message) {
    frames.leave(message.peer);
  } else {
    const { peer, frame } = message;
    const size = frame.length;
    const read = frames.read(peer, frame);
    if (read && 'request' in read) {
      queue.push({ peer, size, ...read });
      waiting += 1;
    } else faults.push({ peer, texts: [], frames: 1, size, ...(read ? { failure: read } : {}) });
  }
}

port.on('message', (batch: ToWorker[]) => {
  for (const message of batch) {
    if (message === 'close') {
      while (queue.length > 0) drain();
      log?.close();
      port.close();
      return;
    }
    take(message);
  }
  schedule();
});
