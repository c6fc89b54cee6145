import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { appProtocol, connectSources, contentSecurityPolicy } from './app-protocol.ts';

function stage() {
  const folder = temporaryFolder();
  const root = join(folder, 'pages');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'pages-secret'));
  writeFileSync(join(folder, 'secret.json'), 'canary');
  writeFileSync(join(folder, 'pages-secret', 'secret.json'), 'canary');
  writeFileSync(join(root, 'index.html'), 'index');
  writeFileSync(join(root, 'session-host.html'), 'host');
  writeFileSync(join(root, 'assets', 'main.js'), 'script');
  writeFileSync(join(root, 'assets', 'notes.txt'), 'canary');
  const handle = appProtocol({
    root,
    host: 'matchbook',
    connect: () => ['http://127.0.0.1:1', 'ws://127.0.0.1:2'],
    files: async ({ pathname, range }) => new Response(`${pathname} ${range}`),
  });
  const get = (url: string, method = 'GET', headers = {}) => handle({ url, method, headers });
  return { get };
}

describe('app://matchbook', () => {
  it.each([
    ['/', 'index', 'text/html; charset=utf-8'],
    ['/index.html', 'index', 'text/html; charset=utf-8'],
    ['/index.html?x#y', 'index', 'text/html; charset=utf-8'],
    ['/assets/main.js', 'script', 'text/javascript; charset=utf-8'],
  ])('serves %s with its type', async (path, content, type) => {
    const response = await stage().get(`app://matchbook${path}`);
    expect(response.statusCode).toBe(200);
    expect(await text(response.data)).toBe(content);
    expect(response.headers['content-type']).toBe(type);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    'app://matchbook/missing.html',
    'app://matchbook/assets',
    'app://matchbook/assets/notes.txt',
    'app://matchbook/../secret.json',
    'app://matchbook/%2e%2e/secret.json',
    'app://matchbook/..%2fsecret.json',
    'app://matchbook/assets/..%2f..%2fsecret.json',
    'app://matchbook/..%5csecret.json',
    'app://matchbook/..%2fpages-secret/secret.json',
    'app://matchbook/%00index.html',
    'app://matchbook/%E0%A4%A',
    'app://matchbook//etc/passwd',
    'app://other/index.html',
    'app://matchbook.evil/index.html',
  ])('does not serve %s', async (url) => {
    const response = await stage().get(url);
    expect(response.statusCode).toBe(404);
    expect(await text(response.data)).not.toContain('canary');
  });

  it('hands files of messages on, with their range however it is spelt', async () => {
    const { get } = stage();
    const answer = await get('app://matchbook/file/a/b', 'GET', { Range: 'bytes=1-2' });
    expect(answer.statusCode).toBe(200);
    expect(await text(answer.data)).toBe('/file/a/b bytes=1-2');
  });

  it('answers GET alone', async () => {
    expect((await stage().get('app://matchbook/index.html', 'POST')).statusCode).toBe(404);
  });

  it('never leaves its folder', async () => {
    const { get } = stage();
    const part = fc.constantFrom(
      '..',
      '%2e%2e',
      '.',
      '/',
      '%2f',
      '%5c',
      '\\',
      'secret.json',
      'pages-secret',
      'assets',
      '%00',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const response = await get(`app://matchbook/${parts.join('/')}`);
        expect(await text(response.data)).not.toContain('canary');
      }),
    );
  });

  it('lets windows talk to nobody, and the session host to its servers alone', async () => {
    const { get } = stage();
    const policy = async (page: string) =>
      (await get(`app://matchbook/${page}`)).headers['content-security-policy']!;
    expect(await policy('index.html')).toContain("connect-src 'none'");
    expect(await policy('session-host.html')).toContain('connect-src http://127.0.0.1:1 ws://127.0.0.1:2');
    for (const page of ['index.html', 'session-host.html']) {
      expect(await policy(page)).toContain("default-src 'none'");
      expect(await policy(page)).not.toMatch(/unsafe|\*/);
    }
  });

  it('makes sources of origins, each once, and of nothing that could widen the policy', () => {
    const accounts = [
      { api: 'https://chat.example/base', relay: 'wss://chat.example/ws' },
      { api: 'https://chat.example', relay: undefined },
      { api: 'not an address' },
    ];
    expect(connectSources(accounts)).toEqual(['https://chat.example', 'wss://chat.example']);
    const hostile = connectSources([{ api: "https://x.example/; script-src 'unsafe-eval'" }]);
    expect(contentSecurityPolicy(hostile)).not.toContain('unsafe');
  });
});
