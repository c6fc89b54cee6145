/** What pages may ask of the parts: windows, the session host, the diagnostics window, each its own calls. */
import { join } from 'node:path';
import { APP_ORIGIN } from '@matchbook/protocol/bridge/app';
import { app, clipboard, net } from 'electron';
import { openBridge, type WindowHandlers } from '../bridge/bridge.ts';
import { aboutCalls } from '../calls/about-calls.ts';
import { adminCalls } from '../calls/admin-calls.ts';
import { chosenCalls } from '../calls/chosen-calls.ts';
import { findingCalls } from '../calls/finding-calls.ts';
import { hostCalls } from '../calls/host-calls.ts';
import { peopleCalls } from '../calls/people-calls.ts';
import { preferenceCalls } from '../calls/preference-calls.ts';
import { scheduledCalls } from '../calls/scheduled.ts';
import { windowCalls } from '../calls/window-calls.ts';
import { diagnosticsCalls } from '../diagnostics/diagnostics-calls.ts';
import { askOpen, askSave } from '../diagnostics/log-files.ts';
import { undrawnWords } from '../diagnostics/undrawn-words.ts';
import { versions } from '../diagnostics/versions.ts';
import { fileCalls } from '../files/file-calls.ts';
import { fileDesktop } from '../files/file-desktop.ts';
import { fileResponse } from '../files/file-protocol.ts';
import { openLink } from '../links.ts';
import { outside, placeForFile } from '../outside.ts';
import { RightOfWay } from '../right-of-way.ts';
import { exportUnsent } from '../unsent-export.ts';
import { hearTextMenus } from '../windows/spelling.ts';
import { DIAGNOSTICS_WINDOW, icon, MAIN_WINDOW } from '../windows/windows.ts';
import type { Desktop } from './parts.ts';

/** @returns the same answers for main itself */
export function hearPages(desktop: Desktop): WindowHandlers {
  const { launch, log, windows, diagnosticsWindow, host, files } = desktop;
  /** By account, the conversation that a window shows. */
  const focus = new Map<string, string | null>();

  launch.first.serve({
    connect: desktop.connect,
    files: (request) =>
      fileResponse({ downloads: files.downloads, isOpen: (account) => files.isOpen(account) }, request),
  });
  hearTextMenus((page) => windows.of(page));
  const rightOfWay = new RightOfWay({ now: () => performance.now(), setTimer: desktop.setTimer });
  const answers = callsOfWindows(desktop, focus, rightOfWay);
  openBridge({
    ear: launch.first.ear,
    origin: APP_ORIGIN,
    isWindow: (sender) => windows.of(sender) !== null && !diagnosticsWindow.is(sender),
    isHost: (sender) => host.is(sender),
    isDiagnostics: (sender) => diagnosticsWindow.is(sender),
    windows: answers,
    host: hostCalls({
      ...{ ...desktop, rightOfWay },
      focus: (account) => focus.get(account) ?? null,
      renew: (account, ids) => files.uploads.renew(account, ids),
      released: (account, ids) => {
        for (const id of ids) desktop.center.judge.sent(account, id);
      },
    }),
    diagnostics: callsOfDiagnostics(desktop),
    log: (message) => log(`bridge: ${message}`),
  });
  return answers;
}

