import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { ApiClient } from '../network/api-client.ts';
import { Secrets } from '../profile/secrets.ts';
import { Clock } from '../testing/clock.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { ScriptedApi, TOKEN_LIFE } from '../testing/scripted-api.ts';
import { AccessTokens, type AccountSecret } from './tokens.ts';

async function stage() {
  const server = new ScriptedApi();
  const clock = new Clock();
  const keyring = new TestKeyring();
  const secrets = new Secrets(join(temporaryFolder(), 'secrets'), keyring);
  const api = new ApiClient(server.fetch);
  const start = () => new AccessTokens(api, secrets, clock.now);
  await server.fetch('http://api/api/accounts', {
    method: 'POST',
    body: JSON.stringify({ name: 'Ann', secret: 's', device: { id: 'd' }, invitation: 'i' }),
  });
  const { user } = server.accounts[0]!;
  await secrets.write('a', { secret: 's' } satisfies AccountSecret);
  const account = { account: 'a', user, device: 'd', deviceName: 'desk', api: 'http://api' };
  return { server, clock, keyring, secrets, start, account };
}
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof LocalError ? error.failure.kind : String(error)),
  );

describe('access tokens', () => {
  it('are asked for once, however many ask', async () => {
    const { server, start, account } = await stage();
    const tokens = start();
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get(account, false)));
    expect(new Set(all.map(({ token }) => token)).size).toBe(1);
    expect(server.count('/api/sessions')).toBe(1);
  });

  it('are kept until a minute before their end by this clock, however wrong it is', async () => {
    const { server, clock, start, account } = await stage();
    clock.wall = 12;
    const tokens = start();
    const first = await tokens.get(account, false);
    expect(first.expires).toBe(12 + TOKEN_LIFE);
    clock.wall += TOKEN_LIFE - 60_001;
    expect((await tokens.get(account, false)).token).toBe(first.token);
    clock.wall += 1;
    expect((await tokens.get(account, false)).token).not.toBe(first.token);
    expect(server.count('/api/sessions/refresh')).toBe(1);
  });

  it('are new when the relay refused the last one', async () => {
    const { start, account } = await stage();
    const tokens = start();
    const { token } = await tokens.get(account, false);
    expect((await tokens.get(account, true)).token).not.toBe(token);
  });

  it('survive lost replies of a rotation, and a restart after each', async () => {
    const { server, start, account } = await stage();
    await start().get(account, false);
    for (let i = 0; i < 5; i++) {
      server.faults = ['lost'];
      expect(await kindOf(start().get(account, true))).toBe('server_unreachable');
      await start().get(account, true);
    }
    // One session all along: no lost reply was taken for a theft, nobody signed in anew.
    expect(server.count('/api/sessions')).toBe(1);
  });

  it('keep the new refresh token before the access token is used', async () => {
    const { secrets, start, account } = await stage();
    await start().get(account, false);
    expect(await secrets.read('a')).toMatchObject({ secret: 's', refresh: expect.stringMatching(/\.0$/) });
    await start().get(account, true);
    expect(await secrets.read('a')).toMatchObject({ secret: 's', refresh: expect.stringMatching(/\.1$/) });
  });

  it('begin a new session with the secret of the account when theirs was ended', async () => {
    const { server, start, account } = await stage();
    await start().get(account, false);
    for (const session of server.sessions.values()) session.ended = true;
    expect((await start().get(account, true)).token).toMatch(/^access-/);
    expect(server.count('/api/sessions')).toBe(2);
  });

  it('need the person when the server does not know the secret any more', async () => {
    const { server, start, account } = await stage();
    server.accounts[0]!.secret = 'another';
    expect(await kindOf(start().get(account, false))).toBe('session_ended');
  });

  it('need the person when the keyring does not open the secret, and not once it does again', async () => {
    const { keyring, start, account } = await stage();
    keyring.available = false;
    const tokens = start();
    expect(await kindOf(tokens.get(account, false))).toBe('session_ended');
    keyring.available = true;
    expect((await tokens.get(account, false)).token).toMatch(/^access-/);
  });

  it.each([
    ['away', 'down' as const, 'server_unreachable'],
    ['broken', { status: 500, body: 'oops' }, 'server_failed'],
    ['something else', { status: 200, body: { hello: 'world' } }, 'server_failed'],
    [
      'busy',
      {
        status: 429,
        body: {
          type: '',
          title: '',
          status: 429,
          detail: '',
          kind: 'rate_limited',
          message: 'x',
          retryAfter: 7,
        },
      },
      'rate_limited',
    ],
  ])('wait while the server is %s: nothing is signed out', async (_what, fault, kind) => {
    const { server, start, account } = await stage();
    const tokens = start();
    await tokens.get(account, false);
    server.faults = [fault];
    expect(await kindOf(tokens.get(account, true))).toBe(kind);
    expect((await tokens.get(account, true)).token).toMatch(/^access-/);
    expect(server.count('/api/sessions')).toBe(1);
  });
});
