import { decode, encode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { SERVICE_SECRET } from './testing/fake-api.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { type AnyFrame, message } from './testing/test-client.ts';

let stage: Stage;
afterEach(() => stage.clear());

const http = (path: string, token: string | null, init: RequestInit = {}) =>
  fetch(`${stage.relay.http}${path}`, {
    ...init,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(init.headers as object) },
  });

describe('matchbook.v1.msgpack', () => {
  it('carries the same frames, and bodies of bytes as bytes', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const bob = await stage.device('bob', 'b1');
    const socket = new WebSocket(stage.relay.ws, ['matchbook.v1.msgpack']);
    const frames: AnyFrame[] = [];
    let wake = () => {};
    socket.on('message', (data, isBinary) => {
      expect(isBinary).toBe(true);
      frames.push(decode(data as Buffer) as AnyFrame);
      wake();
    });
    const frame = async (t: string, where: (one: AnyFrame) => boolean = () => true): Promise<AnyFrame> => {
      for (;;) {
        const found = frames.find((one) => one.t === t && where(one));
        if (found) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    await new Promise((resolve) => socket.once('open', resolve));
    const send = (one: object) => socket.send(encode(one));
    send({ t: 'hello', protocol: 1, token: await stage.api.token('ann', 'a1'), device: 'a1', cursor: null });
    expect(await frame('welcome')).toMatchObject({ user: 'ann', resume: 'start' });
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
    send({ t: 'append', conv: AB, items: [CREATE] });
    send({
      t: 'append',
      conv: AB,
      items: [{ id: 'm1', kind: 'message', body: { type: 'image/png', data: bytes } }],
    });
    await bob.until('the bytes', () => bob.entries.length === 2);
    expect(bob.entries[1]!.body).toEqual({
      type: 'image/png',
      data: Buffer.from(bytes).toString('base64url'),
    });
    await bob.append(AB, [{ id: 'm2', kind: 'message', body: { type: 'image/png', data: 'AAEC' } }]);
    const { items } = await frame('entries', (one) =>
      (one.items as AnyFrame[]).some(({ id }) => id === 'm2'),
    );
    const m2 = (items as AnyFrame[]).find(({ id }) => id === 'm2')!;
    expect([...(m2.body.data as Uint8Array)]).toEqual([0, 1, 2]);
    send({ t: 'append', conv: AB, items: [{ id: 'm3', kind: 'message', body: { type: 'text/plain' } }] });
    expect(await frame('nack')).toMatchObject({ items: [{ id: 'm3', kind: 'invalid_field' }] });
    socket.send('{"t":"ping","at":1}');
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4400);
  });
});

