import { Recovery, Refresh, Registration, SignIn } from '@matchbook/protocol/http';
import { type Request, Router } from 'express';
import type { Accounts } from '../accounts/accounts.ts';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Store } from '../db/store.ts';
import { parsed } from '../problems.ts';

export function accountRoutes(parts: {
  store: Store;
  accounts: Accounts;
  sessions: Sessions;
  perAddress: RateLimit;
  perAccount: RateLimit;
}): Router {
  const { store, accounts, sessions, perAddress, perAccount } = parts;
  const router = Router();
  const limited = (request: Request) => perAddress.take(request.ip ?? '');

  router.post('/api/accounts', async (request, response) => {
    limited(request);
    response.status(201).json(await accounts.register(parsed(Registration, request.body)));
  });
  router.post('/api/accounts/recover', async (request, response) => {
    limited(request);
    response.json(await accounts.recover(parsed(Recovery, request.body)));
  });
  router.post('/api/sessions', async (request, response) => {
    limited(request);
    const body = parsed(SignIn, request.body);
    perAccount.take(body.user);
    response.status(201).json(await accounts.signIn(body));
  });
  router.post('/api/sessions/refresh', async (request, response) => {
    response.json(await sessions.refresh(store, parsed(Refresh, request.body).refresh));
  });
  return router;
}
