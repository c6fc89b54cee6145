/** Who is signed in where: an account comes, stops, goes on, and goes with all that this computer has of it. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ReadyAccount } from '../accounts/account-list.ts';
import { accountParts } from '../accounts/account-parts.ts';
import { shownState } from '../accounts/stopped-state.ts';
import { StoreDoors } from '../accounts/store-doors.ts';
import { outside } from '../outside.ts';
import { Seen } from '../people/seen.ts';
import { removeFolder } from '../profile/remove-folder.ts';
import type { Accounts, Desktop, Ground, Line, Views } from './parts.ts';

export function accountsRoom(standing: Ground & Views & Line, desktop: Desktop): Accounts {
  const { launch, settings, preferences, secrets, api, pins, store, log, setTimer, sleep } = standing;
  const { windows, conversationWindows, notices, raise, changed } = standing;
  const { ownServers, host, supervisor, proxies } = standing;
  /** By account, since when it does not connect, wall clock ms. */
  const stopped = new Map<string, number>();

  const { list: accounts, ...parts } = accountParts({
    ...{ settings, secrets, api, pins, changed, log, setTimer, sleep },
    letIn: () => ownServers.lan.reachedAt(),
    startEmbedded: (name) => ownServers.start(name),
    deviceName: hostname().slice(0, 80) || 'desktop',
    adopted: async (account, inviter) => {
      await open(account);
      if (inviter) await store.ensureDirect({ account: account.account, peer: inviter });
      connectAnew(account.account);
    },
    introduced: async (account, peer) => void (await store.ensureDirect({ account, peer })),
    resumed: async (account) => {
      connectAnew(account);
      supervisor.reconnect(account);
      await notices.dismiss('secrets-lost');
    },
    moved: (account) => {
      connectAnew(account);
      supervisor.reconnect(account);
    },
    stopped: (account) => {
      stopped.set(account, Date.now());
      connectAnew(account);
      supervisor.forget(account);
    },
    erase: async (account) => {
      conversationWindows.closeAll(account.account);
      await desktop.exports.forget(account.account);
      await desktop.files.closed(account.account);
      await store.closeAccount(account.account);
      // What is on its way to the server may still be noted.
      await removeFolder(join(launch.profile, 'accounts', account.account));
      const others = accounts.ready().filter((one) => one.account !== account.account);
      if (account.embedded && !others.some((one) => one.embedded)) await ownServers.end();
    },
    openInBrowser: (url) => outside(null).open(url),
    now: Date.now,
    uptime: () => performance.now(),
  });

  const sessionOf: Accounts['sessionOf'] = (account) =>
    shownState(
      accounts.faultOf(account) ? 'shut' : accounts.standing(account),
      supervisor.stateOf(account),
      stopped.get(account) ?? launch.started,
    );
  const tellSession = (account: string) =>
    windows.tell('session.changed', { account, state: sessionOf(account) });

  /** An account connects, or does so no more. Of the others nothing ends unless the page may not speak to the server: its policy names them. */
  function connectAnew(account: string): void {
    if (standing.reachesAll()) host.send('host.accountsChanged', null);
    else host.restart('an account was added');
    void proxies.refresh();
    tellSession(account);
  }

  const doors = new StoreDoors({
    ...{ list: accounts, store, raise, log, setTimer },
    mended: (account) => {
      windows.tell('rows.changed', { account, convs: [], list: true });
      windows.tell('outbox.changed', { account });
    },
    opened: async (account) => {
      await settle(account);
      connectAnew(account.account);
      changed();
    },
    shut: (account) => {
      stopped.set(account, Date.now());
      connectAnew(account);
      supervisor.forget(account);
    },
  });
  store.onClosed((account, { store: fault }) => {
    if (fault) doors.closed(account, fault);
  });

  async function open(account: ReadyAccount): Promise<void> {
    if (await doors.open(account)) await settle(account);
  }

  async function settle({ account }: ReadyAccount): Promise<void> {
    const later = (error: unknown) => log(`settling ${account}: ${error}`);
    // What a full disk refuses here is done at the next start: nobody is kept from reading by it.
    await desktop.files.opened(account).catch(later);
    // Here and not at the registration alone: the process may have ended in between.
    await store.ensureDirect({ account, peer: null }).catch(later);
    await desktop.center.opened(account).catch(later);
    desktop.face.unreadChanged();
  }

  const seen = new Seen({
    server: parts.server,
    accounts: () => accounts.active().map(({ account }) => account),
    allowed: () => preferences.all.privacy.lastSeen,
  });
  preferences.onChanged(() => seen.chosen());
  return {
    ...parts,
    ...{ accounts, doors, seen, sessionOf, tellSession },
    openStores: async () => void (await Promise.all(accounts.ready().map((account) => doors.open(account)))),
    settleAccounts: async () => void (await Promise.all(accounts.open().map(settle))),
  };
}
