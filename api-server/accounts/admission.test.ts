import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, secret, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('who comes in, and who no more', (database) => {
  let api: TestApi;
  let admin: Awaited<ReturnType<TestApi['register']>>;
  beforeEach(async () => {
    const env = { API_REGISTRATION: 'open', API_TRUST_PROXY: '127.0.0.1' };
    api = await startTestApi({ ...(await database.env()), ...env });
    admin = await api.register('Ada');
  });
  afterEach(() => api.close());

  const close = (user: string) =>
    api.send('PATCH', `/api/admin/users/${user}`, { disabled: true }, admin.access);
  const registration = (more: object = {}) => ({
    name: 'Ann',
    secret: secret(),
    device: { id: secret(), name: 'desk' },
    ...more,
  });

  it('a closed account comes back by no door: not by its secret, its recovery code, or its registration repeated', async () => {
    const first = registration();
    const { body: ann } = await api.post('/api/accounts', first);
    await close(ann.user as string);
    const device = { id: 'other', name: 'desk' };
    const doors = [
      await api.post('/api/sessions', { user: ann.user, secret: first.secret, device }),
      await api.post('/api/accounts', first),
      await api.post('/api/accounts/recover', { code: ann.recoveryCode, secret: secret(), device }),
    ];
    for (const door of doors) expect(door).toMatchObject({ status: 403, body: { kind: 'forbidden' } });
    await api.send('PATCH', `/api/admin/users/${ann.user}`, { disabled: false }, admin.access);
    // What was refused used nothing up.
    const back = await api.post('/api/accounts/recover', {
      code: ann.recoveryCode,
      secret: secret(),
      device,
    });
    expect(back.status).toBe(200);
  });

  it('invitations of a closed account open nothing', async () => {
    const ann = await api.register('Ann');
    const bob = await api.register('Bob');
    const { body: invitation } = await api.post('/api/invitations', {}, ann.access);
    const said = { secret: invitation.secret };
    expect((await api.post('/api/invitations/preview', said)).status).toBe(200);
    await close(ann.user);
    expect((await api.post('/api/invitations/preview', said)).status).toBe(410);
    expect((await api.post('/api/invitations/redeem', said, bob.access)).status).toBe(410);
    const stranger = registration({ invitation: invitation.secret });
    expect((await api.post('/api/accounts', stranger)).status).toBe(410);
  });

  it('an invitation into a group is worth something while its maker may invite into it', async () => {
    const bob = await api.register('Bob');
    const eve = await api.register('Eve');
    const log = new LogWriter();
    log.create('g', 'group', [admin.user, bob.user]);
    log.entry('g', admin.user, { kind: 'member_role', user: bob.user, role: 'admin' });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    const { body: invitation } = await api.post('/api/invitations', { conv: 'g' }, bob.access);
    const said = { secret: invitation.secret };
    expect((await api.post('/api/invitations/preview', said)).body).toMatchObject({ group: { members: 2 } });
    log.entry('g', admin.user, { kind: 'member_remove', user: bob.user });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    // Not even how many are in it by now.
    expect((await api.post('/api/invitations/preview', said)).status).toBe(410);
    expect((await api.post('/api/invitations/redeem', said, eve.access)).body.kind).toBe(
      'invitation_invalid',
    );
  });

  it('the same registration several times at once is one account', async () => {
    const request = registration();
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.post('/api/accounts', request)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.user)).size).toBe(1);
    const codes = answers.map(({ body }) => body.recoveryCode);
    const device = { id: 'other', name: 'desk' };
    const recovered = await Promise.all(
      codes.map((code) => api.post('/api/accounts/recover', { code, secret: secret(), device })),
    );
    expect(recovered.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it.each(['invitation', 'closed'] as const)(
    'who may not register (%s) learns no login from it, and makes the server hash nothing',
    async (mode) => {
      await api.register('Ann', { login: 'ann', password: 'correct horse' });
      await api.send('PATCH', '/api/admin/settings', { registration: mode }, admin.access);
      const taken = registration({ login: 'ann', password: 'correct horse', invitation: secret() });
      const free = registration({ login: 'bob', password: 'correct horse', invitation: secret() });
      const [one, other] = [await api.post('/api/accounts', taken), await api.post('/api/accounts', free)];
      expect(one.body).toEqual(other.body);
      expect(one.body.kind).toBe(mode === 'closed' ? 'registration_closed' : 'invitation_invalid');
      // From more places at once than may wait for a hash.
      const from = async (address: string) => {
        const response = await fetch(`${api.base}/api/accounts`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
          body: JSON.stringify(registration({ invitation: secret() })),
        });
        return response.status;
      };
      const storm = await Promise.all(Array.from({ length: 80 }, (_, i) => from(`192.0.2.${i}`)));
      expect(new Set(storm)).toEqual(new Set([mode === 'closed' ? 403 : 410]));
    },
  );

  it('a challenge says how to come in, and the scheme may be written as one likes', async () => {
    const refused = await api.get('/api/account');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    const asked = await fetch(`${api.base}/api/account`, {
      headers: { authorization: `bearer ${admin.access}` },
    });
    expect(asked.status).toBe(200);
  });
});
