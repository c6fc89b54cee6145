/** The desktop's main process: puts its parts together, opens the windows, and ends in good order. */
import { getRandomValues, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  APP_ORIGIN,
  APP_SCHEME,
  type AppState,
  type Notice,
  type WindowEvents,
} from '@matchbook/protocol/bridge';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import {
  app,
  type BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  shell,
} from 'electron';
import { Accounts, type ReadyAccount } from './accounts.ts';
import { ApiClient } from './api-client.ts';
import { appProtocol, connectSources } from './app-protocol.ts';
import { openBridge } from './bridge.ts';
import { runDemo } from './demo.ts';
import { apiAddress, EmbeddedServers } from './embedded/embedded-servers.ts';
import { freePort } from './embedded/ports.ts';
import { startUtilityServer } from './embedded/utility-server.ts';
import { invitationIn, readFlags } from './flags.ts';
import { hostCalls } from './host-calls.ts';
import { openLink } from './links.ts';
import { openLocalStore, type StoreThread } from './local-store/local-store.ts';
import { LogFile } from './log-file.ts';
import { Secrets } from './secrets.ts';
import { openSettings } from './settings.ts';
import { runSmoke } from './smoke.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { AccessTokens } from './tokens.ts';
import { windowCalls } from './window-calls.ts';
import { createMainWindow, createSessionHost, lockDown } from './windows.ts';

/** Stopping servers and store may take so long; then the app ends all the same. */
const QUIT_LIMIT = 10_000;
const BOUNDS_PAUSE = 500;
const SERVERS = 'servers';

const flags = readFlags(process.argv);
const out = join(import.meta.dirname, '..');
/** Our set-up leaves this beside the runtime that it takes where the official one cannot be had (docs/decisions/0005). */
const olderRuntime = existsSync(join(process.execPath, '..', 'runtime.json'));
const launched = flags.smokeStarted ?? Date.now();

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (!app.requestSingleInstanceLock()) app.exit(0);
else
  void app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`Matchbook cannot start: ${message}\n`);
      if (flags.smoke) process.stdout.write(`smoke: failed: ${message.split('\n')[0]}\n`);
      else dialog.showErrorBox('Matchbook cannot start', message);
      app.exit(1);
    });

