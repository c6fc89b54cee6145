/**
 * Whose a bucket is. A server erases what its database does not know, so that two in one bucket would erase each other's files: the first one leaves a note with
 * its id there, and every other one keeps away.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Store, Trx } from '../db/store.ts';
import { BlobFailure } from './blob-failures.ts';
import type { BlobStore } from './blob-store.ts';

/** In the table of settings, where no setting has a dot: it goes along with the database wherever that goes. */
const ID_SETTING = 'server.id';

/** The bucket is another server's. */
export class NotOurs extends Error {
  constructor(other: string) {
    super(
      `The bucket of API_S3_BUCKET holds the files of another server (${other.slice(0, 64)}). A server erases what it does not know: give this one a bucket of its own, or, where the other one is gone for good, run the command take-bucket once.`,
    );
  }
}

/** Made at the first call. */
export function serverId(store: Store): Promise<string> {
  return store.write(async (trx) => {
    const known = await trx
      .selectFrom('setting')
      .select('value')
      .where('name', '=', ID_SETTING)
      .executeTakeFirst();
    return known?.value ?? (await renewId(trx));
  });
}

/** A copy of a server is another server. */
export async function renewId(trx: Trx): Promise<string> {
  const value = randomUUID();
  await trx
    .insertInto('setting')
    .values({ name: ID_SETTING, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
  return value;
}

/**
 * Takes a bucket that is nobody's.
 *
 * @param take also one that is another server's
 * @throws NotOurs
 * @throws BlobFailure where the store cannot be asked now
 */
export async function claim(store: Store, { marker }: BlobStore, { take = false } = {}): Promise<void> {
  if (!marker) return;
  const id = await serverId(store);
  const found = await marker.read();
  if (found === id) return;
  if (found !== null && !take) throw new NotOurs(found);
  await marker.write(id);
  // Of two at once the later one has it.
  const now = await marker.read();
  if (now !== id) throw new NotOurs(now ?? 'nobody');
}

/** The same at a start, which a store that is away does not hold up: before anything is erased it is asked again. */
export async function claimAtStart(store: Store, blobs: BlobStore, log: Logger): Promise<void> {
  try {
    await claim(store, blobs);
  } catch (error) {
    if (!(error instanceof BlobFailure)) throw error;
    log.warn({ err: error }, 'whose the bucket is cannot be asked now; nothing is erased until it can');
  }
}
