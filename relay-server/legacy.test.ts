import { request } from 'node:http';
import { directConversationId } from '@matchbook/protocol/ids';
import { afterEach, describe, expect, it } from 'vitest';
import { LegacyClient } from './testing/legacy-client.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message } from './testing/test-client.ts';

let stage: Stage;
const clients: LegacyClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  return stage.clear();
});

async function legacy(user: string, path = '/ws'): Promise<LegacyClient> {
  const base = stage.relay.ws.replace('/ws', '');
  const client = await LegacyClient.connected(base, user, await stage.api.token(user, `${user}-old`), path);
  clients.push(client);
  return client;
}
const upgrade = (path: string): Promise<number> =>
  new Promise((resolve) => {
    const asked = request(`${stage.relay.http}${path}`, {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    asked.on('response', (response) => resolve(response.statusCode!));
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode!);
    });
    asked.end();
  });

describe('an old client', () => {
  it('is let in by the token in its address, on both paths, and told that it is connected', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const token = await stage.api.token('ann', 'a');
    for (const path of ['/ws', '/']) {
      const ann = await legacy('ann', path);
      expect(ann.frames[0]).toEqual({ type: 'connection', status: 'connected', clientId: 'ann' });
    }
    expect(await upgrade('/ws?id=ann')).toBe(401);
    expect(await upgrade('/ws?id=ann&token=wrong')).toBe(401);
    expect(await upgrade(`/ws?id=bob&token=${token}`)).toBe(401);
    expect(stage.relay.log).not.toContain(token);
  });

  it('sends and receives message objects; everything that they carry arrives unchanged', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [ann, desk, bob, phone] = [
      await legacy('ann'),
      await legacy('ann'),
      await legacy('bob'),
      await legacy('bob'),
    ];
    const said = {
      type: 'file',
      id: 'message_1',
      conversationId: 'old-conversation',
      receiverId: 'bob',
      senderId: 'somebody-else',
      content: '',
      senderRole: 'buyer',
      imgUrl: 'https://example.org/a.png',
      fileName: 'a.png',
      fileKey: 'k',
      fileType: 'image/png',
      clientId: 'c-1',
      createdAt: '2020-01-02T03:04:05.000Z',
    };
    ann.send(said);
    for (const client of [bob, phone, desk]) await client.until(() => client.of('file').length === 1);
    for (const client of [bob, phone])
      expect(client.of('file')[0]).toEqual({
        ...said,
        senderId: 'ann',
        updatedAt: expect.stringMatching(/Z$/),
      });
    expect(desk.of('file')[0]).toMatchObject({ ...said, senderId: 'ann', receiverId: 'ann' });
    await ann.until(
      () => ann.of('delivery_status').length === 1 && ann.of('persistence_status').length === 1,
    );
    expect(ann.of('delivery_status')[0]).toEqual({
      type: 'delivery_status',
      status: 'delivered',
      clientId: 'c-1',
      timestamp: expect.any(Number),
    });
    expect(ann.of('persistence_status')[0]).toMatchObject({ status: 'saved', clientId: 'c-1' });
    expect(ann.of('file')).toEqual([]);
  });

  it('talks with clients of today, both ways', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const old = await legacy('ann');
    const bob = await stage.device('bob', 'b1');
    await bob.append(AB, [{ ...CREATE, members: ['bob', 'ann'] }, message('m1', 'from today')]);
    await old.until(() => old.of('message').length === 1);
    expect(old.of('message')[0]).toMatchObject({
      id: 'm1',
      conversationId: AB,
      senderId: 'bob',
      receiverId: 'ann',
      content: 'from today',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    // Without type and without id: a message, with an id from the relay.
    old.send({ conversationId: AB, receiverId: 'bob', content: 'from yesterday' });
    await bob.until('the answer', () => bob.texts.includes('from yesterday'));
    expect(bob.entries.at(-1)).toMatchObject({ sender: 'ann', n: 3 });
    old.send({
      type: 'read_receipt',
      conversationId: AB,
      receiverId: 'bob',
      messageIds: ['m1', 'other'],
      timestamp: 1,
    });
    await bob.until('the position', () =>
      bob.items.some((item) => item.reg === 'read' && item.user === 'ann' && item.n === 2),
    );
    bob.send({ t: 'typing', conv: AB, on: true });
    await old.until(() => old.of('typing').length === 1);
    expect(old.of('typing')[0]).toEqual({
      type: 'typing',
      conversationId: AB,
      senderId: 'bob',
      receiverId: 'ann',
      isTyping: true,
    });
    old.send({ type: 'typing', conversationId: AB, receiverId: 'bob', isTyping: true });
    expect(await bob.frame('typing')).toEqual({ t: 'typing', conv: AB, user: 'ann', on: true });
  });

  it('is told what is wrong, and stays', async () => {
    stage = await Stage.set({}, 'ann', 'bob', 'eve');
    const ann = await legacy('ann');
    const bob = await stage.device('bob', 'b1');
    await bob.append(directConversationId('bob', 'eve'), [
      { id: 'c', kind: 'create', form: 'direct', members: ['bob', 'eve'] },
    ]);
    const wrong = [
      'not json',
      '[]',
      { type: 'message', content: 'x', receiverId: 'bob' },
      { type: 'message', content: 'x', conversationId: 'c' },
      { type: 'message', conversationId: 'c', receiverId: 'bob' },
      { type: 'message', content: 'x', conversationId: 'c', receiverId: 'nobody' },
      {
        type: 'message',
        content: 'x',
        conversationId: directConversationId('bob', 'eve'),
        receiverId: 'bob',
      },
      { type: 'dance', conversationId: 'c', receiverId: 'bob' },
      { type: 'read_receipt', conversationId: 'c', receiverId: 'bob', messageIds: [] },
    ];
    for (const frame of wrong) ann.send(frame);
    ann.send({ type: 'ping' });
    await ann.until(() => ann.of('ping').length === 1 && ann.of('error').length === wrong.length);
    expect(ann.of('ping')[0]).toMatchObject({
      timestamp: expect.any(Number),
      serverTime: expect.stringMatching(/Z$/),
    });
    for (const error of ann.of('error')) expect(error.message).toMatch(/.{10}/);
    expect(ann.code).toBeNull();
  });

  it('hears that saving failed, and later that it did not', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await legacy('ann');
    stage.api.onSave = (items) => ({ reject: new Map(items.map(({ id }) => [id ?? '', 'no room'])) });
    ann.send({ conversationId: 'c', receiverId: 'bob', content: 'x', clientId: 7, id: 'm1' });
    await ann.until(() => ann.of('persistence_error').length === 1);
    expect(ann.of('persistence_error')[0]).toEqual({
      type: 'persistence_error',
      originalMessageId: 'm1',
      clientId: 7,
      message: 'no room',
    });
  });

  it('hears of a stop, and is refused where the dialect is off', async () => {
    stage = await Stage.set({}, 'ann');
    const ann = await legacy('ann');
    await stage.relay.stop();
    await ann.until(() => ann.code !== null);
    expect(ann.frames.at(-1)).toEqual({ type: 'connection', status: 'server_shutdown' });
    await stage.boot({ RELAY_LEGACY: 'off' });
    expect(await upgrade(`/ws?id=ann&token=${await stage.api.token('ann', 'a')}`)).toBe(400);
  });

  it('needs no token where a developer says so, on loopback', async () => {
    stage = await Stage.set({ RELAY_ALLOW_ANONYMOUS_LEGACY: '1' }, 'ann', 'bob');
    expect(await upgrade('/ws?id=ann')).toBe(101);
  });
});

