/** What stands between a person and their server, as real small servers: each is told by its name. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Type from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { reach } from './reach.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @returns its address, and what it was asked */
async function serving(answer: RequestListener, host = '127.0.0.1') {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return { base: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, asked };
}
const page: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end('<h1>Welcome to the hotel</h1>');
};
const leadTo =
  (status: number, place: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { location: place });
    response.end();
  };
const api = new ApiClient(fetch);
const Answer = Type.Object({ fine: Type.Boolean() });
const ask = (base: string) =>
  Promise.all([
    reach(`${base.replace('http', 'ws')}/ws`, fetch).then(({ fault }) => fault),
    api.get(base, '/api/account', Answer, 'the-token').then(
      () => 'answered',
      (error) => error.failure.kind,
    ),
    api.post(base, '/api/sessions/refresh', { refresh: 'secret' }, Answer).then(
      () => 'answered',
      (error) => error.failure.kind,
    ),
  ]);
const OTHER = ['other_answers', 'other_answers', 'other_answers'];
/** Bytes of a file, in which anything may stand. */
const fetched = (base: string) =>
  api.open(base, '/api/files/x', { method: 'GET' }, 'the-token').then(
    () => 'answered',
    (error) => error.failure.kind,
  );

describe('a network that wants one to sign in', () => {
  it('with a page in the place of every answer is told as such', async () => {
    const { base } = await serving(page);
    expect(await ask(base)).toEqual(OTHER);
    // It is nobody's file either.
    expect(await fetched(base)).toBe('other_answers');
  });

  it('with the number made for it is told as such', async () => {
    const { base } = await serving((_request, response) => {
      response.writeHead(511);
      response.end();
    });
    expect(await ask(base)).toEqual(OTHER);
  });
});

it('a server that is not told to answer to the name it was asked by is told from one that forbids something', async () => {
  const refusing =
    (kind: string): RequestListener =>
    (_request, response) => {
      response.writeHead(403, { 'content-type': 'application/problem+json' });
      response.end(
        JSON.stringify({
          type: 'about:blank',
          title: kind,
          status: 403,
          detail: 'No.',
          kind,
          message: 'No.',
        }),
      );
    };
  const { base } = await serving(refusing('host_unknown'));
  expect(await ask(base)).toEqual(['host_unknown', 'host_unknown', 'host_unknown']);
  const other = await serving(refusing('forbidden'));
  expect(await ask(other.base)).toEqual([null, 'forbidden', 'forbidden']);
});

it.each([301, 302, 307, 308])(
  'a server that leads elsewhere (%i) is told, and neither token nor body goes there',
  async (status) => {
    const elsewhere = await serving((_request, response) => response.end('{"fine":true}'));
    const { base } = await serving(leadTo(status, `${elsewhere.base}/login`));
    expect(await ask(base)).toEqual(OTHER);
    expect(await fetched(base)).toBe('other_answers');
    expect(elsewhere.asked).toEqual([]);
  },
);

it('is right again with the very next request, and no answer of before is believed', async () => {
  let hotel = true;
  const { base, asked } = await serving((request, response) => {
    if (hotel) return page(request, response);
    response.setHeader('content-type', 'application/json');
    response.end('{"fine":true}');
  });
  expect(await ask(base)).toEqual(OTHER);
  hotel = false;
  expect(await ask(base)).toEqual([null, 'answered', 'answered']);
  expect(asked).toHaveLength(6);
});

it('a proxy in front that does not know the path that was asked is no other server', async () => {
  const { base } = await serving((request, response) => {
    if (request.url === '/health-check') {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<h1>Not found</h1>');
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end('{"fine":true}');
  });
  expect(await ask(base)).toEqual([null, 'answered', 'answered']);
});

it('a server with an IPv6 address alone is reached', async () => {
  const { base } = await serving((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"fine":true}');
  }, '::1');
  expect(await ask(base)).toEqual([null, 'answered', 'answered']);
});
