import type { AdminUser, AuditEntry, DeadLetter, Report } from '@matchbook/protocol/http/admin';
import type { SaveItem } from '@matchbook/protocol/http/saving';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, secret, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('admins', (database) => {
  let api: TestApi;
  let root: { user: string; access: string };
  let ann: typeof root;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    root = await api.register('Root');
    api.clock.now += 1;
    ann = await api.register('Ann Lee', { login: 'ann', password: 'correct horse' });
  });
  afterEach(() => api.close());

  const get = async <T>(path: string, access = root.access) =>
    (await api.get(`/api/admin/${path}`, access)).body as T;
  const patch = (path: string, body: object, access = root.access) =>
    api.send('PATCH', `/api/admin/${path}`, body, access);
  const users = async (q = '') =>
    (await get<{ users: AdminUser[] }>(`users?q=${encodeURIComponent(q)}`)).users;

  it('the first account is one, and nobody else comes in', async () => {
    for (const path of [
      'users',
      'conversations',
      'storage',
      'dead-letters',
      'settings',
      'reports',
      'audit',
    ]) {
      expect((await api.get(`/api/admin/${path}`, root.access)).status).toBe(200);
      expect((await api.get(`/api/admin/${path}`, ann.access)).body).toMatchObject({
        status: 403,
        kind: 'forbidden',
      });
      expect((await api.get(`/api/admin/${path}`)).status).toBe(401);
      expect((await api.get(`/api/admin/${path}`, SERVICE)).status).toBe(401);
    }
    expect((await patch('settings', { registration: 'closed' }, ann.access)).status).toBe(403);
  });

  it('find people by part of a name or a login, and never by an operator of the database', async () => {
    expect((await users()).map(({ name }) => name)).toEqual(['Root', 'Ann Lee']);
    expect(await users('nn l')).toMatchObject([
      { name: 'Ann Lee', login: 'ann', sessions: 1, admin: false, fileBytes: 0 },
    ]);
    await api.register('ÉLODIE Šimůnková Ωμέγα Щука');
    for (const part of ['élodie', 'ŠIMŮNKOVÁ', 'ωΜέγ', 'щУка']) expect(await users(part)).toHaveLength(1);
    expect([await users('%'), await users('_'), await users("' OR 1=1 --"), await users('\\')]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  it('I7: close an account: its sessions end, and it signs in no more until it is opened', async () => {
    expect((await patch(`users/${ann.user}`, { disabled: true })).status).toBe(204);
    expect((await api.get('/api/account', ann.access)).status).toBe(401);
    expect((await api.relay.waitFor(3))[2]).toMatchObject({ kind: 'revoke', user: ann.user });
    const signIn = () =>
      api.post('/api/sessions', {
        login: 'ann',
        password: 'correct horse',
        device: { id: secret(), name: 'x' },
      });
    expect((await signIn()).body.kind).toBe('forbidden');
    expect((await patch(`users/${ann.user}`, { disabled: false })).status).toBe(204);
    expect((await signIn()).status).toBe(201);
    const { audit } = await get<{ audit: AuditEntry[] }>('audit');
    expect(audit).toMatchObject([
      { actor: root.user, action: 'user.change', subject: ann.user, detail: { disabled: false } },
      { actor: root.user, action: 'user.change', subject: ann.user, detail: { disabled: true } },
    ]);
  });

  it('a closed account is called so to those who are in a conversation with it, until it is opened', async () => {
    const log = new LogWriter();
    log.create('c', 'direct', [ann.user, root.user]);
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    const shown = async () => (await api.get(`/api/users/${ann.user}`, root.access)).body;
    expect(await shown()).not.toHaveProperty('closed');
    await patch(`users/${ann.user}`, { disabled: true });
    expect(await shown()).toMatchObject({ name: 'Ann Lee', closed: true });
    await patch(`users/${ann.user}`, { disabled: false });
    expect(await shown()).not.toHaveProperty('closed');
  });

  it('never lock themselves out', async () => {
    expect((await patch(`users/${root.user}`, { admin: false })).body).toMatchObject({ kind: 'not_allowed' });
    expect((await patch(`users/${root.user}`, { disabled: true })).body).toMatchObject({
      kind: 'not_allowed',
    });
    await patch(`users/${ann.user}`, { admin: true });
    expect((await patch(`users/${root.user}`, { admin: false })).status).toBe(204);
    expect((await patch('users/nobody', { admin: true }, ann.access)).body).toMatchObject({
      kind: 'not_found',
      field: 'user',
    });
  });

  it('change settings at once, and for the next start', async () => {
    expect((await patch('settings', { name: '\u202e\u200b' })).body).toMatchObject({
      kind: 'invalid_field',
      field: 'name',
    });
    expect((await patch('settings', { registration: 'closed', name: 'Harbour' })).body).toMatchObject({
      registration: 'closed',
      name: 'Harbour',
    });
    expect((await api.get('/api/server')).body).toMatchObject({ registration: 'closed', name: 'Harbour' });
    const eve = { name: 'Eve', secret: secret(), device: { id: 'd', name: 'x' } };
    expect((await api.post('/api/accounts', eve)).body.kind).toBe('registration_closed');
    await api.restart();
    expect((await api.get('/api/server')).body).toMatchObject({ name: 'Harbour' });
    expect((await patch('settings', { registration: 'maybe' })).body).toMatchObject({
      field: 'registration',
    });
    expect((await patch('settings', { port: 1 })).body).toMatchObject({ field: 'port' });
  });

  it('say how large a file may be and how much all of one person, at once and for the next start', async () => {
    const begin = async (size: number) => {
      const sha256 = Buffer.from('ab'.repeat(32)).toString('base64');
      const response = await fetch(`${api.base}/api/files/uploads`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${ann.access}`, 'tus-resumable': '1.0.0' },
          ...{ 'upload-length': String(size), 'upload-metadata': `sha256 ${sha256}` },
        },
      });
      return response.status === 201 ? 201 : await response.json();
    };
    expect(await begin(5_000)).toBe(201);
    expect((await patch('settings', { fileBytes: 4_000 })).body).toMatchObject({ fileBytes: 4_000 });
    expect(await begin(5_000)).toMatchObject({ kind: 'body_too_large', limit: 4_000 });
    expect((await api.get('/api/server')).body).toMatchObject({ fileBytes: 4_000 });
    expect((await api.get('/api/server')).body).not.toHaveProperty('quotaBytes');
    await api.restart();
    expect(await get('settings')).toMatchObject({ fileBytes: 4_000 });
    await patch('settings', { fileBytes: 5_000, quotaBytes: 2_000 });
    expect(await begin(3_000)).toMatchObject({ kind: 'body_too_large', field: 'quota', limit: 2_000 });
    expect((await patch('settings', { quotaBytes: 0 })).body).toMatchObject({ field: 'quotaBytes' });
  });

  it('I7: end the session of one device, or all of them: none comes back by itself with the secret of the account', async () => {
    const held = secret();
    const device = (id: string) => ({ id, name: 'x' });
    const bob = (await api.post('/api/accounts', { name: 'Bob', secret: held, device: device('d-1') })).body;
    const back = (id: string) =>
      api.post('/api/sessions', { user: bob.user, secret: held, device: device(id) });
    expect((await back('d-2')).status).toBe(201);
    const end = (path: string, access = root.access) =>
      api.send('DELETE', `/api/admin/users/${bob.user}/sessions${path}`, undefined, access);
    const devices = async () =>
      (await get<{ devices: { device: string }[] }>(`users/${bob.user}/sessions`)).devices.map(
        (one) => one.device,
      );
    expect((await end('/d-2', ann.access)).status).toBe(403);
    expect((await end('/d-9')).body).toMatchObject({ kind: 'not_found', field: 'device' });
    expect((await end('/d-2')).status).toBe(204);
    expect(await devices()).toEqual(['d-1']);
    // Another device holds the secret: it stays.
    expect((await back('d-2')).status).toBe(201);
    expect((await end('/d-1')).status).toBe(204);
    expect((await back('d-1')).body.kind).toBe('wrong_secret');
    expect(await devices()).toEqual(['d-2']);
    expect((await end('')).body).toEqual({ ended: 1 });
    expect(await devices()).toEqual([]);
    const recovered = await api.post('/api/accounts/recover', {
      ...{ user: bob.user, code: bob.recoveryCode, secret: held, device: device('d-1') },
    });
    expect(recovered.status).toBe(200);
    const { audit } = await get<{ audit: AuditEntry[] }>('audit');
    expect(audit.map(({ action, detail }) => [action, detail])).toEqual([
      ['user.sessions.end', { count: 1 }],
      ['user.sessions.end', { count: 1, device: 'd-1' }],
      ['user.sessions.end', { count: 1, device: 'd-2' }],
    ]);
  });

  it('read what was done, of one kind or of all, page by page, with the names of who is in it', async () => {
    await patch('settings', { name: 'Harbour' });
    await patch(`users/${ann.user}`, { admin: true });
    const signedIn = await api.post('/api/sessions', {
      ...{ login: 'ann', password: 'correct horse', device: { id: 'd', name: 'x' } },
    });
    await patch('settings', { name: 'Pier' }, signedIn.body.access as string);
    const page = (query: string) =>
      get<{ audit: AuditEntry[]; names: Record<string, string> }>(`audit?${query}`);
    const all = await page('limit=2');
    expect(all.audit.map(({ action }) => action)).toEqual(['settings.change', 'user.change']);
    expect(all.names).toEqual({ [root.user]: 'Root', [ann.user]: 'Ann Lee' });
    const further = await page(`limit=2&before=${all.audit.at(-1)!.place}`);
    expect(further.audit.map(({ detail }) => detail)).toEqual([{ name: 'Harbour' }]);
    expect((await page('about=user')).audit).toHaveLength(1);
    expect((await page('about=settings')).audit).toHaveLength(2);
    expect((await page('about=report')).audit).toEqual([]);
    expect((await api.get('/api/admin/audit?about=x', root.access)).body).toMatchObject({ field: 'about' });
  });

  it('see what could not be saved without what it says, and try it again or let it go', async () => {
    const log = new LogWriter();
    log.create('c', 'direct', [ann.user, 'bob']);
    log.say('c', 'bob', 'canary');
    const [create, said] = log.items as [SaveItem, SaveItem];
    const poison = { ...said, item: { ...said.item, m: 'one' } } as unknown as SaveItem;
    const batch = { epoch: log.epoch, after: 0, items: [create, poison], upTo: 2 };
    expect((await api.post('/api/messages/save', batch, SERVICE)).status).toBe(200);
    const { deadLetters } = await get<{ deadLetters: DeadLetter[] }>('dead-letters');
    expect(deadLetters).toMatchObject([{ seq: 2, epoch: log.epoch, item: { id: 'e2', kind: 'message' } }]);
    expect(JSON.stringify(deadLetters)).not.toContain('canary');
    const { letter } = deadLetters[0]!;
    const retry = (at = letter) => api.post(`/api/admin/dead-letters/${at}/retry`, {}, root.access);
    expect((await retry()).body).toMatchObject({ kind: 'invalid_field' });
    await api.inStore(({ write }) =>
      write((trx) =>
        trx
          .updateTable('deadLetter')
          .set({ item: JSON.stringify(said.item) })
          .execute(),
      ),
    );
    expect((await retry()).body).toEqual({ state: 'done' });
    // Its sender, who was told that it failed, hears that it is saved after all.
    const appended = await api.relay.waitFor(3);
    expect(appended[2]).toMatchObject({ kind: 'saved', seq: 2, sender: 'bob', entry: 'e2' });
    const page = (await api.get('/api/conversations/c/messages', ann.access)).body;
    expect(JSON.stringify(page)).toContain('canary');
    expect((await retry()).body).toMatchObject({ kind: 'not_found', field: 'letter' });
    await api.post(
      '/api/messages/save',
      { ...batch, after: 2, items: [{ ...poison, seq: 3 }], upTo: 3 },
      SERVICE,
    );
    const [second] = (await get<{ deadLetters: DeadLetter[] }>('dead-letters')).deadLetters;
    const drop = () =>
      api.send('DELETE', `/api/admin/dead-letters/${second!.letter}`, undefined, root.access);
    expect([(await drop()).status, (await drop()).status]).toEqual([204, 404]);
    expect((await get<{ deadLetters: DeadLetter[] }>('dead-letters')).deadLetters).toEqual([]);
  });

  it('see in the same list what the log did not take, have it tried again, or let it go', async () => {
    const names = ['Cleo', 'Dora'];
    // Root's and Ann's own are out of the way.
    await api.relay.waitFor(2);
    for (const name of names) {
      api.relay.failures.push('refuse');
      await api.register(name);
      await expect
        .poll(async () => (await get<{ deadLetters: DeadLetter[] }>('dead-letters')).deadLetters[0]?.item)
        .toMatchObject({ kind: 'profile', name });
      api.clock.now += 1;
    }
    const list = async () => (await get<{ deadLetters: DeadLetter[] }>('dead-letters')).deadLetters;
    const [dora, cleo] = await list();
    expect(dora).toMatchObject({ way: 'append', reason: 'invalid_field: no', seq: null, epoch: null });
    expect((await get<{ deadLetters: number }>('storage')).deadLetters).toBe(2);
    const before = api.relay.appended.length;
    const again = await api.post(`/api/admin/dead-letters/${cleo!.letter}/retry`, {}, root.access);
    expect(again.body).toEqual({ state: 'waiting' });
    expect((await api.relay.waitFor(before + 1)).at(-1)).toMatchObject({ kind: 'profile', name: 'Cleo' });
    await expect.poll(async () => (await list()).map(({ letter }) => letter)).toEqual([dora!.letter]);
    const drop = () => api.send('DELETE', `/api/admin/dead-letters/${dora!.letter}`, undefined, root.access);
    expect([(await drop()).status, (await drop()).status]).toEqual([204, 404]);
    expect(await list()).toEqual([]);
    for (const letter of ['append-0', 'save-x', '1', 'append-999', "save-1'"])
      expect(
        (await api.post(`/api/admin/dead-letters/${encodeURIComponent(letter)}/retry`, {}, root.access))
          .status,
      ).toBe(404);
    const { audit } = await get<{ audit: AuditEntry[] }>('audit');
    expect(audit.map(({ action, subject }) => [action, subject])).toEqual([
      ['dead-letter.drop', dora!.letter],
      ['dead-letter.retry', cleo!.letter],
    ]);
  });

  it('see sizes', async () => {
    const log = new LogWriter();
    log.create('c', 'direct', [ann.user, 'bob']);
    for (let i = 0; i < 3; i++) log.say('c', 'bob', 'x');
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    expect(await get('conversations')).toMatchObject({
      conversations: [{ conv: 'c', entries: 4, messages: 3, members: 2 }],
    });
    const storage = await get<Record<string, number>>('storage');
    expect(storage).toMatchObject({
      users: 2,
      conversations: 1,
      messages: 3,
      files: 0,
      fileBytes: 0,
      deadLetters: 0,
    });
    expect(storage.databaseBytes).toBeGreaterThan(10_000);
  });

  it('see of a report what the reporter chose to show, as it was', async () => {
    const log = new LogWriter();
    log.create('g', 'group', ['bob', ann.user]);
    const bad = log.say('g', 'bob', 'rude');
    const beside = log.say('g', 'bob', 'before that');
    log.say('g', 'bob', 'private');
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    const send = (body: object, access = ann.access) => api.post('/api/reports', body, access);
    expect((await send({ conv: 'g', n: bad, reason: 'rude', context: [beside] })).status).toBe(201);
    log.entry('g', 'bob', { kind: 'delete', target: bad });
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    const { reports, names } = await get<{ reports: Report[]; names: object }>('reports');
    const [one] = reports;
    expect(names).toEqual({ [ann.user]: 'Ann Lee' });
    expect(one).toMatchObject({ reporter: ann.user, conv: 'g', n: bad, reason: 'rude' });
    expect(one!.evidence.map(({ entry }) => entry.n)).toEqual([bad, beside]);
    expect(JSON.stringify(one)).toContain('before that');
    expect(JSON.stringify(one)).toContain('"rude"');
    expect(JSON.stringify(one)).not.toContain('private');
    expect(
      (await api.post(`/api/admin/reports/${one!.id}/close`, { note: 'warned' }, root.access)).status,
    ).toBe(204);
    expect((await get<{ reports: Report[] }>('reports')).reports).toEqual([]);
    expect((await get<{ reports: Report[] }>('reports?state=closed')).reports).toMatchObject([
      { note: 'warned', closedBy: root.user },
    ]);
    expect((await send({ conv: 'g', n: 99, reason: 'x' })).body).toMatchObject({
      kind: 'unknown_place',
      field: 'n',
    });
    expect((await send({ conv: 'g', n: bad, reason: '' })).body).toMatchObject({ field: 'reason' });
    expect((await send({ conv: 'g', n: bad, reason: 'x' }, root.access)).body).toMatchObject({
      kind: 'not_member',
    });
  });
});
