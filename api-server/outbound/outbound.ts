/**
 * What the API causes in the log (profiles, conversations that an invitation opens): written to a table in the causing
 * transaction, appended through the relay in that order, retried for ever. Ids make repeats harmless.
 */
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { LIMITS, RECONNECT } from '@matchbook/protocol/limits';
import { utf8Length } from '@matchbook/protocol/text';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';
import { type AppendVerdict, RefusedRequest, type RelayClient } from './relay-client.ts';

/** Of one request: the relay reads no more than twice a frame. One larger item travels alone. */
const BATCH_BYTES = LIMITS.frameBytes;

/** Between two tries, ms. */
const SHORTEST = 50;

interface Row {
  place: number;
  /** InternalItem as JSON. */
  item: string;
}

export class Outbound {
  #db: Kysely<Database>;
  #relay: RelayClient;
  #log: Logger;
  #now: () => number;
  #random: () => number;
  #failures = 0;
  #running: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  readonly #stop = new AbortController();

  constructor(parts: {
    db: Kysely<Database>;
    relay: RelayClient;
    log: Logger;
    now: () => number;
    random: () => number;
  }) {
    this.#db = parts.db;
    this.#relay = parts.relay;
    this.#log = parts.log;
    this.#now = parts.now;
    this.#random = parts.random;
  }

  /** @param fate `refused`: why they are not even tried; they are dead letters then */
  async add(trx: Trx, items: InternalItem[], { refused }: { refused?: string } = {}): Promise<void> {
    if (items.length === 0) return;
    const createdAt = this.#now();
    const rows = items.map((item) => ({
      // Ids of messages are their authors' to choose.
      id: item.kind === 'message' ? messageKey(item) : item.id,
      item: JSON.stringify(item),
      state: refused === undefined ? ('waiting' as const) : ('refused' as const),
      reason: refused ?? null,
      createdAt,
    }));
    await trx.insertInto('outbound').values(rows).execute();
  }

  /**
   * A message that was refused is put away by its author: what it says is gone, its id stays taken.
   *
   * @returns whether there was one
   */
  async forget(trx: Trx, message: { sender: string; id: string }): Promise<boolean> {
    const { numUpdatedRows } = await trx
      .updateTable('outbound')
      .set({ state: 'dropped', item: '{}' })
      .where('id', '=', messageKey(message))
      .where('state', '=', 'refused')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Items that the relay has not taken yet. */
  async waiting(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('outbound')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** There is something to append; also the start after a restart. */
  wake(): void {
    if (this.#closed) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.#drain().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    // What the relay took meanwhile it takes again, and answers the same.
    this.#stop.abort();
    await this.#running;
  }

  /** Never rejects: the database may be away as well as the relay. */
  async #drain(): Promise<void> {
    try {
      while (!this.#closed) {
        const rows = await this.#db
          .selectFrom('outbound')
          .select(['place', 'item'])
          .where('state', '=', 'waiting')
          .orderBy('place')
          .limit(LIMITS.batchItems)
          .execute();
        const some = fittingOnes(rows);
        if (some.length === 0) return;
        const verdicts = await this.#verdictsOn(some.map(({ item }) => item));
        this.#failures = 0;
        const waits = await this.#record(some, verdicts);
        if (waits) return this.#later();
      }
    } catch (error) {
      if (this.#closed) return;
      this.#log.warn({ err: error }, 'the relay did not take what this server caused; trying again');
      this.#later();
    }
  }

  /** A batch that the relay cannot read is asked for item by item: the one that it means is refused, and holds up nobody. */
  async #verdictsOn(items: string[]): Promise<AppendVerdict[]> {
    try {
      return await this.#relay.append(items, this.#stop.signal);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      const [first] = items;
      if (items.length > 1) return await this.#verdictsOn([first!]);
      return [{ outcome: 'refused', reason: error.message }];
    }
  }

  /**
   * @param verdicts of the first ones, or of all
   * @returns true where an item is to be tried again: the ones behind it wait, so that order holds
   */
  async #record(rows: Row[], verdicts: readonly AppendVerdict[]): Promise<boolean> {
    for (const [i, verdict] of verdicts.entries()) {
      const row = rows[i]!;
      if (verdict.outcome === 'retry') return true;
      if (verdict.outcome === 'refused')
        this.#log.error(
          { place: row.place, reason: verdict.reason },
          'the log refused what this server caused',
        );
      await this.#db
        .updateTable('outbound')
        .set({
          state: verdict.outcome === 'done' ? 'done' : 'refused',
          // The log has it now, and what is deleted there is to be nowhere.
          ...(verdict.outcome === 'done' ? { item: '{}' } : {}),
          reason: verdict.outcome === 'refused' ? verdict.reason : null,
        })
        .where('place', '=', row.place)
        .execute();
    }
    return false;
  }

  #later(): void {
    if (this.#closed) return;
    this.#failures += 1;
    const limit = Math.min(RECONNECT.cap, RECONNECT.base * 2 ** Math.min(this.#failures, 16));
    // Full jitter, with a floor: no failure may become a busy loop.
    const delay = Math.max(SHORTEST, this.#random() * limit);
    this.#timer = setTimeout(() => this.wake(), delay);
    this.#timer.unref();
  }
}

const messageKey = ({ sender, id }: { sender: string; id: string }) => `${sender}/${id}`;

/** The first ones, as many as go into a request. */
function fittingOnes(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const end = rows.findIndex(({ item }, i) => {
    bytes += utf8Length(item);
    return i > 0 && bytes > BATCH_BYTES;
  });
  return end < 0 ? [...rows] : rows.slice(0, end);
}
