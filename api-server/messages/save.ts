/**
 * The projection of the log: batches of the relay's persister, in log order. Rows and progress move in one transaction; an item that
 * can never be saved gets a verdict of its own and holds up nobody.
 */

import { fromBase64Url } from '@matchbook/protocol/bytes';
import { type SaveBatch, SaveItem, type SaveResult } from '@matchbook/protocol/http';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { Check, Errors } from 'typebox/value';
import type { Database } from '../db/schema.ts';

type Verdict = SaveResult['verdicts'][number];
type Conversational = Extract<SaveItem, { scope: 'conversation' }>;
type Registered = Extract<SaveItem, { scope: 'register' }>;

export type SaveOutcome =
  | { joined: true; result: SaveResult }
  /** The batch starts elsewhere than where this database stands. */
  | { joined: false; progress: SaveResult['progress'] };

export async function saveBatch(db: Kysely<Database>, batch: SaveBatch, now: number): Promise<SaveOutcome> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('progress')
      .select('seq')
      .where('epoch', '=', batch.epoch)
      .executeTakeFirst();
    const seq = row?.seq ?? 0;
    if (seq !== batch.after) return { joined: false, progress: { epoch: batch.epoch, seq } };
    const verdicts: Verdict[] = [];
    for (const item of batch.items) verdicts.push(await saveItem(trx, item, now));
    await trx
      .insertInto('progress')
      .values({ epoch: batch.epoch, seq: batch.upTo, updatedAt: now })
      .onConflict((conflict) => conflict.column('epoch').doUpdateSet({ seq: batch.upTo, updatedAt: now }))
      .execute();
    return { joined: true, result: { progress: { epoch: batch.epoch, seq: batch.upTo }, verdicts } };
  });
}

/** Where this database stands: the epoch that moved last. */
export async function progressOf(db: Kysely<Database>): Promise<SaveResult['progress']> {
  const row = await db
    .selectFrom('progress')
    .select(['epoch', 'seq'])
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { epoch: '', seq: 0 };
}

async function saveItem(trx: Kysely<Database>, item: SaveItem, now: number): Promise<Verdict> {
  if (!Check(SaveItem, item)) {
    const { seq } = item as { seq: number };
    const [fault] = Errors(SaveItem, item) as { instancePath: string; message: string }[];
    return {
      seq,
      verdict: 'rejected',
      reason: `${fault?.instancePath || 'item'}: ${fault?.message ?? 'invalid'}`,
    };
  }
  const reason = item.scope === 'register' ? await saveRegister(trx, item) : await saveEntry(trx, item, now);
  return reason === null
    ? { seq: item.seq, verdict: 'saved' }
    : { seq: item.seq, verdict: 'rejected', reason };
}

/** @returns why it can never be saved, or null */
async function saveEntry(trx: Kysely<Database>, item: Conversational, now: number): Promise<string | null> {
  const same = await trx
    .selectFrom('entry')
    .select(['hash', 'conv'])
    .where('sender', '=', item.sender)
    .where('id', '=', item.id)
    .executeTakeFirst();
  if (same)
    return same.hash === item.hash && same.conv === item.conv ? null : 'the id was saved with other content';
  const place = await trx
    .selectFrom('entry')
    .select('id')
    .where('conv', '=', item.conv)
    .where('n', '=', item.n)
    .executeTakeFirst();
  if (place) return `place ${item.n} is taken by another entry`;
  const body = item.kind === 'message' ? item.body : null;
  const data = body && 'data' in body ? fromBase64Url(body.data) : null;
  if (body && 'data' in body && !data) return 'body.data is not base64url';
  await trx
    .insertInto('entry')
    .values({
      conv: item.conv,
      n: item.n,
      seq: item.seq,
      m: item.m,
      h: item.h,
      id: item.id,
      sender: item.sender,
      kind: item.kind,
      time: item.time,
      hash: item.hash,
      bodyType: body?.type ?? null,
      bodyText: body && 'text' in body ? body.text : null,
      bodyData: data,
      facts: item.kind === 'create' ? JSON.stringify({ form: item.form, members: item.members }) : null,
    })
    .execute();
  if (item.kind === 'create') await admitMembers(trx, item);
  await trx
    .insertInto('conversation')
    .values({
      conv: item.conv,
      form: item.kind === 'create' ? item.form : 'direct',
      headN: item.n,
      headM: item.m,
      lastMessageAt: body ? item.time : null,
      updatedAt: now,
    })
    .onConflict((conflict) =>
      conflict.column('conv').doUpdateSet({
        headN: sql`max(headN, excluded.headN)`,
        headM: sql`max(headM, excluded.headM)`,
        lastMessageAt: sql`max(coalesce(lastMessageAt, 0), coalesce(excluded.lastMessageAt, lastMessageAt, 0))`,
        updatedAt: now,
      }),
    )
    .execute();
  return null;
}

async function admitMembers(
  trx: Kysely<Database>,
  item: Extract<Conversational, { kind: 'create' }>,
): Promise<void> {
  for (const user of item.members)
    await trx
      .insertInto('member')
      .values({ conv: item.conv, user, fromN: item.n, untilN: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function saveRegister(trx: Kysely<Database>, item: Registered): Promise<null> {
  if (item.kind === 'profile') {
    await trx
      .insertInto('profile')
      .values({ user: item.user, name: item.name, seq: item.seq })
      .onConflict((conflict) =>
        conflict
          .column('user')
          .doUpdateSet({ name: item.name, seq: item.seq })
          .where('profile.seq', '<', item.seq),
      )
      .execute();
    return null;
  }
  const { conv, user, kind, n, m, time } = item;
  await trx
    .insertInto('position')
    .values({ conv, user, kind, n, m, time })
    .onConflict((conflict) =>
      conflict.columns(['conv', 'user', 'kind']).doUpdateSet({ n, m, time }).where('position.n', '<', n),
    )
    .execute();
  return null;
}
