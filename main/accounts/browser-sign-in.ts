/** Sign-in at another service in the person's own browser (RFC 8252): a page on this computer that is open for one answer. What proves who asked is on the API's side. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OidcStarted, type Tokens, Tokens as TokensSchema } from '@matchbook/protocol/http/accounts';
import { LocalError } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';

/** As long as the server waits, ms. */
const LIMIT = 10 * 60_000;

export interface BrowserSignInParts {
  api: ApiClient;
  /** Opens an address in the browser. */
  open(url: string): Promise<void>;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class BrowserSignIn {
  #parts: BrowserSignInParts;
  #cancel: (() => void) | null = null;

  constructor(parts: BrowserSignInParts) {
    this.#parts = parts;
  }

  /** @throws LocalError `cancelled`; a second sign-in cancels the first */
  async signIn(api: string, device: { id: string; name: string }): Promise<Tokens> {
    this.cancel();
    const page = await openPage();
    const limit = this.#parts.setTimer(() => page.giveUp(), LIMIT);
    this.#cancel = () => page.giveUp();
    try {
      const redirect = `http://127.0.0.1:${page.port}/signed-in`;
      const started = await this.#parts.api.post(api, '/api/oidc/start', { redirect }, OidcStarted);
      await this.#parts.open(webAddress(started.url));
      const path = await page.answer;
      const body = { flow: started.flow, url: `http://127.0.0.1:${page.port}${path}`, device };
      return await this.#parts.api.post(api, '/api/oidc/finish', body, TokensSchema);
    } finally {
      limit.cancel();
      page.close();
    }
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

async function openPage() {
  let answered: (path: string) => void = () => {};
  let gaveUp: (error: Error) => void = () => {};
  const answer = new Promise<string>((resolve, reject) => {
    answered = resolve;
    gaveUp = reject;
  });
  // It may be given up before anybody waits for it.
  answer.catch(() => {});
  const server = createServer((request, response) => {
    const found = request.method === 'GET' && /^\/signed-in\?/.test(request.url ?? '');
    response.writeHead(found ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(
      found
        ? '<!doctype html><title>Matchbook</title><p>You can close this page and go back to Matchbook.</p>'
        : '',
    );
    if (found) answered(request.url!);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    answer,
    giveUp: () => gaveUp(new LocalError('cancelled', 'The sign-in was not finished.')),
    close: () => {
      server.close();
    },
  };
}

/** A server names the page: it may be a web page and nothing else. */
function webAddress(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new LocalError('server_failed', 'The server does not name a web page to sign in at.');
}
