import type { OpenInvitation } from '@matchbook/protocol/http/invitations';
import { directConversationId } from '@matchbook/protocol/ids';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('invitations', (database) => {
  let api: TestApi;
  let ann: { user: string; access: string };
  let bob: typeof ann;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    ann = await api.register('Ann');
    bob = await api.register('Bob');
    const log = new LogWriter();
    log.create('g', 'group', [ann.user, bob.user]);
    log.entry('g', ann.user, { kind: 'rename', body: { type: 'text/plain', text: 'Sailing' } });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
  });
  afterEach(() => api.close());

  const invite = async (body: object = {}, access = ann.access) =>
    (await api.post('/api/invitations', body, access)).body as {
      id: string;
      secret: string;
      expires: number;
      kind?: string;
    };
  const redeem = (secret: string, access: string) => api.post('/api/invitations/redeem', { secret }, access);
  const preview = (secret: string) => api.post('/api/invitations/preview', { secret });

  it('open a group to as many as its owner says, with a preview before', async () => {
    const { secret } = await invite({ conv: 'g', uses: 2, life: 60_000 });
    expect((await preview(secret)).body).toMatchObject({
      inviter: { name: 'Ann' },
      group: { conv: 'g', name: 'Sailing', members: 2 },
    });
    const eve = await api.register('Eve');
    expect((await redeem(secret, eve.access)).body).toEqual({
      conv: 'g',
      inviter: { user: ann.user, name: 'Ann' },
    });
    const zoe = await api.register('Zoe', { invitation: secret });
    expect((await api.relay.waitFor(6)).filter((item) => item.kind === 'member_add')).toMatchObject([
      { sender: ann.user, conv: 'g', users: [eve.user] },
      { sender: ann.user, conv: 'g', users: [zoe.user] },
    ]);
    // The first one asks again, whose answer was lost; a third one comes too late.
    expect((await redeem(secret, eve.access)).status).toBe(200);
    const max = await api.register('Max');
    expect((await redeem(secret, max.access)).body.kind).toBe('invitation_used');
    expect(await preview(secret)).toMatchObject({ status: 410, body: { kind: 'invitation_used' } });
    expect(api.relay.appended.filter((item) => item.kind === 'member_add')).toHaveLength(2);
  });

  it('open a direct conversation to somebody who is here already', async () => {
    const { secret } = await invite();
    const answer = await redeem(secret, bob.access);
    expect(answer.body.conv).toBe(directConversationId(ann.user, bob.user));
    expect((await api.relay.waitFor(3))[2]).toMatchObject({
      kind: 'create',
      sender: bob.user,
      form: 'direct',
    });
    expect(await redeem((await invite()).secret, ann.access)).toMatchObject({
      status: 409,
      body: { kind: 'invitation_own' },
    });
  });

  it('lead who is in the group already there, and stay for somebody else', async () => {
    const { secret } = await invite({ conv: 'g' });
    for (const { access } of [bob, ann]) expect((await redeem(secret, access)).body.conv).toBe('g');
    const eve = await api.register('Eve');
    expect((await redeem(secret, eve.access)).status).toBe(200);
    const added = () => api.relay.appended.filter((item) => item.kind === 'member_add');
    await api.relay.waitFor(4);
    expect(added()).toMatchObject([{ users: [eve.user] }]);
  });

  it('of two who redeem the last use at once, one comes in', async () => {
    const { secret } = await invite({ conv: 'g' });
    const [eve, max] = [await api.register('Eve'), await api.register('Max')];
    const both = await Promise.all([eve, max].map(({ access }) => redeem(secret, access)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it('are listed by their maker, and taken back', async () => {
    const first = await invite({ uses: 3 });
    const second = await invite();
    await redeem(first.secret, bob.access);
    const listed = async (access = ann.access) =>
      ((await api.get('/api/invitations', access)).body.invitations as OpenInvitation[]).map((one) => [
        one.id,
        one.uses,
        one.maxUses,
      ]);
    expect((await listed()).sort()).toEqual(
      [
        [first.id, 1, 3],
        [second.id, 0, 1],
      ].sort(),
    );
    expect(await listed(bob.access)).toEqual([]);
    expect((await api.send('DELETE', `/api/invitations/${first.id}`, undefined, bob.access)).status).toBe(
      404,
    );
    expect((await api.send('DELETE', `/api/invitations/${first.id}`, undefined, ann.access)).status).toBe(
      204,
    );
    expect((await preview(first.secret)).body.kind).toBe('invitation_invalid');
    expect(await listed()).toEqual([[second.id, 0, 1]]);
    api.clock.now += 24 * 60 * 60_000;
    expect((await preview(second.secret)).body.kind).toBe('invitation_expired');
  });

  it('into a group only by its owners and admins; bounds are named', async () => {
    const eve = await api.register('Eve');
    expect((await invite({ conv: 'g' }, bob.access)).kind).toBe('not_allowed');
    expect((await invite({ conv: 'g' }, eve.access)).kind).toBe('not_member');
    expect(await invite({ uses: 1_001 })).toMatchObject({ field: 'uses', limit: 1_000 });
    expect(await invite({ life: 1 })).toMatchObject({ field: 'life', limit: 60_000 });
    expect(await invite({ role: 'admin' })).toMatchObject({ field: 'role' });
  });

  it('a hundred are open at a time; the oldest gives way', async () => {
    const first = await invite();
    for (let i = 0; i < 100; i++) {
      api.clock.now += 1;
      await invite();
    }
    expect((await preview(first.secret)).status).toBe(410);
    expect(((await api.get('/api/invitations', ann.access)).body.invitations as unknown[]).length).toBe(100);
  });
});
