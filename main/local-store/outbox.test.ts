import { LIMITS } from '@matchbook/protocol/limits';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONV, PEER } from './testing/log.ts';
import { ACCOUNT, TestStore } from './testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const submit = (id: string, text: string, draftVersion = 0) =>
  at.store.submit({ account, conv, id, text, draftVersion });
const draft = () => at.store.readDraft({ account, conv });
const waiting = async () => (await at.store.timelinePage({ account, conv, limit: 50 })).waiting;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );
const unreachable = { kind: 'storage_unavailable' as const, message: 'later', retryAfter: 5 };
const forbidden = { kind: 'not_member' as const, message: 'no longer' };

describe('submit', () => {
  it('clears only the draft that it was made from', async () => {
    await at.store.saveDraft({ account, conv, text: 'one' });
    const { version } = await at.store.saveDraft({ account, conv, text: 'one, and more' });
    await submit('a', 'one', version - 1);
    expect(await draft()).toMatchObject({ text: 'one, and more', version });
    await submit('b', 'one, and more', version);
    expect(await draft()).toMatchObject({ text: '', version: version + 1 });
  });

  it.each([
    ['NUL', 'a\0b', { kind: 'invalid_text', field: 'text' }],
    ['a lone surrogate', 'a\ud800b', { kind: 'invalid_text', field: 'text' }],
    ['too much', 'é'.repeat(LIMITS.bodyBytes / 2 + 1), { kind: 'body_too_large', limit: LIMITS.bodyBytes }],
  ])('of text with %s fails by name, and the draft keeps it (I11)', async (_name, text, expected) => {
    const { version } = await at.store.saveDraft({ account, conv, text });
    expect(await failure(submit('a', text, version))).toMatchObject(expected);
    expect(await draft()).toMatchObject({ text, version });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('takes a body of exactly the limit', async () => {
    const text = 'é'.repeat(LIMITS.bodyBytes / 2);
    expect(await submit('a', text)).toMatchObject({ body: { text } });
  });

  it(`beyond ${LIMITS.outboxItems} items is outbox_full, and the draft keeps the text`, async () => {
    await at.crash(() => {
      const db = new DatabaseSync(at.path('outbox.db'));
      const content = JSON.stringify({ kind: 'message', body: { type: 'text/plain', text: 'x' } });
      db.exec('BEGIN');
      const insert = db.prepare(
        `INSERT INTO item (account, id, conv, kind, content, created) VALUES (?, ?, ?, 'message', ?, 1)`,
      );
      for (let i = 1; i < LIMITS.outboxItems; i++) insert.run(account, `bulk-${i}`, conv, content);
      db.exec('COMMIT');
      db.close();
    });
    await submit('last', 'fits');
    const { version } = await at.store.saveDraft({ account, conv, text: 'too much' });
    expect(await failure(submit('beyond', 'too much', version))).toMatchObject({
      ...{ kind: 'outbox_full', limit: LIMITS.outboxItems },
    });
    expect(await draft()).toMatchObject({ text: 'too much', version });
    expect(await at.store.outbox(account)).toHaveLength(1_000);
    expect(await waiting()).toHaveLength(1_000);
    expect((await waiting()).at(-1)!.id).toBe('last');
  });
});

describe('an item', () => {
  it('that was never on a wire goes back to the draft, before what is there', async () => {
    await submit('a', 'first');
    await at.store.saveDraft({ account, conv, text: 'second' });
    expect(await at.store.toDraft({ account, id: 'a' })).toMatchObject({ text: 'first\nsecond', version: 2 });
    expect(await at.store.outbox(account)).toEqual([]);
    expect(await at.store.release({ account, ids: ['a'] })).toEqual({ ids: [] });
    expect(await failure(at.store.toDraft({ account, id: 'a' }))).toMatchObject({ kind: 'no_such_item' });
  });

  it('that was on a wire is frozen, also after a crash, until its outcome is known', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    await at.crash();
    expect(await at.store.outbox(account)).toMatchObject([{ id: 'a', frozen: true }]);
    const item = { account, id: 'a' };
    expect(await failure(at.store.toDraft(item))).toMatchObject({ kind: 'frozen' });
    expect(await failure(at.store.discard(item))).toMatchObject({ kind: 'frozen' });
    await at.store.refused({ account, items: [{ id: 'a', failure: unreachable, final: false }] });
    expect(await waiting()).toMatchObject([{ delivery: 'queued', failure: unreachable, frozen: true }]);
    expect(await failure(at.store.discard({ account, id: 'a' }))).toMatchObject({ kind: 'frozen' });
    expect(await at.store.outbox(account)).toHaveLength(1);
  });

  it('that failed stays to be seen, is not sent again by itself, and goes as new on retry (I11)', async () => {
    await submit('a', 'first');
    await submit('b', 'second');
    await at.store.release({ account, ids: ['a'] });
    await at.store.refused({ account, items: [{ id: 'a', failure: forbidden, final: true }] });
    expect(await waiting()).toMatchObject([
      { id: 'a', delivery: 'failed', failure: forbidden },
      { id: 'b', delivery: 'queued', failure: null },
    ]);
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['b']);
    expect(await at.store.release({ account, ids: ['a', 'b'] })).toEqual({ ids: ['b'] });
    const again = await at.store.retry({ account, id: 'a', newId: 'c' });
    expect(again).toMatchObject({ id: 'c', delivery: 'queued', frozen: false, failure: null });
    expect(await at.store.retry({ account, id: 'a', newId: 'c' })).toEqual(again);
    expect((await waiting()).map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('that failed can be discarded or taken back', async () => {
    await submit('a', 'first');
    await submit('b', 'second');
    await at.store.release({ account, ids: ['a', 'b'] });
    const refused = ['a', 'b'].map((id) => ({ id, failure: forbidden, final: true }));
    await at.store.refused({ account, items: refused });
    await at.store.discard({ account, id: 'a' });
    expect(await at.store.toDraft({ account, id: 'b' })).toMatchObject({ text: 'second' });
    expect(await waiting()).toEqual([]);
  });

  it('acknowledged without a place waits for its row', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    await at.store.acked({ account, conv, items: [{ id: 'a' }, { id: 'unheard-of' }] });
    expect(await at.store.outbox(account)).toMatchObject([{ id: 'a' }]);
  });
});

describe('ensureDirect', () => {
  const ensure = () => at.store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } });

  it('puts one creation ahead of everything of its conversation, and shows it in the list', async () => {
    await submit('a', 'early');
    expect(await ensure()).toEqual({ conv });
    await ensure();
    const items = await at.store.outbox(account);
    expect(items.map(({ append }) => append.kind)).toEqual(['create', 'message']);
    expect(items[0]!.place).toBeLessThan(items[1]!.place);
    expect(await at.store.listConversations(account)).toMatchObject([
      { conv, headN: 0, unread: 0, preview: { own: true, text: 'early', delivery: 'queued' } },
    ]);
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['message']);
  });

  it('survives a crash between the two files', async () => {
    await ensure();
    await at.crash(() => {
      const db = new DatabaseSync(at.path('history.db'));
      db.exec('DELETE FROM conversation; DELETE FROM member;');
      db.close();
    });
    expect(await at.store.listConversations(account)).toMatchObject([{ conv, members: [{}, {}] }]);
  });

  it('goes in line again with the retry of a message that failed for want of it', async () => {
    await ensure();
    await submit('a', 'first');
    const ids = (await at.store.outbox(account)).map(({ id }) => id);
    await at.store.release({ account, ids });
    const failed = ids.map((id) => ({ id, failure: forbidden, final: true }));
    await at.store.refused({ account, items: failed });
    expect(await at.store.outbox(account)).toEqual([]);
    await at.store.retry({ account, id: 'a', newId: 'b' });
    expect((await at.store.outbox(account)).map(({ append }) => append.kind)).toEqual(['create', 'message']);
  });
});

