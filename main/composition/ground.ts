/** What lies on this computer: logs, settings, secrets, the local store; and how servers are asked. It knows none of the other rooms. */
import { getRandomValues } from 'node:crypto';
import { join } from 'node:path';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { app, type Session, safeStorage, session } from 'electron';
import { openLocalStore, type StoreThread } from '../local-store/local-store.ts';
import { ApiClient } from '../network/api-client.ts';
import { knowingKeys } from '../network/knowing-keys.ts';
import { NetworkContext } from '../network/network-context.ts';
import { proxyRequestIn } from '../network/proxy-request.ts';
import { ProxySignIn } from '../network/proxy-sign-in.ts';
import { keepsHistory } from '../profile/kept-history.ts';
import { LogFile } from '../profile/log-file.ts';
import { Preferences } from '../profile/preferences.ts';
import { Secrets } from '../profile/secrets.ts';
import { type AccountSettings, openSettings } from '../profile/settings.ts';
import { setTimer } from '../set-timer.ts';
import { CertificatePins } from '../trust/certificate-pins.ts';
import { judgeCertificates } from '../trust/install.ts';
import { FirstView } from '../windows/first-view.ts';
import type { Ground, Launch } from './parts.ts';

/** It was made, and is not signed out. */
const isHere = ({ user, standing }: AccountSettings) => user !== undefined && standing !== 'signed-out';

/** As Chromium calls it. */
const NETWORK_SERVICE = 'network.mojom.NetworkService';

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
  const network = new NetworkContext<Session>({
    first: session.defaultSession,
    make: (name) => session.fromPartition(name),
    log,
  });
  const pins = new CertificatePins({
    accounts: () => settings.data.accounts.filter(isHere),
    others: () => [...settings.data.accounts.filter((one) => !isHere(one)), ...settings.data.endings],
    renew: (reason, ended) => {
      const before = network.session;
      if (network.renew(reason) && ended) void before.closeAllConnections();
    },
    uptime: () => performance.now(),
  });
  network.equip((one) => judgeCertificates(one, pins));
  network.equip(launch.first.equip);
  network.onRenewed(() => pins.forget());
  app.on('child-process-gone', (_event, { serviceName, reason }) => {
    if (serviceName === NETWORK_SERVICE) network.renew(`its process ended: ${reason}`);
  });
  const proxySignIn = new ProxySignIn({ request: proxyRequestIn(network), secrets, log });
  const fetch = proxySignIn.through(
    knowingKeys(async (url, options) => {
      await firstView.awaited();
      const present = await network.ready();
      // Nothing is kept: what a strange network answered for good (301, 308) would be believed long after it was left.
      return present.fetch(url, { ...options, cache: 'no-store' } as never);
    }, pins),
  );
  const store = openLocalStore({
    directory: join(data, 'accounts'),
    spawn: () => launch.first.takeThread() as StoreThread,
    historyBytes: settings.data.storage.historyBytes,
  });
  keepsHistory({ preferences, store, log });
  return {
    ...{ launch, out, log, settings, preferences, store, fetch, firstView, setTimer },
    ...{ network, pins },
    serverLog: (server, line) => logs[server].write(line),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newId: uuidv7Generator(Date.now, getRandomValues),
    ...{ secrets, proxySignIn },
    api: new ApiClient(fetch),
  };
}
