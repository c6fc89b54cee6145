import { Id } from '@matchbook/protocol/entries';
import { ReportRequest, ScheduleRequest } from '@matchbook/protocol/http/people';
import { Router } from 'express';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { report } from '../people/reports.ts';
import type { Scheduled } from '../people/scheduled.ts';
import { parsed } from '../problems.ts';
import { oneOf } from './query.ts';

export function peopleRoutes(parts: {
  store: Store;
  scheduled: Scheduled;
  authentication: Authentication;
  perAccount: RateLimit;
  now: () => number;
}): Router {
  const { store, scheduled, authentication, perAccount, now } = parts;
  const router = Router();
  router.post('/api/reports', async (request, response) => {
    const { user } = await authentication.person(request);
    perAccount.take(`report ${user}`);
    response.status(201).json({ id: await report(store, user, parsed(ReportRequest, request.body), now()) });
  });
  router.get('/api/scheduled', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json({ messages: await scheduled.list(user) });
  });
  router.put('/api/scheduled/:id', async (request, response) => {
    const { user } = await authentication.person(request);
    const body = request.body as object;
    const waiting = oneOf(request.query, 'only', ['any', 'waiting'] as const) === 'waiting';
    await scheduled.put(user, parsed(ScheduleRequest, { ...body, id: request.params.id }), { waiting });
    response.status(204).end();
  });
  router.delete('/api/scheduled/:id', async (request, response) => {
    const { user } = await authentication.person(request);
    await scheduled.cancel(user, parsed(Id, request.params.id));
    response.status(204).end();
  });
  return router;
}