async function start(): Promise<void> {
  const data = app.getPath('userData');
  const log = new LogFile(join(data, 'logs', 'main.log'));
  process.on('uncaughtException', (error) => log.write(`uncaught: ${error.stack}`));
  process.on('unhandledRejection', (error) =>
    log.write(`unhandled: ${error instanceof Error ? error.stack : error}`),
  );

  const settings = await openSettings(join(data, 'settings.json'));
  const secrets = new Secrets(join(data, 'secrets'), safeStorage);
  const api = new ApiClient((url, options) => net.fetch(url, options as never));
  const tokens = new AccessTokens(api, secrets, Date.now);
  const store = openLocalStore({
    directory: join(data, 'accounts'),
    spawn: () => new Worker(join(out, 'main', 'local-store-worker.js')) as StoreThread,
  });
  const setTimer = (work: () => void, delay: number) => {
    const timer = setTimeout(work, delay);
    return { cancel: () => clearTimeout(timer) };
  };

  const windows = new Set<BrowserWindow>();
  const tell = <K extends keyof WindowEvents & string>(name: K, event: WindowEvents[K]) => {
    // While quitting, and between a crash and its reload, a window has no page to tell.
    if (quitting) return;
    for (const window of windows)
      if (!window.isDestroyed() && !window.webContents.isCrashed()) window.webContents.send(name, event);
  };
  const storeNotices = new Map<Notice['id'], Notice>();
  let embedded: EmbeddedServers | null = null;
  let host: BrowserWindow | null = null;
  let quitting = false;
  const focus = new Map<string, string | null>();

  const state = (): AppState => ({
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    accounts: accounts.ready().map((account) => accounts.summary(account)),
    notices: notices(),
    embedded: embedded?.state ?? null,
    recovery: accounts.recoveryCodes(),
  });
  const changed = () => tell('app.changed', state());

  function notices(): Notice[] {
    const present: Notice[] = [...storeNotices.values()];
    if (olderRuntime) present.push({ id: 'older-runtime', detail: process.versions.electron ?? '' });
    if (app.commandLine.hasSwitch('no-sandbox')) present.push({ id: 'no-sandbox', detail: '' });
    if (accounts.ready().length > 0 && !secrets.sealed)
      present.push({ id: 'plain-secrets', detail: join(data, 'secrets') });
    if (settings.setAside !== null) present.push({ id: 'settings-reset', detail: settings.setAside });
    return present.filter((notice) => !settings.data.dismissed.includes(notice.id));
  }

  async function startEmbedded(name: string | null): Promise<{ api: string; firstAccountSecret: string }> {
    if (settings.data.embedded === null) {
      const relayPort = await freePort(Math.random);
      const apiPort = await freePort(Math.random, [relayPort]);
      await settings.update((all) => {
        all.embedded = { relayPort, apiPort };
      });
    }
    const kept = await secrets.read<{ service: string; firstAccount: string; serverName: string }>(SERVERS);
    const made = kept ?? {
      service: randomBytes(32).toString('base64url'),
      firstAccount: randomBytes(32).toString('base64url'),
      serverName: name === null ? 'Matchbook' : `${name}'s server`.slice(0, 80),
    };
    if (!kept) await secrets.write(SERVERS, made);
    const ports = settings.data.embedded!;
    if (!embedded) {
      embedded = new EmbeddedServers({
        plan: {
          ...ports,
          serverName: made.serverName,
          serviceSecret: made.service,
          firstAccountSecret: made.firstAccount,
        },
        directory: join(data, 'servers'),
        inherited: process.env,
        startProcess: (server, env) =>
          startUtilityServer(server, join(out, 'servers', server, 'index.js'), env),
        log: serverLogs(data),
        changed,
        ready: () => supervisor.signal(),
        now: Date.now,
        setTimer,
      });
      embedded.start();
    }
    return { api: apiAddress(ports), firstAccountSecret: made.firstAccount };
  }

  const accounts = new Accounts({
    settings,
    secrets,
    api,
    tokens,
    deviceName: hostname().slice(0, 80) || 'desktop',
    startEmbedded,
    adopted: async (account, inviter) => {
      await openAccount(account);
      await store.ensureDirect({ account: account.account, peer: null });
      if (inviter) await store.ensureDirect({ account: account.account, peer: inviter });
      // The policy of the session host's page names its servers: a new server needs a new page.
      reloadHost('an account was added');
    },
    changed,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  const supervisor = new Supervisor({
    advise: (account, advice) => sendHost('host.advice', { account, advice }),
    reloadHost,
    changed: (account, session) => tell('session.changed', { account, state: session }),
    now: Date.now,
    uptime: () => performance.now(),
    random: Math.random,
    setTimer,
  });

  async function openAccount({ account, user, device }: ReadyAccount): Promise<void> {
    for (const notice of await store.openAccount({ account, user, device }))
      storeNotices.set(notice.id, notice);
  }

  function sendHost(name: string, payload: unknown): void {
    if (host && !host.isDestroyed() && !host.webContents.isCrashed()) host.webContents.send(name, payload);
  }

  function reloadHost(reason: string): void {
    if (quitting) return;
    log.write(`session host: ${reason}`);
    supervisor.hostStarted();
    host?.destroy();
    host = createSessionHost({ preload: join(out, 'preload') });
    host.webContents.on('render-process-gone', (_event, details) =>
      reloadHost(`its process ended: ${details.reason}`),
    );
  }

  store.onChanged((change) => tell('rows.changed', change));
  store.onOutboxChanged((account) => sendHost('host.outboxChanged', { account }));
  store.onHolesChanged((account) => sendHost('host.holesChanged', { account }));
  store.onNotices((_account, found) => {
    for (const notice of found) storeNotices.set(notice.id, notice);
    changed();
  });

  protocol.handle(
    APP_SCHEME,
    appProtocol({
      root: join(out, 'renderer'),
      host: 'matchbook',
      connect: () => connectSources(accounts.ready()),
    }),
  );
  lockDown();

  const windowOf = (sender: number) =>
    [...windows].find((window) => window.webContents.id === sender) ?? null;
  openBridge({
    ear: {
      handle: (channel, listener) =>
        ipcMain.handle(channel, (event, payload) => {
          const frame = event.senderFrame;
          return listener(
            {
              sender: event.sender.id,
              isMainFrame: frame !== null && frame === event.sender.mainFrame,
              origin: frame === null ? '' : originOf(frame.url),
            },
            payload,
          );
        }),
    },
    origin: APP_ORIGIN,
    isWindow: (sender) => windowOf(sender) !== null,
    isHost: (sender) => host !== null && !host.isDestroyed() && host.webContents.id === sender,
    windows: windowCalls({
      state,
      dismissNotice: async (id) => {
        await settings.update(({ dismissed }) => {
          if (!dismissed.includes(id)) dismissed.push(id);
        });
        storeNotices.delete(id as Notice['id']);
        changed();
      },
      accounts,
      store,
      supervisor,
      focused: (account, conv) => focus.set(account, conv),
      openLink: (url, sender) =>
        openLink(url, {
          confirm: (message, detail) => confirmIn(windowOf(sender), message, detail),
          open: openOutside,
        }),
      writeClipboard: (text) => clipboard.writeText(text),
    }),
    host: hostCalls({ accounts, store, tokens, supervisor, focus: (account) => focus.get(account) ?? null }),
    log: (message) => log.write(`bridge: ${message}`),
  });

  function openWindow(): BrowserWindow {
    const window = createMainWindow(
      { preload: join(out, 'preload') },
      flags.bounds ?? settings.data.window,
      true,
    );
    windows.add(window);
    window.on('closed', () => windows.delete(window));
    window.on('focus', () => supervisor.signal());
    window.webContents.on('render-process-gone', (_event, details) => {
      log.write(`window: its process ended: ${details.reason}`);
      if (!quitting) window.reload();
    });
    let saving: { cancel(): void } | null = null;
    const keepBounds = () => {
      saving?.cancel();
      saving = setTimer(() => {
        if (window.isDestroyed() || flags.bounds || flags.smoke) return;
        void settings.update((all) => {
          all.window = window.getNormalBounds();
        });
      }, BOUNDS_PAUSE);
    };
    window.on('resize', keepBounds);
    window.on('move', keepBounds);
    return window;
  }

  app.on('second-instance', (_event, argv) => {
    const window = [...windows][0] ?? openWindow();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    const invitation = invitationIn(argv);
    if (invitation) tell('invitation.opened', { invitation });
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const invitation = invitationIn([url]);
    if (invitation) tell('invitation.opened', { invitation });
  });
  app.on('activate', () => {
    if (windows.size === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    // The session host is a window too, so this fires only when that is gone; quitting is decided by the visible ones.
  });
  app.on('browser-window-created', (_event, window) => {
    window.on('closed', () => {
      if (windows.size === 0 && process.platform !== 'darwin' && window !== host && !quitting) app.quit();
    });
  });
  for (const signal of ['resume', 'unlock-screen'] as const)
    powerMonitor.on(signal as 'resume', () => supervisor.signal());
  watchNetwork(() => supervisor.signal());
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu()));

  app.on('before-quit', (event) => {
    if (quitting) return;
    event.preventDefault();
    quitting = true;
    const ended = async () => {
      supervisor.close();
      host?.destroy();
      await store.close();
      await embedded?.stop();
    };
    const limit = new Promise((resolve) => setTimeout(resolve, QUIT_LIMIT));
    void Promise.race([ended(), limit])
      .catch((error: unknown) => log.write(`quit: ${error}`))
      .finally(() => app.exit(exitCode));
  });
  let exitCode = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());

  await accounts.resume();
  if (settings.data.accounts.some((account) => account.embedded)) await startEmbedded(null);
  for (const account of accounts.ready()) await openAccount(account);
  const window = openWindow();
  reloadHost('start');
  const invitation = invitationIn(process.argv);
  if (invitation) window.webContents.once('did-finish-load', () => tell('invitation.opened', { invitation }));

  if (flags.smoke) {
    try {
      const { window: shown, bubble, ack, saved } = await runSmoke(window.webContents, launched);
      const ms = (figure: number) => `${Math.round(figure)} ms`;
      process.stdout.write(
        `smoke: ok window=${ms(shown)} bubble=${ms(bubble)} ack=${ms(ack)} saved=${ms(saved)}\n`,
      );
    } catch (error) {
      process.stdout.write(`smoke: failed: ${error instanceof Error ? error.message : error}\n`);
      exitCode = 1;
    }
    app.quit();
  } else
    await runDemo({
      flags,
      accounts,
      store,
      newId: uuidv7Generator(Date.now, getRandomValues),
      print: (line) => process.stdout.write(`${line}\n`),
      show: (account, conv) => tell('conversation.opened', { account, conv }),
    });
}

