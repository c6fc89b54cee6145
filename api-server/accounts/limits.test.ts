import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { secret, startTestApi, type TestApi } from '../testing/running-api.ts';
import { SecretHash } from './secret-hash.ts';

onBothDatabases('routes that are limited', (database) => {
  let api: TestApi;
  let ann: { user: string; access: string };
  beforeEach(async () => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_TRUST_PROXY: '127.0.0.1',
      API_LINK_PREVIEWS: 'on',
      API_ACCESS_TOKEN_SECONDS: '86400',
    });
    ann = await api.register('Ann');
    api.clock.now += 60_000;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    return api.close();
  });

  const device = { id: 'd', name: 'x' };

  it('say until when, each of them, in the header and in the body', async () => {
    /** How many at once they take, at most. */
    const BURST = 30;
    const send = (method: string, path: string, body?: object) => () =>
      api.send(method, path, body, ann.access);
    // Of an address: what the first of them uses up, the others have used up too.
    const byAddress = [
      send('POST', '/api/invitations/preview', { secret: secret() }),
      send('POST', '/api/accounts', { name: 'A', secret: secret(), device }),
      send('POST', '/api/accounts/recover', { user: 'x', code: 'x', secret: secret(), device }),
      send('POST', '/api/sessions', { user: 'x', secret: secret(), device }),
      send('PUT', '/api/account/password', {}),
      send('POST', '/api/invitations/redeem', { secret: secret() }),
      send('POST', '/api/oidc/start', {}),
      send('POST', '/api/oidc/finish', {}),
    ];
    const byPerson = [
      send('GET', '/api/search?q=word'),
      send('POST', '/api/previews', { url: 'http://127.0.0.1/' }),
      send('PATCH', '/api/account/profile', { status: { text: 'x', until: null } }),
      send('POST', '/api/reports', {}),
    ];
    for (const ask of [...byAddress, ...byPerson]) {
      let answer = await ask();
      for (let i = 0; i < BURST && answer.status !== 429; i++) answer = await ask();
      const { kind, retryAfter } = answer.body as { kind: string; retryAfter: number };
      expect([answer.status, kind, answer.headers.get('retry-after')]).toEqual([
        429,
        'rate_limited',
        String(retryAfter),
      ]);
      expect(retryAfter).toBeGreaterThan(0);
    }
    // And it is true: after that long, it is another answer.
    api.clock.now += 11_000;
    for (const ask of [...byAddress, ...byPerson]) expect((await ask()).status).not.toBe(429);
  });

  it('who asks without end gets as many answers as the rate has, whatever they ask for, and keeps out nobody else', async () => {
    await api.close();
    api = await startTestApi({
      ...(await database.env()),
      ...{ API_REGISTRATION: 'open', API_RATE_USER: '2/5' },
    });
    const [zoe, max] = [await api.register('Zoe'), await api.register('Max')];
    const upload = async () => {
      const response = await fetch(`${api.base}/api/files/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${zoe.access}`, 'tus-resumable': '1.0.0', 'upload-length': '1' },
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as object };
    };
    const asks = [
      () => api.get('/api/conversations', zoe.access),
      () => api.get('/api/account', zoe.access),
      () => api.get('/api/search?q=word', zoe.access),
      upload,
    ];
    for (let i = 0; i < 5; i++)
      expect((await api.get('/api/conversations', zoe.access)).status, String(i)).toBe(200);
    for (const ask of asks) {
      const { status, headers, body } = await ask();
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({ kind: 'rate_limited', retryAfter: 1 });
    }
    expect((await api.get('/api/conversations', max.access)).status).toBe(200);
    // Of eight a second, two are answered: those that were refused cost nothing.
    const statuses = [];
    for (let i = 0; i < 16; i++) {
      api.clock.now += 125;
      statuses.push((await api.get('/api/conversations', zoe.access)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  });

  it('nobody keeps somebody else out by trying at their account', async () => {
    const zoe = await api.register('Zoe', { login: 'zoe@example.org', password: 'correct horse battery' });
    const tryFrom = async (address: string, body: object) => {
      const response = await fetch(`${api.base}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ ...body, device }),
      });
      return response.status;
    };
    const login = 'zoe@example.org';
    for (const [wrong, right] of [
      [
        { user: zoe.user, secret: secret() },
        { user: zoe.user, secret: zoe.secret },
      ],
      [
        { login, password: 'guess' },
        { login, password: 'correct horse battery' },
      ],
    ] as const) {
      const tries = [];
      for (let i = 0; i < 20; i++) tries.push(await tryFrom('203.0.113.1', wrong));
      expect(tries.slice(0, 10)).toEqual(Array(10).fill(401));
      expect(tries.slice(10)).toEqual(Array(10).fill(429));
      expect(await tryFrom('198.51.100.7', right)).toBe(201);
    }
    // Guessing a password from everywhere is slow too.
    const many = [];
    for (let i = 0; i < 60; i++) many.push(await tryFrom(`192.0.2.${i}`, { login, password: 'guess' }));
    expect(many.filter((status) => status === 429).length).toBeGreaterThan(5);
  }, 60_000);

  it('who is not there waits in the same queue as who is: neither the answer nor its time tells them apart', async () => {
    const before = await api.post('/api/sessions', { user: ann.user, secret: secret(), device });
    // More than run and wait at once (2 and 50), all of nobody, from as many places. They are at it together however fast secrets are hashed here.
    const many = 80;
    const verify = SecretHash.prototype.verify;
    const together = new Promise<void>((resolve) => {
      let come = 0;
      vi.spyOn(SecretHash.prototype, 'verify').mockImplementation(async function (this: SecretHash, ...of) {
        if (++come === many) resolve();
        await together;
        return verify.apply(this, of);
      });
    });
    const answers = await Promise.all(
      Array.from({ length: many }, async (_, i) => {
        const response = await fetch(`${api.base}/api/sessions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${i}` },
          body: JSON.stringify({ login: `nobody${i}`, password: randomBytes(8).toString('hex'), device }),
        });
        return {
          status: response.status,
          again: response.headers.get('retry-after'),
          body: (await response.json()) as Record<string, unknown>,
        };
      }),
    );
    const refused = answers.filter(({ status }) => status === 401);
    const putOff = answers.filter(({ status }) => status === 429);
    // Only who is hashed waits: those for whom there was no room were on their way to it.
    expect([refused.length, putOff.length]).toEqual([52, many - 52]);
    for (const { again, body } of putOff) expect([again, body.kind]).toEqual(['2', 'rate_limited']);
    for (const { body } of refused) expect(body).toEqual(before.body);
  }, 60_000);

  it('uploads: fifty open at a time, and who is refused hears when to come again', async () => {
    const create = () =>
      fetch(`${api.base}/api/files/uploads`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ann.access}`,
          'tus-resumable': '1.0.0',
          'upload-length': '10',
          'upload-metadata': `sha256 ${Buffer.from('0'.repeat(64)).toString('base64')}`,
        },
      });
    const answers = await Promise.all(Array.from({ length: 60 }, create));
    // Many transactions at once on one database: some may have to come again, and hear so.
    while (answers.at(-1)!.status !== 429) answers.push(await create());
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { status, headers } of refused)
      expect([status, headers.get('retry-after')]).toEqual(status === 429 ? [429, '60'] : [503, '2']);
  }, 60_000);
});
