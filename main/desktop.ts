/** The desktop: every part, and who knows whom. */
import { getRandomValues } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { APP_ORIGIN, APP_SCHEME } from '@matchbook/protocol/bridge/app';
import type { AppState, Notice } from '@matchbook/protocol/bridge/views';
import { HistoryPage } from '@matchbook/protocol/http/history';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import {
  app,
  BrowserWindow,
  clipboard,
  ipcMain,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  session,
} from 'electron';
import { aboutCalls } from './about-calls.ts';
import type { ReadyAccount } from './accounts/account-list.ts';
import { accountParts } from './accounts/account-parts.ts';
import { shownState } from './accounts/stopped-state.ts';
import { adminCalls } from './admin-calls.ts';
import { ApiClient, type Fetch } from './api-client.ts';
import { appProtocol, connectSources } from './app-protocol.ts';
import { Attention } from './attention.ts';
import { openBridge } from './bridge.ts';
import { callerOf } from './caller.ts';
import { ConnectionWishes } from './connection-wishes.ts';
import { ConversationWindows } from './conversation-windows.ts';
import { DesktopFace } from './desktop-face.ts';
import { ConnectionCheck } from './diagnostics/connection-check.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { diagnosticsCalls } from './diagnostics/diagnostics-calls.ts';
import { DiagnosticsWindow } from './diagnostics/diagnostics-window.ts';
import { keepPlots } from './diagnostics/kept-file.ts';
import { askOpen, askSave } from './diagnostics/log-files.ts';
import { versions } from './diagnostics/versions.ts';
import { OwnServers } from './embedded/own-servers.ts';
import { Exports } from './export/exports.ts';
import { fileCalls } from './files/file-calls.ts';
import { askFolder, fileDesktop, revealFile } from './files/file-desktop.ts';
import { fileParts } from './files/file-parts.ts';
import { fileResponse } from './files/file-protocol.ts';
import { MessageFiles } from './files/message-files.ts';
import { findingCalls } from './finding-calls.ts';
import { firstWork } from './first-work.ts';
import { type Flags, invitationIn, messageLinkIn } from './flags.ts';
import { GroupTeacher } from './group-teacher.ts';
import { hostCalls } from './host-calls.ts';
import { InputActivity } from './input-activity.ts';
import { keepsHistory } from './kept-history.ts';
import { endInOrder, hearOpenings, hearPower } from './lifecycle.ts';
import { openLink } from './links.ts';
import { openLocalStore, type StoreThread } from './local-store/local-store.ts';
import { LogFile } from './log-file.ts';
import { AppMenu, hearDiagnosticsKeys } from './menu.ts';
import { Microphone } from './microphone.ts';
import { watchNetwork } from './network-watch.ts';
import { Notices } from './notices.ts';
import { Ledger } from './notifications/ledger.ts';
import { NotificationCenter } from './notifications/notification-center.ts';
import { replyFromOutside } from './notifications/reply.ts';
import { systemNotifier } from './notifications/system-notifier.ts';
import { OpenWindows } from './open-windows.ts';
import { outside, placeForFile } from './outside.ts';
import { peopleCalls } from './people-calls.ts';
import { preferenceCalls } from './preference-calls.ts';
import { Preferences } from './preferences.ts';
import { Presences } from './presences.ts';
import { settleHome } from './profile-home.ts';
import { flaggedProxies, ProxyKeeper } from './proxy-keeper.ts';
import { scheduledCalls } from './scheduled.ts';
import { Secrets } from './secrets.ts';
import { Seen } from './seen.ts';
import { ServerRequests } from './server-requests.ts';
import { SessionBus, sessionBusAddress } from './session-bus/session-bus.ts';
import { SessionHost } from './session-host.ts';
import { keepBounds, openSettings } from './settings.ts';
import { hearTextMenus } from './spelling.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { exportUnsent } from './unsent-export.ts';
import { windowCalls } from './window-calls.ts';
import { DIAGNOSTICS_WINDOW, icon, lockDown, MAIN_WINDOW } from './windows.ts';

/** The built app. */
const out = join(import.meta.dirname, '..');

export interface Launch {
  flags: Flags;
  /** Folder of everything that is kept. */
  profile: string;
  /** The files of this profile were copied from another one, and nobody has said yet what becomes of it. */
  copied: boolean;
  /** When the process began, and when its start was asked for, wall clock ms. */
  started: number;
  launched: number;
  olderRuntime: boolean;
}

