/**
 * A device and its relay in simulated time: the real supervisor, session, outbox and inbox, over a network that does as it is told. The relay is a
 * log in memory that speaks the protocol of docs/protocol.md as far as a session needs it.
 */
import type { HostBridge, OutboxItem } from '@matchbook/protocol/bridge/host';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import { Supervisor } from '../../main/supervisor/supervisor.ts';
import { Clock } from '../../main/testing/clock.ts';
import { Confirms } from '../../renderer/inbox/confirms.ts';
import { Inbox } from '../../renderer/inbox/inbox.ts';
import { Outbox } from '../../renderer/outbox/outbox.ts';
import { Session } from '../../renderer/session/session.ts';
import type { Socket } from '../../renderer/session/session-parts.ts';
import { steadyClock } from '../../renderer/session/steady-clock.ts';

/**
 * `refused`: nothing listens. `hole`: nothing comes back, and nobody says so. `no-sockets`: upgrades are refused, HTTP passes. `cut`: sockets are
 * cut a second after they opened. `frozen`: heartbeats and pongs pass, data does not.
 */
export type Network = 'open' | 'refused' | 'hole' | 'no-sockets' | 'cut' | 'frozen';

const ACCOUNT = 'account';
const CONV = 'c';
const HEARTBEAT = 20_000;
const cursorOf = (seq: number) => String(seq).padStart(34, 'A');
const seqOf = (cursor: string | null) => (cursor ? Number(cursor.replace(/^A+/, '')) : 0);

interface LogEntry {
  seq: number;
  id: string;
  own: boolean;
}

interface SimulatedSocket extends Socket {
  heard(text: string): void;
  end(code: number): void;
}

