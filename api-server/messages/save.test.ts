import { toHex } from '@matchbook/protocol/bytes';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import type { FullEntry } from '@matchbook/protocol/entries';
import type { SaveItem } from '@matchbook/protocol/http/saving';
import { directConversationId } from '@matchbook/protocol/ids';
import { LEGACY_TYPE } from '@matchbook/protocol/shown-text';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;

const EPOCH = 'ab'.repeat(8);
/** A log of one direct conversation: its creation, messages, and a read mark at the end. */
function log(conv: string, members: [string, string], messages: number): SaveItem[] {
  const items: SaveItem[] = [];
  let h: string | null = null;
  for (let n = 1; n <= messages + 1; n++) {
    const id = `${conv}-${n}`;
    const content =
      n === 1
        ? { kind: 'create' as const, form: 'direct' as const, members: [...members] }
        : { kind: 'message' as const, body: { type: 'text/plain', text: `message ${n}` } };
    const hash = contentHash(conv, content);
    h = chainLink(h, id, content.kind, hash);
    const item = { conv, n, m: n - 1, h, id, time: n, sender: members[n % 2]!, ...content } as FullEntry;
    items.push({ seq: n, hash: toHex(hash), item });
  }
  const seq = items.length + 1;
  items.push({ seq, item: { reg: 'read', conv, user: members[0], n: 2, m: 1, time: seq } });
  return items;
}

