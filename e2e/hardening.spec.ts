import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/project.mjs';
import type { Desktop } from './fixtures/desktop.ts';
import { withOneApp } from './fixtures/one-app.ts';
import { expect } from './fixtures/test.ts';

/** What is asked here changes nothing that the next test would see. */
const test = withOneApp('Ann');

/** Renderer process ids by the address of their page. */
const renderers = (app: Desktop) =>
  app.electron.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) => ({ url: contents.getURL(), pid: contents.getOSProcessId() })),
  );

test('renderers are really in the sandbox of the operating system', async ({ app }) => {
  const reason = process.env.MATCHBOOK_E2E_SANDBOX;
  test.skip(reason?.startsWith('unavailable') === true, `MATCHBOOK_E2E_SANDBOX ${reason}`);
  test.skip(process.getuid?.() === 0, 'MATCHBOOK_E2E_SANDBOX unavailable: these tests run as root');
  test.skip(
    process.platform !== 'linux',
    'MATCHBOOK_E2E_SANDBOX unavailable: read from /proc, which is Linux',
  );
  // A renderer that has just begun (the session host, for a new account) closes its own doors a moment later.
  await expect(async () => {
    const found = await renderers(app);
    expect(found.length).toBeGreaterThanOrEqual(2);
    for (const { url, pid } of found) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      expect(status, url).toMatch(/^Seccomp:\t2$/m);
      expect(status, url).toMatch(/^NoNewPrivs:\t1$/m);
    }
  }).toPass({ timeout: 15_000 });
  const main = readFileSync(`/proc/${app.electron.process().pid}/cmdline`, 'utf8');
  expect(main).not.toContain('--no-sandbox');
});

test('every page is sandboxed, isolated and without Node, and has only the bridge', async ({ app }) => {
  const preferences = await app.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => ({
      url: contents.getURL(),
      ...(
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences(),
    })),
  );
  expect(preferences).toHaveLength(2);
  for (const page of preferences)
    expect(page, String(page.url)).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
  for (const page of app.electron.windows()) {
    const seen = await page.evaluate(() => ({
      process: typeof (globalThis as { process?: unknown }).process,
      require: typeof (globalThis as { require?: unknown }).require,
      module: typeof (globalThis as { module?: unknown }).module,
      electron: typeof (globalThis as { electron?: unknown }).electron,
      bridge: Object.keys((globalThis as unknown as { matchbook: object }).matchbook).sort(),
      frozen: Object.isFrozen((globalThis as unknown as { matchbook: object }).matchbook),
      origin: location.origin,
    }));
    expect(seen, page.url()).toEqual({
      process: 'undefined',
      require: 'undefined',
      module: 'undefined',
      electron: 'undefined',
      // A window turns files that were dropped on it into paths, which no page sees.
      bridge: page.url().includes('session-host') ? ['call', 'on'] : ['call', 'drop', 'on'],
      frozen: true,
      origin: 'app://matchbook',
    });
  }
});

