/** What happens and who must hear of it: in the store, on this computer, around it. And how everything ends. */
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { net, powerMonitor } from 'electron';
import type { WindowHandlers } from '../bridge/bridge.ts';
import { keepPlots } from '../diagnostics/kept-file.ts';
import { endInOrder, hearOpenings, hearPower } from '../lifecycle.ts';
import { watchNetwork } from '../network/network-watch.ts';
import { hearDiagnosticsKeys } from '../windows/menu.ts';
import { MAIN_WINDOW } from '../windows/windows.ts';
import { lastPlace, lastView } from './last-view.ts';
import type { Desktop } from './parts.ts';

/** Rows that changed: views, sessions and notifications follow the store. */
export function hearStore(desktop: Desktop): void {
  const { store, windows, host, center, face, groupTeacher, files, raise } = desktop;
  store.onChanged((change) => {
    windows.tell('rows.changed', change);
    center.changed(change.account, change.convs);
    if (change.list) face.unreadChanged();
    if (change.list) groupTeacher.look(change.account);
  });
  store.onOutboxChanged((account) => {
    host.send('host.outboxChanged', { account });
    windows.tell('outbox.changed', { account });
    desktop.refusedMessages.outboxChanged(account);
    void files.uploads.look(account);
  });
  store.onDraftsChanged((account, convs) => {
    for (const conv of convs) windows.tell('draft.changed', { account, conv });
  });
  store.onHolesChanged((account) => host.send('host.holesChanged', { account }));
  store.onNotices((_account, found) => void raise(...found));
}

/** A second start, sleep, the network, the keys that are heard in every window. */
export function hearComputer(desktop: Desktop): void {
  const { windows, diagnosticsWindow, tellMain, supervisor, activity, diagnostics, proxies } = desktop;
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
      void desktop.signOuts.flush();
      desktop.files.uploads.wake();
    },
    changed: () => {
      desktop.proxySignIn.networkChanged();
      supervisor.signal('network');
      void proxies.refresh();
    },
    heard: (what) => diagnostics.life(what),
    repeat,
  });
  hearDiagnosticsKeys(() => diagnosticsWindow.open());
}

/** @returns what the exit code is set by */
export async function settleEnding(desktop: Desktop, answers: WindowHandlers): Promise<{ exitCode: number }> {
  const { launch, log, windows, diagnostics, center, face } = desktop;
  const writePlots = await keepPlots({
    path: join(launch.profile, 'diagnostics.json'),
    ...{ diagnostics, now: Date.now, repeat, log },
  });
  return endInOrder({
    begin: () => {
      windows.close();
      center.close();
      face.close();
    },
    stop: async () => {
      await writePlots();
      desktop.supervisor.close();
      desktop.groupTeacher.close();
      desktop.refusedMessages.close();
      desktop.signOuts.close();
      desktop.doors.close();
      desktop.signIns.cancel();
      desktop.host.close();
      await desktop.files.close();
      await desktop.exports.close();
      const place = await lastPlace(desktop, answers);
      const keep = place && lastView(desktop, answers, place);
      await desktop.store.close();
      desktop.ledger.close();
      desktop.bus?.close();
      await desktop.ownServers.stop();
      await keep?.();
    },
    log,
  });
}

const repeat = (work: () => void, interval: number) => void setInterval(work, interval).unref();
