/** From saved entries to documents of the index: in the transaction that saves them, or later for what was saved before there was an index. */
import type { Body, FullEntry } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { documentOf, term } from '@matchbook/protocol/search-document';
import { pieces } from '../db/bulk.ts';
import { entryOf } from '../db/entry-rows.ts';
import type { Store, Trx } from '../db/store.ts';
import type { Doc, SearchIndex } from './index-port.ts';
import { keysFor } from './keys.ts';

/** Entries indexed in one transaction, of those that wait. */
const AT_ONCE = 256;

type Written = Extract<FullEntry, { kind: 'message' | 'edit' }> & { body: Body };

const isWritten = (item: FullEntry): item is Written =>
  (item.kind === 'message' || item.kind === 'edit') && item.body !== undefined;

/** @param saved in log order */
export async function indexSaved(trx: Trx, index: SearchIndex, saved: readonly FullEntry[]): Promise<void> {
  await index.add(trx, await docsOf(trx, saved.filter(isWritten)));
  const deleted = saved.flatMap((item) =>
    item.kind === 'delete' ? [{ conv: item.conv, target: item.target }] : [],
  );
  await index.erase(trx, deleted);
}

/** @returns how many were indexed; 0: none waits any more */
export async function indexPending(store: Store, index: SearchIndex): Promise<number> {
  return store.write(async (trx) => {
    const waiting = await trx
      .selectFrom('searchPending')
      .innerJoin('entry', (join) =>
        join.onRef('entry.conv', '=', 'searchPending.conv').onRef('entry.n', '=', 'searchPending.n'),
      )
      .selectAll('entry')
      .orderBy('entry.seq')
      .limit(AT_ONCE)
      .execute();
    await index.add(trx, await docsOf(trx, waiting.map(entryOf).filter(isWritten)));
    for (const { conv, n } of waiting)
      await trx.deleteFrom('searchPending').where('conv', '=', conv).where('n', '=', n).execute();
    return waiting.length;
  });
}

async function docsOf(trx: Trx, written: readonly Written[]): Promise<Doc[]> {
  const readable = written.flatMap((item) => {
    const content = readContent(item.body);
    return content ? [{ item, content }] : [];
  });
  if (readable.length === 0) return [];
  const times = await timesOf(trx, written);
  const keys = await keysFor(
    trx,
    readable.flatMap(({ item }) => [item.conv, item.sender]),
  );
  return readable.map(({ item, content }) => {
    const { conv, n, sender, time } = item;
    const target = item.kind === 'edit' ? item.target : n;
    const { words, terms } = documentOf(content);
    return {
      ...{ conv, n, target, sender },
      time: times.get(`${conv} ${target}`) ?? time,
      words,
      terms: [term.conversation(keys.get(conv)!), term.sender(keys.get(sender)!), ...terms],
    };
  });
}

/** Times of the messages that edits are about: an edited message keeps its place in time. */
async function timesOf(trx: Trx, written: readonly Written[]): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { kind, conv, n, time } of written) if (kind === 'message') times.set(`${conv} ${n}`, time);
  const asked = written.flatMap((item) =>
    item.kind === 'edit' && !times.has(`${item.conv} ${item.target}`)
      ? [{ conv: item.conv, n: item.target }]
      : [],
  );
  for (const piece of pieces(asked)) {
    const rows = await trx
      .selectFrom('entry')
      .select(['conv', 'n', 'time'])
      .where((where) =>
        where.or(piece.map(({ conv, n }) => where.and([where('conv', '=', conv), where('n', '=', n)]))),
      )
      .execute();
    for (const { conv, n, time } of rows) times.set(`${conv} ${n}`, time);
  }
  return times;
}
