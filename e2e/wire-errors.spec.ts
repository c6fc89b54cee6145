import { randomUUID } from 'node:crypto';
import type { Append } from '@matchbook/protocol/entries';
import { FAILURES, type FailureKind } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import { bounded } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/kept-servers.ts';
import { Wire } from './fixtures/wire.ts';

const closeCode = (kind: FailureKind) => FAILURES[kind].close;
const closing = (wire: Wire) => bounded('the relay to close the socket', wire.closed);

test('a bad token closes the connection as unauthorized', async ({ servers, people }) => {
  const ann = await people('Ann');
  const [head, payload, signature] = ann.token.split('.') as [string, string, string];
  const forged = Buffer.from(signature, 'base64url');
  forged[0] = forged[0]! ^ 1;
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  for (const token of [
    'nonsense',
    `${head}.${payload}.${forged.toString('base64url')}`,
    `${unsigned}.${payload}.`,
  ]) {
    const wire = await Wire.open(servers.relayUrl);
    wire.send({ t: 'hello', protocol: 1, token, device: randomUUID() });
    expect((await closing(wire)).code).toBe(closeCode('unauthorized'));
    expect(wire.frames.filter((frame) => frame.t !== 'error')).toEqual([]);
  }
});

test('a token of another device is refused, and so is a frame before hello', async ({ servers, people }) => {
  const ann = await people('Ann');
  const stolen = await Wire.open(servers.relayUrl);
  stolen.send({ t: 'hello', protocol: 1, token: ann.token, device: randomUUID() });
  expect((await closing(stolen)).code).toBe(closeCode('identity_mismatch'));

  const early = await Wire.open(servers.relayUrl);
  early.send({ t: 'ping', at: 1 });
  expect((await closing(early)).code).toBe(closeCode('bad_frame'));

  const other = await Wire.open(`${servers.relayUrl}?id=somebody-else`);
  const peer = await ann.connect();
  other.send({ t: 'hello', protocol: 1, token: ann.token, device: peer.device });
  expect((await closing(other)).code).toBe(closeCode('identity_mismatch'));
});

test('who says no hello is closed in time', async ({ servers }) => {
  const wire = await Wire.open(servers.relayUrl);
  expect((await closing(wire)).code).toBe(closeCode('hello_timeout'));
});

test('an oversized frame closes with 1009, before and after hello', async ({ servers, people }) => {
  const peer = await (await people('Ann')).connect();
  peer.wire.sendText(JSON.stringify({ t: 'ping', at: 1, filler: 'x'.repeat(LIMITS.frameBytes) }));
  expect((await closing(peer.wire)).code).toBe(closeCode('frame_too_large'));

  const stranger = await Wire.open(servers.relayUrl);
  stranger.sendText(JSON.stringify({ t: 'hello', protocol: 1, filler: 'x'.repeat(LIMITS.frameBytes) }));
  expect((await closing(stranger)).code).toBe(closeCode('frame_too_large'));
});

test('invalid JSON closes as bad_json; a JSON value that is no frame as bad_frame', async ({ people }) => {
  const ann = await people('Ann');
  for (const [text, kind] of [
    ['{"t":"ping"', 'bad_json'],
    ['[1,2]', 'bad_frame'],
    ['{"x":1}', 'bad_frame'],
  ] as const) {
    const peer = await ann.connect();
    peer.wire.sendText(text);
    const told = await Promise.race([
      closing(peer.wire).then(({ code }) => code),
      peer.wire.frame('error', (frame) => frame.kind === kind).then(() => closeCode(kind)),
    ]);
    expect(told, text).toBe(closeCode(kind));
  }
});

test('unknown frame types and broken fields get a named error, and the connection lives on', async ({
  people,
}) => {
  const peer = await (await people('Ann')).connect();
  peer.wire.sendText('{"t":"teleport","to":"mars"}');
  await peer.wire.frame('error', (frame) => frame.kind === 'unknown_frame');
  peer.wire.sendText('{"t":"fetch","ref":3,"conv":"x","from":"one","to":2}');
  const invalid = await peer.wire.frame('error', (frame) => frame.kind === 'invalid_frame');
  expect(invalid.field).toContain('from');
  peer.wire.send({ t: 'ping', at: 42 });
  await peer.wire.frame('pong', (frame) => frame.at === 42);
});

