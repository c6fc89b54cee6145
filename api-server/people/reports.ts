/** Reports to the admin: a message, a reason, and as much of what surrounds it as the reporter chooses to show. Nothing else is shown to anybody. */
import { randomUUID } from 'node:crypto';
import type { Report } from '@matchbook/protocol/http/admin';
import type { ReportRequest } from '@matchbook/protocol/http/people';
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { authorize, sees } from '../messages/access.ts';
import { folded } from '../messages/folded.ts';
import { problem } from '../problems.ts';

export async function report(
  store: Store,
  reporter: string,
  { conv, n, reason, context = [] }: ReportRequest,
  now: number,
): Promise<string> {
  const { db } = store;
  const ranges = await authorize(db, reporter, conv);
  const places = [...new Set([n, ...context])].sort((a, b) => a - b);
  if (!places.every((place) => sees(ranges, place)))
    throw problem('unknown_place', 'context: only what you see yourself.', { field: 'context' });
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('conv', '=', conv)
    .where('n', 'in', places)
    .orderBy('n')
    .execute();
  if (!rows.some((row) => row.n === n && row.kind === 'message'))
    throw problem('unknown_place', 'n: there is no such message.', { field: 'n' });
  // As it is now: it may be gone when somebody looks.
  const evidence = JSON.stringify(await folded(db, ranges, rows));
  const id = randomUUID();
  await store.write((trx) =>
    trx.insertInto('report').values({ id, reporter, conv, n, reason, evidence, createdAt: now }).execute(),
  );
  return id;
}

/** For admins; the oldest open ones first. */
export async function reports(
  db: Kysely<Database>,
  { open, limit, offset }: { open: boolean; limit: number; offset: number },
): Promise<Report[]> {
  const rows = await db
    .selectFrom('report')
    .selectAll()
    .where('closedAt', open ? 'is' : 'is not', null)
    .orderBy('createdAt', open ? 'asc' : 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(({ evidence, ...row }) => ({ ...row, evidence: JSON.parse(evidence) }));
}
