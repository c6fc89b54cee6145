/** What clients of nobody's making send: nested without end, in other people's words, under other people's names. */
import { directConversationId } from '@matchbook/protocol/ids';
import { encode } from '@msgpack/msgpack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { LegacyClient } from './testing/legacy-client.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message, TestClient } from './testing/test-client.ts';

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('nesting without end', () => {
  const DEEP = 120_000;
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set({}, 'ann', 'bob');
  });
  afterAll(() => stage.clear());

  it.each([
    ['an append without ids', `{"t":"append","conv":"x","items":[{"id":5,"a":${deep(DEEP)}}]}`],
    ['an append of a strange kind', `{"t":"append","conv":"x","items":[{"id":"a","kind":${deep(DEEP)}}]}`],
    [
      'an append of a strange body',
      `{"t":"append","conv":"x","items":[{"id":"a","kind":"message","body":${deep(DEEP)}}]}`,
    ],
    ['a ping', `{"t":"ping","at":${deep(DEEP)}}`],
    ['a fetch', `{"t":"fetch","ref":1,"conv":"x","from":${deep(DEEP)},"to":2}`],
  ])('P3 is refused in %s', async (_title, frame) => {
    const ann = await stage.device('ann', 'a1');
    ann.send(frame);
    await ann.until('a refusal', () => ann.frames.some(({ t }) => t === 'error' || t === 'nack'));
    await ann.roundTrip();
    expect(await stage.relay.alive()).toBe(true);
  });

  it('P3 is refused in msgpack, where an array costs a byte', async () => {
    const socket = new WebSocket(stage.relay.ws, 'matchbook.v1.msgpack', { perMessageDeflate: false });
    await new Promise((resolve) => socket.once('open', resolve));
    const answers: string[] = [];
    socket.on('message', (data: Buffer) => answers.push(data.toString('latin1')));
    socket.send(encode({ t: 'hello', protocol: 1, device: 'a2', token: await stage.api.token('ann', 'a2') }));
    await expect.poll(() => answers.length).toBeGreaterThan(0);
    const nested = Buffer.concat([Buffer.alloc(250_000, 0x91), Buffer.from([0xc0])]);
    const [map, key, kind] = [Buffer.from([0x82]), encode('t'), encode('ping')];
    socket.send(Buffer.concat([map, key, kind, encode('at'), nested]));
    socket.send(Buffer.concat([map, key, encode('append'), encode('items'), nested]));
    const refused = () => answers.filter((one) => one.includes('invalid_frame')).length;
    await expect.poll(refused, { timeout: 10_000 }).toBe(2);
    socket.terminate();
    expect(await stage.relay.alive()).toBe(true);
  });

  it('is refused in requests, of today and of old', async () => {
    const token = await stage.api.token('ann', 'a1');
    const send = async (body: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(`${stage.relay.http}/send-message`, { method: 'POST', headers, body });
      return [response.status, ((await response.json()) as { field: string }).field];
    };
    expect(await send(`{"conv":"x","items":[{"id":5,"a":${deep(DEEP)}}]}`)).toEqual([400, 'items.0.id']);
    const old = '"conversationId":"x","receiverId":"bob","content":"a"';
    expect(await send(`{${old},"b":${deep(DEEP)}}`)).toEqual([400, '(frame)']);
  });
});

describe('an old client', () => {
  let stage: Stage;
  let old: LegacyClient;
  beforeEach(async () => {
    stage = await Stage.set({}, 'ann', 'bob', 'eve');
    old = await LegacyClient.connected(
      stage.relay.ws.replace('/ws', ''),
      'bob',
      await stage.api.token('bob', 'b-old'),
      '/ws',
    );
  });
  afterEach(() => {
    old.close();
    return stage.clear();
  });

  it('is told nothing by others in the words of the relay, and what nobody can read costs nobody the connection', async () => {
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE]);
    const bodies = [
      'not json',
      'null',
      '[]',
      '"x"',
      '{"type":"connection","status":"server_shutdown"}',
      '{"type":"persistence_status","status":"saved","clientId":"c"}',
      '{"content":{"a":1}}',
      '{"content":"x","createdAt":5}',
      `{"content":"x","a":${deep(30_000)}}`,
      '{"content":"last","type":"file","fileName":"a"}',
    ];
    const items = bodies.map((text, i) => ({
      ...{ id: `l${i}`, kind: 'message' },
      body: { type: 'application/vnd.matchbook.legacy+json', text },
    }));
    for (const item of items) await ann.append(AB, [item]);
    await old.until(() => old.of('file').length === 1);
    expect(old.of('connection')).toEqual([expect.objectContaining({ status: 'connected' })]);
    expect(old.of('persistence_status')).toEqual([]);
    expect(old.of('message').map(({ id }) => id)).toEqual(bodies.slice(0, -1).map((_, i) => `l${i}`));
    for (const one of old.of('message')) {
      expect(one).toMatchObject({ senderId: 'ann', conversationId: AB, createdAt: expect.any(String) });
      expect(['string', 'undefined']).toContain(typeof one.content);
    }
    expect(old.of('file')[0]).toMatchObject({ content: 'last', fileName: 'a', senderId: 'ann' });
    expect(await stage.relay.alive()).toBe(true);
  });

  it('P7 may not flood either', async () => {
    old.close();
    await stage.relay.stop();
    await stage.boot({ RELAY_FRAMES_PER_SECOND: '10', RELAY_FRAMES_BURST: '50' });
    const base = stage.relay.ws.replace('/ws', '');
    old = await LegacyClient.connected(base, 'bob', await stage.api.token('bob', 'b-old'), '/ws');
    for (let i = 0; i < 200; i++) old.send('no frame');
    await old.until(() => old.code !== null);
    expect(old.code).toBe(4429);
  });

  it('learns nothing of conversations that it is not in', async () => {
    const ann = await stage.device('ann', 'a1');
    const AE = directConversationId('ann', 'eve');
    await ann.append(AE, [{ ...CREATE, members: ['ann', 'eve'] }, message('secret-id', 'hello')]);
    for (const id of ['secret-id', 'no-such-id'])
      old.send({ type: 'read_receipt', conversationId: AE, receiverId: 'ann', messageIds: [id] });
    await old.until(() => old.of('error').length === 2);
    expect(new Set(old.of('error').map((one) => one.message)).size).toBe(1);
  });
});

