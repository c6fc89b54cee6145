/** Statements that PostgreSQL plans once for each connection instead of each time. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';

const MARK = '/* prepared */';
/** Of names of statements, bytes (NAMEDATALEN). */
const NAME_LENGTH = 63;

/**
 * Put into a query. Only for those with few texts (a list of values makes one text for each length) that go along the same index whatever is asked: after
 * five times PostgreSQL may plan without looking at the values (postgresql.org/docs/current/sql-prepare.html).
 */
export const PREPARED = sql.raw(MARK);

/** @returns null where it is to be planned each time */
export function preparedName(text: string): string | null {
  if (!text.includes(MARK)) return null;
  return createHash('sha256').update(text).digest('hex').slice(0, NAME_LENGTH);
}
