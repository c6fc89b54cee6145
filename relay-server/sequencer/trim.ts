import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { GONE, KIND, readMeta } from './schema.ts';

/**
 * Gives up what is old and saved, a portion at a time, inside the caller's transaction. An entry keeps its place, kind and sender; its body and id
 * go. Creations stay whole, and so do registers that still count. Replaced registers go altogether: a cursor at or
 * below `trimmed_seq` means nothing any more.
 *
 * @returns whether there may be more
 */
export function trim(
  db: DatabaseSyncInstance,
  { before, entries, savedSeq }: { before: number; entries: number; savedSeq: number },
): boolean {
  const from = Number(readMeta(db, 'trimmed_seq') ?? 0);
  // Times climb with seqs except where the clock was set back; the first that is too young ends it.
  const rows = db
    .prepare('SELECT seq, time FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?')
    .all(from, savedSeq, entries) as unknown as { seq: number; time: number }[];
  const young = rows.findIndex(({ time }) => time >= before);
  const to = (young < 0 ? rows : rows.slice(0, young)).at(-1)?.seq;
  if (to === undefined) return false;
  db.prepare(
    `UPDATE log SET gone = gone | ${GONE.trimmed}, id = NULL, type = NULL, body = NULL
     WHERE seq > ? AND seq <= ? AND n IS NOT NULL AND kind <> ${KIND.create}`,
  ).run(from, to);
  db.prepare('DELETE FROM log WHERE seq > ? AND seq <= ? AND n IS NULL AND gone <> 0').run(from, to);
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('trimmed_seq', ?)").run(to);
  return rows.length === entries && young < 0;
}
