import { InvitationQuery, InvitationRequest } from '@matchbook/protocol/http/invitations';
import { networkOf } from '@matchbook/protocol/network-of';
import { Router } from 'express';
import type { Invitations } from '../accounts/invitations.ts';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Authentication } from '../authentication.ts';
import { parsed } from '../problems.ts';

export function invitationRoutes(parts: {
  invitations: Invitations;
  authentication: Authentication;
  serverName: () => string;
  perAddress: RateLimit;
}): Router {
  const { invitations, authentication, serverName, perAddress } = parts;
  const router = Router();
  router.post('/api/invitations', async (request, response) => {
    const { user } = await authentication.person(request);
    response.status(201).json(await invitations.create(user, parsed(InvitationRequest, request.body ?? {})));
  });
  router.get('/api/invitations', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json({ invitations: await invitations.list(user) });
  });
  router.delete('/api/invitations/:id', async (request, response) => {
    const { user } = await authentication.person(request);
    await invitations.revoke(user, String(request.params.id));
    response.status(204).end();
  });
  router.post('/api/invitations/redeem', async (request, response) => {
    perAddress.take(networkOf(request.ip));
    const { user } = await authentication.person(request);
    const { secret } = parsed(InvitationQuery, request.body);
    response.json(await invitations.redeemSignedIn(secret, user));
  });
  router.post('/api/invitations/preview', async (request, response) => {
    perAddress.take(networkOf(request.ip));
    const { secret } = parsed(InvitationQuery, request.body);
    response.json(await invitations.preview(secret, serverName()));
  });
  return router;
}
