import { LIMITS } from '@matchbook/protocol/limits';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEEP_SUMS, knowSums } from '../files/row-sums.ts';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

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
      knowSums(db);
      db.exec(KEEP_SUMS);
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
    expect(await at.store.outbox(account)).toHaveLength(LIMITS.batchItems);
    expect(await at.store.waitingItems(account)).toMatchObject({ total: LIMITS.outboxItems });
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
    await at.store.refused({ account, items: [{ id: 'a', failure: unreachable, final: false }] });
    expect(await waiting()).toMatchObject([{ delivery: 'queued', failure: unreachable, frozen: true }]);
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
    for (let i = 0; i < 2; i++)
      expect(await at.store.retry({ account, id: 'a', newId: 'c' })).toEqual({ id: 'c' });
    expect(await waiting()).toMatchObject([
      { id: 'b' },
      { id: 'c', delivery: 'queued', frozen: false, failure: null },
    ]);
  });

  it('that failed can be discarded or taken back', async () => {
    await submit('a', 'first');
    await submit('b', 'second');
    await at.store.release({ account, ids: ['a', 'b'] });
    const refused = ['a', 'b'].map((id) => ({ id, failure: forbidden, final: true }));
    await at.store.refused({ account, items: refused });
    await at.store.discard({ account, id: 'a', newId: 'a-undo' });
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

describe('what is about a message', () => {
  const edit = (id: string, target: number | { id: string }, text: string) =>
    at.store.append({
      ...{ account, conv },
      append: { id, kind: 'edit', target, body: { type: 'text/plain', text } } as {
        id: string;
        kind: string;
      },
    });
  const react = (id: string, target: number | { id: string }) =>
    at.store.append({
      ...{ account, conv },
      append: { id, kind: 'reaction', target, body: { type: 'text/plain', text: '+' } } as {
        id: string;
        kind: string;
      },
    });
  const sendable = async () => (await at.store.outbox(account)).map(({ id }) => id);

  it('waits for the place of the message, holds up what comes behind it, and gets it with the ack (I5)', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    expect(await at.store.edit({ account, id: 'a', newId: 'e', text: 'other words' })).toEqual({
      id: 'e',
      queued: true,
    });
    await react('r', { id: 'a' });
    await submit('b', 'second');
    expect(await sendable()).toEqual(['a']);
    expect(await waiting()).toMatchObject([{ id: 'a', changes: [{ id: 'e' }, { id: 'r' }] }, { id: 'b' }]);
    const log = new TestLog();
    log.create();
    log.message(ME, 'a', 'first');
    await at.crash();
    await at.store.acked({ account, conv, items: [log.ack(2)] });
    expect(await at.store.outbox(account)).toMatchObject([
      { id: 'e', append: { kind: 'edit', target: 2, body: { text: 'other words' } } },
      { id: 'r', append: { kind: 'reaction', target: 2 } },
      { id: 'b' },
    ]);
    expect((await at.store.timelinePage({ account, conv, limit: 9 })).rows).toMatchObject([
      { id: 'a', changes: [{ append: { kind: 'edit' } }, { append: { kind: 'reaction' } }] },
    ]);
  });

  it('fails with it, visibly and with its text, and goes with its retry (I11)', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    await at.store.edit({ account, id: 'a', newId: 'e', text: 'other words' });
    await at.store.refused({ account, items: [{ id: 'a', failure: forbidden, final: true }] });
    const { items } = await at.store.waitingItems(account);
    expect(items).toMatchObject([
      { id: 'a', failed: true, failure: { kind: 'not_member' }, text: 'first' },
      { id: 'e', failed: true, failure: { kind: 'target_failed' }, text: 'other words', about: 'first' },
    ]);
    await at.store.retry({ account, id: 'a', newId: 'a2' });
    expect((await at.store.waitingItems(account)).items).toMatchObject([
      { id: 'a2', failed: false },
      { id: 'e', failed: false, behind: true },
    ]);
  });

  it('cancelled after it went on a wire: the deletion waits behind it, and a refusal takes both (I11)', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    expect(await at.store.discard({ account, id: 'a', newId: 'd' })).toEqual({ queued: true });
    expect((await at.store.waitingItems(account)).items).toMatchObject([
      { id: 'a', frozen: true },
      { id: 'd', kind: 'delete' },
    ]);
    await at.store.refused({ account, items: [{ id: 'a', failure: forbidden, final: true }] });
    expect((await at.store.waitingItems(account)).items).toEqual([]);
  });

  it('that takes away what is gone already did all it could; what would add something to it stays to be seen', async () => {
    const about = { target: 2, body: { type: 'text/plain', text: '👍' } };
    const ids = ['d', 'x', 'p', 'r'];
    for (const [i, append] of [
      { kind: 'delete', target: 2 },
      { kind: 'reaction', ...about, off: true },
      { kind: 'pin', target: 2, off: true },
      { kind: 'reaction', ...about, target: 3 },
    ].entries())
      await at.store.append({ account, conv, append: { id: ids[i]!, ...append } });
    await at.store.release({ account, ids });
    const failure = { kind: 'unknown_place' as const, message: 'This message was deleted.' };
    await at.store.refused({ account, items: ids.map((id) => ({ id, failure, final: true as const })) });
    expect((await at.store.waitingItems(account)).items).toMatchObject([{ id: 'r', failed: true }]);
  });

  it('changed before it went anywhere is the item itself, under another id and at the same place', async () => {
    await submit('a', 'first');
    await submit('b', 'second');
    await react('r', { id: 'a' });
    expect(await at.store.edit({ account, id: 'a', newId: 'a2', text: 'better' })).toEqual({
      id: 'a2',
      queued: false,
    });
    expect(await waiting()).toMatchObject([
      { id: 'a2', body: { text: 'better' }, changes: [{ id: 'r' }] },
      { id: 'b' },
    ]);
    expect(await at.store.release({ account, ids: ['a', 'a2'] })).toEqual({ ids: ['a2'] });
  });

  it('that is held lets later ones pass, and takes the next place with what is about it (I5)', async () => {
    await submit('a', 'first');
    await react('r', { id: 'a' });
    await at.store.hold({ account, id: 'a', on: true });
    await submit('b', 'second');
    expect(await sendable()).toEqual(['b']);
    expect(await at.store.release({ account, ids: ['a', 'r', 'b'] })).toEqual({ ids: ['b'] });
    await at.reopen();
    await submit('c', 'third');
    await at.store.sendNow({ account, id: 'a' });
    const { items } = await at.store.waitingItems(account);
    expect(items.map(({ id, holds, behind }) => [id, holds.length, behind])).toEqual([
      ['b', 0, false],
      ['c', 0, false],
      ['a', 0, false],
      ['r', 0, true],
    ]);
    await at.store.release({ account, ids: ['c'] });
    expect(await failure(at.store.hold({ account, id: 'c', on: true }))).toMatchObject({ kind: 'frozen' });
  });

  it('is checked before it is stored: the error names the field', async () => {
    const bad = (append: object) =>
      failure(at.store.append({ account, conv, append: append as { id: string; kind: string } }));
    expect(await bad({ id: 'x', kind: 'poke' })).toMatchObject({ kind: 'unknown_kind', field: 'kind' });
    expect(await bad({ id: 'x', kind: 'read', n: 3 })).toMatchObject({ kind: 'unknown_kind' });
    expect(
      await bad({ id: 'x', kind: 'edit', target: 0, body: { type: 'text/plain', text: 'y' } }),
    ).toMatchObject({
      ...{ kind: 'invalid_field', field: 'target' },
    });
    expect(
      await bad({ id: 'x', kind: 'reaction', target: 1, body: { type: 'text/plain', text: 'y'.repeat(65) } }),
    ).toMatchObject({
      ...{ kind: 'body_too_large', limit: LIMITS.reactionBytes },
    });
    expect(await bad({ id: 'x', kind: 'rename', body: { type: 'text/plain', text: ' ' } })).toMatchObject({
      ...{ kind: 'invalid_field', field: 'body.text' },
    });
    expect(await failure(edit('x', { id: 'unheard-of' }, 'y'))).toMatchObject({ kind: 'no_such_item' });
    expect(await at.store.outbox(account)).toEqual([]);
  });

  it('of which only the last counts makes room for it while it was not sent', async () => {
    await react('r1', 7);
    await at.store.append({
      account,
      conv,
      append: { id: 'm1', kind: 'mute', value: 5 } as { id: string; kind: string },
    });
    await at.store.append({
      account,
      conv,
      append: { id: 'm2', kind: 'mute', value: 0 } as { id: string; kind: string },
    });
    await react('r2', 7);
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['m2', 'r2']);
    await at.store.release({ account, ids: ['m2'] });
    await at.store.append({
      account,
      conv,
      append: { id: 'm3', kind: 'mute', value: 9 } as { id: string; kind: string },
    });
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['m2', 'r2', 'm3']);
    await at.store.acked({ account, conv, items: [{ id: 'm2' }] });
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['r2', 'm3']);
  });

  it('whatever its kind leaves when its ack or its row comes, and is a row (I3)', async () => {
    const log = new TestLog();
    log.create();
    log.message(PEER, 'p', 'theirs');
    await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(2)) });
    await edit('e', 2, 'mine now');
    await react('r', 2);
    await at.store.append({
      account,
      conv,
      append: { id: 'd', kind: 'delete', target: 2 } as { id: string; kind: string },
    });
    await at.store.release({ account, ids: ['e', 'r', 'd'] });
    for (const { id, append } of await at.store.outbox(account)) log.say(ME, id, append as never);
    await at.store.acked({ account, conv, items: [log.ack(3)] });
    await at.store.storeFrame({ account, raw: entries([log.at(3), log.stub(4), log.at(5)], log.cursor(5)) });
    expect(await at.store.outbox(account)).toEqual([]);
    const { rows, unbroken } = await at.store.timelinePage({ account, conv, limit: 9 });
    expect(rows).toMatchObject([{ n: 1 }, { n: 2, body: null, folded: { deleted: { n: 5, by: ME } } }]);
    expect(unbroken).toBe(true);
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
    const [row] = await at.store.listConversations(account);
    expect(row?.draft).toMatch(/^half /);
    expect(await at.store.saveDraft({ account, conv, text: '' })).toEqual({ version: 2 });
    expect(await at.store.listConversations(account)).toMatchObject([{ draft: null }]);
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
