import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@matchbook/protocol/limits';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { salvage } from '../opening/salvage.ts';
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

const keep = (about: string, text: string | null, n: number | null = null) =>
  at.store.keepBegun({ account, conv, about, n, text });
const begun = () => at.store.begunWords({ account });
const draft = async () => (await at.store.readDraft({ account, conv })).text;
const earlier = async () => (await at.store.earlierTexts({ account, conv })).map(({ text }) => text);

it('I11: other words for a message outlive a crash, until they are used or given up', async () => {
  await keep(`${ME}/a`, 'half of it', 7);
  await keep(`${ME}/a`, 'half of it, \0 and more', 7);
  await keep('scheduled:s', 'later');
  await at.crash();
  expect(await begun()).toEqual([
    { about: `${ME}/a`, conv, n: 7, text: 'half of it, \0 and more' },
    { about: 'scheduled:s', conv, n: null, text: 'later' },
  ]);
  // They go with what is exported when one signs out.
  expect((await at.store.unsent(account)).drafts.map(({ text }) => text)).toContain('later');
  await keep(`${ME}/a`, null);
  await at.reopen();
  expect((await begun()).map(({ about }) => about)).toEqual(['scheduled:s']);
});

it('I11: given up they are an earlier text, however short, and words no more', async () => {
  await keep(`${ME}/a`, 'half', 7);
  await at.store.keepBegun({ account, conv, about: `${ME}/a`, n: 7, text: null, earlier: 'half of' });
  await at.crash();
  expect([await begun(), await earlier()]).toEqual([[], ['half of']]);
});

it('I11: words for what waits have its place once it has one, and stand in the draft where it is gone', async () => {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) });
  for (const id of ['a', 'b']) await at.store.submit({ account, conv, id, text: id, draftVersion: -1 });
  await keep(`${ME}/a`, 'other words for a');
  await keep(`${ME}/b`, 'other words for b');
  await keep('outbox:b', 'a name');
  expect((await begun()).map(({ n }) => n)).toEqual([null, null, null]);
  await at.store.saveDraft({ account, conv, text: 'begun' });
  await at.store.discard({ account, id: 'b', newId: 'x' });
  log.message(ME, 'a', 'a');
  await at.store.storeFrame({ account, raw: entries(log.entries.slice(1), log.cursor(2)) });
  await at.crash();
  expect(await begun()).toEqual([{ about: `${ME}/a`, conv, n: 2, text: 'other words for a' }]);
  expect(await draft()).toBe('a name\nother words for b\nbegun');
});

it('beyond what is kept, the oldest become earlier texts of their conversation', async () => {
  for (let i = 0; i <= LIMITS.begunWords; i++) await keep(`scheduled:${i}`, `words ${i}`);
  const kept = await begun();
  expect([kept.length, kept[0]!.text]).toEqual([LIMITS.begunWords, 'words 1']);
  expect(await earlier()).toEqual(['words 0']);
});

it('I11: a damaged file gives them back as they can be read; what only its backup has is an earlier text', async () => {
  await keep('scheduled:whole', 'whole');
  await keep('scheduled:damaged', 'as it was written');
  await at.store.close();
  const [file, backup, into] = [
    at.path('outbox.db'),
    join(at.directory, 'b.db'),
    join(at.directory, 'into.db'),
  ];
  copyFileSync(file, backup);
  const change = (path: string, sql: string) => {
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
  };
  const rows = (of: string, columns: string) => {
    const db = new DatabaseSync(into);
    const all = db.prepare(`SELECT ${columns} FROM ${of} ORDER BY text`).all();
    db.close();
    return all.map((row) => Object.values(row));
  };
  // A letter became another one on the disk: no trigger of ours has seen it.
  change(file, `UPDATE begun SET text = '"as it was wrjtten"' WHERE about = 'scheduled:damaged'`);
  salvage(file, backup, into, account);
  expect(rows('begun', 'about, text')).toEqual([
    ['scheduled:damaged', '"as it was written"'],
    ['scheduled:whole', '"whole"'],
  ]);
  expect(rows('earlier_text', 'text')).toEqual([]);

  change(
    file,
    `DELETE FROM begun WHERE about = 'scheduled:damaged'; UPDATE begun SET text = '"whale"', updated = 5, sum = '00000000'`,
  );
  for (const end of ['', '-wal', '-shm']) rmSync(`${into}${end}`, { force: true });
  salvage(file, backup, into, account);
  // Two columns differ: nobody knows which text it was, so both are there.
  expect(rows('begun', 'about, text')).toEqual([['scheduled:whole', '"whale"']]);
  expect(rows('earlier_text', 'text')).toEqual([['"as it was written"'], ['"whole"']]);
});
