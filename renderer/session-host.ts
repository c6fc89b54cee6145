/**
 * The session host: a page without a window that holds the sessions of all accounts, so that closing, wedging or reloading a window ends
 * nothing. Main starts it, advises it, and reloads it when it reports no progress.
 */
import { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import type { HostAccount, HostBridge } from '@matchbook/protocol/bridge/host';
import { peekType } from '@matchbook/protocol/codec';
import type { DownFrame, Presence, TypingDown } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { SessionState } from '@matchbook/protocol/session-state';
import { Confirms } from './inbox/confirms.ts';
import { HoleFiller } from './inbox/hole-filler.ts';
import { Inbox } from './inbox/inbox.ts';
import { Outbox } from './outbox/outbox.ts';
import { ConnectionLog, LogOutlet } from './session/connection-log.ts';
import { httpBase } from './session/http-transport.ts';
import { probeRelay } from './session/relay-probe.ts';
import { Session } from './session/session.ts';
import type { Socket } from './session/session-parts.ts';
import { steadyClock } from './session/steady-clock.ts';

/** One pulse drives every timeout; main hears of progress at every second one. */
const PULSE = 1_000;
const FETCH_LIMIT = 15_000;
/** By HTTP nobody says by themselves what became of entries at the API: it is asked for so often, in pulses. */
const SAVED_PULSES = 30;

const clock = steadyClock(
  () => performance.now(),
  () => Date.now(),
);

class AccountSession {
  readonly account: string;
  /** WebSocket address of the relay. */
  readonly relay: string;
  /** Who connects where. */
  readonly #place: string;
  readonly session: Session;
  readonly outbox: Outbox;
  readonly holes: HoleFiller;
  #inbox: Inbox;
  #confirms: Confirms;
  #bridge: HostBridge;
  #pulses = 0;

  constructor(bridge: HostBridge, held: HostAccount, outlet: LogOutlet, changed: () => void) {
    const { account, user, device, relay, api, cursor, restarted } = held;
    this.#place = placeOf(held);
    this.relay = relay;
    this.account = account;
    this.#bridge = bridge;
    const log = new ConnectionLog(outlet, account);
    const session = new Session(
      {
        device,
        cursor,
        restarted,
        url: `${relay}?id=${encodeURIComponent(user)}`,
        httpBase: httpBase(relay),
        openSocket: (url, protocol) => new WebSocket(url, protocol) as Socket,
        fetch: (url, options) => fetch(url, options),
        fetchToken: (refused) => bridge.call('host.token', { account, refused }),
        explain: async () => {
          const outcome = await bridge.call('host.reach', { account });
          return outcome.ok ? outcome.value : null;
        },
        ...{ clock, log, random: Math.random },
      },
      {
        bulk: (text) => this.#bulk(text),
        frame: (frame) => this.#frame(frame),
        live: () => this.#live(),
        lost: () => this.#lost(),
        changed,
      },
    );
    this.session = session;
    const parts = {
      account,
      bridge,
      send: session.send.bind(session),
      giveUpConnection: session.giveUpConnection.bind(session),
      now: clock.now,
    };
    this.outbox = new Outbox({
      ...parts,
      wall: clock.wall,
      // A request has an end of its own.
      doubtConnection: () => {
        if (session.transport === 'socket') session.advise({ kind: 'probe' });
      },
      connection: () => (session.isLive ? session.generation : null),
    });
    this.#confirms = new Confirms((upTo) => session.send({ t: 'confirm', upTo }), clock.now);
    this.#inbox = new Inbox({
      ...parts,
      confirms: this.#confirms,
      stored: session.stored.bind(session),
      holes: () => void this.holes.wake(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    this.holes = new HoleFiller({
      ...parts,
      api,
      isLive: () => session.isLive,
      take: (text, stored) => this.#inbox.take(text, stored),
      heard: (dir, text, ms) => log.frame(dir, 'rest', text, ms === undefined ? {} : { ms }),
      failed: (words) => log.life({ type: 'refused', words }),
      fetch: fetchJson,
    });
  }

  /** False where the account is another device now, or its server at another address. */
  isAt(told: HostAccount | undefined): boolean {
    return told !== undefined && placeOf(told) === this.#place;
  }

  tick(): void {
    this.session.tick();
    this.outbox.tick();
    this.holes.tick();
    this.#confirms.tick();
    if (++this.#pulses % SAVED_PULSES === 0 && this.session.transport === 'http') void this.#askSaved();
  }

  #bulk(text: string): void {
    if (peekType(text) !== 'page') return this.#inbox.take(text);
    const ref = Number(/"ref":(\d+)/.exec(text.slice(0, 60))?.[1] ?? -1);
    this.#inbox.take(text, () => this.holes.stored(ref));
  }

  #frame(frame: DownFrame): void {
    if (frame.t === 'welcome') this.#confirms.begin(frame.limits);
    else if (frame.t === 'ack') void this.outbox.acked(frame);
    else if (frame.t === 'nack') void this.outbox.nacked(frame);
    else if (frame.t === 'saved')
      void this.#bridge.call('host.saved', { account: this.account, items: frame.items as never });
    else if (frame.t === 'error') void this.holes.refused(frame);
    else if (frame.t === 'typing' || frame.t === 'presence') this.#hear(false, [frame]);
  }

  #hear(fresh: boolean, frames: (Presence | TypingDown)[]): void {
    void this.#bridge.call('host.heard', { account: this.account, fresh, frames: frames as never });
  }

  #live(): void {
    void this.outbox.wake();
    void this.holes.wake();
    void this.#askSaved();
  }

  #lost(): void {
    // Who is there now is not known any more.
    this.#hear(true, []);
    this.outbox.lost();
    this.#inbox.lost();
    this.holes.lost();
  }

  /** What the API took while this device was away. */
  async #askSaved(): Promise<void> {
    const outcome = await this.#bridge.call('host.unsaved', { account: this.account });
    if (outcome.ok && outcome.value.ids.length > 0)
      this.session.send({ t: 'status', ids: outcome.value.ids });
  }
}

