import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountStore } from '../account-store.ts';
import { failureOf } from '../files/store-error.ts';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, IDENTITY, TestStore } from '../testing/store.ts';
import { AccountFiles } from './account-files.ts';

const account = ACCOUNT;
const conv = CONV;
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

const submit = (id: string, text: string) => at.store.submit({ account, conv, id, text, draftVersion: 0 });
const names = () => readdirSync(at.path('.'));
const waiting = async () => (await at.store.timelinePage({ account, conv, limit: 50 })).waiting;

/** Closes the store, which writes a backup, and damages a file before it is opened again. */
async function damaged(file: string, damage: (path: string) => void) {
  await at.store.close();
  return at.crash(() => damage(at.path(file)));
}
const flip = (path: string, from: number, to: number) => {
  const bytes = readFileSync(path);
  for (let i = from; i < Math.min(to, bytes.length); i++) bytes[i] = bytes[i]! ^ 0xa5;
  writeFileSync(path, bytes);
};

describe('a damaged outbox.db', () => {
  it('whose header is gone is set aside, and all comes back from the backup (I11)', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    await submit('b', 'second');
    await at.store.saveDraft({ account, conv, text: 'half a thought' });
    let before = '';
    const notices = await damaged('outbox.db', (path) => {
      flip(path, 0, 100);
      before = readFileSync(path).toString('base64');
    });
    expect(notices).toMatchObject([
      { id: 'outbox-salvaged', detail: expect.stringContaining('3 from the backup') },
    ]);
    expect(await at.store.readDraft({ account, conv })).toMatchObject({ text: 'half a thought' });
    // The one on a wire goes on under its id; the one that may have been withdrawn since waits for the person.
    expect(await waiting()).toMatchObject([
      { id: 'a', delivery: 'queued', frozen: true },
      { id: 'b', delivery: 'failed', failure: { kind: 'storage_unavailable' } },
    ]);
    const aside = names().find((name) => name.startsWith('outbox.damaged-'))!;
    expect(readFileSync(at.path(aside)).toString('base64')).toBe(before);
    expect(await at.reopen()).toEqual([]);
    await at.store.retry({ account, id: 'b', newId: 'c' });
    // The draft, which the backup had too, goes to the other devices.
    const going = (await at.store.outbox(account)).filter(({ append }) => append.kind !== 'draft');
    expect(going.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('keeps what can be read of it, as it was', async () => {
    for (let i = 0; i < 400; i++) await submit(`m${i}`, `text ${i} ${'x'.repeat(200)}`);
    const notices = await damaged('outbox.db', (path) => {
      rmSync(at.path('outbox.backup.db'));
      // One page in the middle of the table.
      const middle = Math.floor(statSync(path).size / 4096 / 2) * 4096;
      flip(path, middle, middle + 4096);
    });
    expect(notices.map(({ id }) => id)).toEqual(['outbox-salvaged']);
    const kept = await waiting();
    expect(kept.length).toBeGreaterThan(350);
    for (const { id, body } of kept)
      expect(body).toMatchObject({ text: expect.stringMatching(new RegExp(`^text ${id.slice(1)} x`)) });
    const places = kept.map(({ id }) => Number(id.slice(1)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('with a damaged page loses nothing where a backup has it', async () => {
    for (let i = 0; i < 400; i++) await submit(`m${i}`, `text ${i} ${'x'.repeat(200)}`);
    await damaged('outbox.db', (path) => flip(path, 40 * 1024, 48 * 1024));
    expect(await waiting()).toHaveLength(400);
  });

  // The last byte of the version (63) is not among them: what it says may be a newer one, which is left alone.
  it.each([0, 16, 18, 19, 21, 44, 56, 60, 61, 62])(
    'with another byte %i in its header never stops the start, and costs nothing',
    async (place) => {
      await submit('a', 'first');
      await at.store.saveDraft({ account, conv, text: 'half a thought' });
      await damaged('outbox.db', (path) => flip(path, place, place + 1));
      expect(await waiting()).toMatchObject([{ id: 'a' }]);
      expect((await at.store.readDraft({ account, conv })).text).toBe('half a thought');
      await at.store.saveDraft({ account, conv, text: 'half a thought more' });
    },
  );

  it('in which a row says that it is of another account or conversation has it back where it was (I11)', async () => {
    for (const id of ['a', 'b', 'c']) await submit(id, `text of ${id}`);
    await damaged('outbox.db', (path) => {
      const bytes = readFileSync(path);
      const row = bytes.indexOf(`${account}b${conv}`);
      expect(row).toBeGreaterThan(0);
      bytes[row] = 'x'.charCodeAt(0);
      bytes[row + account.length + 3] = bytes[row + account.length + 3]! ^ 1;
      writeFileSync(path, bytes);
    });
    expect((await waiting()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it.each([0, 1, 4095, 4096, 10_000])(
    'cut to %i bytes never stops the start, and the backup fills in',
    async (bytes) => {
      await submit('a', 'first');
      await at.store.release({ account, ids: ['a'] });
      const notices = await damaged('outbox.db', (path) => truncateSync(path, bytes));
      expect(notices.map(({ id }) => id)).toEqual(['outbox-salvaged']);
      expect(await waiting()).toMatchObject([{ id: 'a', frozen: true }]);
    },
  );

  it.each([true, false])(
    'of which the salvage was cut off comes back from what had been salvaged (old file there: %s)',
    async (there) => {
      await submit('a', 'first');
      await at.store.release({ account, ids: ['a'] });
      const notices = await damaged('outbox.db', (path) => {
        copyFileSync(path, at.path('outbox.salvaged.db'));
        rmSync(at.path('outbox.backup.db'));
        if (there) flip(path, 0, 100);
        else rmSync(path);
      });
      expect(notices.map(({ id }) => id)).toEqual(['outbox-salvaged']);
      expect(await waiting()).toMatchObject([{ id: 'a' }]);
    },
  );

  it('that is missing comes back from its backup', async () => {
    await submit('a', 'first');
    await at.store.release({ account, ids: ['a'] });
    const notices = await damaged('outbox.db', (path) => rmSync(path));
    expect(notices.map(({ id }) => id)).toEqual(['outbox-salvaged']);
    expect(await waiting()).toMatchObject([{ id: 'a' }]);
  });

  it('twice on one day overwrites no file that was set aside', async () => {
    for (let i = 0; i < 2; i++) await damaged('outbox.db', (path) => flip(path, 0, 100));
    expect(names().filter((name) => /^outbox\.damaged-.*\.db$/.test(name))).toHaveLength(2);
  });

  it('of a newer version is left alone', async () => {
    await at.store.close();
    const db = new DatabaseSync(at.path('outbox.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(at.crash()).rejects.toMatchObject({ failure: { kind: 'store_failed' } });
    expect(names().filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

describe('a damaged history.db', () => {
  const fill = async () => {
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    for (let i = 0; i < 200; i++) log.message(PEER, `m${i}`, `text ${i}`);
    await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(201)) });
    return log;
  };

  const rows = async () => (await at.store.timelinePage({ account, conv, limit: 1_000 })).rows;

  it.each([
    ['its header', (path: string) => flip(path, 0, 100)],
    ['everything', (path: string) => writeFileSync(path, Buffer.alloc(9_999, 7))],
  ])('without %s starts empty, with no cursor, and says so; the outbox stays', async (_name, damage) => {
    await fill();
    await submit('a', 'waiting');
    expect(await damaged('history.db', damage)).toMatchObject([{ id: 'history-reset' }]);
    expect(await at.store.cursor(account)).toBeNull();
    expect(await rows()).toEqual([]);
    expect(await waiting()).toMatchObject([{ id: 'a', delivery: 'queued' }]);
    const log = await fill();
    expect(await rows()).toHaveLength(201);
    expect(await at.store.cursor(account)).toBe(log.cursor(201));
  });

  it.each([
    ['a page', (path: string) => flip(path, 25 * 4096, 26 * 4096)],
    ['its end', (path: string) => truncateSync(path, statSync(path).size - 9_000)],
    [
      'many pages',
      (path: string) => {
        // Without those that say what tables there are, no row can be told from another.
        const spared = schemaPages(path);
        for (let at = 20; at < statSync(path).size / 4096; at += 5)
          if (!spared.has(at)) flip(path, at * 4096, at * 4096 + 4096);
      },
    ],
  ])(
    'without %s opens at once; the damage is met later, the file set aside, and what its chain vouches for comes back (I8)',
    async (_name, damage) => {
      at.now = Date.now();
      await fill();
      const found: string[] = [];
      const aside = await damaged('history.db', damage);
      at.store.onNotices((_account, notices) => found.push(...notices.map(({ id }) => id)));
      found.push(...aside.map(({ id }) => id));
      for (let i = 0; i < 3; i++) await at.chores();
      expect(found).toEqual(['history-reset']);
      const salvaged = await rows();
      const log = new TestLog();
      log.create(PEER, 'c', [PEER, ME]);
      for (let i = 0; i < 200; i++) log.message(PEER, `m${i}`, `text ${i}`);
      for (const row of salvaged) {
        const entry = log.at(row.n!);
        expect([row.id, row.body]).toEqual([entry.id, entry.kind === 'message' ? entry.body : null]);
      }
      expect(salvaged.length).toBeGreaterThan(20);
      expect(await at.store.cursor(account)).toBeNull();
      await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(201)) });
      const page = await at.store.timelinePage({ account, conv, limit: 1_000 });
      expect(page).toMatchObject({ unbroken: true, holes: [] });
      expect(page.rows).toHaveLength(201);
      expect(names().filter((name) => /^history\.damaged-.*\.db$/.test(name))).toHaveLength(1);
      expect(await at.reopen()).toEqual([]);
    },
  );

  it('that says something else than its chain vouches for is mended by a hole', async () => {
    const log = await fill();
    await at.store.close();
    const db = new DatabaseSync(at.path('history.db'));
    db.exec(
      `UPDATE entry SET body = replace(body, 'text 7"', 'text 8"') WHERE n = 9; UPDATE state SET suspect = 1`,
    );
    db.close();
    expect(await at.reopen()).toEqual([]);
    await at.chores();
    const page = await at.store.timelinePage({ account, conv, limit: 1_000 });
    expect(page.holes).toEqual([{ from: 9, to: 9 }]);
    expect(await at.store.holes({ account, focused: null })).toEqual([{ conv, from: 9, to: 9 }]);
    await at.store.storeFrame({ account, raw: entries([log.at(9)], log.cursor(201)) });
    await at.chores();
    expect(await at.store.search({ account, q: '"text 7"', zone: 0, limit: 5, cursor: null })).toMatchObject({
      total: 1,
    });
  });

  it('is held against its chain in all that later entries say of messages too: edits, reactions, pins, and who is there', async () => {
    const log = await fill();
    const text = (said: string) => ({ type: 'text/plain', text: said });
    const edited = log.say(PEER, 'edit', { kind: 'edit', target: 12, body: text('a lighthouse') });
    log.say(ME, 'on', { kind: 'reaction', target: 12, body: text('+') });
    const off = log.say(ME, 'off', { kind: 'reaction', target: 12, off: true, body: text('+') });
    const pin = log.say(PEER, 'pin', { kind: 'pin', target: 9 });
    log.say(PEER, 'unpin', { kind: 'pin', target: 9, off: true });
    const named = log.say(PEER, 'rename', { kind: 'rename', body: text('Us') });
    log.say(PEER, 'picture', { kind: 'picture' });
    const added = log.say(PEER, 'add', { kind: 'member_add', users: ['cy', 'di'] });
    log.say(PEER, 'role', { kind: 'member_role', user: 'cy', role: 'admin' });
    log.say(PEER, 'remove', { kind: 'member_remove', user: 'cy' });
    log.say(PEER, 'edit-2', { kind: 'edit', target: 15, body: text('gone') });
    log.say(PEER, 'delete', { kind: 'delete', target: 15 });
    await at.store.storeFrame({
      account,
      raw: entries(log.entries.slice(201), log.cursor(log.entries.length)),
    });
    const checked = async (damage: string) => {
      await at.store.close();
      const db = new DatabaseSync(at.path('history.db'));
      db.exec(`${damage}; UPDATE state SET suspect = 1`);
      db.close();
      expect(await at.reopen()).toEqual([]);
      await at.chores();
      const { holes } = await at.store.timelinePage({ account, conv, limit: 1_000 });
      return holes.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    };
    expect(await checked('SELECT 1')).toEqual([]);
    const others = [edited, off, pin, named, added].map(({ n }) => n);
    expect(
      await checked(`UPDATE entry SET body = replace(body, 'lighthouse', 'windmill') WHERE n = ${edited.n};
        UPDATE entry SET raw = NULL WHERE n = ${off.n}; UPDATE entry SET target = 8 WHERE n = ${pin.n};
        UPDATE entry SET body = replace(body, 'Us', 'It') WHERE n = ${named.n};
        UPDATE entry SET raw = replace(raw, 'di', 'do') WHERE n = ${added.n}`),
    ).toEqual(others);
    await at.store.storeFrame({
      account,
      raw: entries(
        others.map((n) => log.at(n)),
        log.cursor(log.entries.length),
      ),
    });
    expect(await checked('SELECT 1')).toEqual([]);
  });

  it('takes the words of a damaged row out of the index, of the row alone, whatever it says now', async () => {
    const log = await fill();
    const edited = log.say(PEER, 'edit', {
      kind: 'edit',
      target: 12,
      body: { type: 'text/plain', text: 'a lighthouse, a lighthouse' },
    });
    await at.store.storeFrame({ account, raw: entries([edited], log.cursor(202)) });
    await at.chores();
    await at.store.close();
    const inFile = <T>(work: (db: InstanceType<typeof DatabaseSync>) => T): T => {
      const db = new DatabaseSync(at.path('history.db'));
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    const indexed = () =>
      inFile((db) => {
        db.exec(`CREATE VIRTUAL TABLE temp.places USING fts5vocab (main, search_words, instance);
          INSERT INTO search_words (search_words) VALUES ('integrity-check');`);
        const all = (sql: string) => db.prepare(sql).all() as { n: number; doc: number }[];
        return {
          docs: new Map(all(`SELECT n, doc FROM entry WHERE doc > 0`).map(({ n, doc }) => [n, doc])),
          lost: all(
            'SELECT DISTINCT doc FROM temp.places WHERE doc NOT IN (SELECT doc FROM entry WHERE doc > 0)',
          ),
          automerge: all(`SELECT v AS n, 0 AS doc FROM search_words_config WHERE k = 'automerge'`)[0]?.n,
          sizes: all('SELECT id AS doc, 0 AS n FROM search_words_docsize').map(({ doc }) => doc),
        };
      });
    const before = indexed();
    expect([before.docs.has(9), before.docs.has(12), before.lost]).toEqual([true, true, []]);
    inFile((db) =>
      db.exec(`UPDATE entry SET body = replace(body, 'text 7"', 'text 8"') WHERE n = 9;
        UPDATE entry SET body = replace(body, 'lighthouse', 'windmill'), hash = replace(hash, '7', '8') WHERE n = 202; UPDATE state SET suspect = 1;
        INSERT INTO search_words (search_words, rank) VALUES ('automerge', 7)`),
    );
    await at.reopen();
    await at.chores();
    const found = async (q: string) => {
      const { items } = await at.store.search({ account, q, zone: 0, limit: 5, cursor: null });
      return items.map(({ n }) => n);
    };
    expect(await found('lighthouse')).toEqual([]);
    expect(await found('"text 10"')).toEqual([12]);
    await at.store.close();
    const mended = indexed();
    expect(mended.lost).toEqual([]);
    expect([...mended.sizes].sort()).toEqual([...mended.docs.values()].sort());
    // Nothing else was made anew: what is said of all of the index stands as it did.
    expect([...mended.docs.keys()].sort()).toEqual([...before.docs.keys()].filter((n) => n !== 9).sort());
    expect(mended.automerge).toBe(7);
    await at.reopen();
    await at.store.storeFrame({ account, raw: entries([log.at(9), edited], log.cursor(202)) });
    await at.chores();
    expect([await found('"text 7"'), await found('lighthouse'), await found('"text 10"')]).toEqual([
      [9],
      [12],
      [],
    ]);
    // What is erased then leaves nothing behind.
    const gone = log.say(PEER, 'delete', { kind: 'delete', target: 9 });
    await at.store.storeFrame({ account, raw: entries([gone], log.cursor(203)) });
    await at.store.close();
    expect(indexed().lost).toEqual([]);
    await at.reopen();
  });

  it('is read through after it was not closed in order, and not again before a week', async () => {
    await fill();
    await at.crash();
    const state = () => {
      const db = new DatabaseSync(at.path('history.db'), { readOnly: true });
      const row = db.prepare('SELECT checked, suspect FROM state').get();
      db.close();
      return row;
    };
    expect(state()).toMatchObject({ suspect: 1 });
    await at.chores();
    expect(state()).toMatchObject({ suspect: 0, checked: expect.any(Number) });
    const { checked } = state() as { checked: number };
    await at.chores();
    expect(state()).toMatchObject({ checked });
    at.now += 8 * 86_400_000;
    await at.chores();
    expect((state() as { checked: number }).checked).toBeGreaterThan(checked + 7 * 86_400_000);
  });

  it('of a newer version is refused in words and left alone', async () => {
    await at.store.close();
    const db = new DatabaseSync(at.path('history.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(at.crash()).rejects.toMatchObject({
      failure: { kind: 'store_failed', message: expect.stringContaining('version 99') },
    });
    expect(names().filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

describe('an outbox item that came back from a backup', () => {
  it('and is in the log already is not shown a second time, and goes again under its own id (I3)', async () => {
    await submit('a', 'first');
    await submit('b', 'second');
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    log.message(ME, 'a', 'first');
    await at.store.close();
    await at.crash();
    const backup = readFileSync(at.path('outbox.backup.db'));
    await at.store.release({ account, ids: ['a'] });
    await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(2)) });
    await damaged('outbox.db', (path) => {
      writeFileSync(at.path('outbox.backup.db'), backup);
      flip(path, 0, 100);
    });
    const page = await at.store.timelinePage({ account, conv, limit: 50 });
    expect(page.rows.map(({ id }) => id)).toEqual(['c', 'a']);
    expect(page.waiting.map(({ id }) => id)).toEqual(['b']);
    await at.store.retry({ account, id: 'b', newId: 'other' });
    expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(['b']);
  });

  it('is looked for in the backup of an earlier day where the newest is damaged too; three days are kept', async () => {
    at.now = Date.now();
    await submit('a', 'first');
    for (let day = 0; day < 5; day++) {
      await at.reopen();
      const then = new Date(Date.UTC(2026, 0, 1 + day));
      utimesSync(at.path('outbox.backup.db'), then, then);
    }
    await at.reopen();
    const daily = names().filter((name) => /^outbox\.backup-/.test(name));
    expect(daily).toEqual([
      'outbox.backup-2026-01-03.db',
      'outbox.backup-2026-01-04.db',
      'outbox.backup-2026-01-05.db',
    ]);
    await damaged('outbox.db', (path) => {
      flip(path, 0, 100);
      flip(at.path('outbox.backup.db'), 0, 100);
    });
    expect((await waiting()).map(({ id }) => id)).toEqual(['a']);
  });
});

describe('a full disk', () => {
  it('is disk_full, and neither draft nor outbox nor cursor moved (I8, I11)', async () => {
    const log = new TestLog();
    log.create(PEER, 'c', [PEER, ME]);
    for (let i = 0; i < 300; i++) log.message(PEER, `m${i}`, 'x'.repeat(500));
    await at.store.close();
    const files = new AccountFiles(at.path('.'), 1);
    const nothing = { rows: () => {}, outbox: () => {}, holes: () => {}, drafts: () => {}, chores: () => {} };
    const store = new AccountStore({
      ...{ identity: IDENTITY, outbox: files.outbox, history: files.history },
      ...{ now: () => 1, newId: () => 'id', changes: nothing },
    });
    store.storeFrames([entries(log.entries.slice(0, 1), log.cursor(1))]);
    store.composing.submit({ conv, id: 'taken', text: 'x'.repeat(20_000), draftVersion: 0 });
    store.release(['taken']);
    const { version } = store.drafting.saveDraft(conv, 'y'.repeat(20_000));
    for (const db of [files.outbox, files.history]) {
      const { page_count } = db.get<{ page_count: number }>('PRAGMA page_count')!;
      db.exec(`PRAGMA max_page_count = ${page_count + 1}`);
    }
    const failure = (work: () => unknown) => {
      try {
        work();
        return null;
      } catch (error) {
        return failureOf(error);
      }
    };
    const text = 'y'.repeat(20_000);
    expect(
      failure(() => store.composing.submit({ conv, id: 'a', text, draftVersion: version })),
    ).toMatchObject({
      kind: 'disk_full',
    });
    expect(store.drafting.readDraft(conv)).toMatchObject({ text, version });
    const own = new TestLog();
    own.entries.push(...log.entries.slice(0, 1));
    own.message(ME, 'taken', 'x'.repeat(20_000));
    // What the log took leaves the outbox only once it is in the history.
    expect(failure(() => store.acked([own.ack(2)]))).toMatchObject({ kind: 'disk_full' });
    expect(failure(() => store.storeFrames([entries([own.stub(2)], log.cursor(2))]))).toMatchObject({
      kind: 'disk_full',
    });
    expect(store.outbox().map(({ id }) => id)).toEqual(['taken']);
    expect(failure(() => store.storeFrames([entries(log.entries, log.cursor(301))]))).toMatchObject({
      kind: 'disk_full',
    });
    expect(store.cursor()).toBe(log.cursor(1));
    expect(store.shown.timelinePage({ conv, limit: 500 }).rows).toHaveLength(1);
    for (const db of [files.outbox, files.history]) db.exec('PRAGMA max_page_count = 100000');
    store.composing.submit({ conv, id: 'a', text, draftVersion: version });
    store.storeFrames([entries(log.entries, log.cursor(301))]);
    expect(store.shown.timelinePage({ conv, limit: 500 })).toMatchObject({ headN: 301, unbroken: true });
    files.close();
  });
});

/** Pages of sqlite_schema, from 0: its root, and where that is an inner page, its leaves (sqlite.org/fileformat2.html, 1.6). */
function schemaPages(path: string): Set<number> {
  const root = readFileSync(path).subarray(0, 4096);
  if (root[100] !== 5) return new Set([0]);
  const cells = Array.from({ length: root.readUInt16BE(103) }, (_, i) => root.readUInt16BE(112 + 2 * i));
  return new Set([0, root.readUInt32BE(108) - 1, ...cells.map((cell) => root.readUInt32BE(cell) - 1)]);
}
