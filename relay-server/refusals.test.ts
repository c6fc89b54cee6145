import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_SECRET } from './testing/fake-api.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message, type TestClient } from './testing/test-client.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set(
    // Long enough for five sockets to be opened meanwhile, also where the machine is busy.
    { RELAY_HELLO_TIMEOUT_MS: '2000', RELAY_UNAUTHENTICATED_PER_ADDRESS: '4', RELAY_LOG_LEVEL: 'debug' },
    'ann',
    'bob',
  );
});
afterAll(() => stage.clear());

/** Status of an upgrade that is refused, or 101. */
async function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = request(`${stage.relay.http}${path}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
        ...headers,
      },
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('P1 the upgrade', () => {
  const subprotocol = { 'sec-websocket-protocol': 'matchbook.v1' };
  it.each([
    ['is taken without an origin', '/ws', subprotocol, 101],
    ['is taken from the app', '/ws', { ...subprotocol, origin: 'app://matchbook' }, 101],
    ['is refused from another origin', '/ws', { ...subprotocol, origin: 'https://evil.example' }, 403],
    ['is refused from origin null', '/ws', { ...subprotocol, origin: 'null' }, 403],
    ['is refused under another host name', '/ws', { ...subprotocol, host: 'evil.example' }, 403],
    ['is refused at other paths', '/other', subprotocol, 404],
    ['is refused without the subprotocol to who brings no token either', '/ws', {}, 401],
    ['is refused with another protocol', '/ws', { 'sec-websocket-protocol': 'mqtt' }, 400],
    ['is refused for another version', '/ws', { 'sec-websocket-protocol': 'matchbook.v9' }, 426],
  ])('%s', async (_title, path, headers, status) => {
    expect(await upgrade(path, headers as Record<string, string>)).toBe(status);
  });
});

describe('P2 hello', () => {
  const first = async (frame: object | string, path = ''): Promise<{ code: number; kind: string }> => {
    const client = await stage.socket(path);
    client.send(frame);
    const { code, reason } = await client.closed();
    return { code, kind: reason ? (JSON.parse(reason) as { kind: string }).kind : '' };
  };
  const hello = async (claims: object, device = 'a1') => ({
    t: 'hello',
    protocol: 1,
    device,
    token: await stage.api.token('ann', 'a1', claims),
  });

  it.each([
    ['is expired', { expiresIn: -120 }],
    ['has another issuer', { iss: 'other' }],
    ['has another audience', { aud: 'other' }],
    ['has no session', { sid: '' }],
    ['names an impossible user', { sub: 'a b' }],
  ])('is refused with 4401 when the token %s', async (_title, claims) => {
    expect(await first(await hello(claims))).toEqual({ code: 4401, kind: 'unauthorized' });
  });

  it('is taken within the leeway of a minute', async () => {
    const client = await stage.socket();
    client.send(await hello({ expiresIn: -30 }));
    await client.frame('welcome');
  });

  it('is refused with 4401 for a forged token, an unsigned one, and none', async () => {
    const token = await stage.api.token('ann', 'a1');
    const [head, payload] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const forged = [`${head}.${payload}.${'A'.repeat(86)}`, `${none}.${payload}.`, 'x', undefined];
    for (const one of forged)
      expect((await first({ t: 'hello', protocol: 1, device: 'a1', token: one })).code).toBe(4401);
  });

  it('is refused with 4403 for another device or another id in the address', async () => {
    expect(await first(await hello({}, 'a2'))).toEqual({ code: 4403, kind: 'identity_mismatch' });
    expect(await first(await hello({}), '?id=bob')).toEqual({ code: 4403, kind: 'identity_mismatch' });
    const client = await stage.socket('?id=ann');
    client.send(await hello({}));
    await client.frame('welcome');
  });

  it('is refused with 4426 for another version, 4402 for another frame or a wrong shape, 4400 for no JSON', async () => {
    expect((await first({ t: 'hello', protocol: 2, device: 'a1', token: 'x' })).code).toBe(4426);
    expect((await first({ t: 'ping', at: 1 })).code).toBe(4402);
    expect((await first({ t: 'hello', protocol: 1 })).code).toBe(4402);
    expect((await first('{')).code).toBe(4400);
  });

  it('is refused with 1009 above 4 KiB', async () => {
    expect(
      (await first({ t: 'hello', protocol: 1, device: 'a1', token: 'x', pad: 'x'.repeat(4_096) })).code,
    ).toBe(1009);
  });

  it('is waited for as long as the deadline: 4408', async () => {
    const client = await stage.socket();
    expect((await client.closed()).code).toBe(4408);
  });

  it('P7 is waited for from so many sockets of an address', async () => {
    const waiting = await Promise.all(Array.from({ length: 4 }, () => stage.socket()));
    await expect(stage.socket()).rejects.toThrow('429');
    for (const client of waiting) client.close();
    for (;;) {
      try {
        await stage.socket();
        break;
      } catch {
        // The relay has not seen all of them go yet.
      }
    }
  });
});

describe('frames', () => {
  let ann: TestClient;
  const connect = async () => {
    ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE]);
  };
  afterEach(() => ann.close());

  it('P3 that are no JSON close with 4400, also binary ones', async () => {
    await connect();
    ann.send('{"t":');
    expect((await ann.closed()).code).toBe(4400);
  });

  it('P3 that are too large close with 1009', async () => {
    await connect();
    ann.send(JSON.stringify({ t: 'ping', at: 1, pad: 'x'.repeat(300_000) }));
    expect((await ann.closed()).code).toBe(1009);
  });

  it('P3 of unknown type or wrong shape are answered with an error that names the field', async () => {
    await connect();
    ann.send({ t: 'dance' });
    expect(await ann.frame('error')).toMatchObject({ kind: 'unknown_frame', field: 't' });
    ann.send({ t: 'fetch', ref: 1, conv: AB, from: 0, to: 2 });
    expect(await ann.frame('error', ({ kind }) => kind === 'invalid_frame')).toMatchObject({ field: 'from' });
    ann.send({ t: 'confirm', upTo: 'AQEBAQEBAQEBAAAAAAAAAAEBAQEBAQEBAQ' });
    expect(await ann.frame('error', ({ field }) => field === 'upTo')).toMatchObject({
      kind: 'invalid_field',
    });
    await ann.roundTrip();
  });

  it('P3 that are wrong too often close with 4415', async () => {
    await connect();
    for (let i = 0; i < 101; i++) ann.send({ t: 'dance' });
    expect((await ann.closed()).code).toBe(4415);
    expect(ann.frames.filter(({ t }) => t === 'error')).toHaveLength(100);
  });

  it('P8 items are refused one by one, by id, and the others are taken in order', async () => {
    await connect();
    const body = (text: string) => ({ type: 'text/plain', text });
    const data = (bytes: Uint8Array) => ({
      type: 'text/plain',
      data: Buffer.from(bytes).toString('base64url'),
    });
    await ann.append(AB, [
      message('good1', 'one'),
      { id: 'nul', kind: 'message', body: body('a\0b') },
      { id: 'lone', kind: 'message', body: body('\ud83d') },
      { id: 'bytes', kind: 'message', body: data(Uint8Array.of(0xff)) },
      { id: 'zero', kind: 'message', body: data(Uint8Array.of(0x41, 0)) },
      { id: 'large', kind: 'message', body: body('x'.repeat(65_537)) },
      { id: 'type', kind: 'message', body: { type: 'nonsense', text: '' } },
      { id: 'spelled', kind: 'message', body: { type: 'x/y', data: 'AB' } },
      { id: 'future', kind: 'sing', body: body('la') },
      { id: 'shape', kind: 'read', n: 0 },
      message('good2', 'two'),
    ]);
    expect(ann.nacked.map(({ id, kind, field }) => [id, kind, field]).sort()).toEqual([
      ['bytes', 'invalid_text', 'body.data'],
      ['future', 'unknown_kind', 'kind'],
      ['large', 'body_too_large', 'body'],
      ['lone', 'invalid_text', 'body.text'],
      ['nul', 'invalid_text', 'body.text'],
      ['shape', 'invalid_field', 'n'],
      ['spelled', 'invalid_field', 'body.data'],
      ['type', 'invalid_field', 'body.type'],
      ['zero', 'invalid_text', 'body.data'],
    ]);
    const [one, two] = ['good1', 'good2'].map((id) => ann.acked.find((ack) => ack.id === id)!.n);
    expect(two).toBe(one! + 1);
  });
});

describe('HTTP', () => {
  it('tells health, liveness and readiness', async () => {
    const get = async (path: string) => {
      const response = await fetch(stage.relay.http + path);
      return [response.status, await response.json()];
    };
    expect(await get('/livez')).toEqual([200, { status: 'OK' }]);
    expect(await get('/readyz')).toEqual([200, { status: 'OK', log: true, keys: true }]);
    expect(await get('/health-check')).toMatchObject([
      200,
      { status: 'OK', time: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    expect((await get('/nothing'))[0]).toBe(404);
  });

  it('answers allowed origins only, by name', async () => {
    const from = (origin: string) => fetch(`${stage.relay.http}/livez`, { headers: { origin } });
    const allowed = await from('app://matchbook');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('app://matchbook');
    const other = await from('https://evil.example');
    expect(other.status).toBe(403);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(await upgrade('/livez', { host: 'evil.example', connection: 'close' })).toBe(403);
  });

  it('takes what the API causes with the service secret alone, and the same again', async () => {
    const carl = { id: 'p-carl', kind: 'profile', user: 'carl', name: 'Carl' };
    expect((await stage.relay.internalAppend([carl], 'wrong')).status).toBe(401);
    const taken = { status: 200, body: { items: [{ id: 'p-carl', ok: true }] } };
    expect(await stage.relay.internalAppend([carl])).toEqual(taken);
    expect(await stage.relay.internalAppend([carl])).toEqual(taken);
    const create = {
      id: 'c-1',
      kind: 'create',
      sender: 'ann',
      conv: AB,
      form: 'direct',
      members: ['ann', 'bob'],
    };
    expect(await stage.relay.internalAppend([create])).toEqual({
      status: 200,
      body: { items: [{ id: 'c-1', ok: true, n: 1, time: expect.any(Number) }] },
    });
    const faulty = { ...create, id: 'c-2', conv: 'wrong' };
    expect((await stage.relay.internalAppend([faulty])).body).toMatchObject({
      items: [{ ok: false, kind: 'invalid_field' }],
    });
    expect((await stage.relay.internalAppend([{ id: 'x' }])).status).toBe(400);
  });
});

it('never logs tokens, tickets, secrets or texts', async () => {
  const ann = await stage.device('ann', 'a9');
  await ann.append(AB, [message('canary', 'canary-text')]);
  await expect.poll(() => stage.relay.log).toContain('"device":"a9"');
  const { log } = stage.relay;
  expect(log).toContain('welcome');
  for (const secret of ['canary-text', ann.welcome.ticket, SERVICE_SECRET, 'eyJ'])
    expect(log).not.toContain(secret);
});
