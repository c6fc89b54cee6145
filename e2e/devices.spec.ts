import type { Item } from '@matchbook/protocol/entries';
import { until } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/kept-servers.ts';
import { faultsOf } from './fixtures/transcript.ts';

test('I3 I4: a second device of the same user gets everything, what was before it and what comes live', async ({
  people,
}) => {
  const ann = await people('Ann');
  const bob = await people('Bob', ann);
  const [first, other] = [await ann.connect(), await bob.connect()];
  const conv = await first.openDirect(bob.user);
  const before = ['one', 'two', 'three'];
  for (const text of before) first.say(conv, text);
  other.say(conv, 'from bob');
  await Promise.all([first.drained(), other.drained()]);

  const second = await ann.connectFurtherDevice();
  first.say(conv, 'live from the first');
  second.say(conv, 'live from the second');
  other.say(conv, 'live from bob');
  await Promise.all([first, second, other].map((peer) => peer.drained()));
  for (const peer of [first, second, other])
    for (const text of ['live from the first', 'live from the second', 'live from bob'])
      await peer.sees(conv, text);

  const views = [first, second, other].map((peer) => peer.view(conv));
  const written = [
    { by: 'first', texts: [...before, 'live from the first'] },
    { by: 'second', texts: ['live from the second'] },
    { by: 'bob', texts: ['from bob', 'live from bob'] },
  ];
  expect(faultsOf(views, written)).toEqual([]);
});

test('I3 I8: a device that was away gets what it missed once, and nothing that it had', async ({
  people,
}) => {
  const ann = await people('Ann');
  const bob = await people('Bob', ann);
  const [a, b] = [await ann.connect(), await bob.connect()];
  const conv = await a.openDirect(bob.user);
  a.say(conv, 'seen live');
  await b.sees(conv, 'seen live');
  b.wire.terminate();
  await b.wire.closed;
  for (let i = 0; i < 300; i++) a.say(conv, `missed ${i}`);
  await a.drained();
  await b.reconnect();
  // Its own come back to it after their answers.
  for (const peer of [a, b]) await peer.sees(conv, 'missed 299');
  const texts = ['seen live', ...Array.from({ length: 300 }, (_, i) => `missed ${i}`)];
  expect(faultsOf([a.view(conv), b.view(conv)], [{ by: 'ann', texts }])).toEqual([]);
});

test('I9: delivered and read positions of the other reach the author', async ({ people }) => {
  const ann = await people('Ann');
  const bob = await people('Bob', ann);
  const [a, b] = [await ann.connect(), await bob.connect()];
  const conv = await a.openDirect(bob.user);
  const id = a.say(conv, 'are you there?');
  await a.drained();
  const n = a.acked.get(id)!.n!;
  await b.sees(conv, 'are you there?');
  await until('delivered', () => a.position('delivered', conv, bob.user) >= n);
  expect(a.position('read', conv, bob.user)).toBeLessThan(n);
  await b.read(conv, n);
  await until('read', () => a.position('read', conv, bob.user) >= n);
});

test('I6: a non-member gets nothing: live, catching up, by fetch, by the API, and cannot write', async ({
  people,
}) => {
  const ann = await people('Ann');
  const bob = await people('Bob', ann);
  const eve = await people('Eve', ann);
  const [a, b, e] = [await ann.connect(), await bob.connect(), await eve.connect()];
  const conv = await a.openDirect(bob.user);
  a.say(conv, 'secret, live');
  await b.sees(conv, 'secret, live');
  e.wire.terminate();
  await e.wire.closed;
  b.say(conv, 'secret, while away');
  await Promise.all([a.drained(), b.drained()]);
  await a.sees(conv, 'secret, while away');
  await e.reconnect();

  // Eve is at the head when her own later message has come back to her.
  const notes = await e.openDirect(eve.user);
  e.say(notes, 'mine');
  await e.sees(notes, 'mine');
  const leaked = (items: readonly Item[]) => items.filter((item) => 'conv' in item && item.conv === conv);
  expect(leaked(e.items)).toEqual([]);
  expect(JSON.stringify(e.frames)).not.toContain('secret');

  e.wire.send({ t: 'fetch', ref: 7, conv, from: 1, to: 10 });
  const refused = await e.wire.frame('error', (frame) => frame.ref === 7);
  expect(['not_member', 'unknown_conversation']).toContain(refused.kind);

  // The API knows of the conversation once the log was saved; its members read it there.
  await until('the history in the API', async () => {
    const { status, body } = await ann.history(conv, 1, 10);
    return status === 200 && JSON.stringify(body).includes('secret, while away');
  });
  const answer = await eve.history(conv, 1, 10);
  expect([403, 404]).toContain(answer.status);
  expect(JSON.stringify(answer.body)).not.toContain('secret');

  const id = e.say(conv, 'let me in');
  await until('the refusal', () => e.nacked.get(id));
  expect(['not_member', 'unknown_conversation']).toContain(e.nacked.get(id)!.kind);
  a.say(conv, 'after eve');
  await b.sees(conv, 'after eve');
  expect(b.view(conv).rows.map((row) => row.text)).not.toContain('let me in');
});
