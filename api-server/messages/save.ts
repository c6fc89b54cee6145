/**
 * The projection of the log: batches of the relay's persister, in log order. Rows and progress move in one transaction; an item that
 * can never be saved gets a verdict of its own and holds up nobody.
 */
import type { FullEntry, Register } from '@matchbook/protocol/entries';
import type { SaveBatch, SaveResult } from '@matchbook/protocol/http/saving';
import { type Kysely, sql } from 'kysely';
import { insertMany, larger, pieces } from '../db/bulk.ts';
import type { ConversationRow, Database, EntryRow } from '../db/schema.ts';
import type { Store, Trx } from '../db/store.ts';
import { problem } from '../problems.ts';
import type { SearchIndex } from '../search/index-port.ts';
import { indexSaved } from '../search/intake.ts';
import { noteAnswers } from './answers.ts';
import { eraseDeadLetters, keepDeadLetters, rejectedBetween } from './dead-letters.ts';
import { noteFiles } from './file-uses.ts';
import { type Fitting, fittingEntry, registerFault } from './fitting.ts';
import { follow } from './follow.ts';
import { saveRegisters } from './registers.ts';

export type SaveOutcome =
  | { joined: true; result: SaveResult }
  /** The batch starts elsewhere than where this database stands. */
  | { joined: false; progress: SaveResult['progress']; rejected: { seq: number; reason: string }[] };

export async function saveBatch(
  store: Store,
  index: SearchIndex,
  batch: SaveBatch,
  now: number,
): Promise<SaveOutcome> {
  checkOrder(batch);
  const together: Saver = (trx, items) => saveItems(trx, index, items, now);
  try {
    return await saveBy(store, together, batch, now);
  } catch (error) {
    // Something that no rule foresaw: found by saving one by one, it is refused, and the rest is not held up.
    if (!store.blamesValues(error)) throw error;
    return await saveBy(store, (trx, items) => apart(store, trx, items, together), batch, now);
  }
}

type Saver = (trx: Trx, items: SaveBatch['items']) => Promise<Map<number, string>>;

/** @throws FailureError `invalid_field`: progress never moves back, nor over an item that is not there yet */
function checkOrder({ after, items, upTo }: SaveBatch): void {
  let last = after;
  for (const [i, { seq }] of items.entries()) {
    const field = `items.${i}.seq`;
    if (seq <= last || seq > upTo)
      throw problem('invalid_field', `${field}: above the one before, and not above upTo.`, { field });
    last = seq;
  }
  if (upTo < after)
    throw problem('invalid_field', 'upTo: not before after.', { field: 'upTo', limit: after });
}

async function apart(
  store: Store,
  trx: Trx,
  items: SaveBatch['items'],
  save: Saver,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  for (const item of items) {
    await sql`SAVEPOINT item`.execute(trx);
    try {
      for (const [seq, reason] of await save(trx, [item])) reasons.set(seq, reason);
    } catch (error) {
      if (!store.blamesValues(error)) throw error;
      await sql`ROLLBACK TO SAVEPOINT item`.execute(trx);
      reasons.set(item.seq, `the database cannot hold it: ${(error as Error).message}`);
    }
    await sql`RELEASE SAVEPOINT item`.execute(trx);
  }
  return reasons;
}

function saveBy(store: Store, save: Saver, batch: SaveBatch, now: number): Promise<SaveOutcome> {
  const { epoch, after, upTo } = batch;
  return store.write(async (trx) => {
    const row = await trx.selectFrom('progress').select('seq').where('epoch', '=', epoch).executeTakeFirst();
    const seq = row?.seq ?? 0;
    if (seq !== after)
      return {
        joined: false,
        progress: { epoch, seq },
        rejected: await rejectedBetween(trx, { epoch, after, upTo: seq }),
      };
    const reasons = await save(trx, batch.items);
    await keepDeadLetters(trx, batch, reasons, now);
    // What was refused and deleted within one batch.
    if (reasons.size > 0) await eraseDeadLetters(trx, savedOf(batch, reasons));
    await trx
      .insertInto('progress')
      .values({ epoch, seq: upTo, updatedAt: now })
      .onConflict((conflict) => conflict.column('epoch').doUpdateSet({ seq: upTo, updatedAt: now }))
      .execute();
    const verdicts = batch.items.map((item): SaveResult['verdicts'][number] => {
      const reason = reasons.get(item.seq);
      return reason === undefined
        ? { seq: item.seq, verdict: 'saved' }
        : { seq: item.seq, verdict: 'rejected', reason };
    });
    return { joined: true, result: { progress: { epoch, seq: upTo }, verdicts } };
  });
}

