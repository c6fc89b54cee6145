import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { PLACE_STEP } from './places.ts';

/**
 * Brings a log of an older format to the present one, inside the caller's transaction.
 *
 * @param create makes what is missing of the present tables
 */
export function migrate(db: DatabaseSyncInstance, format: number, create: () => void): void {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'format'").get() as
    | { value: unknown }
    | undefined;
  const found = row?.value;
  if (found === 1) fromFirst(db, create);
  else if (found === format) create();
  else throw new Error(`The log has format ${String(found)}; this relay reads ${format}.`);
  db.prepare("UPDATE meta SET value = ? WHERE key = 'format'").run(format);
}

/** Format 1 had an index over (conv, n), ids by sender with all of their answer, and registers without versions. */
function fromFirst(db: DatabaseSyncInstance, create: () => void): void {
  db.exec(`
    ALTER TABLE log RENAME TO log_1;
    ALTER TABLE ids RENAME TO ids_1;
    ALTER TABLE registers RENAME TO registers_1;
    ALTER TABLE members ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
  `);
  create();
  db.exec(`
    INSERT INTO log (seq, marks, kind, conv, n, m, id, sender, time, type, body, prev, position, gone)
      SELECT one.seq, CAST(one.r || coalesce(one.h, x'') || coalesce(one.hash, x'') AS BLOB), one.kind, one.conv, one.n, one.m, one.id,
        one.sender, one.time, one.type, one.body, before.seq, one.position, one.superseded
      FROM log_1 AS one LEFT JOIN log_1 AS before ON before.conv = one.conv AND before.n = one.n - 1 ORDER BY one.seq;
    INSERT INTO ids (id, sender, seq, hash) SELECT id, sender, seq, hash FROM ids_1 ORDER BY id, sender;
    INSERT INTO registers (conv, kind, user, target, seq, version) SELECT conv, kind, user, 0, seq, 1 FROM registers_1;
    INSERT INTO places (conv, n, seq) SELECT conv, n, seq FROM log WHERE n IS NOT NULL AND n % ${PLACE_STEP} = 0;
    INSERT OR REPLACE INTO meta (key, value) SELECT 'folded_seq', coalesce(max(seq), 0) FROM log;
    DROP TABLE log_1;
    DROP TABLE ids_1;
    DROP TABLE registers_1;
  `);
}
