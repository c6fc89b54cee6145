/** Items of the log that this server refused: kept as they came, so that an admin can look, have them tried again after a repair, or let them go. */
import type { DeadLetter } from '@matchbook/protocol/http/admin';
import type { SaveBatch, SaveItem } from '@matchbook/protocol/http/saving';
import type { Kysely } from 'kysely';
import { insertMany } from '../db/bulk.ts';
import type { Database } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

export async function keepDeadLetters(
  trx: Trx,
  { epoch, items }: SaveBatch,
  reasons: ReadonlyMap<number, string>,
  createdAt: number,
): Promise<void> {
  const dead = items.flatMap(({ seq, hash, item }) => {
    const reason = reasons.get(seq);
    if (reason === undefined) return [];
    return [{ ...{ epoch, seq, reason, createdAt }, hash: hash ?? null, item: JSON.stringify(item) }];
  });
  await insertMany(trx, 'deadLetter', dead, (insert) =>
    insert.onConflict((conflict) => conflict.doNothing()),
  );
}

/** The newest first. */
export async function deadLetters(
  db: Kysely<Database>,
  { limit, before }: { limit: number; before: number },
): Promise<DeadLetter[]> {
  const rows = await db
    .selectFrom('deadLetter')
    .selectAll()
    .where('place', '<', before)
    .orderBy('place', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ place, epoch, seq, reason, createdAt, item }) => ({
    ...{ place, epoch, seq, reason, createdAt },
    item: withoutBody(JSON.parse(item) as object),
  }));
}

/** What an admin needs to see, which is not what people wrote. */
function withoutBody(item: object): object {
  if (!('body' in item)) return item;
  const { body, ...rest } = item as { body: unknown };
  return { ...rest, bodyBytes: Buffer.byteLength(JSON.stringify(body) ?? '') };
}

/**
 * Tries one again and forgets it where it is saved now.
 *
 * @returns why not; null where it was; undefined where there is none
 */
export async function retryDeadLetter(
  trx: Trx,
  place: number,
  save: (items: SaveItem[]) => Promise<Map<number, string>>,
): Promise<string | null | undefined> {
  const row = await trx.selectFrom('deadLetter').selectAll().where('place', '=', place).executeTakeFirst();
  if (!row) return undefined;
  const { seq, hash, item } = row;
  const reasons = await save([{ seq, item: JSON.parse(item), ...(hash === null ? {} : { hash }) }]);
  const reason = reasons.get(seq) ?? null;
  if (reason === null) await dropDeadLetter(trx, place);
  else await trx.updateTable('deadLetter').set({ reason }).where('place', '=', place).execute();
  return reason;
}

/** @returns whether there was one */
export async function dropDeadLetter(trx: Trx, place: number): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('deadLetter').where('place', '=', place).executeTakeFirst();
  return numDeletedRows > 0n;
}
