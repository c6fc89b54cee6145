/** The database as the rooms of this server see it. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { DialectName } from './dialects.ts';
import type { Database } from './schema.ts';

export type Trx = Transaction<Database>;

export interface Store {
  readonly dialect: DialectName;
  /** For reading. What changes something goes through `write`. */
  readonly db: Kysely<Database>;
  /**
   * A transaction that happens as if it were alone, whatever others do meanwhile, and is durable when this resolves. The work may be done more than once:
   * it changes nothing but the database.
   *
   * @throws FailureError `storage_unavailable` where the database is full, away, or too busy for too long
   */
  write<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Whether what a query threw may be otherwise soon, without anybody changing the request. */
  isUnavailable(error: unknown): boolean;
  /** Whether what a query threw is the fault of the values that it was given: it will be the same again. */
  blamesValues(error: unknown): boolean;
  close(): Promise<void>;
}

/** A query that does nothing: whether the database answers. */
export const ping = (db: Kysely<Database>) => sql`SELECT 1`.execute(db);

/** Tries of one transaction before it is given up as retryable, and the longest pause between two, ms. */
export const TRIES = 8;
const LONGEST_PAUSE = 200;

/** Runs it until it neither collides with another one nor fails otherwise. */
export async function untilAlone<T>(
  work: () => Promise<T>,
  collides: (error: unknown) => boolean,
  pause: (ms: number) => Promise<unknown> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => number = Math.random,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!collides(error) || tried === TRIES) throw error;
      await pause(random() * Math.min(LONGEST_PAUSE, 5 * 2 ** tried));
    }
  }
}
