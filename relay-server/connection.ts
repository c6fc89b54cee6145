import type { Duplex } from 'node:stream';
import { decodeUp, encode, peekType } from '@matchbook/protocol/codec';
import { FAILURES, type Failure, type FailureKind } from '@matchbook/protocol/failures';
import type { DownFrame, SavedItem, UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import { fromBytes } from '@matchbook/protocol/msgpack';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Admission } from './admission.ts';
import { Bulk } from './bulk.ts';
import type { Config } from './config.ts';
import { Pages } from './connection-pages.ts';
import type { Credentials, Identity } from './credentials.ts';
import type { DeliveredPositions } from './delivered.ts';
import type { Ephemeral } from './ephemeral.ts';
import { Forwarding } from './forwarding.ts';
import { greet } from './handshake.ts';
import type { Hub } from './hub.ts';
import type { Member } from './member.ts';
import type { Metrics } from './metrics.ts';
import type { Milestones } from './milestones.ts';
import { type Codec, type Outlet, outletOf, type SharedFrame } from './outlet.ts';
import type { Position } from './reader/messages.ts';
import type { LogReading } from './reader/port.ts';
import type { FrameAnswers } from './sequencer/messages.ts';
import type { Sequencer } from './sequencer/port.ts';
import type { Turn } from './turn.ts';

/** Frames that may arrive between hello and welcome. */
const EARLY_FRAMES = 16;
const REASON_BYTES = 123;
const CONFIRM = '{"t":"confirm","upTo":"';
const CONFIRM_LENGTH = CONFIRM.length + 34 + '"}'.length;

export interface ConnectionParts {
  config: Config;
  credentials: Credentials;
  admission: Admission<Member>;
  hub: Hub;
  turn: Turn;
  reader: LogReading;
  sequencer: Pick<Sequencer, 'frame' | 'join' | 'leave' | 'submit'>;
  delivered: Pick<DeliveredPositions, 'note'>;
  ephemeral: Ephemeral;
  metrics: Metrics;
  /** How far the API has saved, and until where senders were told of a delay. */
  saveProgress: () => { saved: number; delayed: number };
  /** Wall clock and monotonic clock, ms. */
  now: () => number;
  monotonic: () => number;
  log: Logger;
}

type Frame = string | Uint8Array;

/** One socket of protocol v1, from its hello to its end. */
export class Connection implements Member {
  /** Its number; names it in logs and at the sequencer. */
  readonly peer: number;
  readonly #ws: WebSocket;
  readonly #outlet: Outlet;
  readonly #parts: ConnectionParts;
  readonly #address: string;
  /** `?id=` of the address; only compared. */
  readonly #claimed: string | null;
  #state: 'new' | 'authenticating' | 'welcomed' | 'closed' = 'new';
  #identity: Identity | null = null;
  #forwarding: Forwarding | null = null;
  #bulk: Bulk | null = null;
  #pages: Pages | null = null;
  #early: Frame[] = [];
  #heardAt: number;
  #beatAt: number;
  #errors = 0;
  #tokens: number;
  #tokensAt: number;