/** Puts the parts together and opens the window. Once a process. */
export async function openDesktop({
  flags,
  profile: data,
  copied,
  launched,
  started,
  olderRuntime,
}: Launch): Promise<void> {
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
  const store = openLocalStore({
    directory: join(data, 'accounts'),
    spawn: () => new Worker(join(out, 'main', 'local-store-worker.js')) as StoreThread,
    historyBytes: settings.data.storage.historyBytes,
  });
  const ownServers = new OwnServers({
    ...{ settings, secrets, now: Date.now, setTimer },
    directory: join(data, 'servers'),
    builds: join(out, 'servers'),
    log: (server, line) => logs[server].write(line),
    changed: () => changed(),
    ready: () => supervisor.signal('servers'),
    heard: (words) => diagnostics.life('servers', { words }),
  });
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
  /** By account, since when it does not connect. */
  const stopped = new Map<string, number>();
  /** Servers that the present page of the session host may speak to. */
  let reachable: string[] = [];

  const state = (): AppState => ({
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    accounts: accounts.ready().map((account) => accounts.summary(account)),
    notices: notices.present(),
    embedded: ownServers.state,
    recovery: registrations.recoveryCodes(),
    current: settings.data.current,
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
    input: (type) => {
      activity.input(type);
      attention.input();
    },
    closed: (id) => conversationWindows.closed(id),
    lastClosed: () => {
      if (process.platform !== 'darwin' && !face.staysHidden) app.quit();
    },
    log,
    now: Date.now,
    setTimer,
  });
  const conversationWindows = new ConversationWindows({ windows, settings, log });
  const host = new SessionHost({
    pages: { preload: join(out, 'preload') },
    started: (reason) => {
      log(`session host: ${reason}`);
      reachable = connect();
      supervisor.hostStarted();
      diagnostics.hostStarted(reason);
    },
  });
  const wishes = new ConnectionWishes({ settings, supervisor: () => supervisor, log });
  const activity = new InputActivity({
    tell: (active) => {
      // Who is not to be seen here is never told as present.
      const shown = active && preferences.all.privacy.lastSeen;
      host.send('host.activity', { active: shown });
      // A server that did not hear of the choice is told again by this.
      if (active) seen.active();
    },
    uptime: () => performance.now(),
  });
  const supervisor = new Supervisor({
    advise: (account, advice) => host.send('host.advice', { account, advice }),
    reloadHost: (reason) => host.restart(reason),
    changed: (account, session) => {
      if (session.kind === 'replaced') elsewhere(account);
      if (session.kind === 'live') files.uploads.wake();
      if (session.kind === 'live') void signOuts.flush();
      else activity.forgotten();
      tellSession(account);
      diagnostics.stateChanged(account, session);
      center.session(account, session);
    },
    attemptLimit: () => wishes.attemptLimit,
    resting: (account) => wishes.resting(account),
    now: Date.now,
    uptime: () => performance.now(),
    random: Math.random,
    setTimer,
  });

  const {
    list: accounts,
    tokens,
    registrations,
    signIns,
    signOuts,
    own,
    elsewhere,
  } = accountParts({
    ...{ settings, secrets, api, changed, log, setTimer },
    startEmbedded: (name) => ownServers.start(name),
    deviceName: hostname().slice(0, 80) || 'desktop',
    adopted: async (account, inviter) => {
      await openAccount(account);
      if (inviter) await store.ensureDirect({ account: account.account, peer: inviter });
      accountsChanged(account.account);
    },
    introduced: async (account, peer) => void (await store.ensureDirect({ account, peer })),
    resumed: async (account) => {
      accountsChanged(account);
      supervisor.reconnect(account);
      await notices.dismiss('secrets-lost');
    },
    stopped: (account) => {
      stopped.set(account, Date.now());
      accountsChanged(account);
      supervisor.forget(account);
    },
    erase: async (account) => {
      conversationWindows.closeAll(account.account);
      files.closed(account.account);
      await store.closeAccount(account.account);
      await rm(join(data, 'accounts', account.account), { recursive: true, force: true });
      const others = accounts.ready().filter((one) => one.account !== account.account);
      if (account.embedded && !others.some((one) => one.embedded)) await ownServers.end();
    },
    openInBrowser: (url) => outside(null).open(url),
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const sessionOf = (account: string) =>
    shownState(accounts.standing(account), supervisor.stateOf(account), stopped.get(account) ?? started);
  const tellSession = (account: string) =>
    windows.tell('session.changed', { account, state: sessionOf(account) });

  /** A session in which nothing else is set: it says what the system says, or the command line. */
  const system = session.fromPartition('system-proxies');
  const flagged = flaggedProxies((name) => app.commandLine.getSwitchValue(name));
  const asked = flagged ? system.setProxy(flagged) : Promise.resolve();
  const proxies = new ProxyKeeper({
    resolve: (url) => asked.then(() => system.resolveProxy(url)),
    set: async (rules) => {
      await session.defaultSession.setProxy(rules ?? flagged ?? { mode: 'system' });
      supervisor.signal('online');
    },
    servers: () => accounts.ready().flatMap(({ api, relay }) => [relay, api]),
    log,
  });

  /** An account connects, or does so no more. Of the others nothing ends unless the page may not speak to the server: its policy names them. */
  function accountsChanged(account: string): void {
    if (connect().every((source) => reachable.includes(source))) host.send('host.accountsChanged', null);
    else host.restart('an account was added');
    void proxies.refresh();
    tellSession(account);
  }

  async function openAccount({ account, user, device }: ReadyAccount): Promise<void> {
    await raise(...(await store.openAccount({ account, user, device })));
    await files.opened(account);
    // Here and not at the registration alone: the process may have ended in between.
    await store.ensureDirect({ account, peer: null });
    await center.opened(account);
    face.unreadChanged();
  }

  const newId = uuidv7Generator(Date.now, getRandomValues);
  const preferences = new Preferences(settings);
  const files = fileParts({
    ...{ accounts, tokens, api, store, newId, log, setTimer },
    directory: join(data, 'accounts'),
    limit: () => preferences.all.storage.keptBytes,
    transfersChanged: (account, transfers) => windows.tell('files.transfers', { account, transfers }),
    savingChanged: (saving) => windows.tell('files.saving', saving),
    reveal: revealFile,
    now: Date.now,
    clock: () => performance.now(),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  preferences.onChanged(() => void files.shelf.evict());
  const messageFiles = new MessageFiles({
    ...{ files, store, log },
    trayChanged: (address) => windows.tell('files.tray', address),
  });
  const microphone = new Microphone();
  const server = new ServerRequests({ api, tokens, list: accounts });
  const seen = new Seen({
    server,
    accounts: () => accounts.active().map(({ account }) => account),
    allowed: () => preferences.all.privacy.lastSeen,
  });
  preferences.onChanged(() => seen.chosen());
  const groupTeacher = new GroupTeacher({ store, server, setTimer });
  const exports = new Exports({
    ...{ store, log, reveal: revealFile, now: Date.now },
    account: (account) => accounts.get(account),
    fetchEntries: async (account, conv, from, to) => {
      const { token } = await tokens.get(accounts.tokenAccount(account), false);
      const path = `/api/conversations/${conv}/entries?from=${from}&to=${to}`;
      return api.get(accounts.get(account).api, path, HistoryPage, token);
    },
    file: (account, hash, signal) => files.downloads.whole(account, hash, undefined, signal),
    askFolder: (sender) => askFolder(windows.of(sender)),
    changed: (state) => windows.tell('export.changed', state),
  });
  const presences = new Presences({
    changed: (account, present) => windows.tell('presence.changed', { account, ...present }),
    tell: (account, conv, on) => host.send('host.typing', { account, conv, on }),
    allowed: () => preferences.all.privacy.typing,
    now: () => performance.now(),
    setTimer,
  });
  const bus = process.platform === 'linux' ? new SessionBus(sessionBusAddress) : null;
  const ledger = new Ledger({ path: join(data, 'notifications.db'), now: Date.now, log });
  const attention = new Attention({
    now: Date.now,
    focusedPage: () => {
      const focused = BrowserWindow.getFocusedWindow();
      return focused?.isVisible() && !focused.isMinimized() ? focused.webContents.id : null;
    },
  });
  app.on('web-contents-created', (_event, contents) => {
    const page = contents.id;
    contents.on('destroyed', () => attention.gone(page));
  });
  /** What a page must be told that may still be loading. */
  const tellMain = (tell: () => void) => {
    const { webContents } = windows.show();
    if (webContents.isLoading()) webContents.once('did-finish-load', tell);
    else tell();
  };
  const center = new NotificationCenter({
    ...{ store, ledger, preferences, log, now: Date.now },
    notifier: systemNotifier({ bus, icon, setTimer }),
    onScreen: (account, conv) => attention.onScreen(account, conv),
    usedHere: () => attention.usedHere,
    open: (account, conv) =>
      tellMain(() => {
        if (conv !== null) windows.tellOne(MAIN_WINDOW.id, 'conversation.opened', { account, conv });
      }),
    reply: (account, conv, text) => replyFromOutside(store, { account, conv, id: newId(), text }),
    markRead: (account, conv, n) => store.markRead({ account, conv, n }),
    playSound: () => host.send('host.sound', null),
  });
  const openSettingsDialog = () => tellMain(() => windows.tellOne(MAIN_WINDOW.id, 'settings.opened', null));
  const menu = new AppMenu({
    packaged: app.isPackaged,
    settings: openSettingsDialog,
    diagnostics: () => diagnosticsWindow.open(),
    chosen: (id) => {
      const focused = BrowserWindow.getFocusedWindow();
      const page = focused ? windows.idOf(focused) : null;
      const inFront = page !== null && page !== DIAGNOSTICS_WINDOW.id ? page : MAIN_WINDOW.id;
      if (inFront === page) windows.tellOne(page, 'shortcut.chosen', { id });
      else tellMain(() => windows.tellOne(MAIN_WINDOW.id, 'shortcut.chosen', { id }));
    },
  });
  const face = new DesktopFace({
    ...{ preferences, bus, icon, setTimer, log, openSettings: openSettingsDialog },
    accounts: () => accounts.ready(),
    count: (account) => store.unread(account),
    hasWindow: () => windows.size > 0,
    open: () => void windows.show(),
    quit: () => app.quit(),
    told: (chosen) => windows.tell('settings.changed', chosen),
    spoken: () => menu.make(),
  });
  keepsHistory({ preferences, store, log });

  store.onChanged((change) => {
    windows.tell('rows.changed', change);
    center.changed(change.account, change.convs);
    if (change.list) face.unreadChanged();
    if (change.list) groupTeacher.look(change.account);
  });
  store.onOutboxChanged((account) => {
    host.send('host.outboxChanged', { account });
    windows.tell('outbox.changed', { account });
    void files.uploads.look(account);
  });
  store.onDraftsChanged((account, convs) => {
    for (const conv of convs) windows.tell('draft.changed', { account, conv });
  });
  store.onHolesChanged((account) => host.send('host.holesChanged', { account }));
  store.onNotices((_account, found) => void raise(...found));

  const connect = () => connectSources(accounts.ready());
  protocol.handle(
    APP_SCHEME,
    appProtocol({
      ...{ root: join(out, 'renderer'), host: 'matchbook', connect },
      files: (request) =>
        fileResponse({ downloads: files.downloads, isOpen: (account) => files.isOpen(account) }, request),
    }),
  );
  lockDown(microphone);
  hearTextMenus((page) => windows.of(page));
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
      accounts: { list: accounts, registrations, signIns, signOuts, own },
      store,
      supervisor,
      wishes,
      sessionOf,
      shows: (account, conv, sender) => {
        focus.set(account, conv);
        if (windows.of(sender) === windows.get(MAIN_WINDOW.id))
          accounts.shown(account, conv).catch((error: unknown) => log(`settings: ${error}`));
      },
      draftChanged: ({ account, conv }, sender) =>
        windows.tellOthers(sender, 'draft.changed', { account, conv }),
      showConversation: (address) => conversationWindows.show(address),
      openLink: (url, sender) => openLink(url, outside(windows.of(sender))),
      writeClipboard: (text) => clipboard.writeText(text),
      showDiagnostics: () => diagnosticsWindow.open(),
      exportUnsent: (account, sender) =>
        exportUnsent(
          { store, now: Date.now, choose: (name) => placeForFile(windows.of(sender), name) },
          accounts.get(account),
        ),
      sendNow: (account) => {
        host.send('host.outboxChanged', { account, now: true });
        files.uploads.wake();
        if (['waiting', 'offline'].includes(supervisor.stateOf(account).kind)) supervisor.reconnect(account);
      },
      messageFiles,
      exports,
      files: fileCalls({
        ...{ files, store, microphone },
        desktop: fileDesktop({ window: (sender) => windows.of(sender), icon }),
        trayChanged: (address, sender) => windows.tellOthers(sender, 'files.tray', address),
      }),
      scheduled: scheduledCalls({ api, tokens, list: accounts }),
      about: aboutCalls({
        versions: versions(app.getVersion()),
        logs: join(data, 'logs'),
        licences: join(out, 'licences'),
        store,
        accounts: () => accounts.ready(),
        page: (sender) => windows.of(sender)?.webContents ?? null,
      }),
      admin: adminCalls(server),
      finding: findingCalls({ server, settings, now: Date.now }),
      people: peopleCalls({ store, server }),
      presences,
      preferences: preferenceCalls({
        ...{ preferences, center, ledger, attention },
        facts: () => face.facts,
        mute: (account, conv, value) => {
          const append = { id: newId(), kind: 'mute', value };
          return store.append({ account, conv, append });
        },
      }),
    }),
    host: hostCalls({
      ...{ accounts, store, tokens, supervisor, fetch, diagnostics, check, presences },
      focus: (account) => focus.get(account) ?? null,
      released: (account, ids) => {
        for (const id of ids) center.judge.sent(account, id);
      },
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
      embedded: () => ownServers.state,
      preferences: () => ({ ...preferences.all, facts: face.facts }),
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
    invited: (invitation) => windows.tellOne(MAIN_WINDOW.id, 'invitation.opened', { invitation }),
    ledTo: (link) => tellMain(() => windows.tellOne(MAIN_WINDOW.id, 'message.opened', { link })),
  });
  hearPower(powerMonitor, {
    woke: () => {
      supervisor.signal('resume');
      void proxies.refresh();
    },
    unlocked: () => supervisor.signal('unlock'),
    left: () => activity.left(),
    heard: (what) => diagnostics.life(what),
  });
  watchNetwork({
    isOnline: () => net.isOnline(),
    interfaces: networkInterfaces,
    back: () => {
      supervisor.signal('online');
      void proxies.refresh();
      void signOuts.flush();
      files.uploads.wake();
    },
    changed: () => {
      supervisor.signal('network');
      void proxies.refresh();
    },
    heard: (what) => diagnostics.life(what),
    repeat: (work, interval) => setInterval(work, interval).unref(),
  });
  hearDiagnosticsKeys(() => diagnosticsWindow.open());
  const writePlots = await keepPlots({
    path: join(data, 'diagnostics.json'),
    diagnostics,
    now: Date.now,
    repeat: (work, interval) => setInterval(work, interval).unref(),
    log,
  });
  const ending = endInOrder({
    begin: () => {
      windows.close();
      center.close();
      face.close();
    },
    stop: async () => {
      await writePlots();
      supervisor.close();
      groupTeacher.close();
      signOuts.close();
      signIns.cancel();
      host.close();
      files.close();
      await exports.close();
      await store.close();
      ledger.close();
      bus?.close();
      await ownServers.stop();
    },
    log,
  });

  if (copied) {
    await settings.update((all) => {
      for (const account of all.accounts) if (account.user !== undefined) account.standing ??= 'copied';
    });
    settleHome(data);
  }
  const { lost } = await registrations.resume();
  if (lost.length > 0) await raise({ id: 'secrets-lost', detail: lost.map(({ name }) => name).join(', ') });
  // Of a copy they would be the same servers twice: the person decides first.
  if (settings.data.accounts.some(({ embedded, standing }) => embedded && standing !== 'copied'))
    await ownServers.start(null);
  // The window's process starts while the stores open; what it asks waits behind that in the store's line.
  const opening = Promise.all(accounts.ready().map(openAccount));
  const window = windows.open();
  await opening;
  await signOuts.resume();
  if (!flags.smoke) conversationWindows.restore(accounts.ready().map(({ account }) => account));
  host.restart('start');
  void proxies.refresh();
  face.apply();
  window.webContents.once('did-finish-load', () => void face.lookForTray());
  const message = messageLinkIn(process.argv);
  if (message)
    window.webContents.once('did-finish-load', () =>
      windows.tellOne(MAIN_WINDOW.id, 'message.opened', { link: message }),
    );
  const invitation = invitationIn(process.argv);
  if (invitation)
    window.webContents.once('did-finish-load', () =>
      windows.tellOne(MAIN_WINDOW.id, 'invitation.opened', { invitation }),
    );

  await firstWork({
    ...{ flags, window, launched, accounts, registrations, store, newId },
    print: (line) => process.stdout.write(`${line}\n`),
    show: (account, conv) => windows.tellOne(MAIN_WINDOW.id, 'conversation.opened', { account, conv }),
    failed: () => {
      ending.exitCode = 1;
    },
  });
}
