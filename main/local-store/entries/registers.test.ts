import { rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HISTORY_MIGRATIONS } from '../files/schemas.ts';
import { History } from '../history/history.ts';
import { AccountFiles } from '../opening/account-files.ts';
import { entries, frame, ME, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const log = new TestLog();
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const own = { user: ME, time: 5 };
const draft = (v: number, text?: string) => ({
  ...{ reg: 'draft', conv: 'g', ...own, v },
  ...(text === undefined ? {} : { body: { type: 'text/plain', text } }),
});
const mute = (v: number, value: number) => ({ reg: 'mute', conv: 'g', ...own, v, value });
const feed = (items: object[], seq = 1) =>
  at.store.storeFrame({ account, raw: entries(items, log.cursor(seq)) });
const heads = (registers: object[]) =>
  at.store.storeFrame({
    account,
    raw: frame({ t: 'heads', conversations: [], registers, upTo: log.cursor(9) }),
  });

const upkeep = { now: () => 1, limit: () => 1e9, changed: () => {}, whole: () => {} };

/** What a new process finds. */
async function registers<T>(look: (registers: History['registers']) => T): Promise<T> {
  await at.store.close();
  const files = new AccountFiles(at.path('.'), 1);
  try {
    return look(
      new History({ db: files.history, account, user: ME, composed: () => null, upkeep }).registers,
    );
  } finally {
    files.close();
  }
}

it("registers of one's own are kept by key, the last version of each", async () => {
  await feed([
    draft(1, 'and'),
    draft(3, 'and then'),
    // Again, and an older one: nothing changes.
    draft(2, 'and t'),
    mute(1, 77),
    { reg: 'saved', conv: 'g', ...own, v: 1, target: 2, value: 1 },
    { reg: 'saved', conv: 'g', ...own, v: 2, target: 3, value: 0 },
    { reg: 'deleted_for_me', conv: 'g', ...own, v: 1, target: 2, value: 1 },
    { reg: 'block', of: 'eve', ...own, v: 4, value: 1 },
    // None of ours.
    { ...mute(9, 1), user: 'eve' },
  ]);
  await registers((found) => {
    expect(found.own('draft', 'g')).toEqual({
      ...{ reg: 'draft', conv: 'g', about: '', v: 3, time: 5, value: null },
      body: { type: 'text/plain', text: 'and then' },
    });
    expect(found.own('mute', 'g')).toMatchObject({ v: 1, value: 77, body: null });
    expect(found.allOwn('saved').map(({ about, v, value }) => [about, v, value])).toEqual([
      ['2', 1, 1],
      ['3', 2, 0],
    ]);
    expect(found.own('deleted_for_me', 'g', 2)).toMatchObject({ value: 1 });
    expect(found.own('deleted_for_me', 'g', 3)).toBeUndefined();
    expect(found.own('block', '', 'eve')).toMatchObject({ v: 4, value: 1 });
  });
});

it('a draft that ended is one without a body, and a snapshot counts whatever its version', async () => {
  await feed([draft(4, 'text'), mute(6, 77)]);
  await feed([draft(5)], 2);
  await heads([mute(2, 0)]);
  await registers((found) => {
    expect(found.own('draft', 'g')).toMatchObject({ v: 5, body: null });
    expect(found.own('mute', 'g')).toMatchObject({ v: 2, value: 0 });
  });
});

it('what an older version kept as unknown is known now, in its last version', async () => {
  await at.store.close();
  const path = at.path('history.db');
  rmSync(path);
  const db = new DatabaseSync(path);
  db.exec(HISTORY_MIGRATIONS[0]!);
  const insert = db.prepare('INSERT INTO unknown (account, raw) VALUES (?, ?)');
  for (const register of [draft(2, 'b'), draft(1, 'a'), { reg: 'newer', x: 1 }])
    insert.run(account, JSON.stringify(register));
  db.exec('PRAGMA user_version = 1');
  db.close();
  await registers((found) => expect(found.own('draft', 'g')).toMatchObject({ v: 2, body: { text: 'b' } }));
  const after = new DatabaseSync(path);
  expect(after.prepare('SELECT raw FROM unknown').all()).toEqual([{ raw: '{"reg":"newer","x":1}' }]);
  after.close();
});