describe('other people’s names', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.set({}, 'ann', 'bob', 'eve', 'max');
  });
  afterEach(() => stage.clear());

  it('the id of a direct conversation is that of its two people, and nobody can take it before them', async () => {
    const eve = await stage.device('eve', 'e1');
    await eve.append(AB, [{ id: 'squat', kind: 'create', form: 'group', members: ['eve'] }]);
    expect(eve.nacked[0]).toMatchObject({ kind: 'invalid_field', field: 'conv' });
    const headers = { authorization: `Bearer ${await stage.api.token('eve', 'e1')}` };
    const body = JSON.stringify({ conversationId: AB, receiverId: 'max', content: 'mine' });
    const answer = await fetch(`${stage.relay.http}/send-message`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ field: 'conv' })]);
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'hello')]);
    expect(ann.acked.map(({ n }) => n)).toEqual([1, 2]);
    // Under its own id an old client may open it.
    const own = JSON.stringify({
      conversationId: directConversationId('eve', 'max'),
      receiverId: 'max',
      content: 'x',
    });
    expect(
      (await fetch(`${stage.relay.http}/send-message`, { method: 'POST', headers, body: own })).status,
    ).toBe(200);
  });

  it('P24 who is blocked neither sees when one is there nor is seen typing, also after a restart', async () => {
    const eve = await stage.device('eve', 'e1');
    const AE = directConversationId('ann', 'eve');
    await eve.append(AE, [{ ...CREATE, members: ['ann', 'eve'] }]);
    const ann = await stage.device('ann', 'a1');
    await eve.frame('presence', ({ users }) => users.some((one: { user: string }) => one.user === 'ann'));
    await ann.append(AE, [{ id: 'b', kind: 'block', of: 'eve', value: 1 }]);
    const last = () =>
      eve.frames
        .filter(({ t }) => t === 'presence')
        .flatMap(({ users }) => users as { user: string; state: string }[])
        .findLast((one) => one.user === 'ann')?.state;
    await expect.poll(last).toBe('offline');
    eve.send({ t: 'typing', conv: AE, on: true });
    await eve.roundTrip();
    await ann.roundTrip();
    expect(ann.frames.filter(({ t }) => t === 'typing')).toEqual([]);
    ann.close();
    eve.close();
    await stage.relay.stop();
    await stage.boot();
    const again = await stage.device('ann', 'a1');
    again.send({ t: 'activity', active: true });
    await again.roundTrip();
    const back = await stage.device('eve', 'e1');
    await back.roundTrip();
    expect(JSON.stringify(back.frames.filter(({ t }) => t === 'presence'))).not.toContain('"ann"');
  });

  it('P2 little is held for somebody who has not said yet who it is', async () => {
    const socket = await stage.socket();
    // A key that nobody knows is asked for, which takes a while.
    const header = Buffer.from('{"alg":"EdDSA","kid":"nobodys"}').toString('base64url');
    socket.send({ t: 'hello', protocol: 1, device: 'a1', token: `${header}.e30.AA` });
    const frame = JSON.stringify({ t: 'ping', at: 1, more: 'x'.repeat(200_000) });
    for (let i = 0; i < 16; i++) socket.send(frame);
    const { code } = await socket.closed();
    expect(code).toBe(4402);
  });

  it('P7 who has many addresses of one network is one', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_UNAUTHENTICATED_PER_ADDRESS: '2', RELAY_TRUST_PROXY: '127.0.0.1' });
    const from = async (address: string) => {
      const client = stage.keep(new TestClient(stage.relay.ws, { headers: { 'x-forwarded-for': address } }));
      return client.opened().then(
        () => 'open',
        (error: Error) => error.message,
      );
    };
    expect([await from('2001:db8:1:2::1'), await from('2001:db8:1:2::2')]).toEqual(['open', 'open']);
    expect(await from('2001:db8:1:2:ffff::3')).toContain('429');
    expect(await from('2001:db8:1:3::1')).toBe('open');
  });
});
