import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { decodeCursor } from '@matchbook/protocol/cursor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStore, openLocalStore } from './local-store.ts';
import { builtStore } from './testing/built-store.ts';
import { CONV, ME } from './testing/log.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 25 : 1;
const KILLS = 20 * SCALE;
const account = 'account-1';
const conv = CONV;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-kill-'));
  builtStore();
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** What a round of the busy process said was done, in its order. */
async function round(seed: number, linesUntilKill: number): Promise<string[][]> {
  const child = spawn(process.execPath, [join(builtStore(), 'busy-store.js'), folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said: string[][] = [];
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += String(text);
  });
  const lines = createInterface({ input: child.stdout });
  const read = once(lines, 'close');
  lines.on('line', (line) => {
    said.push(line.split(' '));
    // Not at the line itself: somewhere in the work that follows it.
    if (said.length === linesUntilKill) setTimeout(() => child.kill('SIGKILL'), Math.random() * 8);
  });
  const [code, signal] = await ended;
  await read;
  expect(`${code} ${signal} ${complaint}`).toBe('null SIGKILL ');
  return said;
}

async function everyRow(store: LocalStore) {
  const rows = [];
  for (let from = 1; ; from = (rows.at(-1)?.n ?? 0) + 1) {
    const page = await store.timelinePage({ account, conv, from, limit: 1_000 });
    rows.push(...page.rows);
    if (page.rows.length === 0) return { ...page, rows };
  }
}

it(
  `loses, doubles and misplaces nothing through ${KILLS} kills at random moments (I3, I8, I11)`,
  async () => {
    const submitted = new Set<string>();
    let cursorSaid = 0;
    for (let seed = 1; seed <= KILLS; seed++) {
      const said = await round(seed, 3 + Math.floor(Math.random() * 60));
      for (const [what, value] of said) {
        if (what === 'submitted') submitted.add(value!);
        if (what === 'stored') cursorSaid = Math.max(cursorSaid, Number(value));
      }
      const logged = readFileSync(join(folder, 'log.txt'), { encoding: 'utf8', flag: 'a+' })
        .split('\n')
        .slice(0, -1);
      const store = openLocalStore({
        directory: folder,
        spawn: () => new Worker(join(builtStore(), 'local-store-worker.js')),
      });
      try {
        expect(await store.openAccount({ account, user: ME, device: 'd' })).toEqual([]);
        const { rows } = await everyRow(store);
        const { waiting } = await store.timelinePage({ account, conv, limit: 1_000 });
        const holes = await store.holes({ account, focused: null });
        const missing = (n: number) => holes.some(({ from, to }) => from <= n && n <= to);

        // I3: one row for one (sender, id), over timeline and outbox.
        const keys = [...rows, ...waiting].map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        // Each row is the log's at its place.
        for (const { n, sender, id } of rows) expect(`${sender} ${id}`).toBe(logged[n! - 1]);

        // I8: the cursor fell back behind nothing that was answered, and all up to it is a row or in a hole.
        const cursor = await store.cursor(account);
        const upTo = cursor === null ? 0 : decodeCursor(cursor)!.seq;
        expect(upTo).toBeGreaterThanOrEqual(cursorSaid);
        const stored = new Set(rows.map(({ n }) => n));
        for (let n = 1; n <= upTo; n++) expect([n, stored.has(n) !== missing(n)]).toEqual([n, true]);

        // I11: what was submitted waits, is a row, or the log has it where a hole is.
        const here = new Set([...rows, ...waiting].map(({ id }) => id));
        for (const id of submitted)
          if (!here.has(id)) expect([id, missing(logged.indexOf(`${ME} ${id}`) + 1)]).toEqual([id, true]);
        // A draft of which the submit was cut off is there, or its message is.
        const last = said.findLast(([what]) => what === 'draft')?.[1];
        if (last && !submitted.has(last) && !here.has(last))
          expect((await store.readDraft({ account, conv })).text).toBe(`text of ${last}`);
      } finally {
        await store.close();
      }
    }
    expect(submitted.size).toBeGreaterThan(KILLS);
  },
  120_000 * SCALE,
);
