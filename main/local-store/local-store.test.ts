import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from './testing/log.ts';
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
const page = (about: { to?: number; from?: number; limit?: number } = {}) =>
  at.store.timelinePage({ account, conv, limit: 50, ...about });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );

describe('the walk of one own message', () => {
  it('goes draft, outbox, released, acknowledged, delivered, read, and stands there once throughout (I3, I11)', async () => {
    const log = new TestLog();
    expect(await at.store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } })).toEqual({ conv });
    const { version } = await at.store.saveDraft({ account, conv, text: 'hello' });
    const row = await submit('one', 'hello', version);
    expect(row).toMatchObject({ key: 'me/one', n: null, own: true, delivery: 'queued', frozen: false });
    expect(await at.store.readDraft({ account, conv })).toMatchObject({ text: '', version: 2 });
    expect(await submit('one', 'hello', version)).toEqual(row);
    expect(await failure(submit('one', 'other'))).toMatchObject({ kind: 'id_conflict' });

    const waiting = await at.store.outbox(account);
    expect(waiting.map(({ append }) => append.kind)).toEqual(['create', 'message']);
    const ids = waiting.map(({ id }) => id);
    expect(await at.store.release({ account, ids: [...ids, 'gone'] })).toEqual({ ids });
    expect(await failure(at.store.toDraft({ account, id: 'one' }))).toMatchObject({ kind: 'frozen' });

    log.create();
    log.message(ME, 'one', 'hello');
    await at.store.acked({ account, conv, items: [log.ack(1), log.ack(2)] });
    expect(await at.store.outbox(account)).toEqual([]);
    expect(await at.store.cursor(account)).toBeNull();
    let now = await page();
    expect(now.rows.map(({ id, delivery }) => [id, delivery])).toEqual([
      [`create-${conv}`, null],
      ['one', 'sent'],
    ]);
    expect(now).toMatchObject({ waiting: [], holes: [], older: false, headN: 2, unbroken: true });

    const positions = (reg: 'delivered' | 'read') => ({ reg, conv, user: PEER, n: 2, m: 1, time: 9 });
    const upTo = log.cursor(2);
    const items = [log.stub(1), log.stub(2), positions('delivered')];
    expect(await at.store.storeFrame({ account, raw: entries(items, upTo) })).toEqual({
      ...{ upTo, items: 3, arrived: [], holes: false },
    });
    now = await page();
    expect(now.rows.map(({ id, delivery }) => [id, delivery])).toEqual([
      [`create-${conv}`, null],
      ['one', 'delivered'],
    ]);
    await at.store.storeFrame({ account, raw: entries([positions('read')], log.cursor(3)) });
    expect((await page()).rows[1]).toMatchObject({ delivery: 'read' });
    expect((await page()).rows).toHaveLength(2);
    expect(await at.store.cursor(account)).toBe(log.cursor(3));
    const [listed] = await at.store.listConversations(account);
    expect(listed).toMatchObject({
      ...{ conv, self: false, headN: 2, unread: 0, draft: null },
      members: [
        { user: ME, name: null },
        { user: PEER, name: 'Bob' },
      ],
      preview: { own: true, text: 'hello', delivery: 'read' },
    });
  });
});
