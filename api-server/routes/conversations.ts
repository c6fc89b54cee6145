import { Id } from '@matchbook/protocol/entries';
import { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Authentication } from '../authentication.ts';
import type { Database } from '../db/schema.ts';
import { history } from '../messages/history.ts';
import { parsed, problem } from '../problems.ts';

export function conversationRoutes(parts: { db: Kysely<Database>; authentication: Authentication }): Router {
  const { db, authentication } = parts;
  const router = Router();
  router.get('/api/conversations/:conv/entries', async (request, response) => {
    const { user } = await authentication.person(request);
    const conv = parsed(Id, request.params.conv);
    const from = place('from', request.query.from);
    const to = place('to', request.query.to);
    if (to < from) throw problem('invalid_field', 'to: not before from.', { field: 'to', limit: from });
    response.json(await history(db, user, conv, { from, to }));
  });
  return router;
}

function place(field: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : 0;
  if (!Number.isSafeInteger(number) || number < 1)
    throw problem('invalid_field', `${field}: a place is a whole number from 1.`, { field, limit: 1 });
  return number;
}
