import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStore, openLocalStore } from './local-store.ts';
import { builtStore } from './testing/built-store.ts';
import { entries, ME, PEER, TestLog } from './testing/log.ts';

/** `npm run test:long` looks further. */
const KILLS = process.env.MATCHBOOK_LONG === '1' ? 80 : 3;
const account = 'account-1';
const CONVS = ['g0', 'g1', 'g2'];
const MESSAGES = 700;
const logs = new Map<string, TestLog>();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-chores-'));
  builtStore();
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const path = (name: string) => join(folder, account, name);
function opened(): LocalStore {
  return openLocalStore({
    directory: folder,
    spawn: () => new Worker(join(builtStore(), 'local-store-worker.js')),
  });
}
async function with_<T>(work: (store: LocalStore) => Promise<T>): Promise<T> {
  const store = opened();
  try {
    expect(await store.openAccount({ account, user: ME, device: 'd' })).toEqual([]);
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Opens, works beside, and is killed somewhere within that. */
async function killed(bytes: number, after: number): Promise<void> {
  const child = spawn(process.execPath, [join(builtStore(), 'busy-chores.js'), folder, String(bytes)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += String(text);
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  setTimeout(() => child.kill('SIGKILL'), after);
  const [, signal] = await ended;
  expect([line, signal, complaint]).toEqual(['ready 0', 'SIGKILL', '']);
}

/** I8: what is stored is what the log has, each once; and what was in the outbox waits. */
async function whole(store: LocalStore): Promise<number> {
  let rows = 0;
  for (const conv of CONVS) {
    const log = logs.get(conv)!;
    const seen = new Set<number>();
    for (let from = 1; from <= MESSAGES + 1; from += 400) {
      const shown = await store.timelinePage({ account, conv, from, limit: 400 });
      expect(shown.unbroken).toBe(true);
      for (const { n, id, body } of shown.rows) {
        if (n! >= from + 400) continue;
        const entry = log.at(n!);
        expect([n, id, body]).toEqual([n, entry.id, entry.kind === 'message' ? entry.body : null]);
        expect(seen.has(n!)).toBe(false);
        seen.add(n!);
      }
      for (const hole of shown.holes)
        for (let n = hole.from; n <= Math.min(hole.to, from + 399); n++)
          expect([conv, n, seen.has(n)]).toEqual([conv, n, false]);
    }
    rows += seen.size;
  }
  const { items } = await store.waitingItems(account);
  expect(items.filter(({ kind }) => kind === 'message').map(({ id }) => id)).toEqual(['waits']);
  return rows;
}

it(
  `I8 I11: ${KILLS} kills while it salvages, indexes and makes room lose nothing, and the work comes to its end`,
  async () => {
    await with_(async (store) => {
      for (const conv of CONVS) {
        const log = new TestLog(conv);
        logs.set(conv, log);
        log.create(PEER, `create-${conv}`, [PEER, ME], 'group');
        for (let i = 0; i < MESSAGES; i++)
          log.message(PEER, `${conv}-${i}`, `word${i % 7} ${conv} ${'x'.repeat(300)}`);
        await store.storeFrames({ account, raws: [entries(log.entries, log.cursor(MESSAGES + 1))] });
      }
      await store.submit({ account, conv: 'g0', id: 'waits', text: 'waits', draftVersion: 0 });
    });
    // As after damage: the file is set aside, a new one begins, and what the old one has is read back.
    const bytes = statSync(path('history.db')).size;
    renameSync(path('history.db'), path('history.damaged-test.db'));
    await with_(async () => {});
    const db = new DatabaseSync(path('history.db'));
    db.exec(
      `INSERT INTO salvage (account, file) VALUES ('${account}', '${path('history.damaged-test.db')}')`,
    );
    db.close();

    let most = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // A second until the chores begin. At first there is room for everything; then no more.
      await killed(kill < KILLS / 2 ? 10 * bytes : bytes * 0.7, 1_000 + Math.random() * 1_500);
      most = Math.max(most, await with_(whole));
    }
    expect(most).toBeGreaterThan(0);

    await with_(async (store) => {
      await store.limitHistory(Math.round(bytes * 0.7));
      const ask = { account, q: 'word3', zone: 0, limit: 1, cursor: null };
      /** Stored messages with the word. */
      const stored = async () => {
        let count = 0;
        for (const conv of CONVS) {
          const { rows } = await store.timelinePage({ account, conv, from: 1, limit: 1_000 });
          count += rows.filter(({ body }) => body && 'text' in body && body.text.startsWith('word3 ')).length;
        }
        return Math.min(count, 1_000);
      };
      // What is read back comes beside what is indexed: in the end all of both is there, and nothing else is found.
      await expect
        .poll(
          async () => {
            const { total, coverage } = await store.search(ask);
            return { waiting: coverage.waiting, missing: (await stored()) - total };
          },
          { timeout: 60_000, interval: 500 },
        )
        .toEqual({ waiting: 0, missing: 0 });
      expect(await whole(store)).toBeGreaterThan(CONVS.length * 200);
    });
    const check = new DatabaseSync(path('history.db'));
    expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    check.close();
    expect(existsSync(path('history.suspect'))).toBe(false);
  },
  60_000 + KILLS * 8_000,
);
