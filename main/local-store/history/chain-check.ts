import { chainLink } from '@matchbook/protocol/chain';
import { contentHashOf, type EntryRow } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { bytesOf, sha256 } from '../entries/incoming.ts';
import { runs } from './intake-book.ts';

/** Of rows that are new at these places, and of those after them, the ones whose `h` does not follow from the row before, wherever that is there (protocol.md, the chain). */
export function brokenLinks(
  rows: EntryRows,
  conv: string,
  places: Set<number>,
): { n: number; detail: string }[] {
  const broken: { n: number; detail: string }[] = [];
  for (const [from, to] of runs(places)) {
    let last: EntryRow | undefined;
    for (const row of rows.within(conv, from - 1, to + 1)) {
      const before = row.n === 1 ? null : last?.n === row.n - 1 ? last.h : undefined;
      last = row;
      if (row.id === null || row.n < from || before === undefined) continue;
      const hash = contentHashOf(row);
      if (hash !== null && chainLink(before, row.id, row.kind, bytesOf(hash), sha256) !== row.h)
        broken.push({ n: row.n, detail: `h ${row.h} does not follow ${before ?? 'the start'}` });
    }
  }
  return broken;
}
