/** How often a server is asked that never takes a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { Clock } from '../testing/clock.ts';
import { Pace } from './pace.ts';
import { UploadJobs } from './upload-jobs.ts';
import { UploadNotes } from './upload-notes.ts';

const account = 'account-1';
const SIZE = 1_000_000;
let folder: string;
let clock: Clock;
let jobs: UploadJobs;
/** When the server was asked to make an upload, or where one stands. */
let begun: number[];
let refused: LocalFailure[];
let diskFull: boolean;
/** What noting a refusal waits for. */
let noting: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-jobs-'));
  writeFileSync(join(folder, 'a'), Buffer.alloc(SIZE));
  clock = new Clock();
  begun = [];
  refused = [];
  diskFull = false;
  noting = async () => {};
});
afterEach(async () => {
  await jobs.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** @param patch takes a piece from an offset on, and answers how far the file is there then */
function start(patch: (offset: number) => number): void {
  const shelf = {
    ownPath: (_: string, hash: string) => join(folder, hash),
    find: async (_: string, hash: string) => ({ path: join(folder, hash) }),
  } as never;
  const pace = new Pace();
  let there = 0;
  jobs = new UploadJobs({
    ...{ shelf, notes: new UploadNotes(shelf, clock.now), now: clock.now, clock: clock.monotonic },
    server: {
      pace: () => pace,
      ask: async (_: string, path: string, { method, headers }: RequestInit) => {
        if (method === 'POST') there = 0;
        if (method === 'POST' || method === 'HEAD') begun.push(clock.uptime);
        if (method === 'PATCH') there = patch(Number((headers as Record<string, string>)['upload-offset']));
        return new Response(null, {
          headers: { location: `${path}/up-1`, 'upload-offset': String(there) },
        });
      },
    } as never,
    random: () => 0.999,
    setTimer: clock.setTimer,
    progressed: () => {},
    ended: async () => jobs.add(account, 'a', SIZE),
    refused: async (_, __, failure) => {
      await noting();
      if (diskFull) return false;
      refused.push(failure);
      return true;
    },
  });
  jobs.add(account, 'a', SIZE);
  jobs.start();
}

/** Until nothing but time is left to wait for, so many times. */
async function pass(ms: number, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (let turn = 0; turn < 30 && clock.waiting === 0; turn++)
      await new Promise((resolve) => setTimeout(resolve, 1));
    clock.advance(ms);
  }
}

const TEN_MINUTES: [number, number] = [1_000, 600];

it('I13: one that takes a part of a file, and never the rest, is asked once a minute', async () => {
  start((offset) => {
    if (offset > 0) throw new LocalError('server_failed', '500');
    return 600_000;
  });
  await pass(...TEN_MINUTES);
  expect(begun.length).toBeLessThan(20);
  expect(begun.at(-1)! - begun.at(-2)!).toBeGreaterThan(50_000);
});

it('I13: one that forgets what it took is asked once a minute too', async () => {
  start((offset) => {
    if (offset > 0) throw new LocalError('not_found', '404');
    return 600_000;
  });
  await pass(...TEN_MINUTES);
  expect(begun.length).toBeLessThan(40);
  expect(begun.at(-1)! - begun.at(-2)!).toBeGreaterThan(50_000);
});

it('goes on at once where each try brings it farther', async () => {
  let far = 0;
  start(() => {
    if (far % 2 === 1) {
      far++;
      throw new LocalError('server_unreachable', 'cut');
    }
    return Math.min(SIZE, ++far * 20_000);
  });
  for (let i = 0; i < 200 && jobs.get(account, 'a')?.state !== 'done'; i++) await pass(1_000, 1);
  expect(jobs.get(account, 'a')).toMatchObject({ state: 'done' });
});

it('I13: one that refuses it for good is not asked on and on where that cannot be noted, and says so once it can', async () => {
  diskFull = true;
  start(() => {
    throw new LocalError('body_too_large', '413');
  });
  await pass(...TEN_MINUTES);
  expect(begun.length).toBeLessThan(20);
  expect(refused).toEqual([]);
  diskFull = false;
  await pass(60_000, 1);
  await expect.poll(() => refused[0]).toMatchObject({ kind: 'file_too_large' });
});

it('is tried again where what is known of it cannot be taken away', async () => {
  start(() => {
    // Of a folder in its place as of a file that another program holds.
    rmSync(join(folder, 'a.upload'), { force: true, recursive: true });
    mkdirSync(join(folder, 'a.upload'));
    throw new LocalError('not_found', '404');
  });
  await pass(1_000, 10);
  expect(begun.length).toBeGreaterThan(2);
});

it('one that is wanted again while it is noted that it failed goes on, and alone', async () => {
  let note = () => {};
  const failing = new Promise<void>((resolve) => {
    noting = () => {
      resolve();
      return new Promise((done) => {
        note = done;
      });
    };
  });
  let tries = 0;
  start((offset) => {
    if (tries++ === 0) throw new LocalError('body_too_large', '413');
    return Math.min(SIZE, offset + 100_000);
  });
  await failing;
  jobs.keep(account, new Set());
  jobs.add(account, 'a', SIZE);
  const again = jobs.get(account, 'a');
  note();
  await expect.poll(() => refused.length).toBe(1);
  await expect.poll(() => jobs.get(account, 'a')?.state).toBe('done');
  expect(jobs.get(account, 'a')).toBe(again);
});

it('is closed once what was under way has ended, and begins nothing after it', async () => {
  let write = () => {};
  diskFull = true;
  const refusing = new Promise<void>((resolve) => {
    noting = () => {
      resolve();
      return new Promise((done) => {
        write = done;
      });
    };
  });
  start(() => {
    throw new LocalError('body_too_large', '413');
  });
  await refusing;
  let closed = false;
  const closing = jobs.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  write();
  await closing;
  expect(clock.waiting).toBe(0);
});
