/**
 * Rounds over all stored files, so that bytes that rotted or that somebody took away are found while a backup still has them. How far a round is and what it found
 * are in the database: a restart goes on, and every admin sees the same.
 */
import type { FileCheck } from '@matchbook/protocol/http/admin';
import type { Logger } from 'pino';
import type { ScrubRow } from '../db/schema.ts';
import type { Store, Trx } from '../db/store.ts';
import type { BlobStore } from './blob-store.ts';
import { type Fault, faultsOf, Pace } from './checking.ts';

/** Files after which the place is noted. */
const NOTED = 50;
/** How often it is looked whether a round is due; the first look leaves a start alone, ms. */
const LOOK = 60 * 60_000;
const FIRST_LOOK = 5 * 60_000;
const DAY = 24 * 60 * 60_000;

export interface ScrubParts {
  store: Store;
  blobs: BlobStore;
  now: () => number;
}

/** Told of every file that is not as its name says, or is well again. */
export type Told = (hash: string, faults: readonly Fault[]) => void;

/**
 * The rest of the round that is under way, or a new one.
 *
 * @param fresh a round of its own over everything, whatever a running server is doing
 * @param rate bytes a second
 * @param stopped asked between files
 * @returns the round; `finishedAt` is null where it was stopped
 * @throws BlobFailure where the file store cannot be asked now; the round goes on from there next time
 */
export async function round(
  { store, blobs, now }: ScrubParts,
  {
    rate,
    stopped,
    told,
    fresh = false,
  }: { rate: number; stopped: () => boolean; told: Told; fresh?: boolean },
): Promise<FileCheck> {
  const { db } = store;
  const pace = new Pace(rate);
  const state = fresh ? newRound(now()) : await store.write((trx) => begun(trx, now()));
  while (!stopped()) {
    const rows = await db
      .selectFrom('file')
      .select(['hash', 'thumbnail'])
      .where('hash', '>', state.checkedTo)
      .orderBy('hash')
      .limit(NOTED)
      .execute();
    for (const row of rows) {
      if (stopped()) break;
      const { faults, bytes } = await faultsOf(blobs, row, pace);
      const changed = await note(store, row.hash, faults, now());
      if (changed) told(row.hash, faults);
      state.checkedTo = row.hash;
      state.files += 1;
      state.bytes += bytes;
    }
    if (rows.length < NOTED && !stopped()) state.finishedAt = now();
    if (!fresh || state.finishedAt !== null)
      await store.write(async (trx) => {
        await trx.deleteFrom('scrub').execute();
        await trx.insertInto('scrub').values(state).execute();
      });
    if (state.finishedAt !== null) break;
  }
  const { checkedTo: _, ...check } = state;
  return check;
}

/** The one that was not finished, else the first of a new one. */
async function begun(trx: Trx, now: number): Promise<ScrubRow> {
  const row = await trx.selectFrom('scrub').selectAll().executeTakeFirst();
  if (row && row.finishedAt === null) return row;
  return newRound(now);
}

const newRound = (startedAt: number): ScrubRow => ({
  ...{ startedAt, checkedTo: '', files: 0, bytes: 0 },
  finishedAt: null,
});

/** @returns whether it is another thing than what was known */
async function note(store: Store, hash: string, faults: readonly Fault[], foundAt: number): Promise<boolean> {
  const known = await store.db.selectFrom('fileFault').selectAll().where('hash', '=', hash).execute();
  const text = (list: readonly Fault[]) =>
    list
      .map(({ part, what }) => `${part} ${what}`)
      .sort()
      .join();
  if (text(known) === text(faults)) return false;
  return store.write(async (trx) => {
    await trx.deleteFrom('fileFault').where('hash', '=', hash).execute();
    // One that was erased meanwhile is missing with reason.
    if (!(await trx.selectFrom('file').select('hash').where('hash', '=', hash).executeTakeFirst()))
      return false;
    for (const fault of faults)
      await trx
        .insertInto('fileFault')
        .values({ ...fault, hash, foundAt })
        .execute();
    return true;
  });
}

/** Rounds of a running server: now and then, and when an admin asks for one. */
export class Scrub {
  readonly #parts: ScrubParts & { log: Logger };
  readonly #rate: number;
  /** Between the end of one round and the next, ms; 0: only when asked. */
  readonly #every: number;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: ScrubParts & { log: Logger; rate: number; days: number }) {
    this.#parts = parts;
    this.#rate = parts.rate;
    this.#every = parts.days * DAY;
  }

  start(): void {
    this.#later(FIRST_LOOK);
  }

  /** Now, unless one is under way. */
  begin(): void {
    if (this.#closed) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #later(wait: number): void {
    if (this.#every === 0) return;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#later(LOOK)), wait);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    try {
      const last = await this.#parts.store.db.selectFrom('scrub').selectAll().executeTakeFirst();
      if (!last?.finishedAt || last.finishedAt + this.#every <= this.#parts.now()) this.begin();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'it is not known when files were checked last');
    }
  }

  async #run(): Promise<void> {
    const { log } = this.#parts;
    try {
      const check = await round(this.#parts, {
        rate: this.#rate,
        stopped: () => this.#closed,
        told: (hash, faults) => {
          if (faults.length > 0) log.error({ hash, faults }, 'a stored file is not as its name says');
          else log.info({ hash }, 'a stored file is well again');
        },
      });
      if (check.finishedAt !== null) log.info(check, 'all stored files were checked');
    } catch (error) {
      log.warn({ err: error }, 'stored files cannot be checked now; goes on later');
    }
  }
}
