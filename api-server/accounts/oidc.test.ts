import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error: it has no types.
import { Provider } from 'oidc-provider';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { secret, startTestApi, type TestApi } from '../testing/running-api.ts';

const REDIRECT = 'http://127.0.0.1:45678/callback';
const CLIENT = { client_id: 'matchbook', client_secret: 'provider-secret-0123456789' };

/** A real provider, whose people sign in by their name alone. */
async function startProvider(): Promise<{ issuer: string; close(): Promise<void> }> {
  // It says a lot about being run for a trial.
  const quiet = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')].map((one) =>
    one.mockImplementation(() => {}),
  );
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [REDIRECT, 'matchbook://oidc'], application_type: 'native' }],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the provider` }),
    }),
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    async close() {
      for (const one of quiet) one.mockRestore();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a person's browser does: follows, signs in, consents. Answers with where it was sent in the end. */
async function browse(start: string, name: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | null = null;
  for (let steps = 0; steps < 12; steps++) {
    const response: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(key!, value!);
    }
    form = null;
    const location = response.headers.get('location');
    if (location) {
      url = new URL(location, url).href;
      if (url.startsWith(REDIRECT) || url.startsWith('matchbook:')) return url;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (!prompt || !action) throw new Error(`no form at ${url}: ${page.slice(0, 300)}`);
    url = new URL(action, url).href;
    form = new URLSearchParams(prompt === 'login' ? { prompt, login: name, password: 'x' } : { prompt });
  }
  throw new Error('the browser goes round in circles');
}

onBothDatabases('sign-in at another service', (database) => {
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let api: TestApi;
  beforeEach(async () => {
    provider = await startProvider();
    api = await startTestApi({
      ...(await database.env()),
      API_OIDC_ISSUER: provider.issuer,
      API_OIDC_CLIENT_ID: CLIENT.client_id,
      API_OIDC_CLIENT_SECRET: CLIENT.client_secret,
    });
  });
  afterEach(async () => {
    await api.close();
    await provider.close();
  });

  const start = async (redirect = REDIRECT) =>
    (await api.post('/api/oidc/start', { redirect })).body as unknown as { url: string; flow: string };
  const finish = (flow: string, url: string, id = secret()) =>
    api.post('/api/oidc/finish', { flow, url, device: { id, name: 'desk' } });
  const signIn = async (name: string) => {
    const { url, flow } = await start();
    return finish(flow, await browse(url, name));
  };

  it('makes an account the first time, and is the same person the next', async () => {
    expect((await api.get('/api/oidc')).body).toEqual({ provider: { name: 'Single sign-on' } });
    const first = await signIn('ann');
    expect(first).toMatchObject({ status: 201, body: { name: 'ann of the provider' } });
    const again = await signIn('ann');
    const other = await signIn('bob');
    expect(again.body.user).toBe(first.body.user);
    expect(other.body.user).not.toBe(first.body.user);
    expect((await api.get('/api/account', again.body.access as string)).body).toMatchObject({ admin: true });
    expect((await api.relay.waitFor(2)).map((item) => item.kind === 'profile' && item.name)).toEqual([
      'ann of the provider',
      'bob of the provider',
    ]);
    // The provider is the only way in.
    const device = { id: 'd', name: 'x' };
    const bySecret = await api.post('/api/sessions', { user: first.body.user, secret: secret(), device });
    expect(bySecret.body.kind).toBe('wrong_secret');
  });

  it('takes an answer once, and only to what was asked', async () => {
    const one = await start();
    const callback = await browse(one.url, 'ann');
    const state = new URL(callback);
    state.searchParams.set('state', 'other');
    expect((await finish(one.flow, state.href)).body).toMatchObject({ kind: 'wrong_secret', status: 401 });
    // A try uses it up, also a wrong one.
    expect((await finish(one.flow, callback)).body.kind).toBe('wrong_secret');

    // The code of one sign-in does not finish another.
    const [two, three] = [await start(), await start()];
    const [second, third] = [new URL(await browse(two.url, 'ann')), new URL(await browse(three.url, 'eve'))];
    third.searchParams.set('code', second.searchParams.get('code')!);
    expect((await finish(three.flow, third.href)).body.kind).toBe('wrong_secret');

    const four = await start();
    const fourth = await browse(four.url, 'ann');
    expect((await finish(four.flow, fourth.replace('/callback', '/other'))).body.kind).toBe('wrong_secret');
    const five = await start();
    const fifth = new URL(await browse(five.url, 'ann'));
    fifth.searchParams.set('iss', 'https://evil.example');
    expect((await finish(five.flow, fifth.href)).body.kind).toBe('wrong_secret');
    const six = await start();
    const sixth = await browse(six.url, 'ann');
    expect((await finish(six.flow, sixth)).status).toBe(201);
    expect((await finish(six.flow, sixth)).body.kind).toBe('wrong_secret');
    expect((await finish('A'.repeat(43), sixth)).body.kind).toBe('wrong_secret');
    const late = await start();
    const url = await browse(late.url, 'ann');
    api.clock.now += 10 * 60_000;
    expect((await finish(late.flow, url)).body.kind).toBe('wrong_secret');
  });

  it('what the person refuses there is no sign-in', async () => {
    const { flow, url } = await start();
    const { searchParams } = new URL(url);
    const denied = `${REDIRECT}?error=access_denied&state=${searchParams.get('state')}&iss=${encodeURIComponent(provider.issuer)}`;
    expect((await finish(flow, denied)).body).toMatchObject({ kind: 'wrong_secret' });
  });

  it('sends the answer to the app on this machine and nowhere else', async () => {
    for (const redirect of [
      'https://evil.example/',
      'http://127.0.0.1.evil.example:1/',
      'http://localhost:1/x',
      'matchbook://other',
      'http://127.0.0.1:1/../x?y',
    ])
      expect((await api.post('/api/oidc/start', { redirect })).body).toMatchObject({
        kind: 'invalid_field',
        field: 'redirect',
      });
    expect((await start('matchbook://oidc')).url).toContain('redirect_uri=matchbook%3A%2F%2Foidc');
  });

  it('closed accounts stay closed, and a closed server takes nobody new', async () => {
    const root = await signIn('root');
    const ann = await signIn('ann');
    const access = root.body.access as string;
    await api.send('PATCH', `/api/admin/users/${ann.body.user}`, { disabled: true }, access);
    expect((await signIn('ann')).body).toMatchObject({ kind: 'forbidden' });
    await api.send('PATCH', '/api/admin/settings', { registration: 'closed' }, access);
    expect((await signIn('eve')).body).toMatchObject({ kind: 'registration_closed' });
    expect((await signIn('root')).status).toBe(201);
  });

  it('a provider that is away is said to be, and asked again when it is back', async () => {
    const { url, flow } = await start();
    const callback = await browse(url, 'ann');
    await provider.close();
    expect((await finish(flow, callback)).body).toMatchObject({ kind: 'storage_unavailable', status: 503 });
    await api.restart();
    expect((await api.post('/api/oidc/start', { redirect: REDIRECT })).body).toMatchObject({ status: 503 });
    provider = await startProvider();
  });
});

it('a server without one says so', async () => {
  const api = await startTestApi();
  try {
    expect((await api.get('/api/oidc')).body).toEqual({ provider: null });
    expect((await api.post('/api/oidc/start', { redirect: REDIRECT })).body).toMatchObject({
      kind: 'not_found',
    });
  } finally {
    await api.close();
  }
});
