/** What the desktop shows outside of the windows: notifications, badge, tray, menu bar. */
import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import { DesktopFace } from '../desktop-face.ts';
import { commandOf, desktopEntry, type LoginStart, loginItem } from '../login-start.ts';
import { Ledger } from '../notifications/ledger.ts';
import { NotificationCenter } from '../notifications/notification-center.ts';
import { replyFromOutside } from '../notifications/reply.ts';
import { systemNotifier } from '../notifications/system-notifier.ts';
import { Attention } from '../people/attention.ts';
import { RefusedMessages } from '../people/refused-messages.ts';
import { SessionBus, sessionBusAddress } from '../session-bus/session-bus.ts';
import { everyPage } from '../windows/every-page.ts';
import { AppMenu } from '../windows/menu.ts';
import { DIAGNOSTICS_WINDOW, icon, MAIN_WINDOW } from '../windows/windows.ts';
import type { Accounts, Ground, Line, Outside, Views } from './parts.ts';

function loginStart(): LoginStart {
  if (process.platform !== 'linux') return loginItem(app);
  const profile = app.commandLine.hasSwitch('user-data-dir') ? app.getPath('userData') : null;
  const { isPackaged } = app;
  const sandbox = !app.commandLine.hasSwitch('no-sandbox');
  const command = commandOf({
    isPackaged,
    execPath: process.execPath,
    appPath: app.getAppPath(),
    profile,
    sandbox,
  });
  return desktopEntry({ command, profile });
}

export function outsideRoom(standing: Ground & Views & Line & Accounts): Outside {
  const { launch, preferences, store, newId, log, setTimer } = standing;
  const { windows, diagnosticsWindow, tellMain, openSettings, host, accounts, server } = standing;

  const bus = process.platform === 'linux' ? new SessionBus(sessionBusAddress) : null;
  const ledger = new Ledger({ path: join(launch.profile, 'notifications.db'), now: Date.now, log });
  const attention = new Attention({
    now: Date.now,
    focusedPage: () => {
      const focused = BrowserWindow.getFocusedWindow();
      return focused?.isVisible() && !focused.isMinimized() ? focused.webContents.id : null;
    },
  });
  everyPage((contents) => {
    const page = contents.id;
    contents.on('destroyed', () => attention.gone(page));
  });
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
  const menu = new AppMenu({
    packaged: app.isPackaged,
    settings: openSettings,
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
    ...{ preferences, bus, icon, setTimer, log, openSettings, login: loginStart() },
    accounts: () => accounts.open(),
    count: (account) => store.unread(account),
    now: Date.now,
    hasWindow: () => windows.size > 0,
    open: () => void windows.show(),
    quit: () => app.quit(),
    told: (chosen) => windows.tell('settings.changed', chosen),
    spoken: () => menu.make(),
  });
  const refusedMessages = new RefusedMessages({
    ...{ store, server, setTimer, log, now: Date.now, random: Math.random },
    told: (account, conv) =>
      void center
        .refusedLater(account, conv)
        .catch((error: unknown) => log(`notifications: a message for later: ${error}`)),
  });
  return { bus, ledger, attention, center, refusedMessages, face };
}
