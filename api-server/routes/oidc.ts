import { OidcFinish, OidcStart } from '@matchbook/protocol/http/accounts';
import { networkOf } from '@matchbook/protocol/network-of';
import { Router } from 'express';
import type { Oidc } from '../accounts/oidc.ts';
import type { RateLimit } from '../accounts/rate-limit.ts';
import { parsed, problem } from '../problems.ts';

export function oidcRoutes({ oidc, perAddress }: { oidc: Oidc | null; perAddress: RateLimit }): Router {
  const router = Router();
  const present = (): Oidc => {
    if (!oidc) throw problem('not_found', 'People of this server sign in here.');
    return oidc;
  };
  router.get('/api/oidc', (_request, response) => {
    response.json({ provider: oidc ? { name: oidc.name } : null });
  });
  router.post('/api/oidc/start', async (request, response) => {
    perAddress.take(networkOf(request.ip));
    response.json(await present().start(parsed(OidcStart, request.body)));
  });
  router.post('/api/oidc/finish', async (request, response) => {
    perAddress.take(networkOf(request.ip));
    response.status(201).json(await present().finish(parsed(OidcFinish, request.body)));
  });
  return router;
}