test('after too many errors the connection is closed', async ({ people }) => {
  const peer = await (await people('Ann')).connect();
  for (let i = 0; i <= LIMITS.errorsPerConnection; i++) peer.wire.sendText('{"t":"teleport"}');
  expect((await closing(peer.wire)).code).toBe(closeCode('too_many_errors'));
});

test('I2 I5: lone surrogates, NUL, an oversized body and an unknown kind are refused by name; the rest of the batch is taken', async ({
  people,
}) => {
  const ann = await people('Ann');
  const peer = await ann.connect();
  const conv = await peer.openDirect(ann.user);
  const message = (id: string, text: string) => ({ id, kind: 'message', body: { type: 'text/plain', text } });
  const items = [
    message('good-1', 'before'),
    message('lone', 'half \ud83d of a face'),
    message('nul', 'cut\0here'),
    message('large', 'x'.repeat(LIMITS.bodyBytes + 1)),
    message('good-2', 'after'),
  ];
  // JSON.stringify keeps a lone surrogate as an escape, so that it reaches the relay as such.
  peer.wire.sendText(JSON.stringify({ t: 'append', conv, items }));
  await peer.wire.frame('ack', (frame) => frame.items.some((item) => item.id === 'good-2'));
  const refused = (id: string) => peer.nacked.get(id)?.kind;
  // Acks and nacks of one batch are frames of their own.
  await expect
    .poll(() => [refused('lone'), refused('nul'), refused('large')])
    .toEqual(['invalid_text', 'invalid_text', 'body_too_large']);
  expect([...peer.acked.keys()]).toEqual(expect.arrayContaining(['good-1', 'good-2']));

  peer.wire.sendText(
    JSON.stringify({
      t: 'append',
      conv,
      items: [{ id: 'odd', kind: 'telepathy', body: {} } as unknown as Append],
    }),
  );
  const told = await Promise.race([
    peer.wire.frame('nack', (frame) => frame.items.some((item) => item.id === 'odd')).then(() => 'nack'),
    peer.wire.frame('error').then((frame) => frame.kind),
  ]);
  expect(['nack', 'invalid_frame', 'unknown_kind']).toContain(told);
  if (told === 'nack') await expect.poll(() => refused('odd')).toBe('unknown_kind');
});

test('I3: the same id again gets the first answer, with other content id_conflict', async ({ people }) => {
  const ann = await people('Ann');
  const peer = await ann.connect();
  const conv = await peer.openDirect(ann.user);
  const send = (text: string) =>
    peer.wire.send({
      t: 'append',
      conv,
      items: [{ id: 'same', kind: 'message', body: { type: 'text/plain', text } }],
    });
  const answers = () => peer.frames.filter((frame) => frame.t === 'ack' && frame.items[0]?.id === 'same');
  send('once');
  await expect.poll(() => answers().length).toBe(1);
  send('once');
  await expect.poll(() => answers().length).toBe(2);
  expect(answers()[1]).toEqual(answers()[0]);
  send('otherwise');
  await expect.poll(() => peer.nacked.get('same')?.kind).toBe('id_conflict');
});

test('a new session of a device replaces the old one, which is told', async ({ people }) => {
  const ann = await people('Ann');
  const first = await ann.connect();
  await ann.connect();
  expect((await closing(first.wire)).code).toBe(closeCode('session_replaced'));
});

test('browsers of foreign origins and clients without the subprotocol are turned away', async ({
  servers,
}) => {
  await expect(Wire.open(servers.relayUrl, { origin: 'https://evil.example' })).rejects.toThrow(/40[0-9]/);
  await expect(Wire.open(servers.relayUrl, { protocols: [] })).rejects.toThrow(/4[0-9][0-9]/);
  const wire = await Wire.open(servers.relayUrl, { origin: 'app://matchbook' });
  await wire.close();
});