function serverLogs(data: string): (name: 'relay' | 'api', line: string) => void {
  const files = {
    relay: new LogFile(join(data, 'logs', 'relay.log')),
    api: new LogFile(join(data, 'logs', 'api.log')),
  };
  return (name, line) => files[name].write(line);
}

/** Electron tells of no change of network, so the one fact it has is watched. */
function watchNetwork(changed: () => void): void {
  const INTERVAL = 5_000;
  let online = net.isOnline();
  setInterval(() => {
    const now = net.isOnline();
    if (now !== online && now) changed();
    online = now;
  }, INTERVAL).unref();
}

function originOf(url: string): string {
  try {
    const { protocol: scheme, host } = new URL(url);
    return `${scheme}//${host}`;
  } catch {
    return '';
  }
}

async function confirmIn(window: BrowserWindow | null, message: string, detail: string): Promise<boolean> {
  if (testOpener()) return true;
  const options = {
    type: 'question' as const,
    message,
    detail,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  };
  const { response } = await (window
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options));
  return response === 0;
}

/** In tests there is no browser to open: the address is printed instead. Never in a packaged app. */
const testOpener = () => !app.isPackaged && process.env.MATCHBOOK_TEST_OPEN === 'log';

async function openOutside(url: string): Promise<void> {
  if (testOpener()) process.stdout.write(`open: ${url}\n`);
  else await shell.openExternal(url);
}

function menu(): Electron.MenuItemConstructorOptions[] {
  return [
    ...(process.platform === 'darwin'
      ? [{ role: 'appMenu' as const }]
      : [{ label: 'Matchbook', submenu: [{ role: 'quit' as const }] }]),
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ];
}
