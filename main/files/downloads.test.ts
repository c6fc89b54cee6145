/** Of an account that is removed. What downloads do with a real server is in e2e/simulation/files.test.ts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { removeFolder } from '../profile/remove-folder.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { Downloads } from './downloads.ts';
import { Shelf } from './shelf.ts';

const account = 'account-1';
const bytes = Buffer.alloc(100_000, 'a file');
const hash = createHash('sha256').update(bytes).digest('hex');

async function downloads(ask: (options: RequestInit) => Promise<Response>) {
  const directory = temporaryFolder();
  const shelf = new Shelf({ directory, limit: () => 1e9, now: Date.now, log: () => {} });
  await shelf.open(account);
  const server = { ask: (_account: string, _path: string, options: RequestInit) => ask(options) };
  // A pause before the server is asked again: it is not over as long as a test lasts.
  const parts = { shelf, server: server as never, sleep: () => new Promise<never>(() => {}) };
  return { folder: join(directory, account), downloads: new Downloads(parts), shelf };
}

/** The first half, and then nothing, whatever becomes of who asked. */
const stalled = () =>
  new Response(new ReadableStream({ start: (to) => to.enqueue(bytes.subarray(0, 50_000)) }), {
    headers: { 'content-length': String(bytes.length) },
  });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { failure?: { kind: string } }) => error.failure?.kind ?? String(error),
  );

it('what is on its way ends with its account, and nothing is begun for it', async () => {
  const asked: (AbortSignal | null | undefined)[] = [];
  const { downloads: files, folder } = await downloads(async ({ signal }) => {
    asked.push(signal);
    return stalled();
  });
  let received = 0;
  const whole = failure(files.whole(account, hash, { progress: (many) => (received = many) }));
  await expect.poll(() => received).toBe(50_000);
  await files.forget(account);
  expect(asked[0]?.aborted).toBe(true);
  await removeFolder(folder);
  expect(await whole).toBe('cancelled');
  expect(await failure(files.whole(account, hash))).toBe('cancelled');
  expect(asked).toHaveLength(1);
  expect(files.failure(account, hash)).toBeNull();
  expect(existsSync(folder)).toBe(false);
});

it('a server that answers after that, or is to be asked again, writes nothing either', async () => {
  let asked = 0;
  let answer = (_: Response) => {};
  const late = await downloads(() => {
    asked += 1;
    return new Promise((resolve) => (answer = resolve));
  });
  const again = await downloads(async () => {
    asked += 1;
    throw new LocalError('not_found', 'Not yet.');
  });
  for (const { downloads: files, folder } of [late, again]) {
    asked = 0;
    const whole = failure(files.whole(account, hash));
    await expect.poll(() => asked).toBe(1);
    await files.forget(account);
    answer(new Response(bytes));
    expect(await whole).toBe('cancelled');
    expect(readdirSync(join(folder, 'files', 'part'))).toEqual([]);
  }
});

it('an account that comes again has its files as before', async () => {
  const { downloads: files, folder } = await downloads(
    async () => new Response(bytes, { headers: { 'content-length': String(bytes.length) } }),
  );
  await files.forget(account);
  files.opened(account);
  expect((await files.whole(account, hash)).size).toBe(bytes.length);
  expect(readdirSync(join(folder, 'files', 'kept'))).toEqual([hash]);
});
