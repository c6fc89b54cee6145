/** The relay by HTTP through what looks into answers on the way, as real small servers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIMITS } from '@matchbook/protocol/limits';
import { afterEach, expect, it } from 'vitest';
import { HttpTransport } from './http-transport.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A relay that has as much to say as is asked for, behind something that cuts answers off after `most` bytes. */
async function behind(most: number, ends: 'broken' | 'whole') {
  const asked: (string | null)[] = [];
  server = createServer((request, response) => {
    const bytes = new URL(request.url ?? '', 'http://relay').searchParams.get('bytes');
    asked.push(bytes);
    const frames = [
      { t: 'entries', items: ['x'.repeat(Number(bytes ?? LIMITS.pollBytes) - 100)], upTo: 'c' },
    ];
    const body = Buffer.from(JSON.stringify({ frames }));
    const cut = body.subarray(0, most);
    if (ends === 'whole') return void response.end(cut);
    response.writeHead(200, { 'content-length': body.length });
    response.write(cut, () => (cut.length < body.length ? response.destroy() : response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = new HttpTransport({
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetchToken: async () => ({ ok: true, value: { token: 't', expires: 0 } }),
    fetch,
  });
  return { asked, poll: () => transport.poll('c', 0, [], new AbortController().signal) };
}

it.each(['broken', 'whole'] as const)(
  'an answer that is cut off (%s) is asked for anew with less in it, and so are those after it',
  async (ends) => {
    const { asked, poll } = await behind(65_536, ends);
    expect((await poll()).ok).toBe(true);
    expect((await poll()).ok).toBe(true);
    expect(asked).toEqual([null, '32768', '32768']);
  },
);

it('what nothing comes through of is told, and not asked for again and again', async () => {
  const { asked, poll } = await behind(1_000, 'broken');
  expect(await poll()).toMatchObject({ ok: false, failure: null, status: 200 });
  expect(asked).toEqual([null, '32768', String(LIMITS.pollBytesLeast)]);
});

it('a page in the place of the answer is no answer that was cut off', async () => {
  const { asked, poll } = await behind(0, 'whole');
  expect((await poll()).ok).toBe(false);
  expect(asked).toEqual([null]);
});
