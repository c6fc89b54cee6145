/** The sessions' host, who advises it and who watches it; the servers of our own; the way through proxies. */
import { join } from 'node:path';
import { app, net, type Session, session } from 'electron';
import { ConnectionCheck } from '../diagnostics/connection-check.ts';
import { Diagnostics } from '../diagnostics/diagnostics.ts';
import { OwnServers } from '../embedded/own-servers.ts';
import { ConnectionWishes } from '../network/connection-wishes.ts';
import { flaggedProxies, ProxyKeeper, type ProxyRules } from '../network/proxy-keeper.ts';
import { InputActivity } from '../people/input-activity.ts';
import { Presences } from '../people/presences.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { connectSources } from '../windows/app-protocol.ts';
import { SessionHost } from '../windows/session-host.ts';
import { createSessionHost } from '../windows/windows.ts';
import type { Desktop, Ground, Line, Views } from './parts.ts';

export function lineRoom(standing: Ground & Views, desktop: Desktop): Line {
  const { launch, out, settings, secrets, preferences, fetch, network, setTimer, log } = standing;
  const { windows, diagnosticsWindow } = standing;
  const uptime = () => performance.now();

  const ownServers = new OwnServers({
    ...{ settings, secrets, now: Date.now, setTimer },
    directory: join(launch.profile, 'servers'),
    entry: (server) =>
      server === 'front' ? join(out, 'main', 'front.cjs') : join(out, 'servers', server, 'index.js'),
    log: standing.serverLog,
    changed: standing.changed,
    ready: () => supervisor.signal('servers'),
    heard: (words) => diagnostics.life('servers', { words }),
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
    token: (account, refused) => desktop.tokens.get(desktop.accounts.tokenAccount(account), refused),
    askHost: (ref, account) => host.send('host.probe', { ref, account }),
    now: Date.now,
    clock: uptime,
    setTimer,
  });

  const connect = () => connectSources(desktop.accounts.ready());
  /** Servers that the present page of the session host may speak to. */
  let reachable: string[] = [];
  const host = new SessionHost({
    create: () => createSessionHost({ preload: join(out, 'preload') }, network.session),
    started: (reason) => {
      log(`session host: ${reason}`);
      reachable = connect();
      supervisor.hostStarted();
      diagnostics.hostStarted(reason);
    },
  });
  network.onRenewed((reason) => {
    void network.ready().then(() => {
      if (host.page > 0) host.restart(`the network was begun anew: ${reason}`);
    });
  });
  const wishes = new ConnectionWishes({
    ...{ settings, log, supervisor: () => supervisor },
    wanted: () => standing.proxySignIn.wanted(),
  });
  const activity = new InputActivity({
    tell: (active) => {
      // Who is not to be seen is never told as present.
      const hidden = !preferences.all.privacy.lastSeen;
      host.send('host.activity', { active: active && !hidden, hidden });
      // A server that did not hear of the choice is told again by this.
      if (active) desktop.seen.active();
    },
    uptime,
  });
  let hiding = !preferences.all.privacy.lastSeen;
  preferences.onChanged(() => {
    const hidden = !preferences.all.privacy.lastSeen;
    if (hidden === hiding) return;
    hiding = hidden;
    // At once: who chose it is here.
    host.send('host.activity', { active: !hidden, hidden });
  });
  const supervisor = new Supervisor({
    advise: (account, advice) => host.send('host.advice', { account, advice }),
    reloadHost: (reason) => host.restart(reason),
    changed: (account, state) => {
      if (state.kind === 'replaced') desktop.elsewhere(account);
      if (state.kind === 'live') desktop.refusedMessages.stands(account);
      desktop.tellSession(account);
      diagnostics.stateChanged(account, state);
      desktop.center.session(account, state);
    },
    // Once a connection: what waits for its next try is tried at once then, and not with each sign of life.
    connected: (account) => {
      activity.connected();
      desktop.files.uploads.wake();
      desktop.refusedMessages.look(account);
      void desktop.signOuts.flush();
      // A relay that started anew does not know it; that somebody is here is told by their next input alone.
      if (!preferences.all.privacy.lastSeen) host.send('host.activity', { active: false, hidden: true });
    },
    attemptLimit: () => wishes.attemptLimit,
    resting: (account) => wishes.resting(account),
    now: Date.now,
    uptime,
    random: Math.random,
    setTimer,
  });
  const presences = new Presences({
    changed: (account, present) => windows.tell('presence.changed', { account, ...present }),
    elsewhere: (account) => desktop.center.judge.usedElsewhere(account),
    tell: (account, conv, on) => host.send('host.typing', { account, conv, on }),
    allowed: () => preferences.all.privacy.typing,
    now: uptime,
    setTimer,
  });

  /** A session in which nothing else is set: it says what the system says, or the command line. */
  let system: Promise<Session> | null = null;
  const flagged = flaggedProxies((name) => app.commandLine.getSwitchValue(name));
  // Made when it is first asked, which is after the first conversation is on screen.
  const asked = async () => {
    const made = session.fromPartition('system-proxies');
    if (flagged) await made.setProxy(flagged);
    // What was set is on its way still: asked at once, it would say for one server what held before, and for the next one what holds now.
    if (flagged) await made.forceReloadProxyConfig();
    return made;
  };
  /** What the proxies were last found to be; null: as the system says. */
  let named: ProxyRules | null = null;
  const goBy = (one: Session) => one.setProxy(named ?? flagged ?? { mode: 'system' });
  network.equip(async (one) => {
    if (one === session.defaultSession) return;
    await goBy(one);
    // As above: nothing is asked by what held before.
    await one.forceReloadProxyConfig();
  });
  const proxies = new ProxyKeeper({
    resolve: async (url) => {
      system ??= asked();
      return (await system).resolveProxy(url);
    },
    set: async (rules) => {
      named = rules;
      await goBy(network.session);
      supervisor.signal('online');
    },
    // A proxy that the command line names holds for the pages as it is.
    servers: () =>
      flagged?.mode === 'fixed_servers'
        ? []
        : desktop.accounts.ready().flatMap(({ api, relay }) => [relay, api]),
    log,
  });

  standing.proxySignIn.onTold(standing.changed, () => supervisor.signal('online'));

  return {
    ...{ ownServers, host, supervisor, wishes, activity, presences, diagnostics, check, proxies, connect },
    reachesAll: () => connect().every((source) => reachable.includes(source)),
  };
}
