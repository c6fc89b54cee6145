/**
 * Who may read a file: who brought it, who sees an entry that shows it; a group's present picture all who are in it, whenever they came; and of a person's
 * picture those who share a conversation with them.
 */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/schema.ts';
import { OPEN } from '../messages/access.ts';

/** Of two memberships, `mine` and `theirs`, in one conversation: there was a time when both were in it. */
export const together = sql<boolean>`mine."fromN" < COALESCE(theirs."untilN", ${OPEN}) AND theirs."fromN" < COALESCE(mine."untilN", ${OPEN})`;

export async function mayRead(db: Kysely<Database>, user: string, hash: string): Promise<boolean> {
  const within = (place: string) => sql`EXISTS (
    SELECT 1 FROM member m WHERE m.conv = u.conv AND m."user" = ${user} AND ${sql.ref(place)} >= m."fromN" AND (m."untilN" IS NULL OR ${sql.ref(place)} < m."untilN"))`;
  const { rows } = await sql`
    SELECT 1 AS yes WHERE EXISTS (SELECT 1 FROM "fileOwner" o WHERE o.hash = ${hash} AND o."user" = ${user})
    OR EXISTS (SELECT 1 FROM "fileUse" u WHERE u.hash = ${hash} AND ${within('u.n')} AND ${within('u.target')})
    OR EXISTS (SELECT 1 FROM "fileUse" u JOIN member m ON m.conv = u.conv AND m."user" = ${user} AND m."untilN" IS NULL
      WHERE u.hash = ${hash} AND u.n = (SELECT e.n FROM entry e WHERE e.conv = u.conv AND e.kind = 'picture' ORDER BY e.n DESC LIMIT 1))
    OR EXISTS (SELECT 1 FROM account a JOIN member theirs ON theirs."user" = a."user" JOIN member mine ON mine.conv = theirs.conv
      WHERE a.avatar = ${hash} AND mine."user" = ${user} AND ${together})`.execute(db);
  return rows.length > 0;
}
