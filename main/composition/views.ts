/** The windows, and what is told in all of them. */
import { join } from 'node:path';
import type { Notice } from '@matchbook/protocol/bridge/views';
import { app } from 'electron';
import { DiagnosticsWindow } from '../diagnostics/diagnostics-window.ts';
import { Figures } from '../diagnostics/figures.ts';
import { processUse } from '../diagnostics/process-use.ts';
import { Notices } from '../notices.ts';
import { keepBounds } from '../profile/settings.ts';
import { ConversationWindows } from '../windows/conversation-windows.ts';
import { OpenWindows } from '../windows/open-windows.ts';
import { DIAGNOSTICS_WINDOW, MAIN_WINDOW } from '../windows/windows.ts';
import type { Desktop, Ground, Views } from './parts.ts';

export function viewsRoom(ground: Ground, desktop: Desktop): Views {
  const { settings, secrets, setTimer, log } = ground;
  const { flags, profile, olderRuntime } = ground.launch;

  const figures = new Figures({
    born: ground.launch.launched,
    now: Date.now,
    processes: () =>
      processUse(app.getAppMetrics(), {
        host: desktop.host.pid,
        servers: desktop.ownServers.pids,
      }),
  });
  const windows = new OpenWindows({
    pages: { preload: join(ground.out, 'preload') },
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
    focused: () => desktop.supervisor.signal('focus'),
    input: (type) => {
      desktop.activity.input(type);
      desktop.attention.input();
    },
    closed: (id) => conversationWindows.closed(id),
    seen: (window, on) => (on ? figures.shown(window) : figures.unseen(window)),
    lastClosed: () => {
      if (process.platform !== 'darwin' && !desktop.face.staysHidden) app.quit();
    },
    log,
    now: Date.now,
    setTimer,
  });
  const conversationWindows = new ConversationWindows({ windows, settings, log });
  const diagnosticsWindow = new DiagnosticsWindow({
    get: () => windows.get(DIAGNOSTICS_WINDOW.id),
    show: () => windows.show(DIAGNOSTICS_WINDOW),
    gone: () => desktop.diagnostics.showContents(false),
  });

  const state: Views['state'] = () => ({
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    accounts: desktop.accounts.ready().map((account) => desktop.accounts.summary(account)),
    notices: notices.present(),
    embedded: desktop.ownServers.state,
    recovery: desktop.registrations.recoveryCodes(),
    current: settings.data.current,
    ...(ground.proxySignIn.question ? { proxy: ground.proxySignIn.question } : {}),
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
      if (desktop.accounts.ready().length > 0 && !secrets.sealed)
        facts.push({ id: 'plain-secrets', detail: join(profile, 'secrets') });
      if (olderRuntime) facts.push({ id: 'older-runtime', detail: process.versions.electron ?? '' });
      return facts;
    },
  });
  const tellMain: Views['tellMain'] = (tell) => {
    const { webContents } = windows.show();
    if (webContents.isLoading()) webContents.once('did-finish-load', tell);
    else tell();
  };
  return {
    ...{ figures, windows, conversationWindows, diagnosticsWindow, notices, state, changed, tellMain },
    raise: (...found) => notices.raise(...found).catch((error: unknown) => log(`notices: ${error}`)),
    openSettings: () => tellMain(() => windows.tellOne(MAIN_WINDOW.id, 'settings.opened', null)),
  };
}
