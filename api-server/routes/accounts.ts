import { Id } from '@matchbook/protocol/entries';
import {
  PasswordChange,
  ProfileChange,
  Recovery,
  Refresh,
  Registration,
  SignInByPassword,
  SignInBySecret,
} from '@matchbook/protocol/http/accounts';
import { networkOf } from '@matchbook/protocol/network-of';
import { type Request, Router } from 'express';
import type { Accounts } from '../accounts/accounts.ts';
import type { Passwords } from '../accounts/passwords.ts';
import type { Profiles } from '../accounts/profiles.ts';
import { RateLimit } from '../accounts/rate-limit.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { parsed } from '../problems.ts';

/** At one login from everywhere together: more than the tries of one network fill. */
const LOGIN_TRIES = { perSecond: 0.5, burst: 50 };

export function accountRoutes(parts: {
  store: Store;
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  profiles: Profiles;
  authentication: Authentication;
  perAddress: RateLimit;
  perAccount: RateLimit;
  now: () => number;
}): Router {
  const { store, accounts, sessions, passwords, profiles, authentication, perAddress, perAccount, now } =
    parts;
  const router = Router();
  const anywhere = new RateLimit({ ...LOGIN_TRIES, now });
  const limited = (request: Request) => perAddress.take(networkOf(request.ip));

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
    const byPassword = typeof request.body === 'object' && request.body !== null && 'login' in request.body;
    const body = byPassword ? parsed(SignInByPassword, request.body) : parsed(SignInBySecret, request.body);
    const account = 'login' in body ? `login ${body.login}` : body.user;
    // By network: who only knows the name of an account keeps its owner out of it from nowhere else.
    perAccount.take(`${networkOf(request.ip)} ${account}`);
    // A secret has 256 bits; a password may be guessed from many places.
    if ('login' in body) anywhere.take(account);
    response.status(201).json(await accounts.signIn(body));
  });
  router.post('/api/sessions/refresh', async (request, response) => {
    response.json(await sessions.refresh(store, parsed(Refresh, request.body).refresh));
  });
  router.post('/api/sessions/sign-out', async (request, response) => {
    await sessions.signOut(store, parsed(Refresh, request.body).refresh);
    response.status(204).end();
  });
  router.get('/api/devices', async (request, response) => {
    const { user, sid } = await authentication.person(request);
    response.json({ devices: await sessions.devices(store, user, sid) });
  });
  router.delete('/api/devices/:device', async (request, response) => {
    const { user } = await authentication.person(request);
    await sessions.endDevice(store, user, parsed(Id, request.params.device));
    response.status(204).end();
  });
  router.get('/api/account', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await profiles.own(user));
  });
  router.patch('/api/account/profile', async (request, response) => {
    const { user } = await authentication.person(request);
    perAccount.take(`profile ${user}`);
    response.json(await profiles.change(user, parsed(ProfileChange, request.body)));
  });
  router.post('/api/account/seen', async (request, response) => {
    const { user } = await authentication.person(request);
    await profiles.seen(user);
    response.status(204).end();
  });
  router.put('/api/account/password', async (request, response) => {
    limited(request);
    const { user, sid } = await authentication.person(request);
    perAccount.take(`password ${user}`);
    await passwords.change(user, sid, parsed(PasswordChange, request.body));
    response.status(204).end();
  });
  router.get('/api/users/:user', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await profiles.of(parsed(Id, request.params.user), user));
  });
  return router;
}
