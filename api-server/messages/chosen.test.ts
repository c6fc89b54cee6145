import { createHash } from 'node:crypto';
import type { FullEntry } from '@matchbook/protocol/entries';
import type { ChosenEntries } from '@matchbook/protocol/http/history';
import type { FileReference } from '@matchbook/protocol/message-body';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../db/migrations.ts';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

const text = (value: string) => ({ type: 'text/plain', text: value });

onBothDatabases('single messages of a conversation', (database) => {
  let api: TestApi;
  let log: LogWriter;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    log = new LogWriter();
  });
  afterEach(() => api.close());

  const save = async () => {
    for (const batch of log.batches()) {
      const { body } = await api.post('/api/messages/save', batch, SERVICE);
      expect((body.verdicts as { verdict: string }[]).filter((one) => one.verdict !== 'saved')).toEqual([]);
    }
  };
  const asked = async (access: string, path: string) => {
    const answer = await api.get(`/api/conversations/c/${path}`, access);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as unknown as ChosenEntries;
  };
  const places = ({ items }: ChosenEntries) => (items as FullEntry[]).map(({ n }) => n);

  /** A file that is stored, and was brought by somebody. */
  const fileOf = async (
    user: string,
    type: string,
    more: Partial<FileReference> = {},
  ): Promise<FileReference> => {
    const hash = createHash('sha256').update(`${type} ${++files}`).digest('hex');
    await api.inStore((store) =>
      store.write(async (trx) => {
        const image = { width: null, height: null, blurhash: null, thumbnail: 0 };
        await trx
          .insertInto('file')
          .values({ hash, size: 1, type, ...image, createdAt: 1 })
          .execute();
        await trx.insertInto('fileOwner').values({ hash, user, createdAt: 1 }).execute();
      }),
    );
    return { hash, size: 1, type, name: 'x', ...more };
  };
  let files = 0;

  describe('threads', () => {
    it('are whole from each of their messages, page by page, with what is about them', async () => {
      const { access, user } = await api.register('Ann');
      log.create('c', 'direct', [user, 'bob']);
      const root = log.say('c', 'bob', 'who comes?');
      log.say('c', 'bob', 'something else');
      const one = log.say('c', user, { text: 'me', reply: root });
      const two = log.say('c', 'bob', { text: 'good', reply: one });
      const edit = log.edit('c', user, one, { text: 'I do', reply: root });
      await save();
      // In a later batch, and after an edit.
      const three = log.say('c', user, { text: 'when?', reply: two });
      const liked = log.entry('c', 'bob', { kind: 'reaction', target: root, body: text('👍') });
      // What says that it answers what comes later answers nothing.
      const forward = log.say('c', 'bob', { text: 'odd', reply: 999 });
      await save();
      for (const n of [root, one, two, three])
        expect(await asked(access, `threads/${n}`).then(places)).toEqual([
          root,
          one,
          two,
          edit,
          three,
          liked,
        ]);
      expect(await asked(access, `threads/${forward}`)).toMatchObject({ next: null, upTo: forward });
      const first = await asked(access, `threads/${root}?limit=2`);
      expect([places(first), first.next]).toEqual([[root, one, edit, liked], one]);
      const rest = await asked(access, `threads/${root}?limit=2&after=${first.next}`);
      expect([places(rest), rest.next]).toEqual([[two, three], null]);
      log.entry('c', user, { kind: 'delete', target: one });
      await save();
      // What was said in it before stays together.
      expect(places(await asked(access, `threads/${three}`))).toEqual([root, two, three, liked]);
    });

    it('I6: who came later sees what hangs together by what they see, and nothing else', async () => {
      const ann = await api.register('Ann');
      const eve = await api.register('Eve');
      log.create('c', 'group', ['bob', ann.user]);
      const root = log.say('c', 'bob', 'a secret');
      const hidden = log.say('c', ann.user, { text: 'hush', reply: root });
      log.entry('c', 'bob', { kind: 'member_add', users: [eve.user] });
      const one = log.say('c', 'bob', { text: 'one', reply: hidden });
      const under = log.say('c', ann.user, { text: 'under one', reply: one });
      const other = log.say('c', 'bob', { text: 'another', reply: root });
      log.entry('c', 'bob', { kind: 'member_remove', user: eve.user });
      const later = log.say('c', 'bob', { text: 'without her', reply: one });
      const edited = log.edit('c', 'bob', one, { text: 'changed', reply: hidden });
      await save();
      expect(places(await asked(eve.access, `threads/${under}`))).toEqual([one, under]);
      expect(places(await asked(eve.access, `threads/${other}`))).toEqual([other]);
      expect((await asked(eve.access, `threads/${one}`)).upTo).toBe(other + 1);
      for (const n of [root, hidden, later])
        expect((await api.get(`/api/conversations/c/threads/${n}`, eve.access)).body).toMatchObject({
          ...{ kind: 'unknown_place', field: 'n' },
        });
      expect(places(await asked(ann.access, `threads/${under}`))).toEqual(
        [root, hidden, one, under, other, later, edited].sort((a, b) => a - b),
      );
    });

    it('of what was saved before there were threads are found too', async () => {
      const { access, user } = await api.register('Ann');
      log.create('c', 'direct', [user, 'bob']);
      const root = log.say('c', 'bob', 'beginning');
      const one = log.say('c', 'bob', { text: 'he said "reply":7, and \\"reply": 8', reply: root });
      const two = log.say('c', 'bob', { text: 'two', reply: one });
      const three = log.say('c', 'bob', { text: 'three', reply: two });
      log.say('c', 'bob', { text: 'with a mention', mentions: [user] });
      await save();
      const step = MIGRATIONS.findLast(
        (one) => typeof one !== 'string' && one.sqlite.includes('answer_root'),
      );
      await api.inStore((store) =>
        store.write(async (trx) => {
          await sql`DROP TABLE answer`.execute(trx);
          await sql`DROP INDEX file_use_target`.execute(trx);
          const words = (step as { sqlite: string; postgres: string })[store.dialect];
          for (const one of words.split(';')) if (one.trim()) await sql.raw(one).execute(trx);
        }),
      );
      expect(places(await asked(access, `threads/${three}`))).toEqual([root, one, two, three]);
    });
  });

  describe('files', () => {
    it('come by kind, the newest first, page by page, as their newest text has them', async () => {
      const { access, user } = await api.register('Ann');
      const file = (type: string, more: Partial<FileReference> = {}) => fileOf(user, type, more);
      log.create('c', 'direct', [user, 'bob']);
      const pictures: number[] = [];
      for (let i = 0; i < 5; i++) {
        pictures.push(log.say('c', user, { text: '', files: [await file('image/png')] }));
        log.say('c', user, { text: '', files: [await file('application/pdf')] });
      }
      const voice = log.say('c', user, { text: '', files: [await file('video/webm', { waveform: [1] })] });
      const changed = log.say('c', user, { text: 'no picture yet' });
      log.edit('c', user, changed, { text: 'here', files: [await file('video/mp4')] });
      const gone = log.say('c', user, { text: '', files: [await file('image/png')] });
      log.entry('c', user, { kind: 'delete', target: gone });
      await save();
      const messages = (page: ChosenEntries) =>
        (page.items as FullEntry[]).filter(({ kind }) => kind === 'message').map(({ n }) => n);
      const first = await asked(access, 'files?kind=media&limit=3');
      expect([messages(first), first.next]).toEqual([[pictures[3], pictures[4], changed], pictures[3]]);
      expect(places(first)).toContain(changed + 1);
      const second = await asked(access, `files?kind=media&limit=3&before=${first.next}`);
      expect([messages(second), second.next]).toEqual([pictures.slice(0, 3), null]);
      const upwards = await asked(access, `files?kind=media&limit=2&after=${pictures[2]}`);
      expect([messages(upwards), upwards.next]).toEqual([[pictures[3], pictures[4]], pictures[4]]);
      const last = await asked(access, `files?kind=media&limit=2&after=${upwards.next}`);
      expect([messages(last), last.next]).toEqual([[changed], null]);
      expect((await api.get('/api/conversations/c/files?after=1&before=2', access)).body).toMatchObject({
        field: 'after',
      });
      expect(messages(await asked(access, 'files?kind=sound'))).toEqual([voice]);
      expect(messages(await asked(access, 'files?kind=other'))).toEqual(pictures.map((n) => n + 1));
      expect(messages(await asked(access, 'files'))).toHaveLength(12);
      expect((await api.get('/api/conversations/c/files?kind=film', access)).body).toMatchObject({
        ...{ kind: 'invalid_field', field: 'kind' },
      });
    });

    it('I6: only those of the time in which one was there', async () => {
      const ann = await api.register('Ann');
      const eve = await api.register('Eve');
      const file = () => fileOf(ann.user, 'image/png');
      log.create('c', 'group', [ann.user]);
      log.say('c', ann.user, { text: '', files: [await file()] });
      log.entry('c', ann.user, { kind: 'member_add', users: [eve.user] });
      const seen = log.say('c', ann.user, { text: '', files: [await file()] });
      const plain = log.say('c', ann.user, { text: 'plain' });
      log.entry('c', ann.user, { kind: 'member_remove', user: eve.user });
      log.say('c', ann.user, { text: '', files: [await file()] });
      // A file that an edit brought when she was gone.
      log.edit('c', ann.user, plain, { text: 'now with one', files: [await file()] });
      await save();
      expect(await asked(eve.access, 'files?kind=media')).toMatchObject({ next: null, upTo: plain + 1 });
      expect(places(await asked(eve.access, 'files?kind=media'))).toEqual([seen]);
    });
  });
});
