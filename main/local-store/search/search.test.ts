import { readFileSync } from 'node:fs';
import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { marksIn, parseQuery } from '@matchbook/protocol/search-query';
import { SEARCH_CASES, SEARCH_TEXTS } from '@matchbook/protocol/testing/search-cases';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONV, entries, frame, ME, PEER, page, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;
let log: TestLog;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
  log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
});
afterEach(() => at.dispose());

const text = (said: string) => ({ type: 'text/plain', text: said });
const say = (said: string, sender = PEER) => log.message(sender, `m${log.entries.length + 1}`, said).n;
const feed = (from = 1, registers: object[] = []) =>
  at.store.storeFrame({
    account,
    raw: entries([...log.entries.slice(from - 1), ...registers], log.cursor(log.entries.length)),
  });
const ask = (q: string, more: { zone?: number; limit?: number; cursor?: number | null } = {}) =>
  at.store.search({ account, q, zone: 0, limit: 50, cursor: null, ...more });
const places = async (q: string, zone = 0) => (await ask(q, { zone })).items.map(({ n }) => n);

it('finds what the server finds', async () => {
  for (const said of SEARCH_TEXTS) say(said);
  await feed();
  for (const [q, texts] of SEARCH_CASES) expect([q, (await places(q)).map((n) => n - 2)]).toEqual([q, texts]);
  const [hit] = (await ask('brulee')).items;
  expect(hit!.marks.map(([from, to]) => hit!.text.slice(from, to))).toEqual(['brûlée']);
  await expect(ask('  ')).rejects.toMatchObject({ failure: { kind: 'invalid_field', field: 'q' } });
  await expect(ask('-ship')).rejects.toMatchObject({ failure: { kind: 'invalid_field' } });
});

it('filters by person, conversation, time and what a message has', async () => {
  const other = new TestLog('g-2');
  other.create('eve', 'c2', ['eve', ME], 'group');
  other.say('eve', 'r', { kind: 'rename', body: text('Sailing Club') });
  const file = { hash: 'f'.repeat(64), name: 'Boat plan.pdf', type: 'application/pdf', size: 3 };
  say('boat one');
  say('boat two https://example.com/x', ME);
  other.message('eve', 'b3', 'boat three');
  other.say('eve', 'b4', {
    kind: 'message',
    body: { type: MESSAGE_TYPE, text: JSON.stringify({ text: '', files: [file] }) },
  });
  const times = [
    Date.UTC(2026, 0, 5, 22, 30),
    Date.UTC(2026, 0, 6, 12),
    Date.UTC(2026, 0, 6, 13),
    Date.UTC(2026, 0, 6, 14),
  ];
  const all = [log.at(2), log.at(3), other.at(3), other.at(4)].map((entry, i) => ({
    ...entry,
    time: times[i]!,
  }));
  const profiles = [
    { reg: 'profile', user: PEER, name: 'Bob Stone', time: 1 },
    { reg: 'profile', user: 'eve', name: 'Eve', time: 1 },
  ];
  await at.store.storeFrame({
    account,
    raw: entries([log.at(1), other.at(1), other.at(2), ...all, ...profiles], log.cursor(9)),
  });
  const found = async (q: string, zone = 0) =>
    (await ask(q, { zone })).items.map((one) => `${one.conv === conv ? 'd' : 'g'} ${one.n}`);
  expect(await found('boat')).toEqual(['g 4', 'g 3', 'd 3', 'd 2']);
  expect(await found('boat from:"bob stone"')).toEqual(['d 2']);
  expect(await found('boat in:sailing')).toEqual(['g 4', 'g 3']);
  expect(await found('from:me')).toEqual(['d 3']);
  expect(await found('in:bob boat')).toEqual(['d 3', 'd 2']);
  expect(await found('in:g-2')).toEqual(['g 4', 'g 3']);
  expect(await found('has:file')).toEqual(['g 4']);
  expect(await found('has:link')).toEqual(['d 3']);
  expect(await found('before:2026-01-06')).toEqual(['d 2']);
  expect(await found('boat before:2026-01-06', 120)).toEqual([]);
  expect(await found('boat after:2026-01-05 -three')).toEqual(['g 4', 'd 3']);
  expect(await found('boat from:nobody')).toEqual([]);
});

it('pages the newest first without gap or repetition while others write, and counts to a thousand', async () => {
  for (let i = 0; i < 1_100; i++) say(`word ${i}`);
  await feed();
  const first = await ask('word');
  expect(first).toMatchObject({ total: 1_000, more: true });
  expect(first.coverage).toEqual({ complete: true, from: null, waiting: 0, missing: 0 });
  say('word of today');
  await feed(log.entries.length);
  const second = await ask('word', { cursor: first.next });
  const seen = [...first.items, ...second.items].map(({ n }) => n);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => 1_101 - i));
  expect(await ask('"word 7"')).toMatchObject({ total: 1, more: false, next: null });
});

