/** Which entries show which files: who sees the entry may read the file, and a file that no entry shows is erased. */
import type { FullEntry } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { insertMany } from '../db/bulk.ts';
import type { FileUseRow } from '../db/schema.ts';
import type { Trx } from '../db/store.ts';
import { mayRead } from '../files/reading.ts';

/**
 * What somebody may not read themselves they cannot show: to know the hash of a file opens it to nobody.
 *
 * @param saved in log order
 */
export async function noteFiles(trx: Trx, saved: readonly FullEntry[]): Promise<void> {
  for (const item of saved)
    for (const use of usesOf(item))
      if (await mayRead(trx, item.sender, use.hash))
        await insertMany(trx, 'fileUse', [use], (insert) =>
          insert.onConflict((conflict) => conflict.doNothing()),
        );
  for (const item of saved)
    if (item.kind === 'delete')
      await trx
        .deleteFrom('fileUse')
        .where('conv', '=', item.conv)
        .where('target', '=', item.target)
        .execute();
}

function usesOf(item: FullEntry): FileUseRow[] {
  if ((item.kind !== 'message' && item.kind !== 'edit' && item.kind !== 'picture') || !item.body) return [];
  const { conv, n } = item;
  const target = item.kind === 'edit' ? item.target : n;
  const hashes = new Set((readContent(item.body)?.files ?? []).map(({ hash }) => hash));
  return [...hashes].map((hash) => ({ conv, n, target, hash }));
}
