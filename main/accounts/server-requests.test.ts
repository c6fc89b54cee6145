import { join } from 'node:path';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import { ApiClient } from '../network/api-client.ts';
import { Secrets } from '../profile/secrets.ts';
import { Clock } from '../testing/clock.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { ScriptedApi } from '../testing/scripted-api.ts';
import { ServerRequests } from './server-requests.ts';
import { AccessTokens } from './tokens.ts';

/** An account whose held token its server does not take any more. */
async function stage() {
  const server = new ScriptedApi();
  const asked: string[] = [];
  let takes = (_token: string) => true;
  const api = new ApiClient(async (url, options) => {
    const { authorization = '' } = options.headers as Record<string, string>;
    if (authorization === '') return server.fetch(url, options);
    const token = authorization.replace('Bearer ', '');
    asked.push(token);
    if (takes(token)) return new Response(options.method === 'HEAD' ? null : '{"fine":true}');
    const refusal = { type: '', title: '', status: 401, detail: '', kind: 'unauthorized', message: 'no' };
    return new Response(options.method === 'HEAD' ? null : JSON.stringify(refusal), { status: 401 });
  });
  const secrets = new Secrets(join(temporaryFolder(), 'secrets'), new TestKeyring());
  const clock = new Clock();
  const tokens = new AccessTokens(api, secrets, clock.now);
  await server.fetch('http://api/api/accounts', {
    method: 'POST',
    body: JSON.stringify({ name: 'Ann', secret: 's', device: { id: 'd' }, invitation: 'i' }),
  });
  await secrets.write('a', { secret: 's' });
  const { user } = server.accounts[0]!;
  const account = { account: 'a', user, device: 'd', deviceName: 'desk', api: 'http://api' };
  const list = { get: () => account as never, tokenAccount: () => account };
  const { token: held } = await tokens.get(account, false);
  takes = (token) => token !== held;
  const takeNone = () => {
    takes = () => false;
  };
  const renewed = () => server.count('/api/sessions/refresh');
  const requests = new ServerRequests({ api, tokens, list });
  return { requests, tokens, account, held, asked, takeNone, renewed, clock };
}

const Fine = Type.Object({ fine: Type.Literal(true) });
const WAYS: [string, (requests: ServerRequests) => Promise<unknown>][] = [
  ['get', (requests) => requests.get('a', '/x', Fine)],
  ['send', (requests) => requests.send('a', 'POST', '/x', { text: 'hello' }, Fine)],
  ['open', (requests) => requests.open('a', '/x', { method: 'GET' })],
  ['open of what has no body', (requests) => requests.open('a', '/x', { method: 'HEAD' })],
];

describe('a request whose token is not taken any more', () => {
  it.each(WAYS)('is asked again with a fresh one, which the next has from the start: %s', async (_, ask) => {
    const { requests, held, asked, renewed } = await stage();
    await ask(requests);
    await ask(requests);
    expect(asked).toEqual([held, asked[1], asked[1]]);
    expect(asked[1]).not.toBe(held);
    expect(renewed()).toBe(1);
  });

  it.each(WAYS)('says that one must sign in where the fresh one is not taken either: %s', async (_, ask) => {
    const { requests, asked, takeNone, renewed } = await stage();
    takeNone();
    const failure = await ask(requests).then(() => null, asFailure);
    expect(failure).toMatchObject({ kind: 'unauthorized' });
    expect([asked.length, renewed()]).toEqual([2, 1]);
  });

  it('fetches none for a minute where the fresh one is not taken either, however many are asked', async () => {
    const { requests, asked, takeNone, renewed, clock } = await stage();
    takeNone();
    const ask = () => requests.get('a', '/x', Fine).then(() => null, asFailure);
    for (let i = 0; i < 10; i++) expect(await ask()).toMatchObject({ kind: 'unauthorized' });
    await Promise.all(Array.from({ length: 10 }, ask));
    expect([renewed(), asked.length]).toEqual([1, 21]);
    clock.wall += 60_000;
    for (let i = 0; i < 10; i++) await ask();
    expect(renewed()).toBe(2);
    // Nor is it put off by a clock that was set back.
    clock.wall -= 1;
    await ask();
    expect(renewed()).toBe(3);
  });

  it('fetches one for all, also for who hears of it late', async () => {
    const { requests, tokens, account, held, renewed } = await stage();
    let others: Promise<unknown> | null = null;
    const slow = tokens.with(account, async (token) => {
      if (token !== held) return token;
      await others;
      throw new LocalError('unauthorized', 'no');
    });
    others = Promise.all(Array.from({ length: 5 }, () => requests.get('a', '/x', Fine)));
    expect(await slow).not.toBe(held);
    expect(renewed()).toBe(1);
  });

  it('is not asked again for another reason', async () => {
    const { tokens, account, renewed } = await stage();
    let asked = 0;
    const refused = tokens.with(account, async () => {
      asked++;
      throw new LocalError('wrong_secret', 'no');
    });
    expect(await refused.catch(asFailure)).toMatchObject({ kind: 'wrong_secret' });
    expect([asked, renewed()]).toEqual([1, 0]);
  });
});
