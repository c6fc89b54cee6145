/** What lies on this computer: logs, settings, secrets, the local store; and how servers are asked. It knows none of the other rooms. */
import { getRandomValues } from 'node:crypto';
import { join } from 'node:path';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { net, safeStorage, session } from 'electron';
import { openLocalStore, type StoreThread } from '../local-store/local-store.ts';
import { ApiClient } from '../network/api-client.ts';
import { proxyRequest } from '../network/proxy-request.ts';
import { ProxySignIn } from '../network/proxy-sign-in.ts';
import { keepsHistory } from '../profile/kept-history.ts';
import { LogFile } from '../profile/log-file.ts';
import { Preferences } from '../profile/preferences.ts';
import { Secrets } from '../profile/secrets.ts';
import { openSettings } from '../profile/settings.ts';
import { setTimer } from '../set-timer.ts';
import { judgeCertificates } from '../trust/install.ts';
import { FirstView } from '../windows/first-view.ts';
import type { Ground, Launch } from './parts.ts';

export async function layGround(launch: Launch): Promise<Ground> {
  const { profile: data, out } = launch;
  const logs = {
    main: new LogFile(join(data, 'logs', 'main.log')),
    relay: new LogFile(join(data, 'logs', 'relay.log')),
    api: new LogFile(join(data, 'logs', 'api.log')),
    front: new LogFile(join(data, 'logs', 'front.log')),
  };
  const log = (line: string) => logs.main.write(line);
  process.on('uncaughtException', (error) => log(`uncaught: ${error.stack}`));
  process.on('unhandledRejection', (error) =>
    log(`unhandled: ${error instanceof Error ? error.stack : error}`),
  );

  const settings = await openSettings(join(data, 'settings.json'));
  const preferences = new Preferences(settings);
  const firstView = new FirstView(setTimer);
  // A window asks for much when it first draws. The library behind the first request takes longer to load than that takes.
  const secrets = new Secrets(join(data, 'secrets'), safeStorage);
  const proxySignIn = new ProxySignIn({ request: proxyRequest, secrets, log });
  const fetch = proxySignIn.through(async (url, options) => {
    await firstView.awaited();
    // Nothing is kept: what a strange network answered for good (301, 308) would be believed long after it was left.
    return net.fetch(url, { ...options, cache: 'no-store' } as never);
  });
  const store = openLocalStore({
    directory: join(data, 'accounts'),
    spawn: () => launch.first.takeThread() as StoreThread,
    historyBytes: settings.data.storage.historyBytes,
  });
  keepsHistory({ preferences, store, log });
  return {
    ...{ launch, out, log, settings, preferences, store, fetch, firstView, setTimer },
    pins: judgeCertificates(session.defaultSession, () => settings.data.accounts),
    serverLog: (server, line) => logs[server].write(line),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newId: uuidv7Generator(Date.now, getRandomValues),
    ...{ secrets, proxySignIn },
    api: new ApiClient(fetch),
  };
}
