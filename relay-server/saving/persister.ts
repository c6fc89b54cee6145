import type { SavedItem } from '@matchbook/protocol/frames';
import { type Progress, SaveConflict, SaveResult } from '@matchbook/protocol/http/saving';
import { LIMITS } from '@matchbook/protocol/limits';
import { Compile } from 'typebox/compile';
import type { HubItem } from '../forwarding/hub.ts';
import type { Batch, DelayedEntry } from '../reader/messages.ts';
import type { LogReading } from '../reader/port.ts';
import { SAVE_BYTES } from '../reader/saving.ts';
import type { LogHead, SavedRequest } from '../sequencer/messages.ts';
import { idOf, saveJson } from '../sequencer/rows.ts';
import type { Api } from './api-client.ts';

const TIMEOUT = 30_000;
const BACKOFF = { base: 500, cap: 30_000 };
/** An entry that is not saved after this long has its sender told, once. */
const DELAYED_AFTER = 10_000;
const DELAYED_CHECK = 1_000;
/** A batch that is not full waits this long after the one before it began (ms): few large ones cost less than many small ones. */
const GATHER = 25;
/** The longest pause between two batches of a backlog (ms). */
const LONGEST_REST = 250;

const result = Compile(SaveResult);
const conflict = Compile(SaveConflict);

export interface PersisterOptions {
  api: Api;
  reader: LogReading;
  head: () => LogHead;
  /** What was committed after a seq, at most so much, where that is still in memory. */
  recent: (after: number, count: number) => readonly HubItem[] | null;
  /** Called with what a batch brought: the API's place, entries it saved, entries it refused for good. */
  moved: (progress: { seq: number; saved: number; dead: number }) => void;
  /** For tests that end the process before and after a batch. */
  hit: (point: 'before_save' | 'after_save') => void;
  /** The API's progress as the log remembers it, for this epoch. */
  savedSeq: number;
  /** Keeps progress and dead letters in the log. False where it could not. */
  keep: (request: SavedRequest) => Promise<boolean>;
  /** Tells the devices of a sender. */
  tell: (user: string, items: SavedItem[]) => void;
  /** The API has more of this epoch than the log: the log was set back. */
  onForked: (apiSeq: number) => void;
  report: (details: object, message: string) => void;
  now: () => number;
  random: () => number;
}

/**
 * Drains the log into the API, in order, for ever. Progress is what the API says. Only its verdict on an item makes a dead letter; a refusal of
 * the whole batch is the server's fault and is tried again with full jitter.
 */
export class Persister {
  readonly #options: PersisterOptions;
  #saved: number;
  #delayed = 0;
  #attempt = 0;
  #running = false;
  #again = false;
  #closed = false;
  #retry: NodeJS.Timeout | null = null;
  #failingSince: number | null = null;
  #behindSince: number | null = null;
  #begunAt = Number.NEGATIVE_INFINITY;
  #checking = false;
  readonly #delayTimer: NodeJS.Timeout;

  constructor(options: PersisterOptions) {
    this.#options = options;
    this.#saved = options.savedSeq;
    this.#delayTimer = setInterval(() => void this.#tellDelayed(), DELAYED_CHECK);
    this.#delayTimer.unref();
  }

