import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { Download } from './download.ts';

const PIECE = 1024 * 1024;

/** What a server sends that never ends; and how much of it was taken. */
function endless() {
  const world = { sent: 0, asked: 0 };
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        world.sent += PIECE;
        controller.enqueue(new Uint8Array(PIECE));
      },
    });
  const path = join(temporaryFolder(), 'part');
  const begin = (headers: Record<string, string>, hash: string | null) =>
    Download.begin(
      {
        ...{ path, from: 0, hash, signal: new AbortController().signal },
        rest: async () => {
          world.asked++;
          return new Response(body(), { status: 206 });
        },
        keep: async () => path,
      },
      new Response(body(), { headers }),
    );
  return { world, path, begin };
}

it.each([
  ['as much as it said', { 'content-length': String(3 * PIECE) }, 'a'.repeat(64)],
  ['64 MB of a smaller image where it said nothing', {}, null],
])('of a server that never ends no more is written down than %s', async (_name, headers, hash) => {
  const { world, path, begin } = endless();
  await expect(begin(headers as Record<string, string>, hash).done).rejects.toMatchObject({
    failure: { kind: 'server_failed' },
  });
  expect([world.sent <= 70 * PIECE, world.asked]).toEqual([true, 0]);
  expect(existsSync(path)).toBe(false);
});