export class SessionWorld {
  readonly clock = new Clock();
  readonly settings = { attemptLimit: 12, resting: false };
  network: Network = 'open';
  /** Uptime since which nothing gets through, or null. */
  darkSince: number | null = null;
  /** The relay's. */
  readonly log: LogEntry[] = [];
  /** Ids as this device stored them. */
  readonly rows: string[] = [];
  /** What the windows were told. */
  readonly told: SessionState[] = [];
  readonly faults: string[] = [];
  readonly supervisor: Supervisor;
  /** Advice that gets lost on its way. */
  losing = 0;
  #items: OutboxItem[] = [];
  #frozen = new Set<string>();
  #composed: string[] = [];
  #cursor: string | null = null;
  #host: { session: Session; outbox: Outbox; confirms: Confirms } | null = null;
  #line: SimulatedSocket | null = null;
  /** Answers the poll that waits. */
  #poll: { cursor: number; answer: (frames: object[] | number) => void } | null = null;
  #sent = 0;
  #open = new Set<SimulatedSocket>();
  /** Sockets on which nothing comes or goes any more, and no side knows. */
  #deaf = new Set<SimulatedSocket>();
  /** Requests on such lines: never answered. */
  #deafRequests = 0;
  /** Sockets that were opened so far. */
  dials = 0;
  #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    // No log is empty: who may speak was registered in it.
    this.#take('p0', false);
    this.supervisor = new Supervisor({
      advise: (_account, advice) => {
        if (this.losing > 0) this.losing -= 1;
        else this.#advise(advice);
      },
      reloadHost: () => this.startHost(),
      changed: (_account, state) => this.told.push(state),
      connected: () => {},
      attemptLimit: () => this.settings.attemptLimit,
      resting: () => this.settings.resting,
      now: this.clock.now,
      uptime: this.clock.monotonic,
      random,
      setTimer: this.clock.setTimer,
    });
    this.#repeat(1_000, () => this.#pulse());
    this.#repeat(2_000, () => this.#report());
    this.#repeat(HEARTBEAT, () => this.#heartbeat());
    this.startHost();
  }

  get state(): SessionState {
    return this.#host!.session.state;
  }

  get waiting(): number {
    return this.#items.length;
  }

  get composed(): readonly string[] {
    return this.#composed;
  }

  /** All of the log is here, and nothing waits. */
  get complete(): boolean {
    return this.#items.length === 0 && this.rows.length === this.log.length;
  }

  close(): void {
    this.supervisor.close();
  }

  /** A new host on what is stored: as after a crash. */
  startHost(): void {
    this.#host?.session.close();
    this.supervisor.hostStarted();
    const clock = steadyClock(this.clock.monotonic, this.clock.now);
    const bridge = {
      call: async (name: string, request: never) => ({ ok: true, value: this.#store(name, request) }),
      on: () => () => {},
    } as unknown as HostBridge;
    const session: Session = new Session(
      {
        device: 'd1',
        cursor: this.#cursor,
        restarted: this.#host !== null,
        url: 'ws://relay/ws',
        httpBase: 'http://relay',
        openSocket: () => this.#openSocket(),
        fetch: (url, options) => this.#fetch(url, options),
        fetchToken: async () => ({ ok: true, value: { token: 'token', expires: 0 } }),
        explain: async () => null,
        clock,
        random: () => 0.5,
        log: { frame: () => {}, life: () => {}, request: () => {}, secret: () => {} },
      },
      {
        bulk: (text) => inbox.take(text),
        frame: (frame) => {
          if (frame.t === 'ack') void outbox.acked(frame);
          else if (frame.t === 'nack') void outbox.nacked(frame);
        },
        live: () => void outbox.wake(),
        lost: () => {
          outbox.lost();
          inbox.lost();
        },
        changed: () => this.#report(),
      },
    );
    const parts = {
      account: ACCOUNT,
      bridge,
      send: session.send.bind(session),
      giveUpConnection: session.giveUpConnection.bind(session),
      now: clock.now,
    };
    const outbox = new Outbox({
      ...parts,
      wall: clock.wall,
      doubtConnection: () => {
        if (session.transport === 'socket') session.advise({ kind: 'probe' });
      },
      connection: () => (session.isLive ? session.generation : null),
    });
    const confirms = new Confirms((upTo) => session.send({ t: 'confirm', upTo }), clock.now);
    const inbox: Inbox = new Inbox({
      ...parts,
      confirms,
      stored: session.stored.bind(session),
      holes: () => {},
      sleep: async () => {},
    });
    this.#host = { session, outbox, confirms };
    this.#report();
  }

  #advise(advice: Advice): void {
    const host = this.#host;
    host?.session.advise(advice);
    // As the session host does: the end of a doubt is not put off to the next pulse.
    if (advice.kind === 'probe') this.clock.setTimer(() => host?.session.tick(), LIMITS.probeTimeout + 10);
  }

  compose(): void {
    const id = `i${this.#composed.length + 1}`;
    this.#composed.push(id);
    const append = { kind: 'message', body: { type: 'text/plain', text: id } } as const;
    this.#items.push({ id, conv: CONV, place: this.#composed.length, frozen: false, append });
    void this.#host?.outbox.wake();
  }

  peerSays(): void {
    this.#take(`p${this.log.length}`, false);
    this.#deliver();
  }

  become(network: Network): void {
    this.network = network;
    // Frozen is not dark: heartbeats say where the head is.
    const dark = network === 'refused' || network === 'hole';
    this.darkSince = dark ? (this.darkSince ?? this.clock.uptime) : null;
    if (network === 'refused') this.breakAll();
    if (network === 'cut' || network === 'no-sockets') for (const one of this.#open) one.end(1006);
    // What was held back arrives.
    if (network === 'open') this.#deliver();
  }

  breakAll(): void {
    for (const one of this.#open) one.end(1006);
    this.#poll?.answer(0);
  }

  /**
   * The machine stands still: timers fall due late. What was connected is closed by the time it wakes, or dead without knowing it, or goes on.
   * @param counts its monotonic clock went on meanwhile
   */
  sleep(ms: number, counts: boolean, lines: 'closed' | 'deaf' | 'whole'): void {
    if (lines === 'closed') this.breakAll();
    if (lines === 'deaf') {
      for (const one of this.#open) this.#deaf.add(one);
      if (this.#line) this.#line = null;
      this.#deafRequests += 1;
      this.#poll = null;
    }
    this.clock.sleep(ms, counts);
  }

  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      this.clock.advance(Math.min(500, left));
      await this.#settle();
    }
  }

  // ---- the device's store ----

  #store(name: string, request: { ids?: string[]; items?: { id: string }[]; raws?: Uint8Array[] }): unknown {
    switch (name) {
      case 'host.outbox':
        return [...this.#items];
      case 'host.release':
        for (const id of request.ids!) this.#frozen.add(id);
        return { ids: request.ids!.filter((id) => this.#items.some((one) => one.id === id)) };
      case 'host.acked':
        this.#items = this.#items.filter((one) => !request.items!.some(({ id }) => id === one.id));
        return null;
      case 'host.store': {
        let items = 0;
        for (const raw of request.raws!) items += this.#storeFrame(raw);
        return { upTo: this.#cursor, items, arrived: [], holes: false };
      }
      default:
        return null;
    }
  }

  #storeFrame(raw: Uint8Array): number {
    const frame = JSON.parse(new TextDecoder().decode(raw)) as { items: { id: string }[]; upTo: string };
    for (const { id } of frame.items) {
      if (this.rows.includes(id)) continue;
      this.rows.push(id);
      this.#items = this.#items.filter((one) => one.id !== id);
    }
    if (seqOf(frame.upTo) < seqOf(this.#cursor)) this.faults.push('I9: the cursor went back');
    if (this.rows.length < seqOf(frame.upTo)) this.faults.push('I8: the cursor passed what is not stored');
    this.#cursor = frame.upTo;
    return frame.items.length;
  }

  // ---- the relay ----

  #take(id: string, own: boolean): void {
    if (this.log.some((one) => one.id === id)) return;
    this.log.push({ seq: this.log.length + 1, id, own });
  }

  #append(items: { id: string }[]): { id: string }[] {
    for (const { id } of items) {
      if (!this.#frozen.has(id)) this.faults.push(`${id} was sent before it was frozen`);
      this.#take(id, true);
    }
    return items.map(({ id }) => ({ id }));
  }

  #entries(after: number): object[] {
    const items = this.log.slice(after).map(({ id }) => ({ id }));
    return [{ t: 'entries', items, upTo: cursorOf(this.log.length) }];
  }

  get #head(): object {
    return { head: cursorOf(this.log.length), time: 0 };
  }

  #deliver(): void {
    if (this.network === 'open' && this.#line && this.#sent < this.log.length) {
      const [frame] = this.#entries(this.#sent);
      this.#sent = this.log.length;
      this.#line.heard(JSON.stringify(frame));
    }
    if (this.#poll && this.#httpPasses && this.#poll.cursor < this.log.length)
      this.#poll.answer([...this.#entries(this.#poll.cursor), { t: 'heartbeat', ...this.#head }]);
  }

  #heartbeat(): void {
    if (this.network !== 'hole') this.#line?.heard(JSON.stringify({ t: 'heartbeat', ...this.#head }));
  }

  get #httpPasses(): boolean {
    return this.network === 'open' || this.network === 'no-sockets' || this.network === 'cut';
  }

  // ---- the network ----

  #openSocket(): Socket {
    const socket: SimulatedSocket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => this.#fromDevice(socket, text),
      close: () => this.#gone(socket),
      heard: (text) => {
        if (!this.#deaf.has(socket)) socket.onmessage?.({ data: text });
      },
      end: (code) => {
        const told = socket.onclose;
        this.#gone(socket);
        told?.({ code, reason: '' });
      },
    };
    this.#open.add(socket);
    this.dials += 1;
    if (this.#open.size > 1) this.faults.push('two sockets at once');
    const { network } = this;
    if (network === 'hole') return socket;
    this.clock.setTimer(() => {
      if (!this.#open.has(socket) || this.#deaf.has(socket)) return;
      if (network === 'refused' || network === 'no-sockets') return socket.end(1006);
      socket.onopen?.();
      if (network === 'cut') this.clock.setTimer(() => socket.end(1006), 1_000);
    }, 20);
    return socket;
  }

  #gone(socket: SimulatedSocket): void {
    this.#open.delete(socket);
    this.#deaf.delete(socket);
    if (this.#line === socket) this.#line = null;
  }

  #fromDevice(socket: SimulatedSocket, text: string): void {
    if (
      !this.#open.has(socket) ||
      this.#deaf.has(socket) ||
      this.network === 'hole' ||
      this.network === 'refused'
    )
      return;
    const frame = JSON.parse(text) as {
      t: string;
      cursor: string | null;
      at: number;
      items: { id: string }[];
    };
    const answer = (down: object) =>
      this.clock.setTimer(() => {
        if (this.#open.has(socket) && this.network !== 'hole') socket.heard(JSON.stringify(down));
      }, 20);
    switch (frame.t) {
      case 'hello':
        // The newer one of a device counts.
        this.#poll?.answer(409);
        this.#line?.end(4409);
        this.#line = socket;
        this.#sent = seqOf(frame.cursor);
        answer({
          t: 'welcome',
          protocol: 1,
          session: 's',
          user: 'u',
          device: 'd1',
          time: 0,
          heartbeat: HEARTBEAT,
          ticket: 't',
          ticketExpires: 600_000,
          resume: 'cursor',
          limits: { frameBytes: 1, bodyBytes: 1, batchItems: 1, creditEntries: 256, creditBytes: 1_000_000 },
        });
        this.clock.setTimer(() => {
          this.#deliver();
          // It learns at once whether it is complete.
          if (this.#line === socket) this.#heartbeat();
        }, 40);
        return;
      case 'ping':
        answer({ t: 'pong', at: frame.at, ...this.#head });
        return;
      case 'append': {
        const items = this.#append(frame.items);
        if (this.network !== 'frozen') answer({ t: 'ack', conv: CONV, items });
        this.clock.setTimer(() => this.#deliver(), 30);
        return;
      }
      default:
    }
  }

  async #fetch(url: string, { signal, body }: RequestInit): Promise<Response> {
    const aborted = new Promise<never>((_, reject) => {
      if (signal?.aborted) reject(new Error('aborted'));
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
    aborted.catch(() => {});
    if (signal?.aborted) return await aborted;
    if (this.network === 'refused') throw new TypeError('Failed to fetch');
    if (!this.#httpPasses) return await aborted;
    if (url.endsWith('/send-message')) {
      const { items } = JSON.parse(String(body)) as { items: { id: string }[] };
      const late = this.#random() < 0.3;
      const take = () => this.#append(items).map((one) => ({ ...one, ok: true }));
      // Some arrive after the device has given the request up: the relay takes them all the same.
      const answered = new Promise<object[]>((resolve) => {
        this.clock.setTimer(
          () => {
            const taken = take();
            this.#deliver();
            resolve(taken);
          },
          late ? 3_000 : 20,
        );
      });
      return Response.json({ conv: CONV, items: await Promise.race([answered, aborted]) });
    }
    const line = this.#deafRequests;
    const query = new URL(url).searchParams;
    const cursor = seqOf(query.get('cursor'));
    const wait = Math.max(2, Number(query.get('wait'))) * 1_000;
    const answered = new Promise<object[] | number>((resolve) => {
      const arrive = () => {
        if (line !== this.#deafRequests) return;
        // The newer one of a device counts, even where the device does not want it any more.
        this.#line?.end(4409);
        this.#poll?.answer(409);
        this.#poll = { cursor, answer: resolve };
        this.#deliver();
        this.clock.setTimer(() => {
          if (this.#httpPasses && line === this.#deafRequests) resolve([{ t: 'heartbeat', ...this.#head }]);
        }, wait);
      };
      this.clock.setTimer(arrive, this.#random() < 0.2 ? 300 : 20);
    });
    const frames = await Promise.race([answered, aborted]);
    if (frames === 0) throw new TypeError('Failed to fetch');
    if (frames === 409)
      return Response.json({ kind: 'session_replaced', message: 'A newer one.' }, { status: 409 });
    return Response.json({ frames });
  }

  // ---- time ----

  #repeat(interval: number, work: () => void): void {
    this.clock.setTimer(() => {
      work();
      this.#repeat(interval, work);
    }, interval);
  }

  #pulse(): void {
    this.#host?.session.tick();
    this.#host?.outbox.tick();
    this.#host?.confirms.tick();
  }

  #report(): void {
    if (this.#host) this.supervisor.progress([{ account: ACCOUNT, state: this.#host.session.state }]);
  }

  /** Lets what was begun run to where only time moves it. */
  async #settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
  }
}