  /** How far the API has saved, and until where delays were told. */
  get progress(): { saved: number; delayed: number } {
    return { saved: this.#saved, delayed: this.#delayed };
  }

  /** For how long it has not come to the head (ms). */
  get lag(): number {
    return this.#behindSince === null ? 0 : this.#options.now() - this.#behindSince;
  }

  /** Batches are refused as a whole. */
  get failing(): boolean {
    return this.#failingSince !== null;
  }

  /** The log has grown. Never waits for the timer of a retry. */
  wake(): void {
    if (this.#closed || this.#retry) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#behindSince ??= this.#options.now();
    void this.#drain().finally(() => {
      this.#running = false;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** A new epoch: the API has nothing of it. */
  restart(): void {
    this.#saved = 0;
    this.#delayed = 0;
    this.wake();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#delayTimer);
    if (this.#retry) clearTimeout(this.#retry);
  }

  async #drain(): Promise<void> {
    const { reader, head, report } = this.#options;
    try {
      while (!this.#closed && this.#saved < head().seq) {
        await this.#gather();
        if (this.#closed) return;
        const recent = this.#recent();
        const batch = recent ?? (await reader.ask({ type: 'batch', after: this.#saved }));
        this.#begunAt = this.#options.now();
        if (!(await this.#save(batch))) return;
        // A backlog of hours leaves more than half of the time to what is live.
        if (!recent) await this.#rest(1.5 * (this.#options.now() - this.#begunAt));
      }
      this.#behindSince = null;
    } catch (error) {
      report({ error: (error as Error).message }, 'the log could not be read for the API');
      this.#later();
    }
  }

  async #rest(ms: number): Promise<void> {
    const wait = Math.min(LONGEST_REST, Math.max(0, ms));
    if (!this.#closed && wait > 0)
      await new Promise<void>((resolve) => {
        setTimeout(resolve, wait).unref();
      });
  }

  /** Lets a batch fill. */
  async #gather(): Promise<void> {
    const waited = this.#options.now() - this.#begunAt;
    if (waited >= GATHER || waited < 0 || this.#options.head().seq - this.#saved >= LIMITS.groupEntries)
      return;
    await this.#rest(GATHER - waited);
  }

  /** The next batch from memory, without the log being read. */
  #recent(): Batch | null {
    const recent = this.#options.recent(this.#saved, LIMITS.groupEntries);
    if (!recent || recent.length === 0) return null;
    const batch: Batch = { items: [], entries: [], upTo: this.#saved };
    let size = 0;
    for (const { seq, hash, json, n, user } of recent) {
      if (json !== '') {
        if (size > 0 && size + json.length > SAVE_BYTES) break;
        batch.items.push(saveJson(seq, hash, json));
        size += json.length;
        if (n > 0) batch.entries.push({ seq, id: idOf(json), sender: user });
      }
      batch.upTo = seq;
    }
    return batch;
  }

  /** True where there is progress. */
  async #save(batch: Batch): Promise<boolean> {
    const { epoch, seq: headSeq } = this.#options.head();
    const body = `{"epoch":"${epoch}","after":${this.#saved},"items":[${batch.items.join(',')}],"upTo":${batch.upTo}}`;
    const { api, report } = this.#options;
    this.#options.hit('before_save');
    const answer = await api.request({ method: 'POST', path: '/api/messages/save', body, timeout: TIMEOUT });
    if (this.#closed || epoch !== this.#options.head().epoch) return false;
    if (answer.ok && answer.status === 200 && result.Check(answer.body)) {
      const { progress, verdicts } = answer.body;
      this.#options.hit('after_save');
      const rejected = verdicts.filter((one) => one.verdict === 'rejected');
      await this.#settle(batch, rejected, progress);
      if (progress.epoch === epoch && progress.seq > this.#saved) return this.#moveTo(progress.seq, headSeq);
    } else if (answer.ok && answer.status === 409 && conflict.Check(answer.body)) {
      const { progress, rejected = [] } = answer.body;
      const place = placeIn(epoch, progress);
      // An answer was lost: what it said of this batch is said again.
      if (place > this.#saved && place <= headSeq) await this.#settle(batch, rejected, progress);
      if (place !== this.#saved) return this.#moveTo(place, headSeq);
    }
    report(
      { status: answer.status, ...('message' in answer ? { error: answer.message } : {}) },
      'batch not saved',
    );
    this.#later();
    return false;
  }

  #moveTo(seq: number, headSeq: number): boolean {
    if (seq > headSeq && seq > this.#options.head().seq) {
      this.#options.onForked(seq);
      this.#later();
      return false;
    }
    this.#saved = seq;
    this.#attempt = 0;
    this.#failingSince = null;
    return true;
  }

  /** Dead letters and progress go into the log together; then the senders hear of it. */
  async #settle(
    { entries }: Batch,
    rejected: { seq: number; reason?: string }[],
    progress: Progress,
  ): Promise<void> {
    const reasons = new Map(rejected.map(({ seq, reason }) => [seq, reason ?? 'rejected']));
    const dead = [...reasons].map(([seq, reason]) => ({ seq, reason }));
    const kept = await this.#options.keep({ type: 'saved', seq: progress.seq, dead });
    if (!kept) this.#options.report({ seq: progress.seq, dead: dead.length }, 'progress not kept');
    const done = entries.filter(({ seq }) => seq <= progress.seq);
    const saved = done.filter(({ seq }) => !reasons.has(seq)).length;
    this.#options.moved({ seq: progress.seq, saved, dead: dead.length });
    this.#tell(done, ({ id, seq }) => {
      const reason = reasons.get(seq);
      return reason === undefined ? { id, state: 'saved' } : { id, state: 'save_failed', reason };
    });
  }

  #tell(entries: DelayedEntry[], itemOf: (entry: DelayedEntry) => SavedItem): void {
    const bySender = new Map<string, SavedItem[]>();
    for (const entry of entries) {
      const items = bySender.get(entry.sender);
      if (items) items.push(itemOf(entry));
      else bySender.set(entry.sender, [itemOf(entry)]);
    }
    for (const [sender, items] of bySender) this.#options.tell(sender, items);
  }

  #later(): void {
    if (this.#closed || this.#retry) return;
    this.#failingSince ??= this.#options.now();
    const limit = Math.min(BACKOFF.cap, BACKOFF.base * 2 ** Math.min(this.#attempt, 10));
    this.#attempt += 1;
    // Full jitter, with a floor: no failure may become a busy loop.
    const wait = Math.max(50, this.#options.random() * limit);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.wake();
    }, wait);
    this.#retry.unref();
  }

  async #tellDelayed(): Promise<void> {
    if (this.#checking || this.#failingSince === null) return;
    this.#checking = true;
    try {
      const after = Math.max(this.#saved, this.#delayed);
      const before = this.#options.now() - DELAYED_AFTER;
      const { entries, upTo } = await this.#options.reader.ask({ type: 'delayed', after, before });
      this.#delayed = upTo;
      const unsaved = entries.filter(({ seq }) => seq > this.#saved);
      this.#tell(unsaved, ({ id }) => ({ id, state: 'save_delayed' }));
    } catch (error) {
      this.#options.report({ error: (error as Error).message }, 'delays could not be told');
    } finally {
      this.#checking = false;
    }
  }
}

/** The API's place in an epoch: none, where it is in another one. */
export function placeIn(epoch: string, progress: Progress): number {
  return progress.epoch === epoch ? progress.seq : 0;
}
