import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/running-api.ts';

const REDIRECT = 'http://127.0.0.1:45679/callback';
const CLIENT_ID = 'matchbook';
const CLIENT_SECRET = 'provider-secret-0123456789-0123456789';
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A provider, or somebody in its place, whose answers a test writes. */
class ScriptedProvider {
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
  issuer = '';
  keys!: Keys;
  foreign!: Keys;
  /** Each test sets what the token endpoint answers. */
  token: (response: ServerResponse) => Promise<void> | void = () => {};
  said: Record<string, unknown> = {};

  async start(): Promise<void> {
    [this.keys, this.foreign] = await Promise.all([
      generateKeyPair('RS256', { extractable: true }),
      generateKeyPair('RS256', { extractable: true }),
    ]);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async idToken(
    claims: JWTPayload,
    key: Keys['privateKey'] | Uint8Array = this.keys.privateKey,
    alg = 'RS256',
  ) {
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'one' }).sign(key);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { pathname } = new URL(request.url ?? '/', this.issuer);
    if (pathname === '/.well-known/openid-configuration')
      return json(response, {
        issuer: this.issuer,
        authorization_endpoint: `${this.issuer}/auth`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        ...this.said,
      });
    if (pathname === '/jwks')
      return json(response, {
        keys: [{ ...(await exportJWK(this.keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }],
      });
    await this.token(response);
  }
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

describe('a provider that lies, or somebody who speaks in its place', () => {
  const provider = new ScriptedProvider();
  let api: TestApi;
  beforeAll(() => provider.start());
  afterAll(() => provider.close());
  beforeEach(async () => {
    provider.said = {};
    api = await startTestApi({
      API_OIDC_ISSUER: provider.issuer,
      API_OIDC_CLIENT_ID: CLIENT_ID,
      API_OIDC_CLIENT_SECRET: CLIENT_SECRET,
    });
    return () => api.close();
  });

  interface Begun {
    flow: string;
    state: string;
    nonce: string;
  }
  async function begun(): Promise<Begun> {
    const { body } = await api.post('/api/oidc/start', { redirect: REDIRECT });
    const { flow, url } = body as unknown as { flow: string; url: string };
    const { searchParams } = new URL(url);
    return { flow, state: searchParams.get('state')!, nonce: searchParams.get('nonce')! };
  }
  const finish = ({ flow, state }: Begun) =>
    api.post('/api/oidc/finish', {
      flow,
      url: `${REDIRECT}?code=c-${randomBytes(8).toString('hex')}&state=${state}`,
      device: { id: 'd', name: 'desk' },
    });
  const good = ({ nonce }: Begun): JWTPayload => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: provider.issuer, aud: CLIENT_ID, sub: 'ann', name: 'Ann', iat: now, exp: now + 300, nonce };
  };
  const answers = (id_token: string) => (response: ServerResponse) =>
    json(response, { access_token: 'a', token_type: 'Bearer', id_token });

  it('is believed where everything is right: the tests below are red for the right reason', async () => {
    const flow = await begun();
    provider.token = answers(await provider.idToken(good(flow)));
    expect(await finish(flow)).toMatchObject({ status: 201, body: { name: 'Ann' } });
  });

  it.each<[string, (claims: JWTPayload, other: Begun) => JWTPayload]>([
    ['the nonce of another sign-in', (claims, other) => ({ ...claims, nonce: other.nonce })],
    ['no nonce', ({ nonce, ...claims }) => claims],
    ['another audience', (claims) => ({ ...claims, aud: 'somebody-else' })],
    [
      'several audiences, and issued to another',
      (claims) => ({ ...claims, aud: [CLIENT_ID, 'x'], azp: 'x' }),
    ],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://provider.example' })],
    ['a token that has ended', (claims) => ({ ...claims, iat: claims.iat! - 900, exp: claims.iat! - 600 })],
    ['a token that is not valid yet', (claims) => ({ ...claims, nbf: claims.iat! + 600 })],
    ['nobody', ({ sub, ...claims }) => claims],
    ['no end', ({ exp, ...claims }) => claims],
  ])('%s', async (_what, changed) => {
    const [flow, other] = [await begun(), await begun()];
    provider.token = answers(await provider.idToken(changed(good(flow), other)));
    expect(await finish(flow)).toMatchObject({ status: 401, body: { kind: 'wrong_secret' } });
    expect(api.relay.appended).toEqual([]);
  });

  it('signatures: none, by a foreign key, by the secret of the client, changed afterwards', async () => {
    const secret = new TextEncoder().encode(CLIENT_SECRET);
    const tampered = async (flow: Begun) => {
      const [head, claims, signature] = (await provider.idToken(good(flow))).split('.');
      const changed = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object;
      const other = Buffer.from(JSON.stringify({ ...changed, sub: 'root' })).toString('base64url');
      return [head, other, signature].join('.');
    };
    const unsigned = async (flow: Begun) =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good(flow))).toString('base64url')}.`;
    for (const forged of [
      unsigned,
      tampered,
      (flow: Begun) => provider.idToken(good(flow), provider.foreign.privateKey),
      (flow: Begun) => provider.idToken(good(flow), secret, 'HS256'),
    ]) {
      const flow = await begun();
      provider.token = answers(await forged(flow));
      expect(await finish(flow)).toMatchObject({ status: 401, body: { kind: 'wrong_secret' } });
    }
    expect(api.relay.appended).toEqual([]);
  });

  it.each<[string, number, (response: ServerResponse) => void]>([
    ['an error of its own', 503, (response) => json(response, { error: 'x' }, 500)],
    ['no token', 401, (response) => json(response, { access_token: 'a', token_type: 'Bearer' })],
    ['a refusal', 401, (response) => json(response, { error: 'invalid_grant' }, 400)],
    ['not JSON', 401, (response) => response.end('<html>')],
    ['a cut connection', 503, (response) => response.destroy()],
  ])('the token endpoint answers with %s', async (_what, status, token) => {
    const flow = await begun();
    provider.token = token;
    expect((await finish(flow)).status).toBe(status);
    // The server goes on, and the next sign-in is a good one.
    const next = await begun();
    provider.token = answers(await provider.idToken(good(next)));
    expect((await finish(next)).status).toBe(201);
  });

  it('a provider that names another as the issuer is not asked further', async () => {
    provider.said = { issuer: 'https://provider.example' };
    expect(await api.post('/api/oidc/start', { redirect: REDIRECT })).toMatchObject({ status: 503 });
  });

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, 'New person'],
    ['spaces', { name: '   ', preferred_username: 'ann2' }, 'ann2'],
    ['nothing to see in it', { name: '\u202e\u200b', preferred_username: '\0\u200b' }, 'New person'],
    ['a line break in it', { name: 'Ann\nLee' }, 'Ann Lee'],
    ['not a text', { name: 7, email: 'ann@example.org' }, 'ann@example.org'],
    ['a very long one', { name: '🦊'.repeat(500) }, '🦊'.repeat(80)],
  ])('a person with %s', async (_what, claims, name) => {
    const flow = await begun();
    provider.token = answers(await provider.idToken({ ...good(flow), ...claims }));
    expect(await finish(flow)).toMatchObject({ status: 201, body: { name } });
  });
});