describe('drafts', () => {
  it('keep any text, versions climb, and the list shows that there is one', async () => {
    await at.store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } });
    const text = 'half \ud83d and \0 and\nlines';
    expect(await at.store.saveDraft({ account, conv, text })).toEqual({ version: 1 });
    await at.reopen();
    expect(await draft()).toMatchObject({ text, version: 1 });
    expect(await at.store.listConversations(account)).toMatchObject([{ draft: true }]);
    expect(await at.store.saveDraft({ account, conv, text: '' })).toEqual({ version: 2 });
    expect(await at.store.listConversations(account)).toMatchObject([{ draft: false }]);
  });

  it('are told to the host only where the outbox changed', async () => {
    const told: string[] = [];
    at.store.onOutboxChanged((which) => told.push(which));
    await at.store.saveDraft({ account, conv, text: 'x' });
    await submit('a', 'x', 1);
    await expect.poll(() => told).toEqual([account]);
  });
});

describe('accounts', () => {
  it('that are not open are named, and one never sees the other', async () => {
    expect(await failure(at.store.outbox('account-2'))).toMatchObject({ kind: 'no_such_account' });
    await at.store.openAccount({ account: 'account-2', user: 'someone', device: 'd' });
    await submit('a', 'x');
    expect(await at.store.outbox('account-2')).toEqual([]);
    await at.store.closeAccount(account);
    expect(await failure(submit('b', 'x'))).toMatchObject({ kind: 'no_such_account' });
    expect(await failure(at.store.openAccount({ account: '../x', user: 'u', device: 'd' }))).toMatchObject({
      kind: 'bad_call',
    });
  });
});
