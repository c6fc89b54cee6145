/**
 * What could not be kept, for an admin: one list of both ways. Items of the log that this server refused, kept as they came, and what this server caused and the
 * log refused. This list is the truth; the relay remembers of the first only what it tells their senders.
 */
import { randomUUID } from 'node:crypto';
import type { FullEntry } from '@matchbook/protocol/entries';
import type { DeadLetter } from '@matchbook/protocol/http/admin';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import type { SaveBatch, SaveItem } from '@matchbook/protocol/http/saving';
import { type Kysely, sql } from 'kysely';
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

/**
 * What was deleted is nowhere, also where it could not be saved: bodies of the message and its edits go, the hash stays.
 *
 * @param saved in log order
 */
export async function eraseDeadLetters(trx: Trx, saved: readonly FullEntry[]): Promise<void> {
  for (const entry of saved) {
    if (entry.kind !== 'delete') continue;
    const { conv, target } = entry;
    const letters = await trx
      .selectFrom('deadLetter')
      .select(['place', 'item', 'hash'])
      .where('item', 'like', `%"conv":"${conv}"%`)
      .execute();
    for (const { place, item: text, hash } of letters) {
      const item = JSON.parse(text) as Record<string, unknown>;
      const about = item.kind === 'edit' ? item.target : item.n;
      if (item.conv !== conv || about !== target || !('body' in item)) continue;
      const { body: _, ...rest } = item;
      await trx
        .updateTable('deadLetter')
        .set({ item: JSON.stringify({ ...rest, ...(hash === null ? {} : { hash }) }) })
        .where('place', '=', place)
        .execute();
    }
  }
}

/** Verdicts on places of an epoch, after one and up to another: for a relay that did not hear them. At most 256. */
export async function rejectedBetween(
  db: Kysely<Database>,
  { epoch, after, upTo }: { epoch: string; after: number; upTo: number },
): Promise<{ seq: number; reason: string }[]> {
  return db
    .selectFrom('deadLetter')
    .select(['seq', 'reason'])
    .where('epoch', '=', epoch)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(256)
    .execute();
}

/** Which one: where it is, and its place there. */
export interface LetterKey {
  way: DeadLetter['way'];
  place: number;
}

export const LETTER = /^(save|append)-([1-9]\d{0,14})$/;
const nameOf = ({ way, place }: LetterKey): string => `${way}-${place}`;

/** The newest first. */
export async function deadLetters(
  db: Kysely<Database>,
  { limit, offset }: { limit: number; offset: number },
): Promise<DeadLetter[]> {
  const { rows } = await sql<LetterKey & Omit<DeadLetter, 'letter' | 'item'> & { item: string }>`
    SELECT 'save' AS way, place, epoch, seq, reason, "createdAt", item FROM "deadLetter"
    UNION ALL
    SELECT 'append' AS way, place, NULL AS epoch, NULL AS seq, COALESCE(reason, 'refused') AS reason, "createdAt", item FROM outbound WHERE state = 'refused'
    ORDER BY "createdAt" DESC, way, place DESC LIMIT ${limit} OFFSET ${offset}`.execute(db);
  return rows.map(({ way, place, epoch, seq, reason, createdAt, item }) => ({
    ...{
      letter: nameOf({ way, place }),
      way,
      epoch,
      seq: seq === null ? null : Number(seq),
      reason,
      createdAt,
    },
    item: withoutBody(JSON.parse(item) as object),
  }));
}

export async function deadLetterCount(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT (SELECT COUNT(*) FROM "deadLetter") + (SELECT COUNT(*) FROM outbound WHERE state = 'refused') AS count`.execute(
    db,
  );
  return Number(rows[0]!.count);
}

/** What an admin needs to see, which is not what people wrote. */
function withoutBody(item: object): object {
  if (!('body' in item)) return item;
  const { body, ...rest } = item as { body: unknown };
  return { ...rest, bodyBytes: Buffer.byteLength(JSON.stringify(body) ?? '') };
}

/** What became of it: `done`; for what goes to the relay again `waiting`; a reason; null where there is none. */
export type Retried = { state: 'done' | 'waiting' } | { state: 'refused'; reason: string } | null;

/** @returns with what is to be appended about it: that the sender's message is saved now */
export async function retryDeadLetter(
  trx: Trx,
  { way, place }: LetterKey,
  save: (items: SaveItem[]) => Promise<Map<number, string>>,
): Promise<{ outcome: Retried; append: InternalItem[] }> {
  if (way === 'append') {
    const { numUpdatedRows } = await trx
      .updateTable('outbound')
      .set({ state: 'waiting', reason: null })
      .where('place', '=', place)
      .where('state', '=', 'refused')
      .executeTakeFirst();
    return { outcome: numUpdatedRows > 0n ? { state: 'waiting' } : null, append: [] };
  }
  const row = await trx.selectFrom('deadLetter').selectAll().where('place', '=', place).executeTakeFirst();
  if (!row) return { outcome: null, append: [] };
  const { seq, hash } = row;
  const item = JSON.parse(row.item) as SaveItem['item'];
  const reasons = await save([{ seq, item, ...(hash === null ? {} : { hash }) }]);
  const reason = reasons.get(seq);
  if (reason === undefined) {
    await trx.deleteFrom('deadLetter').where('place', '=', place).execute();
    return { outcome: { state: 'done' }, append: toldOf(seq, item) };
  }
  await trx.updateTable('deadLetter').set({ reason }).where('place', '=', place).execute();
  return { outcome: { state: 'refused', reason }, append: [] };
}

/** Only entries have a sender who waits to hear of them. */
function toldOf(seq: number, item: SaveItem['item']): InternalItem[] {
  const { sender, id: entry } = item as { sender?: unknown; id?: unknown };
  if (typeof sender !== 'string' || typeof entry !== 'string') return [];
  return [{ id: randomUUID(), kind: 'saved', seq, sender, entry }];
}

/** @returns whether there was one */
export async function dropDeadLetter(trx: Trx, { way, place }: LetterKey): Promise<boolean> {
  if (way === 'save') {
    const { numDeletedRows } = await trx
      .deleteFrom('deadLetter')
      .where('place', '=', place)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
  // Its id stays taken.
  const { numUpdatedRows } = await trx
    .updateTable('outbound')
    .set({ state: 'dropped' })
    .where('place', '=', place)
    .where('state', '=', 'refused')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
