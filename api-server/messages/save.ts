/**
 * The projection of the log: batches of the relay's persister, in log order. Rows and progress move in one transaction; an item that
 * can never be saved gets a verdict of its own and holds up nobody.
 */

import {
  ENTRIES,
  type FullEntry,
  Id,
  isEntryKind,
  Place,
  PositionRegister,
  ProfileRegister,
  type Register,
} from '@matchbook/protocol/entries';
import type { SaveBatch, SaveItem, SaveResult } from '@matchbook/protocol/http';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import Type, { type TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import type { Database } from '../db/schema.ts';
import { entryRow } from './rows.ts';

type Verdict = SaveResult['verdicts'][number];
/** What every entry has, of whatever kind. */
const AnyEntry = Type.Object({
  conv: Id,
  n: Place,
  m: Type.Integer({ minimum: 0 }),
  h: Type.String(),
  id: Id,
  sender: Id,
  kind: Type.String({ minLength: 1, maxLength: 32 }),
  time: Type.Integer({ minimum: 0 }),
});
const AnyRegister = Type.Object({
  reg: Type.String({ minLength: 1, maxLength: 32 }),
  user: Id,
  conv: Type.Optional(Id),
  target: Type.Optional(Place),
  of: Type.Optional(Id),
});

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

async function saveItem(trx: Kysely<Database>, { seq, hash, item }: SaveItem, now: number): Promise<Verdict> {
  const reason =
    'reg' in item ? await saveRegister(trx, item, seq) : await saveEntry(trx, item, { seq, hash, now });
  return reason === null ? { seq, verdict: 'saved' } : { seq, verdict: 'rejected', reason };
}

const faultIn = (schema: TSchema, item: object): string => {
  const [fault] = Errors(schema, item) as { instancePath: string; message: string }[];
  return `${fault?.instancePath || 'item'}: ${fault?.message ?? 'invalid'}`;
};

/** @returns why it can never be saved, or null */
async function saveEntry(
  trx: Kysely<Database>,
  item: FullEntry,
  about: { seq: number; hash: string | undefined; now: number },
): Promise<string | null> {
  // A kind that is newer than this server is kept as it is.
  const schema = isEntryKind(item.kind) ? ENTRIES[item.kind] : AnyEntry;
  if (!Check(schema, item)) return faultIn(schema, item);
  const { seq, hash, now } = about;
  if (hash === undefined) return 'hash: an entry has one';
  const same = await trx
    .selectFrom('entry')
    .select(['hash', 'conv'])
    .where('sender', '=', item.sender)
    .where('id', '=', item.id)
    .executeTakeFirst();
  if (same)
    return same.hash === hash && same.conv === item.conv ? null : 'the id was saved with other content';
  const place = await trx
    .selectFrom('entry')
    .select('id')
    .where('conv', '=', item.conv)
    .where('n', '=', item.n)
    .executeTakeFirst();
  if (place) return `place ${item.n} is taken by another entry`;
  const row = entryRow(item, seq, hash);
  if (row === null) return 'body.data is not base64url';
  await trx.insertInto('entry').values(row).execute();
  await follow(trx, item);
  await trx
    .insertInto('conversation')
    .values({
      conv: item.conv,
      form: item.kind === 'create' ? item.form : 'direct',
      headN: item.n,
      headM: item.m,
      lastMessageAt: item.kind === 'message' ? item.time : null,
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

/** What an entry changes besides being there. */
async function follow(trx: Kysely<Database>, item: FullEntry): Promise<void> {
  const { conv, n } = item;
  switch (item.kind) {
    case 'create': {
      const group = item.form === 'group';
      return await admit(trx, conv, n, item.members, (user) =>
        group && user === item.sender ? 'owner' : 'member',
      );
    }
    case 'member_add':
      return await admit(trx, conv, n, item.users, () => 'member');
    case 'member_remove':
    case 'member_leave':
      // The entry that says so is the last one that they may see.
      await trx
        .updateTable('member')
        .set({ untilN: n + 1 })
        .where('conv', '=', conv)
        .where('user', '=', item.kind === 'member_leave' ? item.sender : item.user)
        .where('untilN', 'is', null)
        .execute();
      return;
    case 'member_role':
      await trx
        .updateTable('member')
        .set({ role: item.role })
        .where('conv', '=', conv)
        .where('user', '=', item.user)
        .where('untilN', 'is', null)
        .execute();
      return;
    case 'delete':
      await trx
        .updateTable('entry')
        .set({ bodyType: null, bodyText: null, bodyData: null })
        .where('conv', '=', conv)
        .where((where) =>
          where.or([
            where('n', '=', item.target),
            where.and([where('target', '=', item.target), where('kind', '=', 'edit')]),
          ]),
        )
        .execute();
  }
}

async function admit(
  trx: Kysely<Database>,
  conv: string,
  fromN: number,
  users: string[],
  role: (user: string) => 'owner' | 'member',
): Promise<void> {
  for (const user of users)
    await trx
      .insertInto('member')
      .values({ conv, user, fromN, untilN: null, role: role(user) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function saveRegister(trx: Kysely<Database>, item: Register, seq: number): Promise<string | null> {
  if (item.reg === 'profile') {
    if (!Check(ProfileRegister, item)) return faultIn(ProfileRegister, item);
    await trx
      .insertInto('profile')
      .values({ user: item.user, name: item.name, seq })
      .onConflict((conflict) =>
        conflict.column('user').doUpdateSet({ name: item.name, seq }).where('profile.seq', '<', seq),
      )
      .execute();
    return null;
  }
  if (item.reg === 'delivered' || item.reg === 'read') {
    if (!Check(PositionRegister, item)) return faultIn(PositionRegister, item);
    const { conv, user, reg: kind, n, m, time } = item;
    await trx
      .insertInto('position')
      .values({ conv, user, kind, n, m, time })
      .onConflict((conflict) =>
        conflict.columns(['conv', 'user', 'kind']).doUpdateSet({ n, m, time }).where('position.n', '<', n),
      )
      .execute();
    return null;
  }
  // Also of kinds that are newer than this server: the owner gets them back as they are.
  if (!Check(AnyRegister, item)) return faultIn(AnyRegister, item);
  const { reg: kind, user, conv = '', target = '', of = '' } = item as Type.Static<typeof AnyRegister>;
  const value = JSON.stringify(item);
  await trx
    .insertInto('ownRegister')
    .values({ user, kind, conv, about: `${target}${of}`, value, seq })
    .onConflict((conflict) =>
      conflict
        .columns(['user', 'kind', 'conv', 'about'])
        .doUpdateSet({ value, seq })
        .where('ownRegister.seq', '<', seq),
    )
    .execute();
  return null;
}
