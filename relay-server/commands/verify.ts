import { contentHash, contentOf } from '@matchbook/protocol/chain';
import type { AppendEntry } from '@matchbook/protocol/entries';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { unpackId } from '../sequencer/compact.ts';
import {
  chainHash,
  chainOf,
  digest,
  contentOf as hashOf,
  runningHash,
  runningOf,
} from '../sequencer/marks.ts';
import { itemJson, type LogRow, ROW_SELECT } from '../sequencer/rows.ts';
import { GONE, KIND_NAME, readMeta } from '../sequencer/schema.ts';

export interface Verified {
  rows: number;
  entries: number;
  conversations: number;
  /** What does not hold, in words; at most so many as are worth reading. */
  faults: string[];
}

const FAULTS = 100;

/** What is to be none, and its words. Each is looked for in one pass over its tables: a log has millions of rows. */
export const CLAIMS: readonly (readonly [sql: string, what: string])[] = [
  [
    'SELECT count(*) AS c FROM log WHERE n IS NOT NULL AND seq NOT IN (SELECT seq FROM ids)',
    'entries without an id',
  ],
  [
    'SELECT count(*) AS c FROM ids LEFT JOIN log ON log.seq = ids.seq WHERE log.seq IS NULL',
    'ids without an entry',
  ],
  [
    'SELECT count(*) AS c FROM registers LEFT JOIN log ON log.seq = registers.seq WHERE log.seq IS NULL OR log.gone <> 0',
    'registers without their value',
  ],
  [
    `SELECT count(*) AS c FROM (SELECT conv, user FROM members WHERE until_n IS NULL GROUP BY conv, user HAVING count(*) > 1)`,
    'members who are in a conversation twice',
  ],
];

/** Reads a log from its first row to its last and checks everything that it promises about itself. Writes nothing. */
export function verifyLog(path: string): Verified {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  const faults: string[] = [];
  const fault = (text: string) => {
    if (faults.length < FAULTS) faults.push(text);
  };
  try {
    for (const row of db.prepare('PRAGMA integrity_check(10)').all() as unknown as {
      integrity_check: string;
    }[])
      if (row.integrity_check !== 'ok') fault(`SQLite: ${row.integrity_check}`);
    db.exec('BEGIN');
    const walked = walk(db, fault);
    for (const [sql, what] of CLAIMS) {
      const { c } = db.prepare(sql).get() as { c: number };
      if (c > 0) fault(`${c} ${what}`);
    }
    return { ...walked, faults };
  } finally {
    db.close();
  }
}

function walk(db: DatabaseSyncInstance, fault: (text: string) => void): Omit<Verified, 'faults'> {
  const ends = new Map<string, { n: number; h: string; seq: number }>();
  const epochStart = Number(readMeta(db, 'epoch_start') ?? 0);
  let rows = 0;
  let entries = 0;
  let before: { seq: number; running: string } | null = null;
  const all = db.prepare(`${ROW_SELECT} ORDER BY log.seq`).iterate() as unknown as Iterable<LogRow>;
  for (const row of all) {
    rows += 1;
    const { seq, marks, n, conv } = row;
    const running = runningOf(marks);
    // A gap is what trim took away, or where an epoch began; before and after it the chain stands for itself.
    const follows = before !== null && before.seq === seq - 1;
    if (before && !follows && seq > Number(readMeta(db, 'trimmed_seq') ?? 0) + 1 && seq !== epochStart)
      fault(`seq ${before.seq + 1} to ${seq - 1} are missing`);
    if (n !== null && conv !== null) {
      entries += 1;
      const content = hashOf(marks);
      if (follows && runningHash(before!.running, seq, Buffer.from(content, 'hex')) !== running)
        fault(`seq ${seq}: the running hash does not follow`);
      const end = ends.get(conv);
      if (n !== (end?.n ?? 0) + 1) fault(`seq ${seq}: place ${n} of ${conv} follows ${end?.n ?? 'nothing'}`);
      checkEntry(row, conv, content, end?.h ?? '', fault);
      ends.set(conv, { n, h: chainOf(marks), seq });
    }
    before = { seq, running };
  }
  return { rows, entries, conversations: ends.size };
}

function checkEntry(
  row: LogRow,
  conv: string,
  content: string,
  previous: string,
  fault: (text: string) => void,
): void {
  if (row.gone & GONE.trimmed) return;
  const kind = KIND_NAME.get(row.kind)!;
  if (chainHash(previous, unpackId(row.id!), kind, content) !== chainOf(row.marks))
    fault(`seq ${row.seq}: h does not follow in ${conv}`);
  if (row.gone) return;
  const said = contentOf(JSON.parse(itemJson(row)!) as AppendEntry)!;
  if (contentHash(conv, said, digest) !== content)
    fault(`seq ${row.seq}: its content is not what was hashed`);
}
