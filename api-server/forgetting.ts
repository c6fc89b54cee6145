/** Forgets, now and then, rows that have done their work: without it they would grow for ever. */
import type { Logger } from 'pino';
import type { Store } from './db/store.ts';

const DAY = 24 * 60 * 60_000;
/**
 * What the log took, or an admin let go. The log knows its ids for ever.
 * Refused items stay: an admin is to see them.
 */
export const OUTBOUND_KEPT = 30 * DAY;
/**
 * After its end no token of a session counts for longer than a day; so long a copy of a device that lags behind is still told that another one went on
 * (docs/decisions/0015), later that the session has ended.
 */
export const ENDED_SESSIONS_KEPT = 180 * DAY;
/** Between two rounds, ms. */
const ROUND = 60 * 60_000;
/** In one transaction; others have their turn between two. */
const AT_ONCE = 1_000;

export class Forgetting {
  readonly #parts: { store: Store; log: Logger; now: () => number };
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: { store: Store; log: Logger; now: () => number }) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#round();
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#round());
    }, ROUND);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  /** Never rejects: what is not forgotten now is in the next round. */
  async #round(): Promise<void> {
    let forgotten = 0;
    try {
      for (const forget of [this.#outbound, this.#sessions]) {
        let count = AT_ONCE;
        while (!this.#closed && count === AT_ONCE) {
          count = await forget.call(this);
          forgotten += count;
        }
      }
      this.#parts.log.debug({ forgotten }, 'rows that had done their work');
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'rows that have done their work cannot be forgotten now');
    }
  }

  /** @returns how many were forgotten, of those that were looked at: places climb with time, so that the first ones are the oldest */
  async #outbound(): Promise<number> {
    const { store, now } = this.#parts;
    const before = now() - OUTBOUND_KEPT;
    const rows = await store.db
      .selectFrom('outbound')
      .select(['place', 'createdAt'])
      .where('state', 'in', ['done', 'dropped'])
      .orderBy('place')
      .limit(AT_ONCE)
      .execute();
    const places = rows.filter(({ createdAt }) => createdAt < before).map(({ place }) => place);
    if (places.length > 0)
      await store.write((trx) =>
        trx
          .deleteFrom('outbound')
          .where('place', 'in', places)
          .where('state', 'in', ['done', 'dropped'])
          .execute(),
      );
    return places.length;
  }

  async #sessions(): Promise<number> {
    const { store, now } = this.#parts;
    const rows = await store.db
      .selectFrom('session')
      .select('sid')
      .where('ended', 'is not', null)
      .where('endedAt', '<', now() - ENDED_SESSIONS_KEPT)
      .orderBy('endedAt')
      .limit(AT_ONCE)
      .execute();
    const sids = rows.map(({ sid }) => sid);
    if (sids.length > 0)
      await store.write((trx) => trx.deleteFrom('session').where('sid', 'in', sids).execute());
    return sids.length;
  }
}