onBothDatabases('saving', (database) => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi(await database.env());
  });
  afterEach(() => api.close());

  const save = (after: number, items: SaveItem[], upTo = items.at(-1)!.seq, epoch = EPOCH) =>
    api.post('/api/messages/save', { epoch, after, items, upTo }, SERVICE);

  describe('POST /api/messages/save', () => {
    it('moves progress with the rows, and answers a batch that does not join on with its place', async () => {
      const items = log('c', ['ann', 'bob'], 3);
      expect((await save(0, items.slice(0, 2))).body).toMatchObject({ progress: { epoch: EPOCH, seq: 2 } });
      const gap = await save(4, items.slice(4));
      expect(gap).toMatchObject({
        status: 409,
        body: { kind: 'not_joined', progress: { epoch: EPOCH, seq: 2 } },
      });
      expect((await save(2, items.slice(2))).status).toBe(200);
      expect((await api.get('/api/messages/progress', SERVICE)).body).toEqual({ epoch: EPOCH, seq: 5 });
    });

    it('I3: the same entries again, under a new epoch, are saved and are still one', async () => {
      const items = log('c', ['ann', 'bob'], 3);
      await save(0, items);
      const again = await save(0, items, 5, 'cd'.repeat(8));
      expect(again.body.verdicts).toEqual(items.map(({ seq }) => ({ seq, verdict: 'saved' })));
    });

    it('I10: a poison item has a verdict of its own and holds up nobody', async () => {
      const items = log('c', ['ann', 'bob'], 4);
      const poison = [
        { ...items[1]!, item: { ...items[1]!.item, body: { type: 'text/plain' } } },
        { ...items[2]!, item: { ...items[2]!.item, sender: undefined } },
        { ...items[3]!, item: { ...items[3]!.item, id: 'c-2b', n: 5 } },
      ] as unknown as SaveItem[];
      const answer = await save(0, [items[0]!, ...poison.slice(0, 2), ...items.slice(4)]);
      expect((answer.body.verdicts as { verdict: string }[]).map((one) => one.verdict)).toEqual([
        'saved',
        'rejected',
        'rejected',
        'saved',
        'saved',
      ]);
      const taken = await save(6, [{ ...poison[2]!, seq: 7 }]);
      expect(taken.body.verdicts).toMatchObject([
        { verdict: 'rejected', reason: expect.stringContaining('place 5') },
      ]);
      const changed = await save(7, [{ ...items[4]!, seq: 8, hash: '1'.repeat(64) } as SaveItem]);
      expect(changed.body.verdicts).toMatchObject([{ verdict: 'rejected' }]);
    });

    it('I1: however a log is cut into batches, repeated and interrupted, the history is the log', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({ size: fc.integer({ min: 1, max: 4 }), repeat: fc.boolean(), restart: fc.boolean() }),
            { minLength: 6, maxLength: 8 },
          ),
          async (cuts) => {
            await api.close();
            api = await startTestApi(await database.env());
            const ann = await api.register('Ann');
            const conv = directConversationId(ann.user, 'bob');
            const items = log(conv, [ann.user, 'bob'], 5);
            let at = 0;
            for (const { size, repeat, restart } of cuts) {
              const batch = items.slice(at, at + size);
              if (batch.length === 0) break;
              expect((await save(at, batch)).status).toBe(200);
              if (restart) await api.restart();
              if (repeat) expect((await save(at, batch)).status).toBe(409);
              at += batch.length;
            }
            const saved = items
              .slice(0, at)
              .flatMap(({ item }) => ('n' in item && 'h' in item ? [item] : []));
            const page = await api.get(`/api/conversations/${conv}/entries?from=1&to=100`, ann.access);
            if (saved.length === 0) return;
            const shown = (page.body.items as { n: number; h: string; id: string }[]).map(({ n, h, id }) => ({
              n,
              h,
              id,
            }));
            expect(shown).toEqual(saved.map(({ n, h, ...one }) => ({ n, h, id: 'id' in one && one.id })));
          },
        ),
        { numRuns: 8 * SCALE },
      );
    });
  });

  describe('what entries do', () => {
    const entry = (n: number, said: object): SaveItem => ({
      seq: n,
      hash: String(n % 10).repeat(64),
      item: {
        conv: 'g',
        n,
        m: n,
        h: '0'.repeat(16),
        id: `g-${n}`,
        time: n,
        sender: 'ann',
        ...said,
      } as FullEntry,
    });
    const text = (words: string) => ({ body: { type: 'text/plain', text: words } });
    const shown = async (token: string) =>
      (await api.get('/api/conversations/g/entries?from=1&to=100', token)).body.items as Record<
        string,
        unknown
      >[];

    const joined = async (host: { access: string }, name: string) => {
      const { body } = await api.post('/api/invitations', {}, host.access);
      return await api.register(name, { invitation: body.secret as string });
    };

    it('a delete erases the body and every edit of it, and what is newer than this server is kept', async () => {
      const ann = await api.register('Ann');
      await save(0, [
        entry(1, { kind: 'create', form: 'group', members: [ann.user], sender: ann.user }),
        entry(2, { kind: 'message', silent: true, ...text('secret') }),
        entry(3, { kind: 'edit', target: 2, ...text('secret too') }),
        entry(4, { kind: 'delete', target: 2 }),
        entry(5, { kind: 'poll', question: 'what?' }),
      ]);
      const items = await shown(ann.access);
      expect(JSON.stringify(items)).not.toContain('secret');
      expect(items.map(({ kind, hash, target }) => [kind, hash !== undefined, target])).toEqual([
        ['create', false, undefined],
        ['message', true, undefined],
        ['edit', true, 2],
        ['delete', false, 2],
        ['poll', false, undefined],
      ]);
      expect(items[4]).toMatchObject({ question: 'what?' });
    });

    it('I6: who comes later sees nothing of before, and who goes sees that they went and nothing after', async () => {
      const ann = await api.register('Ann');
      const bob = await joined(ann, 'Bob');
      const eve = await joined(ann, 'Eve');
      await save(0, [
        entry(1, { kind: 'create', form: 'group', members: [ann.user, bob.user], sender: ann.user }),
        entry(2, { kind: 'message', ...text('before') }),
        entry(3, { kind: 'member_add', users: [eve.user] }),
        entry(4, { kind: 'reaction', target: 2, ...text('+1') }),
        entry(5, { kind: 'member_remove', user: bob.user }),
        entry(6, { kind: 'message', ...text('after') }),
      ]);
      expect((await shown(eve.access)).map(({ n, hidden }) => [n, hidden])).toEqual([
        [3, undefined],
        [4, true],
        [5, undefined],
        [6, undefined],
      ]);
      expect((await shown(bob.access)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  describe('history', () => {
    it('I6: is for members, and for nobody else', async () => {
      const ann = await api.register('Ann');
      const eve = await api.register('Eve', {
        invitation: (await api.post('/api/invitations', {}, ann.access)).body.secret,
      });
      const conv = directConversationId(ann.user, 'bob');
      await save(0, log(conv, [ann.user, 'bob'], 2));
      const path = `/api/conversations/${conv}/entries?from=2&to=3`;
      expect((await api.get(path, ann.access)).body).toMatchObject({
        from: 2,
        to: 3,
        items: [{ n: 2 }, { n: 3, body: { text: 'message 3' } }],
      });
      expect((await api.get(path, eve.access)).body.kind).toBe('not_member');
      expect((await api.get('/api/conversations/other/entries?from=1&to=2', eve.access)).body.kind).toBe(
        'not_member',
      );
    });

    it('gives the newest part of a long range first, and says where it begins', async () => {
      const ann = await api.register('Ann');
      const conv = directConversationId(ann.user, 'bob');
      await save(0, log(conv, [ann.user, 'bob'], 249).slice(0, 250));
      const page = await api.get(`/api/conversations/${conv}/entries?from=1&to=250`, ann.access);
      expect(page.body).toMatchObject({ from: 51, to: 250 });
      expect(page.body.items).toHaveLength(200);
    });

    it.each(['from=0&to=2', 'from=2&to=1', 'from=x&to=2', 'to=3', 'from=1&to=99999999999999999'])(
      'refuses %s',
      async (query) => {
        const ann = await api.register('Ann');
        expect((await api.get(`/api/conversations/c/entries?${query}`, ann.access)).body.kind).toBe(
          'invalid_field',
        );
      },
    );
  });

  describe('one message of the first server’s relay', () => {
    const legacy = (body: object) => api.post('/api/messages/save', body, SERVICE);
    const message = { id: 'old-1', conversationId: 'c', senderId: 'ann', content: 'hello' };

    it('goes through the log, so that its order stays the log’s', async () => {
      const answer = await legacy(message);
      expect(answer).toMatchObject({ status: 201, body: { ...message, updatedAt: expect.any(String) } });
      await legacy({ ...message, id: 'old-2', fileName: 'x.png', fileUrl: 'u' });
      expect(api.relay.appended).toEqual([
        {
          id: 'old-1',
          kind: 'message',
          sender: 'ann',
          conv: 'c',
          body: { type: 'text/plain', text: 'hello' },
        },
        expect.objectContaining({ id: 'old-2', body: expect.objectContaining({ type: LEGACY_TYPE }) }),
      ]);
    });

    it('names what is missing, and is put off while the relay is away', async () => {
      for (const field of ['conversationId', 'senderId'])
        expect((await legacy({ ...message, [field]: undefined })).body).toMatchObject({ status: 400, field });
      api.relay.failures.push(503);
      const away = await legacy(message);
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
      expect((await api.post('/api/messages/save', message, 'somebody')).status).toBe(401);
    });
  });
});
