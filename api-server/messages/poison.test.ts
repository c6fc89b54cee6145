import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

const EPOCH = '0123456789abcdef';
const HASH = 'ab'.repeat(32);

onBothDatabases('what a log should not hold, and may', (database) => {
  let api: TestApi;
  let seq = 0;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    seq = 0;
  });
  afterEach(() => api.close());

  const entry = (n: number, more: object) => ({
    ...{ conv: 'c', n, m: n, h: '0'.repeat(16), id: `i${n}`, sender: 'ann', time: 1_000 },
    ...more,
  });
  const text = (said: string) => ({ type: 'text/plain', text: said });
  const batch = (items: object[]) => {
    const after = seq;
    seq += items.length;
    return {
      epoch: EPOCH,
      after,
      upTo: seq,
      items: items.map((item, i) => ({ seq: after + i + 1, hash: HASH, item })),
    };
  };
  const save = (items: object[]) => api.post('/api/messages/save', batch(items), SERVICE);

  const POISON: [string, object][] = [
    ['NUL in a text', { kind: 'message', body: text('a\0b') }],
    ['half of a pair in a text', { kind: 'message', body: text('a\ud800b') }],
    ['NUL in a content type', { kind: 'message', body: { type: 'a/\0', text: 'x' } }],
    ['NUL in the name of a group', { kind: 'rename', body: text('\0') }],
    ['NUL in a new kind', { kind: 'da\0nce' }],
    ['a time beyond all numbers', { kind: 'dance', time: 1e300 }],
    ['a count beyond all numbers', { kind: 'dance', m: 1e300 }],
    ['a target that is no place', { kind: 'dance', target: { a: 1 } }],
    ['a body that is none', { kind: 'dance', body: { type: 'a/b', text: { x: 1 } } }],
  ];
  it('is refused item by item, the same by both databases, and holds up nobody', async () => {
    const answer = await save([
      entry(1, { kind: 'create', form: 'group', members: ['ann', 'bob'] }),
      ...POISON.map(([, poison], i) => entry(i + 2, poison)),
      { reg: 'da\0', user: 'ann' },
      { reg: 'mute', user: 'ann', conv: 'c', value: 1e300 },
      entry(2, { kind: 'message', body: text('after all of them') }),
    ]);
    expect(answer.status).toBe(200);
    const verdicts = answer.body.verdicts as { verdict: string; reason?: string }[];
    const told = verdicts.map(({ verdict }) => verdict);
    expect(told).toEqual(['saved', ...POISON.map(() => 'rejected'), 'rejected', 'saved', 'saved']);
  });

  it('what was deleted is nowhere, also where it could not be saved', async () => {
    const canary = (n: number) => entry(n, { kind: 'message', body: text(`canary\0 ${n}`) });
    await save([
      entry(1, { kind: 'create', form: 'group', members: ['ann', 'bob'] }),
      canary(2),
      canary(3),
      entry(4, { kind: 'edit', target: 2, body: text('canary\0 edited') }),
    ]);
    const letters = () =>
      api.inStore(async ({ db }) => JSON.stringify(await db.selectFrom('deadLetter').selectAll().execute()));
    expect((await letters()).match(/canary/g)).toHaveLength(3);
    // One of before, and one of the same batch.
    await save([entry(5, { kind: 'delete', target: 2 }), canary(6), entry(7, { kind: 'delete', target: 6 })]);
    const left = await letters();
    expect(left.match(/canary/g)).toHaveLength(1);
    expect(left).toContain('canary\\\\u0000 3');
  });

  it('what no rule foresaw is found by saving one by one', async () => {
    await api.inStore(async ({ db, dialect }) => {
      const { sql } = await import('kysely');
      await (dialect === 'postgres'
        ? sql`ALTER TABLE entry ADD CHECK (id <> 'i2')`
        : sql`CREATE TRIGGER unforeseen BEFORE INSERT ON entry WHEN NEW.id = 'i2' BEGIN SELECT RAISE(ABORT, 'constraint failed'); END`
      ).execute(db);
    });
    const answer = await save([
      entry(1, { kind: 'create', form: 'group', members: ['ann', 'bob'] }),
      entry(2, { kind: 'message', body: text('poison') }),
      entry(3, { kind: 'message', body: text('and on') }),
    ]);
    expect(answer.body).toMatchObject({
      progress: { seq: 3 },
      verdicts: [{ verdict: 'saved' }, { verdict: 'rejected' }, { verdict: 'saved' }],
    });
  });

  it('progress moves neither back nor over what is not there, and items come in order', async () => {
    await save([
      entry(1, { kind: 'create', form: 'direct', members: ['ann'] }),
      entry(2, { kind: 'message', body: text('a') }),
    ]);
    const items = [3, 4].map((n) => ({
      seq: n,
      hash: HASH,
      item: entry(n, { kind: 'message', body: text('x') }),
    }));
    const wrong = [
      { epoch: EPOCH, after: 2, upTo: 1, items: [] },
      { epoch: EPOCH, after: 2, upTo: 3, items },
      { epoch: EPOCH, after: 2, upTo: 4, items: [...items].reverse() },
      { epoch: EPOCH, after: 2, upTo: 4, items: [{ ...items[0]!, seq: 2 }] },
    ];
    for (const one of wrong)
      expect(await api.post('/api/messages/save', one, SERVICE)).toMatchObject({ status: 400 });
    expect((await api.get('/api/messages/progress', SERVICE)).body).toEqual({ epoch: EPOCH, seq: 2 });
  });

  it('a text that a database would cut or refuse is a named error, wherever a person writes one', async () => {
    const ann = await api.register('Ann');
    const device = (name: string) => ({ id: 'd', name });
    const { secret } = ann;
    const answers = [
      await api.post('/api/sessions', { user: ann.user, secret, device: device('a\0b') }),
      await api.send('PATCH', '/api/admin/settings', { name: 'a\0b' }, ann.access),
      await api.post('/api/admin/reports/r/close', { note: '\0' }, ann.access),
      await api.get('/api/admin/users?q=%00', ann.access),
      await api.get('/api/search?q=%00', ann.access),
    ];
    expect(answers.map(({ status, body }) => [status, body.kind, body.field])).toEqual([
      [400, 'invalid_text', 'device.name'],
      [400, 'invalid_text', 'name'],
      [400, 'invalid_text', 'note'],
      [400, 'invalid_text', 'q'],
      [400, 'invalid_text', 'q'],
    ]);
    const until = { status: { text: 'away', until: 1e300 } };
    expect(await api.send('PATCH', '/api/account/profile', until, ann.access)).toMatchObject({
      status: 400,
      body: { kind: 'invalid_field', limit: Number.MAX_SAFE_INTEGER },
    });
  });
});
