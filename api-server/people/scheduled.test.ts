import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

const body = { type: 'text/plain', text: 'good morning' };

onBothDatabases('messages for later', (database) => {
  let api: TestApi;
  let ann: { user: string; access: string };
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    ann = await api.register('Ann');
    const log = new LogWriter();
    log.create('c', 'direct', [ann.user, 'bob']);
    log.create('left', 'group', [ann.user, 'bob']);
    log.entry('left', ann.user, { kind: 'member_leave' });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    await api.relay.waitFor(1);
  });
  afterEach(() => api.close());

  const put = (id: string, more: object = {}, access = ann.access) =>
    api.send(
      'PUT',
      `/api/scheduled/${id}`,
      { conv: 'c', body, due: api.clock.now + 60_000, ...more },
      access,
    );
  const list = async (access = ann.access) =>
    (await api.get('/api/scheduled', access)).body.messages as ScheduledMessage[];

  it('are sent at their time with the id of the composer, also over a restart, once', async () => {
    expect((await put('m1', { silent: true })).status).toBe(204);
    expect((await put('m2', { due: api.clock.now + 120_000 })).status).toBe(204);
    expect(await list()).toMatchObject([{ id: 'm1', silent: true, refused: null }, { id: 'm2' }]);
    await api.restart();
    api.clock.now += 60_000;
    expect((await api.relay.waitFor(2))[1]).toEqual({
      id: 'm1',
      kind: 'message',
      sender: ann.user,
      conv: 'c',
      body,
      silent: true,
    });
    expect((await put('m1')).body).toMatchObject({ kind: 'id_conflict', field: 'id' });
    api.clock.now += 60_000;
    await api.relay.waitFor(3);
    expect(api.relay.appended.map(({ id }) => id).slice(1)).toEqual(['m1', 'm2']);
    // What they say is in the log, and nowhere beside it.
    await expect
      .poll(() =>
        api.inStore(async ({ db }) =>
          JSON.stringify([
            await db.selectFrom('scheduled').select('body').execute(),
            await db.selectFrom('outbound').select('item').execute(),
          ]),
        ),
      )
      .not.toContain('good morning');
  });

  it('are changed and cancelled until then, by their author alone', async () => {
    const eve = await api.register('Eve');
    await put('m1');
    expect((await put('m1', { body: { type: 'text/plain', text: 'good evening' } })).status).toBe(204);
    expect(await list()).toMatchObject([{ body: { text: 'good evening' } }]);
    expect(await list(eve.access)).toEqual([]);
    expect((await api.send('DELETE', '/api/scheduled/m1', undefined, eve.access)).status).toBe(404);
    expect((await api.send('DELETE', '/api/scheduled/m1', undefined, ann.access)).status).toBe(204);
    expect((await api.send('DELETE', '/api/scheduled/m1', undefined, ann.access)).status).toBe(404);
    expect(await list()).toEqual([]);
  });

  it('one that was taken back on one device is not sent by another that still lists it', async () => {
    const change = (more: object, only = 'waiting') =>
      api.send(
        'PUT',
        `/api/scheduled/m1?only=${only}`,
        { conv: 'c', body, due: api.clock.now + 60_000, ...more },
        ann.access,
      );
    expect(await change({})).toMatchObject({ status: 404, body: { kind: 'not_found' } });
    await put('m1');
    expect((await change({ body: { type: 'text/plain', text: 'good evening' } })).status).toBe(204);
    expect((await api.send('DELETE', '/api/scheduled/m1', undefined, ann.access)).status).toBe(204);
    expect(await change({ due: 0 })).toMatchObject({ status: 404, body: { kind: 'not_found' } });
    expect(await list()).toEqual([]);
    expect((await change({}, 'all')).body).toMatchObject({ kind: 'invalid_field', field: 'only' });
  });

  it('one that was given other words on one device is not sent or changed with those that another one shows', async () => {
    await put('m1');
    const other = { type: 'text/plain', text: 'good evening' };
    expect((await put('m1', { body: other, was: body })).status).toBe(204);
    for (const due of [0, api.clock.now + 90_000]) {
      const answer = await put('m1', { due, was: body });
      expect([answer.status, answer.body]).toMatchObject([409, { kind: 'conflict', field: 'was' }]);
    }
    expect(await list()).toMatchObject([{ body: other, due: api.clock.now + 60_000 }]);
    // Whose answer was lost asks again.
    expect((await put('m1', { body: other, was: body })).status).toBe(204);
    // Whatever order its parts come in.
    const same = { text: other.text, type: other.type };
    expect((await put('m1', { body: other, due: 0, was: same })).status).toBe(204);
    expect((await api.relay.waitFor(2))[1]).toMatchObject({ id: 'm1', body: other });
  });

  it('one that is not to wait any more goes at once', async () => {
    await put('m1');
    expect((await put('m1', { due: 0 })).status).toBe(204);
    expect((await api.relay.waitFor(2))[1]).toMatchObject({ id: 'm1', body });
    expect((await put('m1', { due: 0 })).body).toMatchObject({ kind: 'id_conflict' });
  });

  it('one that the relay refuses stays visible, with the reason', async () => {
    await put('m1');
    api.relay.failures.push('refuse');
    api.clock.now += 60_000;
    await expect.poll(async () => (await list())[0]?.refused).toContain('invalid_field');
    expect(await list()).toMatchObject([{ id: 'm1', body }]);
  });

  it('one that was refused is put away by its author, and its words with it', async () => {
    await put('m1');
    api.relay.failures.push('refuse');
    api.clock.now += 60_000;
    await expect.poll(async () => (await list())[0]?.refused).toContain('invalid_field');
    const eve = await api.register('Eve');
    const away = (access: string) => api.send('DELETE', '/api/scheduled/m1', undefined, access);
    expect((await away(eve.access)).status).toBe(404);
    expect((await away(ann.access)).status).toBe(204);
    expect([await list(), (await away(ann.access)).status]).toEqual([[], 404]);
    expect((await put('m1')).body).toMatchObject({ kind: 'id_conflict' });
    await api.inStore(async ({ db }) => {
      const rows = await db.selectFrom('outbound').select('item').execute();
      expect(JSON.stringify(rows)).not.toContain('good morning');
    });
  });

  it('are not sent for who was closed out, who finds them refused when they are let in again', async () => {
    const { user, access, secret, device } = await api.register('Zoe');
    const log = new LogWriter('ef'.repeat(8));
    log.create('z', 'direct', [user, 'bob']);
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    expect((await put('m1', { conv: 'z' }, access)).status).toBe(204);
    const close = (disabled: boolean) =>
      api.send('PATCH', `/api/admin/users/${user}`, { disabled }, ann.access);
    expect((await close(true)).status).toBe(204);
    await put('m2');
    api.clock.now += 60_000;
    await expect.poll(() => api.relay.appended.map(({ id }) => id)).toContain('m2');
    expect(api.relay.appended.map(({ id }) => id)).not.toContain('m1');
    await close(false);
    const back = await api.post('/api/sessions', { user, secret, device: { id: device, name: 'x' } });
    expect(await list(back.body.access as string)).toMatchObject([
      { id: 'm1', body, refused: expect.stringContaining('closed') },
    ]);
  });

  it('two people may choose the same id', async () => {
    const bob = await api.register('Bob');
    const log = new LogWriter('cd'.repeat(8));
    log.create('d', 'direct', [bob.user, 'eve']);
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    await put('same');
    await put('same', { conv: 'd' }, bob.access);
    api.clock.now += 60_000;
    const sent = (await api.relay.waitFor(4)).slice(2);
    expect(sent.map((item) => item.kind === 'message' && item.sender).sort()).toEqual(
      [ann.user, bob.user].sort(),
    );
  });

  it('names what is wrong', async () => {
    expect((await put('m', { due: api.clock.now })).body).toMatchObject({ field: 'due' });
    expect((await put('m', { due: api.clock.now + 400 * 86_400_000 })).body).toMatchObject({
      field: 'due',
      limit: expect.any(Number),
    });
    expect((await put('m', { conv: 'other' })).body).toMatchObject({ kind: 'not_member' });
    expect((await put('m', { conv: 'left' })).body).toMatchObject({ kind: 'not_member', field: 'conv' });
    expect((await put('m', { body: { type: 'text/plain', text: 'x\0' } })).body).toMatchObject({
      kind: 'invalid_text',
    });
    expect((await put('m', { body: { type: 'text/plain' } })).body).toMatchObject({ kind: 'invalid_field' });
    expect((await put('a%20b')).body).toMatchObject({ field: 'id' });
    for (let i = 0; i < 100; i++) await put(`m${i}`);
    expect((await put('m100')).body).toMatchObject({ kind: 'rate_limited', limit: 100 });
    expect((await put('m99')).status).toBe(204);
  });
});
