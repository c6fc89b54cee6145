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

/** Format 1 had an index over (conv, n), ids by sender, and registers without versions. */
function fromFirst(db: DatabaseSyncInstance, create: () => void): void {
  db.exec(`
    ALTER TABLE log RENAME COLUMN superseded TO gone;
    ALTER TABLE log ADD COLUMN prev INTEGER;
    ALTER TABLE log ADD COLUMN target INTEGER;
    ALTER TABLE members ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ids RENAME TO ids_1;
    ALTER TABLE registers RENAME TO registers_1;
    UPDATE log SET prev = before.seq FROM log AS before WHERE before.conv = log.conv AND before.n = log.n - 1;
    DROP INDEX log_place;
  `);
  create();
  db.exec(`
    INSERT INTO ids (id, sender, seq, conv, n, m, h, time, hash)
      SELECT id, sender, seq, conv, n, m, h, time, hash FROM ids_1 ORDER BY id, sender;
    INSERT INTO registers (conv, kind, user, target, seq, version) SELECT conv, kind, user, 0, seq, 1 FROM registers_1;
    INSERT INTO places (conv, n, seq) SELECT conv, n, seq FROM log WHERE n IS NOT NULL AND n % ${PLACE_STEP} = 0;
    INSERT OR REPLACE INTO meta (key, value) SELECT 'folded_seq', coalesce(max(seq), 0) FROM log;
    DROP TABLE ids_1;
    DROP TABLE registers_1;
  `);
}
