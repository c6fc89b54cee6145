/** Short names of conversations and users in the index. */
import type { Kysely } from 'kysely';
import { insertMany } from '../db/bulk.ts';
import type { Database } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';

/** Ids looked up by one statement. */
const AT_ONCE = 500;

/** Only those that are in the index; the others have no documents. */
export async function knownKeys(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, number>> {
  const keys = new Map<string, number>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const rows = await db.selectFrom('searchKey').selectAll().where('id', 'in', some).execute();
    for (const { id, key } of rows) keys.set(id, key);
  }
  return keys;
}

export async function keysFor(trx: Trx, ids: Iterable<string>): Promise<Map<string, number>> {
  const all = [...new Set(ids)];
  const known = await knownKeys(trx, all);
  const missing = all.filter((id) => !known.has(id)).map((id) => ({ id }));
  if (missing.length === 0) return known;
  await insertMany(trx, 'searchKey', missing, (insert) =>
    insert.onConflict((conflict) => conflict.doNothing()),
  );
  return knownKeys(trx, all);
}