it('what was deleted is in no byte of the file or its WAL, and what was deleted for oneself is not found', async () => {
  const token = (i: number) => `qx${i}zarquon${7 * i}`;
  const secret = say(`the secret is ${token(1)}`);
  const kept = say(`this is ${token(3)}`);
  await feed();
  log.say(PEER, 'e', { kind: 'edit', target: secret, body: text(`now it is ${token(2)}`) });
  await feed(log.entries.length);
  expect(await places(token(1))).toEqual([]);
  expect(await places(token(2))).toEqual([secret]);
  const bytes = () =>
    Buffer.concat(['', '-wal'].map((end) => readFileSync(at.path(`history.db${end}`)))).toString('latin1');
  // Words are stored by what they have more than the word before: the end of one is enough to know it by.
  const there = (i: number) => bytes().includes(token(i).slice(3));
  expect([there(1), there(2), there(3)]).toEqual([true, true, true]);
  log.say(PEER, 'd', { kind: 'delete', target: secret });
  await feed(log.entries.length);
  expect(await places(token(2))).toEqual([]);
  await at.chores();
  expect([there(1), there(2), there(3)]).toEqual([false, false, true]);
  const put = (value: number, v: number) =>
    at.store.storeFrame({
      account,
      raw: entries(
        [{ reg: 'deleted_for_me', conv, user: ME, target: kept, v, value, time: 1 }],
        log.cursor(20 + v),
      ),
    });
  await put(1, 1);
  expect(await places(token(3))).toEqual([]);
  expect((await at.store.timelinePage({ account, conv, limit: 9 })).rows.map(({ n }) => n)).not.toContain(
    kept,
  );
  await put(0, 2);
  expect(await places(token(3))).toEqual([kept]);
});

it('what was there before there was an index is indexed behind everything else, and the coverage says how far', async () => {
  for (let i = 0; i < 450; i++) say(`old ${i}`);
  await feed();
  await at.store.close();
  const db = new DatabaseSync(at.path('history.db'));
  // As a runtime with other dictionaries would find it.
  db.exec("UPDATE search_state SET version = 'another'");
  db.close();
  await at.reopen();
  expect((await ask('old')).coverage).toMatchObject({ complete: false, waiting: 450 });
  say('new one');
  await feed(log.entries.length);
  await at.chores();
  expect(await ask('old')).toMatchObject({
    total: 450,
    coverage: { complete: true, from: null, waiting: 0 },
  });
  expect(await places('new')).toEqual([452]);
});

const WORDS = ['red', 'green', 'blue', '北京', 'ёж', 'tea', 'teapot', '👍'];
const QUERIES = ['red', '"red green"', '北京', 'ёж -tea', 'tea*', 'green blue', '"blue" from:me'];

it('finds what a reader of all newest texts would find, however they came (property)', async () => {
  const op = fc.record({
    do: fc.constantFrom('message', 'message', 'message', 'edit', 'edit', 'delete', 'hide'),
    own: fc.boolean(),
    at: fc.nat(20),
    said: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(op, { maxLength: 30 }),
      fc.array(fc.nat(30), { maxLength: 6 }),
      async (ops, cuts) => {
        const here = new TestStore();
        try {
          await here.open();
          const written = new TestLog();
          written.create(PEER, 'c', [PEER, ME]);
          const texts = new Map<number, { sender: string; text: string }>();
          const registers = [];
          for (const [i, { do: what, own, at: which, said }] of ops.entries()) {
            const sender = own ? ME : PEER;
            const [target, message] = [...texts][which % Math.max(1, texts.size)] ?? [];
            const words = said.join(' ');
            if (what === 'message')
              texts.set(written.message(sender, `e${i}`, words).n, { sender, text: words });
            else if (!target || !message) continue;
            else if (what === 'edit') {
              written.say(message.sender, `e${i}`, { kind: 'edit', target, body: text(words) });
              texts.set(target, { ...message, text: words });
            } else if (what === 'delete') {
              written.say(message.sender, `e${i}`, { kind: 'delete', target });
              texts.delete(target);
            } else {
              registers.push({ reg: 'deleted_for_me', conv, user: ME, target, v: 1, value: 1, time: 1 });
              texts.delete(target);
            }
          }
          const size = written.entries.length;
          // Pages of the middle first, then everything from the beginning.
          for (const cut of cuts) {
            const from = 1 + (cut % size);
            await here.store.storeFrame({ account, raw: page(written, from, Math.min(size, from + 5)) });
          }
          await here.store.storeFrame({
            account,
            raw: entries([...written.entries, ...registers], written.cursor(size)),
          });
          for (const q of QUERIES) {
            const { terms, from } = parseQuery(q);
            const expected = [...texts]
              .filter(([, one]) => from.length === 0 || one.sender === ME)
              .filter(([, one]) =>
                terms.every(
                  (term) => marksIn(one.text, [{ ...term, without: false }]).length > 0 !== term.without,
                ),
              )
              .map(([n]) => n)
              .sort((a, b) => b - a);
            const answer = await here.store.search({ account, q, zone: 0, limit: 50, cursor: null });
            expect([q, answer.items.map(({ n }) => n), answer.total]).toEqual([q, expected, expected.length]);
          }
        } finally {
          await here.dispose();
        }
      },
    ),
    { numRuns: process.env.MATCHBOOK_LONG === '1' ? 200 : 20 },
  );
}, 120_000);

it('looks a document up by its index, however long the history is', async () => {
  await at.store.close();
  const db = new DatabaseSync(at.path('history.db'));
  const plan = (sql: string) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => (row as { detail: string }).detail)
      .join('; ');
  expect(plan('SELECT 1 FROM entry WHERE doc = ?')).toContain('entry_doc');
  expect(
    plan(
      "SELECT 1 FROM search_words CROSS JOIN entry ON entry.doc = search_words.rowid WHERE search_words MATCH 'a'",
    ),
  ).toContain('entry_doc');
  db.close();
});

it('says what is missing on this device', async () => {
  say('one');
  say('two');
  const raw = frame({ t: 'heads', conversations: [log.headOf(3)], registers: [], upTo: log.cursor(3) });
  await at.store.storeFrame({ account, raw });
  expect((await ask('one')).coverage).toEqual({ complete: false, from: null, waiting: 0, missing: 3 });
});
