import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi } from '../testing/running-api.ts';
import { isPublic, pinned, publicWeb, type Resolver, webWith } from './addresses.ts';
import { FETCH_LIMITS, fetchPage, NoPage } from './fetch-page.ts';
import { Previews } from './previews.ts';
import { readPage } from './read-page.ts';

const page = (text: string, contentType = 'text/html; charset=utf-8') =>
  readPage({ url: 'https://example.com/', contentType, body: Buffer.from(text) });

describe('addresses that may be called', () => {
  it.each([
    '93.184.216.34',
    '8.8.8.8',
    '2606:2800:220:1::1',
    '64:ff9b::808:808',
    '2002:808:808::1',
    '::ffff:8.8.8.8',
  ])('%s', (address) => expect(isPublic(address)).toBe(true));

  it.each([
    ...[
      '127.0.0.1',
      '127.1.2.3',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...[
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '192.0.2.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '240.0.0.1',
    ],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '2001:db8::1',
      '2001::1',
    ],
    ...[
      '64:ff9b::7f00:1',
      '64:ff9b::a00:1',
      '2002:7f00:1::',
      '2002:c0a8:101::1',
      'fe80::1%eth0',
      'localhost',
      '',
    ],
  ])('not %j', (address) => expect(isPublic(address)).toBe(false));

  it('never one of a private network, however it is carried', () => {
    const inside = fc.oneof(
      fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
    );
    fc.assert(
      fc.property(inside, (four) => {
        const text = four.join('.');
        const hex = Buffer.from(four).toString('hex');
        const six = `${hex.slice(0, 4)}:${hex.slice(4)}`;
        for (const one of [text, `::ffff:${text}`, `::ffff:${six}`, `64:ff9b::${six}`, `2002:${six}::1`])
          expect([one, isPublic(one)]).toEqual([one, false]);
      }),
    );
  });

  // What a URL makes of them is decided by the platform; what comes out is judged.
  it.each([
    ...[
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://127.1/',
      'http://[::ffff:7f00:1]/',
      'http://0/',
    ],
    ...[
      'http://[::127.0.0.1]/',
      'http://[64:ff9b:1::7f00:1]/',
      'http://[fec0::1]/',
      'http://[100::1]/',
      'http://[2001:20::1]/',
      'http://[3fff::1]/',
      'http://[5f00::1]/',
      'http://127.0.0.1./',
      'http://①②⑦.0.0.1/',
      'http://[::1]/',
      'http://8.8.8.8:22/',
      'https://8.8.8.8:6379/',
    ],
  ])('%s is refused, however it is spelled', async (url) => {
    await expect(fetchPage(url, publicWeb)).rejects.toThrow(/not a public address/);
  });

  it('a host that is named may be private, at its port and at no other', async () => {
    const web = webWith(['127.0.0.1:8080', '[::1]:8080']);
    expect(await pinned(web, '127.0.0.1', 8080)).toEqual({ address: '127.0.0.1', family: 4 });
    expect(await pinned(web, '[::1]', 8080)).toEqual({ address: '::1', family: 6 });
    for (const [host, port] of [
      ['127.0.0.1', 80],
      ['127.0.0.2', 8080],
      ['8.8.8.8', 8080],
    ] as const)
      await expect(pinned(web, host, port)).rejects.toThrow('not a public');
    await expect(
      pinned({ ...web, resolve: async () => [], isNamed: () => true }, 'none.example', 443),
    ).rejects.toThrow('not a public');
  });

  it('a name with one private address among public ones is refused', async () => {
    const both: Resolver = {
      ...publicWeb,
      resolve: async () => [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    };
    await expect(pinned(both, 'two.example', 443)).rejects.toThrow('not a public');
    await expect(pinned({ ...both, resolve: async () => [] }, 'none.example', 443)).rejects.toThrow(
      'not a public',
    );
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://user:pass@example.com/',
    'javascript:1',
    'http://',
    `http://example.com/${'x'.repeat(3_000)}`,
  ])('%s is no page of the web', async (url) => {
    await expect(fetchPage(url, publicWeb)).rejects.toBeInstanceOf(NoPage);
  });
});

describe('fetching', () => {
  let server: Server;
  let port: number;
  let listener: RequestListener;
  let lookups: string[];
  beforeEach(async () => {
    lookups = [];
    server = createServer((request, response) => listener(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  /** Names under .test are the server here, and nothing else is anywhere. */
  const here = (): Resolver => ({
    resolve: async (name) => {
      lookups.push(name);
      if (!name.endsWith('.test')) throw new Error('ENOTFOUND');
      return [{ address: '127.0.0.1', family: 4 }];
    },
    isAllowed: (address, asked) => address === '127.0.0.1' && asked === port,
  });
  const html =
    (text: string): RequestListener =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(text);
  const fetched = async (path = '/', name = 'a.test') =>
    (await fetchPage(`http://${name}:${port}${path}`, here())).body.toString();

  it('keeps the name, looks it up once, and sends nothing of ours', async () => {
    let headers: object = {};
    listener = (request, response) => {
      headers = request.headers;
      html('<title>x</title>')(request, response);
    };
    expect(await fetched()).toBe('<title>x</title>');
    expect([lookups, headers]).toEqual([['a.test'], expect.objectContaining({ host: `a.test:${port}` })]);
    expect(Object.keys(headers)).not.toContain('cookie');
    expect(Object.keys(headers)).not.toContain('authorization');
  });

  it('a name that answers otherwise the second time is not asked a second time', async () => {
    listener = html('pinned');
    let asked = 0;
    const rebinding: Resolver = {
      ...here(),
      resolve: async () => [{ address: ++asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }],
    };
    expect((await fetchPage(`http://b.test:${port}/`, rebinding)).body.toString()).toBe('pinned');
    expect(asked).toBe(1);
  });

  it('judges every redirect anew, and follows three', async () => {
    listener = (request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) return html('<title>there</title>')(request, response);
      response.writeHead(302, { location: `http://c.test:${port}/${left - 1}` }).end();
    };
    expect(await fetched('/3')).toContain('there');
    await expect(fetched('/4')).rejects.toThrow('too many redirects');
    for (const location of [
      'http://169.254.169.254/latest/meta-data',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      '//localhost/',
      'http://u:p@a.test/',
    ]) {
      listener = (_request, response) => response.writeHead(301, { location }).end();
      await expect(fetched()).rejects.toBeInstanceOf(NoPage);
    }
  });

  it('takes a page and nothing else, and of a bomb a megabyte', async () => {
    listener = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/pdf' }).end('x');
    await expect(fetched()).rejects.toThrow('no page');
    listener = (_request, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('x');
    await expect(fetched()).rejects.toThrow('no page: 404');
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    listener = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb);
    const before = process.memoryUsage().rss;
    expect((await fetchPage(`http://a.test:${port}/`, here())).body.length).toBe(FETCH_LIMITS.bytes);
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
    listener = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end('not gzip');
    await expect(fetched()).rejects.toBeInstanceOf(NoPage);
  });

  it('waits five seconds for everything, also for what drips', async () => {
    listener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const drip = setInterval(() => response.write(' '), 100);
      response.once('close', () => clearInterval(drip));
    };
    const begun = performance.now();
    await expect(fetched()).rejects.toBeInstanceOf(NoPage);
    expect(performance.now() - begun).toBeLessThan(2 * FETCH_LIMITS.time);
  });

  it('one fetch for all who ask for the same, remembered for a while', async () => {
    let served = 0;
    listener = (request, response) => {
      served += 1;
      html('<title>once</title>')(request, response);
    };
    let now = 0;
    const previews = new Previews(here(), () => now);
    const url = `http://a.test:${port}/x`;
    const both = await Promise.all([previews.of(url), previews.of(url)]);
    expect([both[0]!.title, served]).toEqual(['once', 1]);
    now += 15 * 60_000;
    await previews.of(url);
    expect(served).toBe(2);
  });

  it('tells nobody why there is none', async () => {
    listener = (_request, response) => response.writeHead(500).end();
    const previews = new Previews(here(), () => 0);
    const said = async (url: string) => previews.of(url).catch((error: Error) => error.message);
    const inside = await said(`http://127.0.0.1:${port + 1}/`);
    expect(await said(`http://a.test:${port}/`)).toBe(inside);
    expect(await said('http://unknown.example/')).toBe(inside);
  });
});

describe('what a page says', () => {
  it('Open Graph first, then cards, then what every page has', () => {
    expect(
      page(
        '<head><title> Plain\n title </title><meta property="og:title" content="A &amp; B"><meta property="og:site_name" content="Site"><meta name="description" content="d"></head>',
      ),
    ).toEqual({
      ...{ url: 'https://example.com/', title: 'A & B', description: 'd', siteName: 'Site' },
    });
    expect(page('<title>Plain</title><body><meta property="og:title" content="late">').title).toBe('Plain');
    expect(page('<p>nothing')).toMatchObject({ title: null, description: null, siteName: null });
  });

  it('in its encoding, in one line, without what deceives, and not too long', () => {
    const latin = Buffer.from('<meta charset="iso-8859-1"><title>caf\xe9</title>', 'latin1');
    expect(readPage({ url: 'u', contentType: 'text/html', body: latin }).title).toBe('café');
    expect(page('<title>a\u202eb\u0000c\n\td</title>').title).toBe('a b c d');
    expect([...page(`<title>${'😀'.repeat(300)}</title>`).title!].length).toBe(200);
    expect(page('<title>x</title>', 'text/html; charset=nonsense').title).toBe('x');
  });

  it('whatever it is, it is no error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { title } = page(`<title>${text}`);
        expect(title === null || [...title].length <= 200).toBe(true);
      }),
    );
  });
});

describe('POST /api/previews', () => {
  it('is for who is signed in, where the server makes them', async () => {
    const off = await startTestApi({ API_LINK_PREVIEWS: 'off' });
    const on = await startTestApi();
    try {
      const ann = await off.register('Ann');
      const bob = await on.register('Bob');
      const url = 'http://127.0.0.1/';
      expect((await off.post('/api/previews', { url }, ann.access)).body).toMatchObject({
        kind: 'not_found',
      });
      expect((await on.post('/api/previews', { url }, bob.access)).body).toMatchObject({
        kind: 'not_found',
        field: 'url',
      });
      expect((await on.post('/api/previews', { url: 'gopher://x' }, bob.access)).body).toMatchObject({
        kind: 'invalid_field',
        field: 'url',
      });
      expect((await on.post('/api/previews', { url })).status).toBe(401);
    } finally {
      await off.close();
      await on.close();
    }
  });
});