const savedOf = ({ items }: SaveBatch, reasons: ReadonlyMap<number, string>): FullEntry[] =>
  items.flatMap(({ seq, item }) => (reasons.has(seq) || 'reg' in item ? [] : [item]));

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

/** @returns why items can never be saved, by seq */
export async function saveItems(
  trx: Trx,
  index: SearchIndex,
  items: SaveBatch['items'],
  now: number,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  const entries: Fitting[] = [];
  const registers: { seq: number; item: Register }[] = [];
  for (const { seq, hash, item } of items) {
    const fitting = 'reg' in item ? registerFault(item) : fittingEntry(item, seq, hash);
    if (typeof fitting === 'string') reasons.set(seq, fitting);
    else if (fitting) entries.push(fitting);
    else if ('reg' in item) registers.push({ seq, item });
  }
  const saved = await insertEntries(trx, entries, reasons);
  await follow(trx, saved);
  await eraseDeadLetters(trx, saved);
  await noteFiles(trx, saved);
  await noteAnswers(trx, saved);
  await indexSaved(trx, index, saved);
  await moveHeads(trx, saved, now);
  await saveRegisters(trx, registers);
  return reasons;
}

/** @returns those that were not there; what is at odds with what is there gets its reason */
async function insertEntries(
  trx: Trx,
  entries: readonly Fitting[],
  reasons: Map<number, string>,
): Promise<FullEntry[]> {
  const known = await knownIds(trx, entries);
  const places = new Set<string>();
  const fresh: Fitting[] = [];
  for (const one of entries) {
    const { id, sender, hash, conv, n, seq } = one.row;
    const same = known.get(`${sender} ${id}`);
    if (same) {
      if (same.hash !== hash || same.conv !== conv) reasons.set(seq, 'the id was saved with other content');
    } else if (places.has(`${conv} ${n}`)) reasons.set(seq, `place ${n} is taken by another entry`);
    else {
      known.set(`${sender} ${id}`, one.row);
      places.add(`${conv} ${n}`);
      fresh.push(one);
    }
  }
  const inserted = new Set<string>();
  for (const piece of pieces(fresh)) {
    const rows = await trx
      .insertInto('entry')
      .values(piece.map(({ row }) => row))
      .onConflict((conflict) => conflict.doNothing())
      .returning(['conv', 'n'])
      .execute();
    for (const { conv, n } of rows) inserted.add(`${conv} ${n}`);
  }
  return fresh.flatMap(({ item, row: { conv, n, seq } }) => {
    if (inserted.has(`${conv} ${n}`)) return item;
    reasons.set(seq, `place ${n} is taken by another entry`);
    return [];
  });
}

/** What was saved under the ids of these entries. */
async function knownIds(trx: Trx, entries: readonly Fitting[]) {
  const known = new Map<string, Pick<EntryRow, 'hash' | 'conv'>>();
  for (const piece of pieces(entries)) {
    const rows = await trx
      .selectFrom('entry')
      .select(['id', 'sender', 'hash', 'conv'])
      .where(
        'id',
        'in',
        piece.map(({ row }) => row.id),
      )
      .execute();
    for (const row of rows) known.set(`${row.sender} ${row.id}`, row);
  }
  return known;
}

/** How far each conversation goes now. */
async function moveHeads(trx: Trx, saved: readonly FullEntry[], updatedAt: number): Promise<void> {
  const heads = new Map<string, ConversationRow>();
  for (const item of saved) {
    const { conv, n, m, time } = item;
    const before = heads.get(conv);
    heads.set(conv, {
      conv,
      form: item.kind === 'create' ? item.form : (before?.form ?? 'direct'),
      headN: Math.max(n, before?.headN ?? 0),
      headM: Math.max(m, before?.headM ?? 0),
      lastMessageAt: item.kind === 'message' ? time : (before?.lastMessageAt ?? null),
      updatedAt,
    });
  }
  await insertMany(trx, 'conversation', [...heads.values()], (insert) =>
    insert.onConflict((conflict) =>
      conflict.column('conv').doUpdateSet({
        headN: larger('conversation', 'headN'),
        headM: larger('conversation', 'headM'),
        lastMessageAt: larger('conversation', 'lastMessageAt'),
        updatedAt,
      }),
    ),
  );
}
