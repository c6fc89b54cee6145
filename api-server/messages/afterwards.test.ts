import type { ConversationSummary, MessagePage } from '@matchbook/protocol/http/history';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('I6: who left hears nothing of what comes after', (database) => {
  let api: TestApi;
  let log: LogWriter;
  let ada: { user: string; access: string };
  let bob: typeof ada;
  let cat: typeof ada;
  const save = async () => {
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
  };
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    [ada, bob, cat] = [await api.register('Ada'), await api.register('Bob'), await api.register('Cat')];
    log = new LogWriter();
    log.create('g', 'group', [ada.user, bob.user]);
    log.say('g', ada.user, 'hello');
    log.entry('g', bob.user, { kind: 'member_leave' });
    log.entry('g', ada.user, { kind: 'member_add', users: [cat.user] });
    for (let i = 0; i < 20; i++) log.say('g', ada.user, `without Bob ${i}`);
    await save();
    await api.send('PATCH', '/api/account/profile', { status: { text: 'at sea' } }, ada.access);
    await api.send('POST', '/api/account/seen', undefined, ada.access);
  });
  afterEach(() => api.close());

  const profile = (user: string, access: string) => api.get(`/api/users/${user}`, access);

  it('people who came later are nobody to them, and of those they knew they see the name alone', async () => {
    expect((await profile(cat.user, bob.access)).status).toBe(404);
    expect((await profile(bob.user, cat.access)).status).toBe(404);
    expect((await profile(ada.user, cat.access)).body).toMatchObject({
      status: { text: 'at sea' },
      lastSeen: expect.any(Number),
    });
    expect((await profile(ada.user, bob.access)).body).toMatchObject({
      name: 'Ada',
      status: null,
      lastSeen: null,
    });
  });

  it('who is blocked does not see either when one is there', async () => {
    log.register({ reg: 'block', user: ada.user, of: cat.user, value: 1, version: 1, time: 1 } as never);
    await save();
    expect((await profile(ada.user, cat.access)).body).toMatchObject({ name: 'Ada', lastSeen: null });
  });

  it('neither times nor dates tell how it goes on', async () => {
    const { body } = await api.get('/api/conversations/g', bob.access);
    expect((body as unknown as ConversationSummary).updatedAt).toBeLessThanOrEqual(1_003_000);
    const late = await api.get(`/api/conversations/g/messages?date=${9e12}`, bob.access);
    expect((late.body as unknown as MessagePage).anchor).toBe(4);
  });
});