test('pages come from app://matchbook with exactly this policy, and nothing outside the bundle does', async ({
  app,
}) => {
  const ask = (url: string) =>
    app.electron.evaluate(
      ({ net }, address) =>
        // Once, a request for an address that is none was answered by nobody; that is a refusal too.
        net.fetch(address, { signal: AbortSignal.timeout(15_000) }).then(
          async (response) => ({
            status: response.status,
            headers: Object.fromEntries(response.headers),
            text: await response.text(),
          }),
          (error: Error) => ({ status: 0, headers: {} as Record<string, string>, text: error.message }),
        ),
      url,
    );
  for (const page of app.electron.windows()) expect(page.url()).toMatch(/^app:\/\/matchbook\//);

  const index = await ask('app://matchbook/index.html');
  expect(index.status).toBe(200);
  expect(index.headers['x-content-type-options']).toBe('nosniff');
  expect(directives(index.headers['content-security-policy'] ?? '')).toEqual(POLICY);
  const { api } = await app.account();
  const host = await ask('app://matchbook/session-host.html');
  const policy = directives(host.headers['content-security-policy'] ?? '');
  expect(policy['connect-src']?.split(' ')).toContain(api);
  expect(policy['connect-src']).toMatch(/ws:\/\/127\.0\.0\.1:\d+/);
  expect({ ...policy, 'connect-src': '' }).toEqual({ ...POLICY, 'connect-src': '' });

  for (const url of [
    'app://matchbook/../../etc/passwd',
    'app://matchbook/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    'app://matchbook/..%2f..%2f..%2f..%2fetc%2fpasswd',
    'app://matchbook/..%5c..%5cpackage.json',
    'app://matchbook/%2fetc%2fpasswd',
    'app://matchbook/assets/..%2f..%2fmain%2findex.js',
    'app://matchbook/index.html%00.js',
    'app://elsewhere/index.html',
  ]) {
    const answer = await ask(url);
    expect([0, 400, 404], url).toContain(answer.status);
    expect(answer.text, url).not.toContain('root:');
  }
});

/** Of windows: they talk to main alone. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'font-src': "'self'",
  'worker-src': "'self'",
  'connect-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

function directives(policy: string): Record<string, string> {
  return Object.fromEntries(
    policy
      .split(';')
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part) => [part.split(' ')[0]!, part.split(' ').slice(1).join(' ')]),
  );
}

test('scripts that a message could smuggle in do not run: inline, eval, markup', async ({ app }) => {
  const markup = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
  await app.say(markup);
  await app.sees(markup);
  await expect(app.row(markup).locator('img, script')).toHaveCount(0);
  // From a task of the page: what a debugger evaluates itself is exempt from the policy.
  const outcome = await app.page.evaluate(
    () =>
      new Promise<Record<string, string>>((resolve) => {
        setTimeout(() => {
          const tried: Record<string, string> = {};
          const attempt = (name: string, run: () => unknown) => {
            try {
              run();
              tried[name] = 'ran';
            } catch (error) {
              tried[name] = (error as Error).name;
            }
          };
          // biome-ignore lint/security/noGlobalEval: it is tried so that it is seen to fail
          attempt('eval', () => globalThis.eval('document.title = "owned"'));
          attempt('Function', () => new Function('document.title = "owned"')());
          attempt('innerHTML', () => {
            document.createElement('div').innerHTML = '<b>x</b>';
          });
          attempt('inline', () => {
            const script = document.createElement('script');
            script.textContent = 'document.title = "owned"';
            document.head.append(script);
          });
          resolve(tried);
        });
      }),
  );
  expect(outcome).toEqual({
    eval: 'EvalError',
    Function: 'EvalError',
    innerHTML: 'TypeError',
    inline: 'TypeError',
  });
  expect(await app.page.title()).not.toBe('owned');
});

test('navigation, new windows and permissions are denied', async ({ app }) => {
  const permissions = await app.page.evaluate(async () => {
    const states: Record<string, string> = {};
    for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi']) {
      try {
        states[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
      } catch (error) {
        states[name] = `refused: ${(error as Error).message}`;
      }
    }
    states.media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      (error: Error) => error.name,
    );
    states.clipboard = await navigator.clipboard.readText().then(
      () => 'granted',
      (error: Error) => error.name,
    );
    return states;
  });
  for (const [name, state] of Object.entries(permissions)) expect(state, name).not.toMatch(/granted|prompt/);

  // The driver waits for a navigation that it saw begin, so from here on the page is asked directly.
  const before = app.page.url();
  await app.page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
  for (const url of ['https://example.org/', 'file:///etc/passwd', 'app://elsewhere/', 'data:text/html,x']) {
    const opened = await app.page.evaluate((address) => window.open(address) === null, url);
    expect(opened, url).toBe(true);
    await app.page.evaluate((address) => {
      location.href = address;
    }, url);
  }
  const alive = await app.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        setTimeout(
          () => resolve('stillHere' in globalThis ? location.href : `another page: ${location.href}`),
          500,
        );
      }),
  );
  expect(alive).toBe(before);
  const pages = await app.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getURL()),
  );
  expect(pages.sort()).toEqual([before, 'app://matchbook/session-host.html'].sort());
});

const callFrom = (page: Desktop['page'], name: string, payload: unknown) =>
  page.evaluate(
    ([call, request]) =>
      (globalThis as unknown as { matchbook: { call(n: string, p: unknown): Promise<unknown> } }).matchbook
        .call(call as string, request)
        .then(
          (outcome) =>
            (typeof outcome === 'string' ? JSON.parse(outcome) : outcome) as {
              ok: boolean;
              value?: unknown;
              failure?: { kind: string };
            },
          (error: Error) => ({ ok: false, failure: { kind: `thrown: ${error.message}` } }),
        ),
    [name, payload] as const,
  );

test('calls with wrong payloads, of unknown names or of the wrong bridge are refused as bad_call', async ({
  app,
}) => {
  const { account } = await app.account();
  const conv = (await app.conversations())[0]!.conv;
  for (const [name, payload] of [
    ['app.state', null],
    ['app.state', { surplus: 1 }],
    ['conversation.list', { account: 7 }],
    ['conversation.list', { account: '../../etc' }],
    ['timeline.page', { account, conv, limit: 1e9 }],
    ['timeline.page', { account, conv, limit: 10, to: -1 }],
    ['outbox.submit', { account, conv, id: 'x y', text: 'hi', draftVersion: 0 }],
    ['outbox.submit', { account, conv, id: 'x', text: { toString: 1 }, draftVersion: 0 }],
    ['link.open', { url: 7 }],
    ['clipboard.write', { text: 'x'.repeat(4 * 64 * 1_024 + 1) }],
  ] as const) {
    const outcome = await callFrom(app.page, name, payload);
    expect(outcome, `${name} ${JSON.stringify(payload).slice(0, 60)}`).toMatchObject({
      ok: false,
      failure: { kind: 'bad_call' },
    });
  }
  for (const name of ['host.token', 'host.accounts', 'toString', '__proto__', 'app.quit']) {
    const outcome = await callFrom(app.page, name, {});
    expect(outcome, name).toMatchObject({ ok: false });
  }
  expect((await callFrom(app.page, 'conversation.list', { account: 'nobody' })).failure?.kind).toBe(
    'no_such_account',
  );
});

test('a page of another origin, and a window of ours that is not the session host, are refused', async ({
  app,
}) => {
  const { account } = await app.account();
  const preload = (name: string) => join(ROOT, 'out', 'preload', `${name}.cjs`);
  for (const [url, bridge, name, payload] of [
    ['data:text/html,<title>foreign</title>', 'window', 'app.state', {}],
    ['data:text/html,<title>foreign</title>', 'session-host', 'host.token', { account, refused: false }],
    ['app://matchbook/index.html', 'session-host', 'host.token', { account, refused: false }],
  ] as const) {
    const opened = app.electron.waitForEvent('window');
    await app.electron.evaluate(
      async ({ BrowserWindow }, [address, file]) => {
        const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true } });
        await window.loadURL(address);
      },
      [url, preload(bridge)] as const,
    );
    const page = await opened;
    // Not the empty one that every window begins with.
    await page.waitForURL((address) => address.protocol === new URL(url).protocol);
    const outcome = await callFrom(page, name, payload);
    expect(outcome, `${url} ${name}`).toMatchObject({ ok: false, failure: { kind: 'bad_call' } });
    await page.close();
  }
});

test('the embedded servers listen on the loopback address alone', async ({ app }) => {
  test.skip(process.platform !== 'linux', 'read from /proc, which is Linux');
  await app.embeddedPids();
  const port = Number(new URL((await app.account()).api).port)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0');
  const listening = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === '0A' && columns[1]?.endsWith(`:${port}`))
      .map((columns) => columns[1]),
  );
  expect(listening).toEqual([`0100007F:${port}`]);
});
