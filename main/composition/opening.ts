/** The first steps once every part stands: accounts are gone on with, servers and stores start, the window opens. */
import { firstWork } from '../first-work.ts';
import { invitationIn, messageLinkIn } from '../flags.ts';
import { settleHome } from '../profile/profile-home.ts';
import { MAIN_WINDOW } from '../windows/windows.ts';
import type { Desktop } from './parts.ts';

/** @param ending what the exit code is set by */
export async function open(desktop: Desktop, ending: { exitCode: number }): Promise<void> {
  const { launch, settings, store, newId, windows, firstView, conversationWindows, raise } = desktop;
  const { ownServers, host, proxies, accounts, registrations, signOuts, face } = desktop;
  const { flags, launched } = launch;

  if (launch.copied) {
    await settings.update((all) => {
      for (const account of all.accounts) if (account.user !== undefined) account.standing ??= 'copied';
    });
    settleHome(launch.profile);
  }
  // Nothing but the stores, which a window asks at once, comes before the first conversation on screen: every process and every thread more takes its time from that.
  const opening = desktop.openStores();
  const window = windows.adopt(MAIN_WINDOW, launch.first.window);
  launch.first.answer();
  face.apply();
  await opening;
  if (accounts.ready().length === 0) firstView.shown();
  await firstView.awaited();
  const { lost } = await registrations.resume();
  if (lost.length > 0) await raise({ id: 'secrets-lost', detail: lost.map(({ name }) => name).join(', ') });
  // Of a copy they would be the same servers twice: the person decides first.
  if (settings.data.accounts.some(({ embedded, standing }) => embedded && standing !== 'copied'))
    await ownServers.start(null);
  await desktop.settleAccounts();
  // Codes and notices are known by now.
  desktop.changed();
  await signOuts.resume();
  if (!flags.smoke) conversationWindows.restore(accounts.ready().map(({ account }) => account));
  host.restart('start');
  void proxies.refresh();
  void face.lookForTray();
  const link = messageLinkIn(process.argv);
  if (link) windows.tellLoaded(MAIN_WINDOW.id, 'message.opened', { link });
  const invitation = invitationIn(process.argv);
  if (invitation) windows.tellLoaded(MAIN_WINDOW.id, 'invitation.opened', { invitation });

  await firstWork({
    ...{ flags, window, launched, accounts, registrations, store, newId },
    print: (line) => process.stdout.write(`${line}\n`),
    show: (account, conv) => windows.tellOne(MAIN_WINDOW.id, 'conversation.opened', { account, conv }),
    failed: () => {
      ending.exitCode = 1;
    },
  });
}