describe('POST /send-message', () => {
  it('is another transport of the same append: one id, one answer, whichever way', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    const token = await stage.api.token('ann', 'a1');
    const send = async (body: object, headers = {}) => {
      const response = await http('/send-message', token, {
        method: 'POST',
        body: JSON.stringify(body),
        headers,
      });
      return [response.status, (await response.json()) as AnyFrame] as const;
    };
    const [status, answer] = await send({
      conv: AB,
      items: [message('m1', 'one'), message('m2', 'two'), { id: 'm3' }],
    });
    expect(status).toBe(200);
    expect(answer.items).toMatchObject([
      { id: 'm1', ok: true, n: 2 },
      { id: 'm2', ok: true, n: 3 },
      { id: 'm3', ok: false, kind: 'unknown_kind' },
    ]);
    const unnamed = { conv: AB, items: [{ kind: 'message', body: { type: 'text/plain', text: 'three' } }] };
    for (let i = 0; i < 2; i++)
      expect((await send(unnamed, { 'idempotency-key': 'k-3' }))[1].items).toMatchObject([
        { id: 'k-3', ok: true, n: 4 },
      ]);
    const mute = { id: 'mute', kind: 'mute', value: 99 };
    expect((await send({ conv: AB, items: [mute] }))[1].items).toEqual([
      { id: 'mute', ok: true, v: 1, time: expect.any(Number) },
    ]);
    await ann.append(AB, [{ ...mute, id: 'again', value: 0 }]);
    expect(await ann.frame('ack', ({ items }) => items[0]?.id === 'again')).toMatchObject({
      items: [{ id: 'again', v: 2, time: expect.any(Number) }],
    });
    await bob.until('all three', () => bob.texts.length === 3);
    // What came by HTTP comes back whole to the device's own socket: that has not got it.
    await ann.until('its own', () => ann.entries.some(({ id, stub }) => id === 'm2' && !stub));
    expect((await send({ conv: AB, items: [] }))[0]).toBe(400);
    expect((await http('/send-message', null, { method: 'POST', body: '{}' })).status).toBe(401);
    expect((await http('/send-message', token, { method: 'POST', body: 'no' })).status).toBe(400);
    // By these two a desktop tells whether a token is one of this relay's.
    const none = JSON.stringify({ conv: '', items: [] });
    const said = async (as: string) =>
      (await (await http('/send-message', as, { method: 'POST', body: none })).json()) as object;
    expect(await said(token)).toMatchObject({ kind: 'invalid_field' });
    expect(await said(`${token}x`)).toMatchObject({ kind: 'unauthorized' });
    expect((await http('/send-message', token, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(
      413,
    );
  });
});

describe('the rate of frames', () => {
  it('does not count confirms of what a busy device is sent', async () => {
    stage = await Stage.set({ RELAY_FRAMES_PER_SECOND: '1', RELAY_FRAMES_BURST: '20' }, 'ann', 'bob');
    const bob = await stage.device('bob', 'b1');
    await bob.append(AB, [{ ...CREATE, members: ['bob', 'ann'] }]);
    const token = await stage.api.token('ann', 'a1');
    for (let i = 0; i < 60; i++) {
      const body = JSON.stringify({ conv: AB, items: [message(`m${i}`, `${i}`)] });
      expect((await http('/send-message', token, { method: 'POST', body })).status).toBe(200);
      await bob.until('the message', () => bob.texts.length === i + 1);
    }
    expect(bob.isClosed).toBe(false);
  });
});

describe('GET /entries', () => {
  const poll = async (token: string, cursor: string | null, wait = 25) => {
    const response = await http(`/entries?wait=${wait}&cursor=${cursor ?? ''}`, token);
    return [response.status, (await response.json()) as AnyFrame] as const;
  };
  const upTo = (frames: AnyFrame[]): string =>
    frames.filter((one) => one.t === 'entries' || one.t === 'heads').at(-1)!.upTo;
  const texts = (frames: AnyFrame[]) =>
    frames
      .flatMap((one) => (one.items as AnyFrame[] | undefined) ?? [])
      .flatMap((item) => item.body?.text ?? []);

  it('brings what a socket would, waits for the next, and takes the next cursor for a confirm', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    const token = await stage.api.token('bob', 'b1');
    const [, first] = await poll(token, null);
    expect(texts(first.frames)).toEqual(['one']);
    expect(first.frames.at(-1)).toMatchObject({ t: 'heartbeat', head: upTo(first.frames) });
    const waiting = poll(token, upTo(first.frames));
    // Its cursor said that the message is stored.
    await ann.until('delivered', () =>
      ann.items.some((item) => item.reg === 'delivered' && item.user === 'bob' && item.n === 2),
    );
    const [, second] = await waiting;
    let frames = second.frames as AnyFrame[];
    await ann.say(AB, 'm2', 'two');
    for (let cursor = upTo(frames); texts(frames).length === 0; cursor = upTo(frames))
      frames = (await poll(token, cursor))[1].frames as AnyFrame[];
    expect(texts(frames)).toEqual(['two']);
  });

  it('brings less an answer where less is asked for, one entry at least, and leaves nothing out', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE]);
    const said = Array.from({ length: 12 }, (_, i) => `${i} ${'x'.repeat(i === 5 ? 30_000 : 3_000)}`);
    for (const [i, text] of said.entries()) await ann.say(AB, `m${i}`, text);
    const token = await stage.api.token('bob', 'b1');
    const got: string[] = [];
    const sizes: number[] = [];
    for (let cursor = ''; got.length < said.length; ) {
      const response = await http(`/entries?wait=0&bytes=8192&cursor=${cursor}`, token);
      const text = await response.text();
      const { frames } = JSON.parse(text) as { frames: AnyFrame[] };
      if (texts(frames).length > 0) sizes.push(text.length);
      got.push(...texts(frames));
      cursor = upTo(frames);
    }
    expect(got).toEqual(said);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.filter((size) => size > 16_384)).toHaveLength(1);
    for (const bytes of ['4095', '262145', 'x'])
      expect(await (await http(`/entries?wait=0&bytes=${bytes}&cursor=`, token)).json()).toMatchObject({
        ...{ kind: 'invalid_field', field: 'bytes' },
      });
  });

  it('P15: says what became of own entries at the API server', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await ann.until('saved', () => ann.frames.some((one) => one.t === 'saved' && one.items.length > 0));
    const token = await stage.api.token('ann', 'a1');
    const [, { frames }] = await poll(token, `&status=m1,m2`);
    expect(frames[0]).toEqual({
      t: 'saved',
      items: [
        { id: 'm1', state: 'saved' },
        { id: 'm2', state: 'unknown' },
      ],
    });
    expect(frames.at(-1).t).toBe('heartbeat');
    for (const ids of ['not an id', Array.from({ length: 101 }, (_, i) => `m${i}`).join()])
      expect(await poll(token, `&status=${ids}`)).toMatchObject([400, { field: 'status', limit: 100 }]);
  });

  it('answers nothing new at most every two seconds, however short the wait', async () => {
    stage = await Stage.set({}, 'ann');
    const token = await stage.api.token('ann', 'a1');
    const [, first] = await poll(token, null, 0);
    const begun = performance.now();
    const [status, second] = await poll(token, upTo(first.frames), 0);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1_990);
    expect([status, texts(second.frames)]).toEqual([200, []]);
  });

  it('is fenced like a socket, and ends with its session', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const token = await stage.api.token('ann', 'a1');
    const [, first] = await poll(token, null);
    const cursor = upTo(first.frames);
    // Each is there once the one before it was told so.
    const before = await stage.device('ann', 'a1', { cursor });
    const older = poll(token, cursor);
    expect((await before.closed()).code).toBe(4409);
    const socket = await stage.device('ann', 'a1', { cursor });
    expect(await older).toMatchObject([409, { kind: 'session_replaced' }]);
    const newer = poll(token, cursor);
    expect((await socket.closed()).code).toBe(4409);
    await stage.relay.internalAppend([{ id: 'r', kind: 'revoke', user: 'ann', session: 's-ann-a1' }]);
    expect(await newer).toMatchObject([401, { kind: 'session_revoked' }]);
    expect(await poll(token, cursor)).toMatchObject([401, { kind: 'session_revoked' }]);
    expect((await poll(token, 'nonsense'))[0]).toBe(401);
  });

  it('names what is wrong', async () => {
    stage = await Stage.set({}, 'ann');
    const token = await stage.api.token('ann', 'a1');
    expect(await poll(token, 'nonsense')).toMatchObject([400, { field: 'cursor' }]);
    expect(await poll(token, null, 99)).toMatchObject([400, { field: 'wait', limit: 25 }]);
    expect((await poll('wrong', null))[0]).toBe(401);
  });
});

