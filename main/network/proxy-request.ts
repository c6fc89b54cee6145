/** The request on which a proxy's question is answered. Chromium keeps the answer for everything else of the same session. */
import { net, type Session } from 'electron';
import type { NetworkContext } from './network-context.ts';
import type { ProxySignInParts } from './proxy-sign-in.ts';

/** From the last answer to a question, or the beginning, ms. A person takes as long as they take. */
const LIMIT = 15_000;

export const proxyRequestIn =
  (network: NetworkContext<Session>): ProxySignInParts['request'] =>
  async (url, login) => {
    const session = await network.ready();
    return new Promise((resolve) => {
      const request = net.request({
        url,
        session,
        method: 'GET',
        credentials: 'omit',
        redirect: 'manual',
        cache: 'no-store',
      });
      let timer: NodeJS.Timeout | null = null;
      const bound = () => {
        timer = setTimeout(() => end(false), LIMIT);
      };
      const end = (answered: boolean) => {
        if (timer) clearTimeout(timer);
        resolve(answered);
        request.abort();
      };
      request.on('login', (asked, answer) => {
        if (timer) clearTimeout(timer);
        void login(asked).then((given) => {
          // Ended, not answered with nothing: of a tunnel whose refusal is read then, main's event loop never comes back (Electron 33).
          if (!given) return end(false);
          bound();
          answer(given.user, given.password);
        });
      });
      request.on('response', ({ statusCode }) => end(statusCode !== 407));
      request.on('redirect', () => end(true));
      request.on('error', () => end(false));
      bound();
      request.end();
    });
  };
