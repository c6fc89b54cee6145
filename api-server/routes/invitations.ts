import { InvitationQuery } from '@matchbook/protocol/http';
import { Router } from 'express';
import type { Invitations } from '../accounts/invitations.ts';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { parsed } from '../problems.ts';

export function invitationRoutes(parts: {
  store: Store;
  invitations: Invitations;
  authentication: Authentication;
  serverName: string;
  perAddress: RateLimit;
}): Router {
  const { store, invitations, authentication, serverName, perAddress } = parts;
  const router = Router();
  router.post('/api/invitations', async (request, response) => {
    const { user } = await authentication.person(request);
    response.status(201).json(await invitations.create(store, user));
  });
  router.post('/api/invitations/preview', async (request, response) => {
    perAddress.take(request.ip ?? '');
    const { secret } = parsed(InvitationQuery, request.body);
    response.json(await invitations.preview(store.db, secret, serverName));
  });
  return router;
}
