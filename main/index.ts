/** The desktop's main process: puts its parts together. */
import { getRandomValues } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { APP_ORIGIN, APP_SCHEME } from '@matchbook/protocol/bridge/app';
import type { AppState, Notice } from '@matchbook/protocol/bridge/views';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { app, clipboard, dialog, ipcMain, net, powerMonitor, protocol, safeStorage } from 'electron';
import { Accounts, type ReadyAccount } from './accounts.ts';
import { ApiClient, type Fetch } from './api-client.ts';
import { appProtocol, connectSources } from './app-protocol.ts';
import { openBridge } from './bridge.ts';
import { callerOf } from './caller.ts';
import { ConnectionWishes } from './connection-wishes.ts';
import { runDemo } from './demo.ts';
import { ConnectionCheck } from './diagnostics/connection-check.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { diagnosticsCalls } from './diagnostics/diagnostics-calls.ts';
import { DiagnosticsWindow } from './diagnostics/diagnostics-window.ts';
import { keepPlots } from './diagnostics/kept-file.ts';
import { askOpen, askSave } from './diagnostics/log-files.ts';
import { versions } from './diagnostics/versions.ts';
import { apiAddress, EmbeddedServers } from './embedded/embedded-servers.ts';
import { keptPlan } from './embedded/plan.ts';
import { freePort } from './embedded/ports.ts';
import { startUtilityServer } from './embedded/utility-server.ts';
import { invitationIn, readFlags } from './flags.ts';
import { hostCalls } from './host-calls.ts';
import { InputActivity } from './input-activity.ts';
import { endInOrder, hearOpenings, hearPower } from './lifecycle.ts';
import { openLink } from './links.ts';
import { openLocalStore, type StoreThread } from './local-store/local-store.ts';
import { LogFile } from './log-file.ts';
import { hearDiagnosticsKeys, setMenu } from './menu.ts';
import { watchNetwork } from './network-watch.ts';
import { Notices } from './notices.ts';
import { OpenWindows } from './open-windows.ts';
import { outside } from './outside.ts';
import { Secrets } from './secrets.ts';
import { SessionHost } from './session-host.ts';
import { keepBounds, openSettings } from './settings.ts';
import { runSmoke, smokeLine } from './smoke.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { AccessTokens } from './tokens.ts';
import { windowCalls } from './window-calls.ts';
import { DIAGNOSTICS_WINDOW, lockDown, MAIN_WINDOW } from './windows.ts';

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
  const logs = {
    main: new LogFile(join(data, 'logs', 'main.log')),
    relay: new LogFile(join(data, 'logs', 'relay.log')),
    api: new LogFile(join(data, 'logs', 'api.log')),
  };
  const log = (line: string) => logs.main.write(line);
  process.on('uncaughtException', (error) => log(`uncaught: ${error.stack}`));
  process.on('unhandledRejection', (error) =>
    log(`unhandled: ${error instanceof Error ? error.stack : error}`),
  );
  const setTimer = (work: () => void, delay: number) => {
    const timer = setTimeout(work, delay);
    return { cancel: () => clearTimeout(timer) };
  };

  const settings = await openSettings(join(data, 'settings.json'));
  const secrets = new Secrets(join(data, 'secrets'), safeStorage);
  const fetch: Fetch = (url, options) => net.fetch(url, options as never);
  const api = new ApiClient(fetch);
  const tokens = new AccessTokens(api, secrets, Date.now);
  const store = openLocalStore({
    directory: join(data, 'accounts'),
    spawn: () => new Worker(join(out, 'main', 'local-store-worker.js')) as StoreThread,
  });
  let embedded: EmbeddedServers | null = null;
  const diagnosticsWindow = new DiagnosticsWindow({
    get: () => windows.get(DIAGNOSTICS_WINDOW.id),
    show: () => windows.show(DIAGNOSTICS_WINDOW),
    gone: () => diagnostics.showContents(false),
  });
  const diagnostics = new Diagnostics({
    now: Date.now,
    setTimer,
    news: (last) => diagnosticsWindow.tell('diagnostics.news', { last }),
    changed: () => diagnosticsWindow.tell('diagnostics.changed', null),
    wantContents: (on) => host.send('host.contents', { on }),
  });
  const check = new ConnectionCheck({
    fetch,
    isOnline: () => net.isOnline(),
    token: (account) => tokens.get(accounts.tokenAccount(account), false),
    askHost: (ref, account) => host.send('host.probe', { ref, account }),
    now: Date.now,
    clock: () => performance.now(),
    setTimer,
  });
  /** By account, the conversation that a window shows. */
  const focus = new Map<string, string | null>();

  const state = (): AppState => ({
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    accounts: accounts.ready().map((account) => accounts.summary(account)),
    notices: notices.present(),
    embedded: embedded?.state ?? null,
    recovery: accounts.recoveryCodes(),
  });
  const changed = () => {
    windows.tell('app.changed', state());
    diagnosticsWindow.tell('diagnostics.changed', null);
  };

  const notices = new Notices({
    settings,
    changed,
    facts: () => {
      const facts: Notice[] = [];
      if (app.commandLine.hasSwitch('no-sandbox')) facts.push({ id: 'no-sandbox', detail: '' });
      if (accounts.ready().length > 0 && !secrets.sealed)
        facts.push({ id: 'plain-secrets', detail: join(data, 'secrets') });
      if (olderRuntime) facts.push({ id: 'older-runtime', detail: process.versions.electron ?? '' });
      return facts;
    },
  });
  const raise: Notices['raise'] = (...found) =>
    notices.raise(...found).catch((error: unknown) => log(`notices: ${error}`));

  const windows = new OpenWindows({
    pages: { preload: join(out, 'preload') },
    bounds: (id) =>
      id === MAIN_WINDOW.id
        ? (flags.bounds ?? settings.data.window)
        : (settings.data.windows.find((one) => one.id === id)?.bounds ?? null),
    keepBounds:
      flags.bounds || flags.smoke
        ? null
        : (id, bounds) => {
            settings
              .update((all) => keepBounds(all, id, bounds))
              .catch((error: unknown) => log(`bounds: ${error}`));
          },
    focused: () => supervisor.signal('focus'),
    input: (type) => activity.input(type),
    closed: () => {},
    lastClosed: () => {
      if (process.platform !== 'darwin') app.quit();
    },
    log,
    now: Date.now,
    setTimer,
  });
  const host = new SessionHost({
    pages: { preload: join(out, 'preload') },
    started: (reason) => {
      log(`session host: ${reason}`);
      supervisor.hostStarted();
      diagnostics.hostStarted(reason);
    },
  });
  const wishes = new ConnectionWishes({ settings, supervisor: () => supervisor, log });
  const activity = new InputActivity({
    tell: (active) => host.send('host.activity', { active }),
    uptime: () => performance.now(),
  });
  const supervisor = new Supervisor({
    advise: (account, advice) => host.send('host.advice', { account, advice }),
    reloadHost: (reason) => host.restart(reason),
    changed: (account, session) => {
      windows.tell('session.changed', { account, state: session });
      diagnostics.stateChanged(account, session);
      if (session.kind !== 'live') activity.forgotten();
    },
    attemptLimit: () => wishes.attemptLimit,
    resting: (account) => wishes.resting(account),
    now: Date.now,
    uptime: () => performance.now(),
    random: Math.random,
    setTimer,
  });

  const accounts = new Accounts({
    settings,
    secrets,
    api,
    tokens,
    deviceName: hostname().slice(0, 80) || 'desktop',
    startEmbedded,
    adopted: async (account, inviter) => {
      await openAccount(account);
      if (inviter) await store.ensureDirect({ account: account.account, peer: inviter });
      // The policy of the session host's page names its servers: a new server needs a new page.
      host.restart('an account was added');
    },
    recovered: async (account) => {
      supervisor.reconnect(account);
      await notices.dismiss('secrets-lost');
    },
    changed,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  async function openAccount({ account, user, device }: ReadyAccount): Promise<void> {
    await raise(...(await store.openAccount({ account, user, device })));
    // Here and not at the registration alone: the process may have ended in between.
    await store.ensureDirect({ account, peer: null });
  }

  async function startEmbedded(name: string | null): Promise<{ api: string; firstAccountSecret: string }> {
    const plan = await keptPlan(
      { settings, secrets, freePort: (taken) => freePort(Math.random, taken) },
      name,
    );
    if (!embedded) {
      embedded = new EmbeddedServers({
        plan,
        directory: join(data, 'servers'),
        inherited: process.env,
        startProcess: (server, env) =>
          startUtilityServer(server, join(out, 'servers', server, 'index.js'), env),
        log: (server, line) => logs[server].write(line),
        changed,
        ready: () => supervisor.signal('servers'),
        now: Date.now,
        setTimer,
      });
      embedded.start();
    }
    return { api: apiAddress(plan), firstAccountSecret: plan.firstAccountSecret };
  }

  store.onChanged((change) => windows.tell('rows.changed', change));
  store.onOutboxChanged((account) => host.send('host.outboxChanged', { account }));
  store.onHolesChanged((account) => host.send('host.holesChanged', { account }));
  store.onNotices((_account, found) => void raise(...found));

  const connect = () => connectSources(accounts.ready());
  protocol.handle(APP_SCHEME, appProtocol({ root: join(out, 'renderer'), host: 'matchbook', connect }));
  lockDown();
  openBridge({
    ear: {
      handle: (channel, listener) =>
        ipcMain.handle(channel, (event, payload) => listener(callerOf(event), payload)),
    },
    origin: APP_ORIGIN,
    isWindow: (sender) => windows.of(sender) !== null && !diagnosticsWindow.is(sender),
    isHost: (sender) => host.is(sender),
    isDiagnostics: (sender) => diagnosticsWindow.is(sender),
    windows: windowCalls({
      state,
      dismissNotice: (id) => notices.dismiss(id),
      accounts,
      store,
      supervisor,
      wishes,
      focused: (account, conv) => focus.set(account, conv),
      openLink: (url, sender) => openLink(url, outside(windows.of(sender))),
      writeClipboard: (text) => clipboard.writeText(text),
      showDiagnostics: () => diagnosticsWindow.open(),
    }),
    host: hostCalls({
      ...{ accounts, store, tokens, supervisor, fetch, diagnostics, check },
      focus: (account) => focus.get(account) ?? null,
    }),
    diagnostics: diagnosticsCalls({
      diagnostics,
      check,
      accounts: () => accounts.ready(),
      account: (account) => accounts.get(account),
      depths: (account) => store.depths(account).catch(() => null),
      conversations: (account) => store.listConversations(account),
      reconnect: (account) => wishes.reconnect(account),
      rest: (account) => wishes.rest(account),
      restartHost: (reason) => host.restart(reason),
      isOnline: () => net.isOnline(),
      embedded: () => embedded?.state ?? null,
      versions: versions(app.getVersion()),
      now: Date.now,
      writeClipboard: (text) => clipboard.writeText(text),
      askSave: (name) => askSave(name, windows.get(DIAGNOSTICS_WINDOW.id)),
      askOpen: () => askOpen(windows.get(DIAGNOSTICS_WINDOW.id)),
    }),
    log: (message) => log(`bridge: ${message}`),
  });

  hearOpenings({
    show: () => windows.show(),
    hasWindow: () => windows.size > 0,
    invited: (invitation) => windows.tell('invitation.opened', { invitation }),
  });
  hearPower(powerMonitor, {
    woke: () => supervisor.signal('resume'),
    unlocked: () => supervisor.signal('unlock'),
    left: () => activity.left(),
    heard: (what) => diagnostics.life(what),
  });
  watchNetwork({
    isOnline: () => net.isOnline(),
    interfaces: networkInterfaces,
    back: () => supervisor.signal('online'),
    changed: () => supervisor.signal('network'),
    heard: (what) => diagnostics.life(what),
    repeat: (work, interval) => setInterval(work, interval).unref(),
  });
  setMenu({ packaged: app.isPackaged, diagnostics: () => diagnosticsWindow.open() });
  hearDiagnosticsKeys(() => diagnosticsWindow.open());
  const writePlots = await keepPlots({
    path: join(data, 'diagnostics.json'),
    diagnostics,
    now: Date.now,
    repeat: (work, interval) => setInterval(work, interval).unref(),
    log,
  });
  const ending = endInOrder({
    begin: () => windows.close(),
    stop: async () => {
      await writePlots();
      supervisor.close();
      host.close();
      await store.close();
      await embedded?.stop();
    },
    log,
  });

  const { lost } = await accounts.resume();
  if (lost.length > 0) await raise({ id: 'secrets-lost', detail: lost.map(({ name }) => name).join(', ') });
  if (settings.data.accounts.some((account) => account.embedded)) await startEmbedded(null);
  for (const account of accounts.ready()) await openAccount(account);
  const window = windows.open();
  host.restart('start');
  const invitation = invitationIn(process.argv);
  if (invitation)
    window.webContents.once('did-finish-load', () => windows.tell('invitation.opened', { invitation }));

  if (flags.smoke) {
    const { line, passed } = await runSmoke(window.webContents, launched).then(
      (figures) => ({ line: smokeLine(figures), passed: true }),
      (error: unknown) => ({
        line: `smoke: failed: ${error instanceof Error ? error.message : error}`,
        passed: false,
      }),
    );
    process.stdout.write(`${line}\n`);
    if (!passed) ending.exitCode = 1;
    app.quit();
  } else
    await runDemo({
      flags,
      accounts,
      store,
      newId: uuidv7Generator(Date.now, getRandomValues),
      print: (line) => process.stdout.write(`${line}\n`),
      show: (account, conv) => windows.tell('conversation.opened', { account, conv }),
    });
}
