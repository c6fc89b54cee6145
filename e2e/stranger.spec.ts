import { expect, test } from './fixtures/test.ts';
import {
  chain,
  contentHash,
  directConversation,
  readInvitation,
  refresh,
  register,
  StrangersClient,
} from './stranger/client.ts';

test('the worked example of docs/protocol.md comes out (P17)', () => {
  const conv = directConversation('bob', 'ann');
  expect(conv).toBe('d8f9622b42f75a84dd9b1188b1b1f0e12');
  expect(directConversation('ann', 'ann')).toBe('d7bb67e75f39db700ed4ba99a80117c78');
  const created = contentHash(conv, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
  expect(created.toString('hex')).toBe('d827e2c5e81954b3d87e1191f4e1b19aec644ff7012cd3381501a258355fde03');
  const said = contentHash(conv, { kind: 'message', body: { type: 'text/plain', text: 'Grüße 👋' } });
  expect(said.toString('hex')).toBe('adab74235aeb5f1f0030113ceefa16ddc1cc4a513ec7fc8aa77e0c6b61cbfa10');
  const first = chain(null, 'c-1', 'create', created);
  expect(first).toBe('84ff666e4b8562b6');
  expect(chain(first, 'm-1', 'message', said)).toBe('8dd3e9bf041cb619');
});

test('a client written from docs/protocol.md alone signs in, talks, comes back and checks the chain (P1-P17)', async ({
  servers,
  people,
}) => {
  const ann = await people('Ann');
  const peer = await ann.connect();
  const stranger = new StrangersClient(
    await register('Stranger', readInvitation(await ann.invitationLink())),
  );
  await stranger.connect();
  expect(stranger.resumed).toBe('start');
  const { state } = stranger;

  // The invitation opens the conversation by itself; creating it again is answered with the same place.
  const conv = directConversation(state.user, ann.user);
  await expect.poll(() => state.entries.get(conv)?.get(1)?.kind).toBe('create');
  const created = stranger.openDirect(ann.user);
  await expect.poll(() => stranger.answers.get(created)).toBeNull();
  await expect.poll(() => state.registers.get(`profile ${ann.user}`)).toMatchObject({ name: 'Ann' });

  const id = stranger.say(conv, 'Grüße 👋 von\nnebenan');
  await expect.poll(() => stranger.answers.get(id)).toBeNull();
  await peer.sees(conv, 'Grüße 👋 von\nnebenan');
  peer.say(conv, 'welcome');
  await expect.poll(() => stranger.messages(conv).map(({ text }) => text)).toContain('welcome');
  await expect.poll(() => stranger.saved.get(id), { timeout: 20_000 }).toBe('saved');
  await expect.poll(() => stranger.complete()).toBe(true);

  // P8: sent into a connection that breaks, then again: once. P11, P12: the cursor brings what was missed, and nothing twice.
  stranger.say(conv, 'into the void');
  await stranger.drop();
  const before = state.cursor;
  for (let i = 0; i < 260; i++) peer.say(conv, `missed ${i}`);
  await peer.drained();
  expect(state.cursor).toBe(before);
  await stranger.connect();
  expect(stranger.resumed).toBe('cursor');
  await expect.poll(() => state.outbox.length).toBe(0);
  await expect.poll(() => stranger.complete(), { timeout: 20_000 }).toBe(true);
  const texts = stranger.messages(conv).map(({ text }) => text);
  expect(texts.filter((text) => text === 'into the void')).toHaveLength(1);
  expect(texts.filter((text) => text.startsWith('missed'))).toHaveLength(260);
  expect(stranger.faults(conv)).toEqual([]);
  await peer.sees(conv, 'into the void');
  // Its own come back to the peer after their answers.
  await peer.sees(conv, 'missed 259');
  expect(stranger.messages(conv).map(({ n, id: one }) => `${n} ${one}`)).toEqual(
    peer.view(conv).rows.map(({ n, id: one }) => `${n} ${one}`),
  );

  // A broken chain does not pass.
  const entry = state.entries.get(conv)!.get(5)!;
  state.entries.get(conv)!.set(5, { ...entry, body: { type: 'text/plain', text: 'forged' } });
  expect(stranger.faults(conv)).toEqual([5]);

  // P13: read positions; then a hole filled from the relay, in pages, and the same range from the API.
  stranger.read(conv, 3);
  await expect.poll(() => peer.position('read', conv, state.user)).toBe(3);
  const last = Math.max(...state.entries.get(conv)!.keys());
  state.entries.get(conv)!.clear();
  await stranger.fetch(conv, 1, last);
  expect(state.entries.get(conv)!.size).toBe(last);
  expect(stranger.faults(conv)).toEqual([]);
  await expect(stranger.fetch(conv, last + 50, last + 60)).rejects.toThrow('unknown_place');
  await refresh(state);
  await expect
    .poll(async () => (await stranger.history(conv, 1, 5)).map((item) => item.n), { timeout: 20_000 })
    .toEqual([1, 2, 3, 4, 5]);

  // P16: the relay goes away and comes back; notes to self.
  await stranger.drop();
  await servers.relay.stop();
  await servers.relay.start();
  await stranger.connect();
  const notes = directConversation(state.user, state.user);
  stranger.openDirect(state.user);
  stranger.say(notes, 'to myself');
  await expect.poll(() => stranger.messages(notes).map(({ text }) => text)).toEqual(['to myself']);
  expect(stranger.faults(notes)).toEqual([]);
  await stranger.drop();
});

test('the stranger talks with the real app', async ({ desktop }) => {
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  const link = await app.copiedInvitation();
  const stranger = new StrangersClient(await register('A Stranger', readInvitation(link)));
  await stranger.connect();
  const conv = directConversation(stranger.state.user, (await app.account()).user);
  stranger.say(conv, 'hello, app');
  await app.openConversation(conv);
  await app.sees('hello, app');
  await app.say('hello, stranger');
  await app.reached('hello, stranger', 'delivered');
  await expect
    .poll(() => stranger.messages(conv).map(({ text }) => text))
    .toEqual(['hello, app', 'hello, stranger']);
  expect(stranger.faults(conv)).toEqual([]);
  stranger.read(conv, Math.max(...stranger.state.entries.get(conv)!.keys()));
  await app.reached('hello, stranger', 'read');
  await stranger.drop();
});