describe('HTTP of the first servers', () => {
  const post = async (
    body: object,
    token: string | null,
    headers: Record<string, string> = {},
    method = 'POST',
  ) => {
    const response = await fetch(`${stage.relay.http}/send-message`, {
      method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    return [response.status, await response.json()] as const;
  };

  it('still sends, once for each id or Idempotency-Key', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const token = await stage.api.token('ann', 'a');
    const body = { conversationId: 'c', receiverId: 'bob', content: 'by HTTP' };
    expect(await post({ ...body, id: 'm1' }, token)).toEqual([200, { status: 'accepted', delivered: false }]);
    const bob = await legacy('bob');
    expect(await post({ ...body, id: 'm2' }, token)).toEqual([200, { status: 'delivered', delivered: true }]);
    for (let i = 0; i < 2; i++)
      expect((await post(body, token, { 'idempotency-key': 'once and only' }))[0]).toBe(200);
    expect((await post({ ...body, id: 'm2' }, token))[0]).toBe(200);
    expect((await post({ ...body, content: 'other', id: 'm2' }, token))[0]).toBe(409);
    await bob.until(() => bob.of('message').length === 2);
    expect((await post({ conversationId: 'c', content: 'x' }, token))[0]).toBe(400);
    expect((await post(body, null))[0]).toBe(401);
    expect((await post(body, 'wrong'))[0]).toBe(401);
    expect((await post(body, token, {}, 'GET'))[0]).toBe(405);
  });

  it('names the WebSocket to those who ask for events', async () => {
    stage = await Stage.set({}, 'ann');
    const response = await fetch(`${stage.relay.http}/events?id=ann`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      websocket: `ws://127.0.0.1:${stage.relay.port}/ws?id=ann`,
    });
    const proxied = await fetch(`${stage.relay.http}/events?id=ann`, {
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(await proxied.json()).toMatchObject({
      websocket: `wss://127.0.0.1:${stage.relay.port}/ws?id=ann`,
    });
  });
});
