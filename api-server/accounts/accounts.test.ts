import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceSession } from '@matchbook/protocol/http/accounts';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, secret, startTestApi, type TestApi } from '../testing/running-api.ts';
import { KEY_GRACE, KEY_LIFE, Keys } from './keys.ts';

onBothDatabases('accounts, devices, profiles', (database) => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
  });
  afterEach(() => api.close());

  const signIn = (login: string, password: string, id = secret()) =>
    api.post('/api/sessions', { login, password, device: { id, name: 'desk' } });
  const works = async (access: string) => (await api.get('/api/account', access)).status === 200;
  const withLogin = (login = 'ann@example.com', password = 'correct horse') =>
    api.register('Ann', { login, password });

  describe('passwords', () => {
    it('sign in on a machine that has no secret of the app, however the keyboard writes them', async () => {
      const ann = await withLogin('ann', 'Ｃafe\u0301 ﬁve');
      const there = await signIn('ann', 'Café five');
      expect(there).toMatchObject({ status: 201, body: { user: ann.user } });
      expect(await works(there.body.access as string)).toBe(true);
      expect((await signIn('ann', 'cafe five')).body.kind).toBe('wrong_secret');
    });

    it('an unknown login is answered as a wrong password, and too many tries are put off', async () => {
      await withLogin();
      const wrong = await signIn('ann@example.com', 'wrong horse');
      const unknown = await signIn('eve@example.com', 'wrong horse');
      expect(unknown).toMatchObject({ status: wrong.status, body: wrong.body });
      for (let tries = 0; tries < 10; tries++) await signIn('ann@example.com', 'wrong horse');
      const late = await signIn('ann@example.com', 'correct horse');
      expect(late).toMatchObject({ status: 429, body: { kind: 'rate_limited' } });
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
      api.clock.now += 60_000;
      expect((await signIn('ann@example.com', 'correct horse')).status).toBe(201);
    });

    it('a change is proved by the old one or by the secret, and ends every other session', async () => {
      const ann = await withLogin();
      const there = (await signIn('ann@example.com', 'correct horse')).body;
      const change = (body: object) => api.send('PUT', '/api/account/password', body, ann.access);
      expect((await change({ next: 'new battery', current: 'no' })).body.kind).toBe('wrong_secret');
      expect((await change({ next: 'new battery' })).body.kind).toBe('wrong_secret');
      expect((await change({ next: 'new battery', current: 'correct horse' })).status).toBe(204);
      expect([await works(ann.access), await works(there.access as string)]).toEqual([true, false]);
      expect((await signIn('ann@example.com', 'correct horse')).body.kind).toBe('wrong_secret');
      expect((await signIn('ann@example.com', 'new battery')).status).toBe(201);
      expect((await change({ next: 'third staple', secret: ann.secret, login: 'annie' })).status).toBe(204);
      expect((await signIn('annie', 'third staple')).status).toBe(201);
      const appended = await api.relay.waitFor(3);
      expect(appended.filter((item) => item.kind === 'revoke')).toMatchObject([
        { user: ann.user },
        { user: ann.user },
      ]);
    });

    it('a login belongs to one person, also of two who ask at once', async () => {
      const both = await Promise.all(
        [1, 2].map((i) =>
          api.post('/api/accounts', {
            ...{ name: `Ann ${i}`, secret: secret(), login: 'ann', password: 'correct horse' },
            device: { id: `d${i}`, name: 'x' },
          }),
        ),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(both.find(({ status }) => status === 409)!.body).toMatchObject({
        kind: 'conflict',
        field: 'login',
      });
    });

    it('names the field and the limit', async () => {
      const ann = await api.register('Ann');
      const change = async (body: object) =>
        (await api.send('PUT', '/api/account/password', body, ann.access)).body;
      const proof = { secret: ann.secret };
      expect(await change({ ...proof, login: 'ann', next: 'short' })).toMatchObject({
        field: 'next',
        limit: 8,
      });
      expect(await change({ ...proof, login: 'Ann!', next: 'long enough' })).toMatchObject({
        field: 'login',
      });
      expect(await change({ ...proof, next: 'long enough' })).toMatchObject({ field: 'login' });
      expect(await change({ ...proof, login: 'ann', next: 'aaaaaaaaaaaa' })).toMatchObject({
        field: 'next',
        limit: 4,
      });
      expect(await change({ ...proof, login: 'annabelle', next: 'annabelle1' })).toMatchObject({
        field: 'next',
      });
      const half = { name: 'B', secret: secret(), device: { id: 'd', name: 'x' } };
      const same = { ...half, login: 'bob', password: 'aaaaaaaaaa' };
      expect((await api.post('/api/accounts', same)).body).toMatchObject({ field: 'password', limit: 4 });
      expect((await api.post('/api/accounts', { ...half, login: 'bob' })).body).toMatchObject({
        field: 'password',
      });
      expect((await api.post('/api/accounts', { ...half, password: 'long enough' })).body).toMatchObject({
        field: 'login',
      });
    });
  });

  describe('devices', () => {
    it('I7: are listed, and one is ended here and through the log', async () => {
      const ann = await withLogin();
      const there = (await signIn('ann@example.com', 'correct horse', 'other')).body;
      const list = (await api.get('/api/devices', ann.access)).body.devices as DeviceSession[];
      expect(list.map(({ device, name, current }) => [device, name, current]).sort()).toEqual(
        [
          [ann.device, 'test', true],
          ['other', 'desk', false],
        ].sort(),
      );
      expect((await api.send('DELETE', '/api/devices/other', undefined, ann.access)).status).toBe(204);
      expect(await works(there.access as string)).toBe(false);
      expect((await api.post('/api/sessions/refresh', { refresh: there.refresh })).body.kind).toBe(
        'session_ended',
      );
      expect((await api.relay.waitFor(2))[1]).toMatchObject({ kind: 'revoke', user: ann.user });
      const again = await api.send('DELETE', '/api/devices/other', undefined, ann.access);
      expect(again.body).toMatchObject({ kind: 'not_found', field: 'device' });
    });

    it('one that was ended by its owner does not come back with the secret that it holds, also after a recovery', async () => {
      const ann = await withLogin();
      const there = (await signIn('ann@example.com', 'correct horse', 'other')).body;
      const bySecret = async (held: string, id: string) =>
        (await api.post('/api/sessions', { user: ann.user, secret: held, device: { id, name: 'x' } })).status;
      const end = (device: string, by: string) => api.send('DELETE', `/api/devices/${device}`, undefined, by);
      await end('other', ann.access);
      expect(await bySecret(ann.secret, ann.device)).toBe(201);
      const third = (await signIn('ann@example.com', 'correct horse', 'third')).body;
      await end(ann.device, third.access as string);
      expect(await bySecret(ann.secret, ann.device)).toBe(401);
      const recovered = { code: ann.recoveryCode, secret: secret(), device: { id: 'fourth', name: 'x' } };
      expect((await api.post('/api/accounts/recover', recovered)).status).toBe(200);
      expect(await bySecret(recovered.secret, 'fourth')).toBe(201);
      const fifth = (await signIn('ann@example.com', 'correct horse', 'fifth')).body;
      await end('fourth', fifth.access as string);
      expect(await bySecret(recovered.secret, 'fourth')).toBe(401);
      expect(await works(there.access as string)).toBe(false);
    });

    it('a copy of one that signs in as the same device takes over, and the other hears that it did', async () => {
      const ann = await api.register('Ann');
      const device = { id: ann.device, name: 'copy' };
      const copy = (await api.post('/api/sessions', { user: ann.user, secret: ann.secret, device })).body;
      const refresh = async (token: unknown) =>
        (await api.post('/api/sessions/refresh', { refresh: token })).body;
      expect((await refresh(ann.refresh)).kind).toBe('session_replaced');
      expect((await refresh(copy.refresh)).user).toBe(ann.user);
    });

    it('nobody ends those of others', async () => {
      const ann = await api.register('Ann');
      const eve = await api.register('Eve');
      expect((await api.send('DELETE', `/api/devices/${ann.device}`, undefined, eve.access)).status).toBe(
        404,
      );
      expect(await works(ann.access)).toBe(true);
    });

    it('signing out needs no fresh token, may be repeated, and takes no forged one', async () => {
      const ann = await api.register('Ann');
      const out = (refresh: string) => api.post('/api/sessions/sign-out', { refresh });
      const [sid] = ann.refresh.split('.');
      expect((await out(`${sid}.0.${'A'.repeat(43)}`)).status).toBe(204);
      expect(await works(ann.access)).toBe(true);
      api.clock.now += 3 * 86_400_000;
      expect((await out(ann.refresh)).status).toBe(204);
      expect((await out(ann.refresh)).status).toBe(204);
      expect((await api.relay.waitFor(2)).filter((item) => item.kind === 'revoke')).toHaveLength(1);
      expect((await api.post('/api/sessions/refresh', { refresh: ann.refresh })).body.kind).toBe(
        'session_ended',
      );
    });
  });

  describe('profiles', () => {
    const change = (access: string, body: object) => api.send('PATCH', '/api/account/profile', body, access);

    it('changes go through the log, once each', async () => {
      const ann = await api.register('Ann');
      const until = api.clock.now + 60_000;
      const status = { text: 'On a boat', until };
      expect((await change(ann.access, { name: ' Ann Lee ', status })).body).toMatchObject({
        name: 'Ann Lee',
        status,
      });
      await change(ann.access, { name: 'Ann Lee' });
      const hash = 'a'.repeat(64);
      await api.inStore(({ write }) =>
        write(async (trx) => {
          await trx
            .insertInto('file')
            .values({ hash, size: 1, type: 'image/png', thumbnail: 0, createdAt: 1 })
            .execute();
          await trx.insertInto('fileOwner').values({ hash, user: ann.user, createdAt: 1 }).execute();
        }),
      );
      await change(ann.access, { avatar: hash, status: null });
      expect(await api.relay.waitFor(3)).toMatchObject([
        { kind: 'profile', name: 'Ann' },
        { kind: 'profile', name: 'Ann Lee', status },
        { kind: 'profile', name: 'Ann Lee', avatar: 'a'.repeat(64) },
      ]);
      expect(api.relay.appended).toHaveLength(3);
    });

    it('a status ends by itself', async () => {
      const ann = await api.register('Ann');
      await change(ann.access, { status: { text: 'Lunch', until: api.clock.now + 60_000 } });
      api.clock.now += 60_000;
      expect((await api.get('/api/account', ann.access)).body.status).toBeNull();
    });

    it('are shown to those who share a conversation, last seen to the minute and only where its owner shows it', async () => {
      const [ann, bob, eve] = [
        await api.register('Ann'),
        await api.register('Bob'),
        await api.register('Eve'),
      ];
      const log = new LogWriter();
      log.create('c', 'direct', [ann.user, bob.user]);
      for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
      const of = (access: string) => api.get(`/api/users/${ann.user}`, access);
      expect((await of(eve.access)).body).toMatchObject({ kind: 'not_found' });
      expect((await api.get('/api/users/nobody', eve.access)).body).toEqual((await of(eve.access)).body);
      expect((await of(bob.access)).body).toMatchObject({ name: 'Ann', lastSeen: null });
      await api.post('/api/account/seen', {}, ann.access);
      const { lastSeen } = (await of(bob.access)).body as { lastSeen: number };
      expect([lastSeen % 60_000, api.clock.now - lastSeen < 60_000]).toEqual([0, true]);
      expect((await of(bob.access)).body).not.toHaveProperty('login');
      await change(ann.access, { showLastSeen: false });
      expect((await of(bob.access)).body.lastSeen).toBeNull();
    });

    it('names what is wrong', async () => {
      const ann = await api.register('Ann');
      expect((await change(ann.access, { name: '\u200b' })).body).toMatchObject({ field: 'name' });
      expect((await change(ann.access, { status: { text: 'x'.repeat(141) } })).body).toMatchObject({
        field: 'status.text',
        limit: 140,
      });
      expect((await change(ann.access, { admin: true })).body).toMatchObject({ field: 'admin' });
    });
  });
});

describe('keys', () => {
  it('are renewed while tokens of the old one live on, and kept for nobody else to read', async () => {
    const api = await startTestApi();
    try {
      const ann = await api.register('Ann');
      const { kid } = decodeProtectedHeader(ann.access);
      const path = join(api.folder, 'keys.json');
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const keys = await Keys.load(api.folder, 'matchbook', () => Date.now() + KEY_LIFE);
      expect(keys.published.keys.map((one) => one.kid)).toEqual([expect.not.stringMatching(kid!), kid]);
      expect(keys.published.keys.some((one) => 'd' in one)).toBe(false);
      await api.restart();
      expect((await api.get('/api/account', ann.access)).status).toBe(200);
      const again = (await api.post('/api/sessions/refresh', { refresh: ann.refresh })).body.access as string;
      expect(decodeProtectedHeader(again).kid).not.toBe(kid);
      keys.close();
      const later = await Keys.load(api.folder, 'matchbook', () => Date.now() + 2 * KEY_LIFE + KEY_GRACE);
      expect(later.published.keys.map((one) => one.kid)).not.toContain(kid);
      later.close();
      expect(JSON.parse(readFileSync(path, 'utf8')).signing).toHaveLength(2);
    } finally {
      await api.close();
    }
  });
});
