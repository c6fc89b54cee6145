import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { directConversationId } from '@matchbook/protocol/ids';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from './testing/databases.ts';
import { SERVICE, secret, startTestApi, type TestApi } from './testing/running-api.ts';

onBothDatabases('the API', (database) => {
  let api: TestApi;
  const start = async (env?: Record<string, string>) => {
    api = await startTestApi({ ...(await database.env()), ...env });
    return api;
  };
  afterEach(() => api.close());

  const invite = async (access: string) =>
    (await api.post('/api/invitations', {}, access)).body.secret as string;

  it('a name that this server is not told to answer to is named as such, for whoever runs it to mend', async () => {
    await start();
    const asking = get(`${api.base}/api/server`, { headers: { host: 'chat.example' } });
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    expect(JSON.parse(await text(answer))).toMatchObject({ kind: 'host_unknown', field: 'Host' });
  });

  describe('accounts', () => {
    it('the first account comes in freely, the next by invitation, and what that causes is appended in order', async () => {
      await start();
      const ann = await api.register('Ann');
      const bob = await api.register('Bob', { invitation: await invite(ann.access) });
      expect(bob.inviter).toEqual({ user: ann.user, name: 'Ann' });
      const conv = directConversationId(ann.user, bob.user);
      expect(await api.relay.waitFor(3)).toMatchObject([
        { kind: 'profile', user: ann.user, name: 'Ann' },
        { kind: 'profile', user: bob.user, name: 'Bob' },
        { kind: 'create', sender: bob.user, conv, form: 'direct', members: [ann.user, bob.user] },
      ]);
    });

    it('refuses strangers, used, expired and unknown invitations, and says which', async () => {
      await start();
      const ann = await api.register('Ann');
      const link = await invite(ann.access);
      await api.register('Bob', { invitation: link });
      const tried = async (invitation?: string) => {
        const body = {
          name: 'Eve',
          secret: secret(),
          device: { id: secret(), name: 'x' },
          ...(invitation ? { invitation } : {}),
        };
        return (await api.post('/api/accounts', body)).body.kind;
      };
      expect([await tried(), await tried(link), await tried(secret())]).toEqual([
        'invitation_invalid',
        'invitation_used',
        'invitation_invalid',
      ]);
      const late = await invite(ann.access);
      api.clock.now += 24 * 60 * 60_000 + 1;
      expect(await tried(late)).toBe('invitation_expired');
      expect((await api.post('/api/invitations/preview', { secret: late })).status).toBe(410);
    });

    it('keeps the first account for the owner of the server', async () => {
      const owner = secret();
      await start({ API_FIRST_ACCOUNT_SECRET: owner });
      const body = { name: 'Eve', secret: secret(), device: { id: 'd', name: 'x' } };
      expect((await api.post('/api/accounts', body)).body.kind).toBe('invitation_invalid');
      expect((await api.register('Ann', { invitation: owner })).name).toBe('Ann');
    });

    it('a registration whose answer was lost is answered again: one account, one invitation', async () => {
      await start();
      const ann = await api.register('Ann');
      const body = {
        name: 'Bob',
        secret: secret(),
        device: { id: 'bobs', name: 'x' },
        invitation: await invite(ann.access),
      };
      const first = await api.post('/api/accounts', body);
      const again = await api.post('/api/accounts', body);
      expect(again.status).toBe(201);
      expect(again.body.user).toBe(first.body.user);
      expect(again.body.inviter).toEqual(first.body.inviter);
      expect((await api.post('/api/accounts', { ...body, secret: secret() })).body.kind).toBe('forbidden');
    });

    it('recovers with the code once; earlier sessions end, and a new code is handed out', async () => {
      await start();
      const ann = await api.register('Ann');
      const made = secret();
      const device = { id: 'second', name: 'x' };
      const typed = ann.recoveryCode.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
      const recovered = await api.post('/api/accounts/recover', { code: typed, secret: made, device });
      expect(recovered.body.user).toBe(ann.user);
      expect(recovered.body.recoveryCode).not.toBe(ann.recoveryCode);
      const again = { code: ann.recoveryCode, secret: secret(), device };
      expect((await api.post('/api/accounts/recover', again)).body.kind).toBe('wrong_secret');
      expect((await api.post('/api/sessions/refresh', { refresh: ann.refresh })).body.kind).toBe(
        'session_ended',
      );
      expect(
        (await api.post('/api/sessions', { user: ann.user, secret: ann.secret, device })).body.kind,
      ).toBe('wrong_secret');
      expect((await api.post('/api/sessions', { user: ann.user, secret: made, device })).status).toBe(201);
    });

    it('answers a recovery again whose reply was lost, and nobody else with the same code', async () => {
      await start();
      const ann = await api.register('Ann');
      const made = secret();
      const request = {
        code: ann.recoveryCode,
        secret: made,
        device: { id: 'second', name: 'x' },
        user: ann.user,
      };
      const lost = (await api.post('/api/accounts/recover', request)).body;
      const again = (await api.post('/api/accounts/recover', request)).body;
      expect(again).toMatchObject({ user: ann.user });
      // Both codes were handed out; the one that arrived counts, and can be used once.
      const next = { ...request, secret: secret() };
      expect((await api.post('/api/accounts/recover', { ...next, code: lost.recoveryCode })).body.kind).toBe(
        'wrong_secret',
      );
      expect((await api.post('/api/accounts/recover', { ...next, code: again.recoveryCode })).status).toBe(
        200,
      );
      expect((await api.post('/api/accounts/recover', request)).body.kind).toBe('wrong_secret');
    });

    it('does not use up a code of somebody else', async () => {
      await start();
      const ann = await api.register('Ann');
      const request = { code: ann.recoveryCode, secret: secret(), device: { id: 'second', name: 'x' } };
      const other = await api.post('/api/accounts/recover', { ...request, user: 'somebody-else' });
      expect(other.body.kind).toBe('wrong_secret');
      expect((await api.post('/api/accounts/recover', { ...request, user: ann.user })).status).toBe(200);
    });

    it('answers an unknown user as a wrong secret', async () => {
      await start();
      const ann = await api.register('Ann');
      const device = { id: 'd', name: 'x' };
      const wrong = await api.post('/api/sessions', { user: ann.user, secret: secret(), device });
      const unknown = await api.post('/api/sessions', { user: 'nobody', secret: secret(), device });
      expect(unknown).toMatchObject({ status: wrong.status, body: wrong.body });
    });

    it('names the field and the limit of bad input', async () => {
      await start();
      const body = { name: 'x'.repeat(81), secret: secret(), device: { id: 'd', name: 'x' } };
      expect((await api.post('/api/accounts', body)).body).toMatchObject({
        kind: 'invalid_field',
        field: 'name',
        limit: 80,
      });
      expect((await api.post('/api/accounts', { ...body, name: 'a\0' })).body).toMatchObject({
        field: 'name',
      });
      expect((await api.post('/api/accounts', { ...body, name: 'A', admin: true })).body).toMatchObject({
        field: 'admin',
      });
      expect((await api.post('/api/accounts', '{"name"')).body.kind).toBe('bad_json');
      expect((await api.post('/api/accounts', { ...body, name: 'x'.repeat(70_000) })).body).toMatchObject({
        kind: 'frame_too_large',
        limit: 64 * 1024,
      });
    });

    it('slows guessing down and says until when', async () => {
      await start();
      const answers = [];
      for (let i = 0; i < 40; i++)
        answers.push(await api.post('/api/invitations/preview', { secret: secret() }));
      const limited = answers.find((answer) => answer.status === 429)!;
      expect(limited.body).toMatchObject({ kind: 'rate_limited', retryAfter: 1 });
      expect(limited.headers.get('retry-after')).toBe('1');
      api.clock.now += 2_000;
      expect((await api.post('/api/invitations/preview', { secret: secret() })).status).toBe(410);
    });
  });

  describe('sessions', () => {
    it('signs access tokens that the published keys verify, for this user and device', async () => {
      await start();
      const ann = await api.register('Ann');
      const keys = createRemoteJWKSet(new URL(`${api.base}/api/auth/keys`));
      const { payload } = await jwtVerify(ann.access, keys, {
        issuer: 'matchbook',
        audience: 'matchbook',
        algorithms: ['EdDSA'],
      });
      expect(payload).toMatchObject({ sub: ann.user, did: ann.device });
      expect(payload.exp! - payload.iat!).toBe(900);
      expect(JSON.stringify((await api.get('/api/auth/keys')).body)).not.toContain('"d"');
    });

    it('a lost reply to a refresh is answered with the same next token, also after a restart', async () => {
      await start();
      const ann = await api.register('Ann');
      const next = await api.post('/api/sessions/refresh', { refresh: ann.refresh });
      await api.restart();
      const again = await api.post('/api/sessions/refresh', { refresh: ann.refresh });
      expect(again.body.refresh).toBe(next.body.refresh);
      expect((await api.post('/api/sessions/refresh', { refresh: next.body.refresh })).status).toBe(200);
    });

    it('a token that was used twice ends the session; a made-up one ends nothing', async () => {
      await start();
      const ann = await api.register('Ann');
      const [sid] = ann.refresh.split('.');
      expect(
        (await api.post('/api/sessions/refresh', { refresh: `${sid}.0.${'A'.repeat(43)}` })).status,
      ).toBe(401);
      let { refresh } = ann;
      for (let i = 0; i < 2; i++)
        refresh = (await api.post('/api/sessions/refresh', { refresh })).body.refresh as string;
      const shown = async (token: string) =>
        (await api.post('/api/sessions/refresh', { refresh: token })).body.kind;
      // The copy that lags behind is told so, also later; who holds the newest token may sign in again by themselves.
      expect(await shown(ann.refresh)).toBe('session_replaced');
      expect([await shown(refresh), await shown(ann.refresh)]).toEqual(['session_ended', 'session_replaced']);
      expect((await api.post('/api/invitations', {}, ann.access)).status).toBe(401);
    });

    it('two refreshes at once get the same token', async () => {
      await start();
      const ann = await api.register('Ann');
      const both = await Promise.all(
        [1, 2].map(() => api.post('/api/sessions/refresh', { refresh: ann.refresh })),
      );
      expect(both[0]!.body.refresh).toBe(both[1]!.body.refresh);
      // Of many none is turned away, on either database.
      const many = await Promise.all(
        Array.from({ length: 40 }, () =>
          api.post('/api/sessions/refresh', { refresh: both[0]!.body.refresh }),
        ),
      );
      expect(new Set(many.map(({ status, body }) => `${status} ${body.refresh}`)).size).toBe(1);
      expect(many[0]!.status).toBe(200);
    });
  });

  describe('outbound', () => {
    it('tries for ever while the relay is away, keeps order, and survives a restart', async () => {
      await start();
      api.relay.failures.push(503, 'hang-up', 500);
      await api.register('Ann');
      await api.restart();
      expect((await api.relay.waitFor(1))[0]).toMatchObject({ kind: 'profile', name: 'Ann' });
    });

    it('a refusal for good is recorded and does not hold up the next', async () => {
      await start();
      api.relay.failures.push('refuse');
      const ann = await api.register('Ann');
      await api.register('Bob', { invitation: await invite(ann.access) });
      expect((await api.relay.waitFor(2)).map((item) => item.kind)).toEqual(['profile', 'create']);
      expect(api.logged.some((line) => line.includes('invalid_field'))).toBe(true);
    });
  });

  describe('who may call what', () => {
    const routes: [
      method: 'get' | 'post',
      path: string,
      open: 'all' | 'person' | 'service',
      body?: object,
    ][] = [
      ['get', '/livez', 'all'],
      ['get', '/readyz', 'all'],
      ['get', '/api/server', 'all'],
      ['get', '/api/auth/keys', 'all'],
      ['post', '/api/invitations', 'person', {}],
      ['get', '/api/conversations/c/entries?from=1&to=2', 'person'],
      ['get', '/api/messages/progress', 'service'],
      ['post', '/api/messages/save', 'service', { epoch: '0'.repeat(16), after: 0, items: [], upTo: 1 }],
    ];

    it.each(routes)('%s %s is for %s', async (method, path, open, body) => {
      await start();
      const ann = await api.register('Ann');
      const status = async (credential?: string) =>
        (method === 'get' ? await api.get(path, credential) : await api.post(path, body, credential)).status;
      const may = (who: string) => open === 'all' || open === who;
      expect((await status()) !== 401).toBe(may('nobody'));
      expect((await status('rubbish')) !== 401).toBe(may('nobody'));
      expect((await status(ann.access)) !== 401).toBe(may('person'));
      expect((await status(SERVICE)) !== 401).toBe(may('service'));
    });

    it('limits addresses, and believes of them what a proxy says that it was told of', async () => {
      const tries = async (trusted: string) => {
        await start(trusted ? { API_TRUST_PROXY: trusted } : {});
        const asked = (i: number) =>
          fetch(`${api.base}/api/invitations/preview`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${i}` },
            body: JSON.stringify({ secret: secret() }),
          });
        const statuses = new Set<number>();
        for (let i = 0; i < 40; i++) statuses.add((await asked(i)).status);
        await api.close();
        return [...statuses].sort();
      };
      expect(await tries('')).toEqual([410, 429]);
      expect(await tries('10.0.0.1')).toEqual([410, 429]);
      expect(await tries('127.0.0.1')).toEqual([410]);
      await start();
    });

    it('answers other origins and host names with a refusal', async () => {
      await start();
      const asked = async (headers: Record<string, string>) => {
        const response = await fetch(`${api.base}/api/server`, { headers });
        return [response.status, response.headers.get('access-control-allow-origin')];
      };
      expect(await asked({ origin: 'app://matchbook' })).toEqual([200, 'app://matchbook']);
      expect(await asked({ origin: 'https://evil.example' })).toEqual([403, null]);
      expect((await api.get('/nowhere')).body.kind).toBe('not_found');
    });

    it('writes no secret, token or code into its logs', async () => {
      await start();
      const ann = await api.register('Ann');
      await api.post('/api/sessions', { user: ann.user, secret: 'x', device: {} });
      await api.post('/api/messages/save', { rubbish: ann.access }, SERVICE);
      const text = api.logged.join('\n');
      for (const canary of [ann.secret, ann.access, ann.refresh, ann.recoveryCode, SERVICE])
        expect(text).not.toContain(canary);
    });
  });
});