const placeOf = ({ user, device, relay, api }: HostAccount) => JSON.stringify([user, device, relay, api]);

async function fetchJson(url: string, token: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(FETCH_LIMIT),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

class SessionHost {
  #bridge: HostBridge;
  #accounts = new Map<string, AccountSession>();
  #log: LogOutlet;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
    this.#log = new LogOutlet({
      bridge,
      now: () => clock.wall(clock.now()),
      steady: clock.now,
      later: (work, delay) => void setTimeout(work, delay),
    });
  }

  start(): void {
    const of = (account: string) => this.#accounts.get(account);
    this.#bridge.on('host.contents', ({ on }) => {
      this.#log.contents = on;
    });
    this.#bridge.on('host.typing', ({ account, conv, on }) => {
      of(account)?.session.send({ t: 'typing', conv, on });
    });
    this.#bridge.on('host.probe', ({ ref, account }) => void this.#probe(ref, of(account)));
    this.#bridge.on('host.advice', ({ account, advice }) => {
      of(account)?.session.advise(advice);
      // The end of a doubt is not put off to the next pulse: somebody waits for it.
      if (advice.kind === 'probe') setTimeout(() => of(account)?.session.tick(), LIMITS.probeTimeout + 10);
    });
    this.#bridge.on('host.outboxChanged', ({ account, now }) => {
      const outbox = of(account)?.outbox;
      void (now ? outbox?.now() : outbox?.wake());
    });
    // What the person does, and nothing else: a connection that came back says nothing about them.
    this.#bridge.on('host.activity', ({ active, hidden }) => {
      for (const { session } of this.#accounts.values()) session.send({ t: 'activity', active, hidden });
    });
    this.#bridge.on('host.holesChanged', ({ account }) => void of(account)?.holes.wake());
    this.#bridge.on('host.sound', () => {
      // Without a sound device there is none; the notification is there all the same.
      new Audio('/sounds/message.wav').play().catch(() => {});
    });
    this.#bridge.on('host.accountsChanged', () => void this.#adoptAccounts());
    void this.#adoptAccounts();
    let pulse = 0;
    setInterval(() => {
      for (const account of this.#accounts.values()) account.tick();
      if (++pulse % 2 === 0) this.#report();
    }, PULSE);
  }

  async #adoptAccounts(): Promise<void> {
    const outcome = await this.#bridge.call('host.accounts', {});
    if (!outcome.ok) return;
    const told = new Map(outcome.value.map((one) => [one.account, one]));
    for (const [account, held] of this.#accounts) {
      const now = told.get(account);
      if (held.isAt(now)) continue;
      held.session.close();
      this.#accounts.delete(account);
      // Something of the one before it may still arrive at the relay.
      if (now) told.set(account, { ...now, restarted: true });
    }
    for (const [account, one] of told)
      if (!this.#accounts.has(account))
        this.#accounts.set(account, new AccountSession(this.#bridge, one, this.#log, () => this.#report()));
    this.#report();
  }

  async #probe(ref: number, account: AccountSession | undefined): Promise<void> {
    const open = (url: string, protocol: string) => new WebSocket(url, protocol) as Socket;
    const results = account ? await probeRelay(account.relay, open, performance.now.bind(performance)) : [];
    await this.#bridge.call('host.probed', { ref, results: results as never });
  }

  #report(): void {
    const states: { account: string; state: SessionState }[] = [];
    for (const { account, session } of this.#accounts.values())
      states.push({ account, state: session.state });
    void this.#bridge.call('host.progress', { states: states as never });
  }
}

const bridge = (globalThis as Record<string, unknown>)[BRIDGE_GLOBAL] as HostBridge;
new SessionHost(bridge).start();
