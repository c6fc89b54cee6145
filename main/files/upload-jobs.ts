/** Files on their way to servers, a few at once: which are sent, and when one that failed is tried again. */
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { sendFile } from './tus.ts';
import { finalFailure } from './upload-failure.ts';
import type { UploadNotes } from './upload-notes.ts';

/** Files on their way at once, of all accounts. */
const AT_ONCE = 2;
/** Pause before the k-th further try: random(0, min(cap, base * 2^k)), ms. */
const BACKOFF = { base: 1_000, cap: 60_000 } as const;

export interface UploadJobsParts {
  shelf: Shelf;
  server: FileServer;
  notes: UploadNotes;
  now(): number;
  clock(): number;
  random(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
  /** How far one came. */
  progressed(account: string): void;
  /** One is done or failed: what waits for it is looked at before the next begins. */
  ended(account: string): Promise<void>;
  /** No further try can help. Answers whether that is noted: on a full disk it cannot be. */
  refused(account: string, hash: string, failure: LocalFailure): Promise<boolean>;
}

export interface UploadJob {
  account: string;
  hash: string;
  size: number;
  sent: number;
  /** As far as it ever came. */
  farthest: number;
  state: 'waiting' | 'sending' | 'done';
  /** Tries that failed one after the other, and how often what arrived was damaged. */
  tries: number;
  damaged: number;
  failure: LocalFailure | null;
  nextAt: number | null;
  stop: AbortController | null;
  timer: { cancel(): void } | null;
}

export class UploadJobs {
  readonly #parts: UploadJobsParts;
  /** By account and hash, in the order in which they were asked for. */
  readonly #jobs = new Map<string, UploadJob>();
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(parts: UploadJobsParts) {
    this.#parts = parts;
  }

  get(account: string, hash: string): Readonly<UploadJob> | undefined {
    return this.#jobs.get(key(account, hash));
  }

  /** One that goes already goes on. */
  add(account: string, hash: string, size: number): void {
    if (this.#jobs.has(key(account, hash))) return;
    this.#jobs.set(key(account, hash), {
      ...{ account, hash, size, sent: 0, farthest: 0, state: 'waiting', tries: 0, damaged: 0 },
      ...{ failure: null, nextAt: null, stop: null, timer: null },
    });
  }

  /** All of an account but these are ended, in the middle of it too. */
  keep(account: string, hashes: ReadonlySet<string>): void {
    for (const job of [...this.#jobs.values()])
      if (job.account === account && !hashes.has(job.hash)) this.#end(job);
  }

  /** Begins what may begin. */
  start(): void {
    if (this.#closed) return;
    let free = AT_ONCE - [...this.#jobs.values()].filter(({ state }) => state === 'sending').length;
    for (const job of this.#jobs.values()) {
      if (free <= 0) return;
      if (job.state !== 'waiting' || job.nextAt !== null) continue;
      free--;
      const sent = this.#send(job).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
  }

  /** What waits for its next try is tried now. */
  wake(): void {
    for (const job of this.#jobs.values()) {
      if (job.state !== 'waiting' || job.nextAt === null) continue;
      job.tries = 0;
      this.#due(job);
    }
    this.start();
  }

  /** Nothing is sent and nothing written any more when this answers. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#jobs.values()]) this.#end(job);
    await Promise.allSettled(this.#underWay);
  }

  #end(job: UploadJob): void {
    job.stop?.abort();
    job.timer?.cancel();
    const name = key(job.account, job.hash);
    // It may be wanted again already.
    if (this.#jobs.get(name) === job) this.#jobs.delete(name);
  }

  async #send(job: UploadJob): Promise<void> {
    const { account, hash } = job;
    const { server, shelf, notes, clock } = this.#parts;
    const stop = new AbortController();
    Object.assign(job, { state: 'sending', stop, failure: null });
    this.#parts.progressed(account);
    try {
      const note = await notes.valid(account, hash);
      const file = await shelf.find(account, hash);
      if (!file) throw new LocalError('file_missing', 'The file is not on this device any more.');
      if (!note?.done) {
        await sendFile(
          server,
          {
            ...{ account, hash, size: job.size, path: file.path, signal: stop.signal },
            id: note?.id ?? null,
            begun: (id) => notes.write(account, hash, { id, done: false }),
            progress: (sent) => {
              job.sent = sent;
              // Farther than ever: what failed before does not count any more. What comes to the same place again and again waits longer each time.
              if (sent > job.farthest) job.tries = 0;
              job.farthest = Math.max(job.farthest, sent);
              this.#parts.progressed(account);
            },
          },
          clock,
        );
        await notes.write(account, hash, { id: '', done: true });
      }
      Object.assign(job, { state: 'done', sent: job.size, stop: null });
    } catch (error) {
      if (!stop.signal.aborted) await this.#failed(job, asFailure(error), stop.signal);
    }
    if (this.#closed) return;
    await this.#parts.ended(account);
    this.start();
  }

  async #failed(job: UploadJob, failure: LocalFailure, ended: AbortSignal): Promise<void> {
    const { account, hash } = job;
    const { notes, now, random, setTimer } = this.#parts;
    if (failure.kind === 'invalid_field' && failure.field === 'sha256') job.damaged++;
    const final = finalFailure(failure, job.damaged);
    // Where it cannot be noted the outbox still wants it: it is tried again as anything else is, and not at once.
    if (final !== null && (await this.#parts.refused(account, hash, final))) {
      this.#end(job);
      await notes.remove(account, hash).catch(() => {});
      return;
    }
    // The server forgot it, or has it otherwise than we think: asked anew, or begun anew. A note that cannot be taken away is met again by the next try.
    if (failure.kind === 'not_found' || failure.kind === 'invalid_field')
      await notes.remove(account, hash).catch(() => {});
    if (ended.aborted) return;
    const { base, cap } = BACKOFF;
    const jitter = random() * Math.min(cap, base * 2 ** Math.min(job.tries, 10));
    const delay = Math.max(jitter, (failure.retryAfter ?? 0) * 1_000);
    Object.assign(job, {
      state: 'waiting',
      failure,
      tries: job.tries + 1,
      nextAt: now() + delay,
      stop: null,
    });
    job.timer = setTimer(() => {
      this.#due(job);
      this.start();
    }, delay);
  }

  #due(job: UploadJob): void {
    job.timer?.cancel();
    Object.assign(job, { timer: null, nextAt: null });
  }
}

const key = (account: string, hash: string) => `${account}/${hash}`;
