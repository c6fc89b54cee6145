/** How long the end of an account waits for its server. What uploads do with a real server is in e2e/simulation/files.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Clock } from '../testing/clock.ts';
import { Pace } from './pace.ts';
import { Uploads } from './uploads.ts';

const account = 'account-1';
const never = new Promise<never>(() => {});
let folder: string;
let clock: Clock;
let logged: string[];
let looked: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-uploads-'));
  for (const hash of ['a', 'b', 'c'])
    writeFileSync(
      join(folder, `${hash}.upload`),
      JSON.stringify({ id: `up-${hash}`, done: hash === 'b', at: 1 }),
    );
  clock = new Clock();
  logged = [];
  looked = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function uploads(
  ask: (path: string, signal: AbortSignal) => Promise<unknown>,
  owned?: Promise<never>,
  {
    items = [],
    inTrays = async () => new Set<string>(),
  }: { items?: unknown[]; inTrays?: () => Promise<Set<string>> } = {},
) {
  return new Uploads({
    store: {
      fileItems: async () => {
        looked += 1;
        return items;
      },
    } as never,
    shelf: {
      find: async (_account: string, hash: string) => ({ path: join(folder, hash) }),
      ownPath: (_account: string, hash: string) => join(folder, hash),
      owned: () => owned ?? Promise.resolve(['a', 'b', 'c'].map((hash) => ({ hash, since: clock.wall }))),
    } as never,
    server: {
      pace: () => new Pace(),
      ask: (_account: string, path: string, { signal }: RequestInit) => ask(path, signal!),
    } as never,
    inTrays,
    changed: () => {},
    now: clock.now,
    clock: clock.monotonic,
    random: () => 0,
    setTimer: clock.setTimer,
    log: (line) => void logged.push(line),
  });
}

/** Whether it has ended, when nothing but time is left to wait for. */
async function ended(work: Promise<void>): Promise<boolean> {
  const turn = new Promise((resolve) => setTimeout(resolve, 50)).then(() => false);
  return await Promise.race([work.then(() => true), turn]);
}

it('a server that does not answer keeps nobody longer than 3 s; nothing further is asked of it', async () => {
  const asked: string[] = [];
  const files = uploads((path, signal) => {
    asked.push(path);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const gone = files.giveUp(account);
  expect(await ended(gone)).toBe(false);
  // Meanwhile nothing is begun for it.
  await files.look(account);
  expect(looked).toBe(0);
  await expect.poll(() => asked).toHaveLength(1);
  clock.advance(2_999);
  expect(await ended(gone)).toBe(false);
  clock.advance(1);
  await gone;
  expect(await ended(gone)).toBe(true);
  expect(asked).toEqual([expect.stringMatching(/up-a$/)]);
  expect(logged).toEqual([expect.stringMatching(/an unfinished file stays a day at the server/)]);
  expect(clock.waiting).toBe(0);
  // Where the account stays after all, it goes on.
  await files.look(account);
  expect(looked).toBe(1);
});

it('neither does a folder that cannot be read, nor an answer that pays no heed', async () => {
  for (const files of [uploads(async () => {}, never), uploads(() => never)]) {
    const gone = files.giveUp(account);
    clock.advance(3_000);
    await gone;
    expect(clock.waiting).toBe(0);
  }
  expect(logged).toEqual([]);
});

it('a server that answers is told of each file that is not complete, and there is no waiting', async () => {
  const asked: string[] = [];
  const files = uploads(async (path) => {
    asked.push(path);
    if (path.endsWith('up-a')) throw new Error('not there');
  });
  await files.giveUp(account);
  expect(asked.map((path) => path.split('/').at(-1))).toEqual(['up-a', 'up-c']);
  expect([logged.length, clock.waiting]).toEqual([1, 0]);
});

it('what is to be sent is begun also while nobody can say what lies in the trays, and nothing is swept away', async () => {
  const asked: string[] = [];
  const files = uploads(
    (path) => {
      asked.push(path);
      return never;
    },
    undefined,
    {
      items: [{ id: 'm1', files: [{ hash: 'a', size: 3 }], uploading: true, failed: false, held: false }],
      inTrays: () => Promise.reject(new Error('EACCES')),
    },
  );
  await files.look(account);
  await expect.poll(() => asked).toEqual([expect.stringMatching(/up-a$/)]);
  expect(logged).toEqual(['uploads: EACCES']);
});