describe('CORS', () => {
  it('is for exactly the origins of the list', async () => {
    stage = await Stage.set({}, 'ann');
    const preflight = (origin: string) =>
      http('/send-message', null, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight('app://matchbook');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('app://matchbook');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    for (const origin of ['https://evil.example', 'null', 'app://matchbook.evil']) {
      const refused = await preflight(origin);
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });
});

describe('for operators', () => {
  it('metrics have the figures that an alarm needs, and no user', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await ann.append(AB, [message('m1', 'one')]);
    await ann.until('saved', () => ann.saved.some(({ id }) => id === 'm1'));
    const text = await (await http('/metrics', null)).text();
    for (const line of [
      'matchbook_relay_connections{protocol="v1"} 1',
      'matchbook_relay_connects_total{protocol="json"} 1',
      'matchbook_relay_resumes_total{resume="start",by="token"} 1',
      'matchbook_relay_dedup_hits_total 1',
      'matchbook_relay_dead_letters_total 0',
      'matchbook_relay_persister_failing 0',
      'matchbook_relay_devices_behind{rows="1"} 0',
      'matchbook_relay_credit_waiting 0',
      'matchbook_relay_heartbeats_missed_total 0',
      'matchbook_relay_commit_seconds_count',
      'matchbook_relay_group_items_bucket',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/ann|bob|m1/);
    expect((await http('/metrics', null, { headers: { 'x-forwarded-for': '8.8.8.8' } })).status).toBe(403);
  });

  it('a trace tells the way of one message, to admins only', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await bob.until('the message', () => bob.texts.length === 1);
    await ann.until('saved', () => ann.saved.some(({ id, state }) => id === 'm1' && state === 'saved'));
    await bob.roundTrip();
    const trace = async (token: string, id = 'm1') => {
      const response = await http(`/debug/trace/${id}`, token);
      return [response.status, (await response.json()) as AnyFrame] as const;
    };
    expect((await trace(await stage.api.token('ann', 'a1')))[0]).toBe(403);
    expect((await trace('wrong'))[0]).toBe(401);
    const [status, { entries }] = await trace(await stage.api.token('ann', 'a1', { adm: true }));
    expect(status).toBe(200);
    const at = expect.any(Number);
    expect(entries).toMatchObject([
      {
        ...{
          id: 'm1',
          sender: 'ann',
          conv: AB,
          n: 2,
          appended: at,
          committed: at,
          acked: at,
          saved: at,
          saveFailed: null,
        },
        devices: expect.arrayContaining([
          expect.objectContaining({ user: 'bob', device: 'b1', sent: at, confirmed: at }),
        ]),
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('one');
    expect((await trace(SERVICE_SECRET, 'nothing'))[0]).toBe(404);
  });
});