function callsOfWindows(
  desktop: Desktop,
  focus: Map<string, string | null>,
  rightOfWay: RightOfWay,
): WindowHandlers {
  const { launch, out, log, store, settings, preferences, newId } = desktop;
  const { windows, conversationWindows, diagnosticsWindow, notices, state } = desktop;
  const { host, supervisor, wishes, presences, accounts, server, sessionOf } = desktop;
  const { files, messageFiles, microphone, exports, center, ledger, attention, face } = desktop;
  const { registrations, signIns, signOuts, own } = desktop;
  const list = accounts;
  return windowCalls({
    ...{ state, store, supervisor, wishes, sessionOf, presences, messageFiles, exports, rightOfWay },
    proxySignIn: desktop.proxySignIn,
    accounts: { list, registrations, signIns, signOuts, own },
    usable: () => {
      desktop.firstView.shown();
      desktop.figures.usable(launch.first.usableAt() ?? Date.now());
    },
    measured: (what, ms) => desktop.figures.measured(what, ms),
    undrawn: (what, sender) => {
      const { line, words } = undrawnWords(what);
      log(`window ${sender}: ${line}`);
      desktop.diagnostics.life('undrawn', { words });
    },
    letIn: (on, address) => desktop.ownServers.letIn(on, address),
    dismissNotice: (id) => notices.dismiss(id),
    shows: (account, conv, sender) => {
      focus.set(account, conv);
      if (windows.of(sender) === windows.get(MAIN_WINDOW.id))
        accounts.shown(account, conv).catch((error: unknown) => log(`settings: ${error}`));
    },
    openStore: (account, aside) => desktop.doors.again(account, aside),
    draftChanged: ({ account, conv }, sender) =>
      windows.tellOthers(sender, 'draft.changed', { account, conv }),
    giveUpUploads: (account) => files.uploads.giveUp(account),
    isWindow: (sender) => windows.of(sender) !== null,
    begunChanged: (words, sender) => windows.tellOthers(sender, 'begun.changed', words),
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
    files: fileCalls({
      ...{ files, store, microphone },
      desktop: fileDesktop({ window: (sender) => windows.of(sender), icon }),
      trayChanged: (address, sender) => windows.tellOthers(sender, 'files.tray', address),
      chosen: (files, sender) => windows.tellSender(sender, 'files.chosen', files),
    }),
    scheduled: scheduledCalls({
      ...{ server, files },
      trayChanged: (address) => windows.tell('files.tray', address),
      changed: (account) => desktop.refusedMessages.look(account),
    }),
    about: aboutCalls({
      versions: versions(app.getVersion()),
      logs: join(launch.profile, 'logs'),
      licences: join(out, 'licences'),
      store,
      accounts: () => accounts.open(),
      page: (sender) => windows.of(sender)?.webContents ?? null,
    }),
    admin: adminCalls(server),
    chosen: chosenCalls({ store, server }),
    finding: findingCalls({ server, settings, now: Date.now }),
    people: peopleCalls({
      ...{ store, server },
      reachedAt: (account) => desktop.reachedAt(accounts.get(account)),
    }),
    preferences: preferenceCalls({
      ...{ preferences, center, ledger, attention },
      facts: () => face.facts,
      openAtLogin: (on) => face.openAtLogin(on),
      mute: (account, conv, value) => {
        const append = { id: newId(), kind: 'mute', value };
        return store.append({ account, conv, append });
      },
    }),
  });
}

function callsOfDiagnostics(desktop: Desktop): ReturnType<typeof diagnosticsCalls> {
  const { store, preferences, windows, host, wishes, diagnostics, check, ownServers, accounts, face } =
    desktop;
  return diagnosticsCalls({
    ...{ diagnostics, check },
    accounts: () => accounts.ready(),
    account: (account) => accounts.get(account),
    depths: (account) => store.depths(account).catch(() => null),
    conversations: (account) => store.listConversations(account),
    sessionOf: (account) => desktop.sessionOf(account),
    reconnect: async (account) => {
      // What keeps it from connecting is decided where it is told.
      if (accounts.faultOf(account) || accounts.standing(account) !== 'active') windows.show();
      else await wishes.reconnect(account);
    },
    rest: (account) => wishes.rest(account),
    restartHost: (reason) => host.restart(reason),
    isOnline: () => net.isOnline(),
    embedded: () => ownServers.state,
    figures: () => desktop.figures.told(diagnostics.caughtUp()),
    preferences: () => ({ ...preferences.all, facts: face.facts }),
    versions: versions(app.getVersion()),
    now: Date.now,
    writeClipboard: (text) => clipboard.writeText(text),
    askSave: (name) => askSave(name, windows.get(DIAGNOSTICS_WINDOW.id)),
    askOpen: () => askOpen(windows.get(DIAGNOSTICS_WINDOW.id)),
  });
}