  constructor(
    ws: WebSocket,
    socket: Duplex,
    about: { peer: number; codec: Codec; address: string; claimed: string | null },
    parts: ConnectionParts,
  ) {
    this.#ws = ws;
    this.#parts = parts;
    this.peer = about.peer;
    this.#address = about.address;
    this.#claimed = about.claimed;
    this.#outlet = outletOf(ws, socket, about.codec, parts.turn);
    this.#heardAt = parts.monotonic();
    this.#beatAt = this.#heardAt;
    this.#tokens = parts.config.RELAY_FRAMES_BURST;
    this.#tokensAt = this.#heardAt;
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('pong', (payload) => this.#onPong(payload));
    ws.on('ping', () => this.#heard());
    ws.on('error', (error) =>
      parts.log.debug({ connection: this.peer, error: error.message }, 'socket error'),
    );
    ws.on('close', (code) => this.#onClose(code));
  }

  get user(): string {
    return this.#identity?.user ?? '';
  }
  get device(): string {
    return this.#identity?.device ?? '';
  }
  get session(): string {
    return this.#identity?.session ?? '';
  }
  /** How far it was sent to and confirmed, and when. */
  get milestones(): { sent: Milestones; confirmed: Milestones } | null {
    return this.#forwarding;
  }
  /** Rows of the log that it is behind; null before its welcome. */
  get lag(): number | null {
    return this.#forwarding?.lag ?? null;
  }
  /** It waits for its device to confirm. */
  get waitsForCredit(): boolean {
    return (this.#forwarding?.starved ?? 0) > 0;
  }

  close(failure: Failure): void {
    if (this.#state === 'closed') return;
    this.#outlet.flush();
    this.#end(failure.kind);
    const code = FAILURES[failure.kind].close ?? 4500;
    this.#parts.log.info({ connection: this.peer, kind: failure.kind, code }, 'closing');
    this.#ws.close(code, closeReason(failure));
    this.#ws.resume();
  }

  /** Sends it away, to come back after `retryAfter` + random(0, spread) seconds. */
  drain(retryAfter: number, spread: number): void {
    this.#send({ t: 'draining', retryAfter, spread });
    this.close({ kind: 'draining', message: 'The relay is restarting.', retryAfter });
  }

  saved(items: SavedItem[]): void {
    // Goes along with whatever is written next. A peer that does not read asks with `status` when it is back.
    if (this.#state === 'welcomed' && this.#outlet.waiting <= LIMITS.creditBytes)
      this.#outlet.alongside(encode({ t: 'saved', items }));
  }

  ephemeral(frame: SharedFrame): void {
    if (this.#state === 'welcomed') this.#outlet.offer(frame);
  }

  /** What became of its appends. */
  answered({ texts, failure }: FrameAnswers): void {
    if (this.#state !== 'welcomed') return;
    for (const text of texts) this.#outlet.send(text);
    if (failure) this.#understood(failure);
  }

  /** To be called several times a second: everything that depends on time alone. */
  tick(now: number): void {
    const { config } = this.#parts;
    if (this.#state === 'new' || this.#state === 'authenticating') {
      if (now - this.#beatAt > config.RELAY_HELLO_TIMEOUT_MS)
        this.#fail('hello_timeout', 'No complete hello arrived in time.');
      return;
    }
    if (this.#state === 'closed') return;
    this.#outlet.flush();
    this.#bulk?.tick();
    if (now - this.#heardAt > config.RELAY_SILENCE_MS) {
      this.#parts.metrics.heartbeatsMissed.inc();
      this.#fail('silent', 'Nothing was heard from this peer.');
    } else if (this.#forwarding!.starved > config.RELAY_CONFIRM_TIMEOUT_MS)
      this.#fail('slow_consumer', 'Nothing was confirmed while the credit was used up.');
    else if (!this.#parts.credentials.stands(this.#identity!.expires))
      this.#fail('unauthorized', 'The token has expired.');
    else if (now - this.#beatAt >= config.RELAY_HEARTBEAT_MS) {
      this.#beatAt = now;
      this.#outlet.ping(Buffer.alloc(0));
      this.#heartbeat();
    }
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    if (!this.#mayCome()) return;
    const bytes = data as Buffer;
    const binary = this.#outlet.codec === 'msgpack';
    if (isBinary !== binary) {
      this.#fail('bad_json', `Frames of this subprotocol are ${binary ? 'binary' : 'text'}.`);
      return;
    }
    if (this.#state === 'new' && bytes.length > LIMITS.helloBytes) {
      this.#fail('frame_too_large', `A hello has at most ${LIMITS.helloBytes} bytes.`);
      return;
    }
    const frame = binary ? bytes : bytes.toString('utf8');
    if (this.#state === 'new') this.#onFirst(frame);
    else if (this.#state === 'welcomed') this.#onFrame(frame);
    else {
      this.#early.push(frame);
      if (this.#early.length > EARLY_FRAMES) this.#fail('bad_frame', 'Too many frames before welcome.');
    }
  }

  /** A token bucket of frames, whatever is in them. */
  #mayCome(): boolean {
    const now = this.#parts.monotonic();
    const { RELAY_FRAMES_PER_SECOND: rate, RELAY_FRAMES_BURST: burst } = this.#parts.config;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#tokensAt) / 1_000) * rate) - 1;
    this.#tokensAt = now;
    this.#heardAt = now;
    if (this.#tokens >= 0) return true;
    this.close({ kind: 'rate_limited', message: 'Too many frames.', retryAfter: 5 });
    return false;
  }

  #decode(frame: Frame): ReturnType<typeof decodeUp> {
    if (typeof frame === 'string') return decodeUp(frame);
    const value = fromBytes(frame);
    return value === undefined
      ? { ok: false, failure: { kind: 'bad_json', message: 'The frame is not msgpack.' } }
      : decodeUp(JSON.stringify(value));
  }

  #onFirst(frame: Frame): void {
    const decoded = this.#decode(frame);
    if (!decoded.ok) {
      const kind = decoded.failure.kind === 'bad_json' ? 'bad_json' : 'bad_frame';
      this.close({ ...decoded.failure, kind });
      return;
    }
    if (decoded.frame.t !== 'hello') {
      this.#fail('bad_frame', 'The first frame must be hello.');
      return;
    }
    this.#state = 'authenticating';
    const { config, credentials, hub, reader } = this.#parts;
    const farBehind = config.RELAY_FAR_BEHIND_ENTRIES;
    greet(decoded.frame, this.#claimed, { credentials, hub, reader, farBehind })
      .then(async (greeting) => {
        if (this.#isClosed()) return;
        if (greeting.ok) await this.#welcome(greeting.identity, greeting.position, greeting.byTicket);
        else this.close(greeting.failure);
      })
      .catch((error: unknown) => this.#broken(error));
  }

  async #welcome(identity: Identity, position: Position, byTicket: boolean): Promise<void> {
    const { config, credentials, admission, metrics, sequencer, ephemeral } = this.#parts;
    this.#identity = identity;
    const entered = admission.enter(this);
    if ('failure' in entered) {
      this.close(entered.failure);
      return;
    }
    entered.replaced?.close({
      kind: 'session_replaced',
      message: 'A newer session of this device took over.',
    });
    admission.settle(this.#address);
    this.#state = 'welcomed';
    sequencer.join(this.peer, identity.user, identity.device);
    const about = { user: identity.user, device: identity.device, resume: position.resume };
    this.#parts.log.info({ connection: this.peer, ...about }, 'welcome');
    metrics.welcomes.inc({ resume: position.resume, by: byTicket ? 'ticket' : 'token' });
    this.#send({
      t: 'welcome',
      protocol: PROTOCOL_VERSION,
      session: identity.session,
      user: identity.user,
      device: identity.device,
      time: this.#parts.now(),
      heartbeat: config.RELAY_HEARTBEAT_MS,
      ticket: credentials.ticket(identity),
      ticketExpires: identity.expires,
      resume: position.resume,
      limits: {
        frameBytes: config.RELAY_FRAME_BYTES,
        bodyBytes: config.RELAY_BODY_BYTES,
        batchItems: config.RELAY_BATCH_ITEMS,
        creditEntries: config.RELAY_CREDIT_ENTRIES,
        creditBytes: config.RELAY_CREDIT_BYTES,
      },
    });
    // Heartbeats of many that came together are spread over the interval.
    this.#beatAt = this.#parts.monotonic() - Math.random() * config.RELAY_HEARTBEAT_MS;
    const forwarding = this.#forward(identity.user);
    ephemeral.join(this);
    const early = this.#early;
    this.#early = [];
    for (const frame of early) this.#onFrame(frame);
    if (position.resume === 'cursor') void this.#noteStored(identity.user, position.seq);
    await forwarding.start(position);
    // The device learns at once, not with the first heartbeat, whether it is complete.
    this.#heartbeat();
  }

  /** A confirm may have been lost with the connection before this one. */
  async #noteStored(user: string, seq: number): Promise<void> {
    const { reader, delivered } = this.#parts;
    const stored = await reader.ask({ type: 'stored', user, seq }).catch(() => new Map<string, number>());
    for (const [conv, n] of stored) delivered.note(user, conv, n);
  }

  #forward(user: string): Forwarding {
    const { config, hub, reader, monotonic, delivered } = this.#parts;
    const outlet = this.#outlet;
    const forwarding = new Forwarding({
      user,
      peer: this.peer,
      hub,
      reader,
      creditItems: config.RELAY_CREDIT_ENTRIES,
      creditBytes: config.RELAY_CREDIT_BYTES,
      now: monotonic,
      wallClock: this.#parts.now,
      send: (text) => outlet.send(text),
      share: (frame) => outlet.share(frame),
      bulk: (text) => this.#lane().send(text, false),
      delivered: ({ conv, n }) => delivered.note(user, conv, n),
      broken: (error) => this.#broken(error),
    });
    this.#forwarding = forwarding;
    return forwarding;
  }

  #heartbeat(): void {
    if (this.#state !== 'welcomed') return;
    this.#send({ t: 'heartbeat', ...this.#forwarding!.headOrBehind(), time: this.#parts.now() });
  }

  #onFrame(frame: Frame): void {
    if (this.#state !== 'welcomed') return;
    // An append goes to the sequencer as it came: it is parsed once, there.
    if (typeof frame === 'string' && peekType(frame) === 'append') {
      this.#append(frame);
      return;
    }
    // The most frequent of the others, as every encoder writes it.
    if (typeof frame === 'string' && frame.length === CONFIRM_LENGTH && frame.startsWith(CONFIRM)) {
      this.#confirm(frame.slice(CONFIRM.length, -2));
      return;
    }
    const decoded = this.#decode(frame);
    if (decoded.ok) this.#on(decoded.frame, frame);
    else if (decoded.failure.kind === 'invalid_frame' && isAppend(frame)) this.#append(frame);
    else this.#understood(decoded.failure);
  }

  #on(frame: UpFrame, raw: Frame): void {
    switch (frame.t) {
      case 'hello':
        this.#error({ kind: 'invalid_frame', message: 'A connection says hello once.', field: 't' });
        return;
      case 'append':
        this.#append(raw);
        return;
      case 'confirm':
        this.#confirm(frame.upTo);
        return;
      case 'fetch':
        this.#fetches().fetch(frame);
        return;
      case 'status': {
        const { reader, saveProgress } = this.#parts;
        reader
          .ask({ type: 'status', user: this.user, ids: frame.ids, ...saveProgress() })
          .then((items) => this.#send({ t: 'saved', items }))
          .catch((error: unknown) => this.#broken(error));
        return;
      }
      case 'ping': {
        const head = this.#forwarding!.headOrBehind();
        this.#send({ t: 'pong', at: frame.at, ...head, time: this.#parts.now() });
        return;
      }
      case 'typing':
        this.#parts.ephemeral.typing(this, frame);
        return;
      case 'activity':
        this.#parts.ephemeral.activity(this, frame.active);
        return;
    }
  }

  #confirm(cursor: string): void {
    const released = this.#forwarding!.confirm(cursor);
    if (released === null)
      this.#error({ kind: 'invalid_field', message: 'This cursor was not sent here.', field: 'upTo' });
    // Answers what we sent: a device that much comes to must not be taken for one that floods.
    else if (released) this.#tokens += 1;
  }

  #append(frame: Frame): void {
    if (!this.#parts.sequencer.frame(this.peer, frame))
      this.close({ kind: 'storage_unavailable', message: 'The log is too busy.', retryAfter: 2 });
  }

  #lane(): Bulk {
    const outlet = this.#outlet;
    this.#bulk ??= new Bulk(
      (text) => outlet.send(text),
      (payload) => outlet.ping(payload),
      this.#parts.monotonic,
    );
    return this.#bulk;
  }

  #fetches(): Pages {
    this.#pages ??= new Pages({
      user: this.user,
      reader: this.#parts.reader,
      send: (text) => this.#lane().send(text, true),
      refuse: (failure, ref) => this.#error(failure, ref),
      broken: (error) => this.#broken(error),
    });
    return this.#pages;
  }

  /** A frame that was not understood. */
  #understood(failure: Failure): void {
    const fatal = failure.kind === 'bad_json' || failure.kind === 'bad_frame';
    if (fatal) this.close(failure);
    else this.#error(failure);
  }

  #error(failure: Failure, ref?: number): void {
    this.#errors += 1;
    if (this.#errors > LIMITS.errorsPerConnection)
      this.#fail('too_many_errors', 'There were too many errors on this connection.');
    else this.#send({ t: 'error', ...(ref === undefined ? {} : { ref }), ...failure });
  }

  #fail(kind: FailureKind, message: string): void {
    this.close({ kind, message });
  }

  #broken(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#parts.log.error({ connection: this.peer, error: text }, 'connection failed');
    this.#fail('internal', 'Something went wrong here.');
  }

  #send(frame: DownFrame): void {
    if (this.#state !== 'closed') this.#outlet.send(encode(frame));
  }

  // A method, so that the compiler does not hold on to what the state was before an await.
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #heard(): void {
    this.#heardAt = this.#parts.monotonic();
  }

  #onPong(payload: Buffer): void {
    this.#heard();
    this.#bulk?.pong(payload);
  }

  #onClose(code: number): void {
    if (this.#state !== 'closed') {
      this.#parts.log.info({ connection: this.peer, code }, 'closed by the peer');
      this.#end('peer');
    }
    this.#parts.admission.depart();
  }

  #end(reason: string): void {
    const { admission, sequencer, ephemeral, metrics } = this.#parts;
    metrics.disconnects.inc({ reason });
    if (this.#state === 'welcomed') {
      admission.leave(this);
      sequencer.leave(this.peer);
    } else admission.settle(this.#address);
    const wasWelcomed = this.#state === 'welcomed';
    this.#state = 'closed';
    if (wasWelcomed) ephemeral.leave(this);
    this.#forwarding?.close();
    this.#pages?.close();
    this.#bulk?.close();
  }
}

const isAppend = (frame: Frame): boolean => {
  const value: unknown = typeof frame === 'string' ? JSON.parse(frame) : fromBytes(frame);
  return (value as { t?: unknown }).t === 'append';
};

/** JSON of `{kind, message?, retryAfter?}` within the 123 bytes that a close has room for. */
export function closeReason({ kind, message, retryAfter }: Failure): string {
  const rest = retryAfter === undefined ? {} : { retryAfter };
  const whole = JSON.stringify({ kind, message, ...rest });
  return Buffer.byteLength(whole) <= REASON_BYTES ? whole : JSON.stringify({ kind, ...rest });
}
