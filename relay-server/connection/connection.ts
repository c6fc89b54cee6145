import type { Duplex } from 'node:stream';
import { encode } from '@matchbook/protocol/codec';
import { FAILURES, type Failure, type FailureKind } from '@matchbook/protocol/failures';
import type { SavedItem } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Config } from '../config.ts';
import type { Credentials, Identity } from '../credentials/credentials.ts';
import type { Hub } from '../forwarding/hub.ts';
import type { Milestones } from '../forwarding/milestones.ts';
import type { Metrics } from '../metrics.ts';
import type { FrameAnswers } from '../sequencer/messages.ts';
import type { Sequencer } from '../sequencer/port.ts';
import { type Codec, type Outlet, outletOf, type SharedFrame } from '../wire/outlet.ts';
import type { Turn } from '../wire/turn.ts';
import type { Admission } from './admission.ts';
import { Allowance } from './allowance.ts';
import { Device, type DeviceOwner, type DeviceParts, decodeFrame, type Frame } from './device.ts';
import type { Ephemeral } from './ephemeral.ts';
import { type Greeting, greet, welcomeOf } from './handshake.ts';
import type { LateConfirms } from './late-confirms.ts';
import type { Member } from './member.ts';

/** Frames that may arrive between hello and welcome. */
const EARLY_FRAMES = 16;
const REASON_BYTES = 123;
const NONE: readonly Frame[] = [];

export interface ConnectionParts extends DeviceParts {
  config: Config;
  credentials: Credentials;
  admission: Admission<Member>;
  hub: Hub;
  turn: Turn;
  sequencer: Pick<Sequencer, 'frame' | 'join' | 'leave' | 'submit'>;
  lateConfirms: Pick<LateConfirms, 'note'>;
  ephemeral: Ephemeral;
  metrics: Metrics;
  /** Wall clock, and a monotonic one that stands while the relay does, ms. */
  now: () => number;
  monotonic: () => number;
  log: Logger;
}

/** One socket of protocol v1, from its hello to its end. */
export class Connection implements DeviceOwner {
  /** Its number; names it in logs and at the sequencer. */
  readonly peer: number;
  readonly #ws: WebSocket;
  readonly #outlet: Outlet;
  readonly #parts: ConnectionParts;
  readonly #address: string;
  /** `?id=` of the address; only compared. */
  readonly #claimed: string | null;
  readonly #allowance: Allowance;
  #state: 'new' | 'authenticating' | 'welcomed' | 'closed' = 'new';
  #identity: Identity | null = null;
  #device: Device | null = null;
  #early: readonly Frame[] = NONE;
  #earlyBytes = 0;
  #heardAt: number;
  #beatAt: number;
  #errors = 0;

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
    this.#allowance = new Allowance(parts.config.RELAY_FRAMES_BURST, this.#heardAt);
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
    return this.#device?.forwarding ?? null;
  }
  /** Rows of the log that it is behind; null before its welcome. */
  get lag(): number | null {
    return this.#device?.forwarding.lag ?? null;
  }
  /** It waits for its device to confirm. */
  get waitsForCredit(): boolean {
    return (this.#device?.forwarding.starved ?? 0) > 0;
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
    if (this.#state !== 'closed') this.#outlet.send(encode({ t: 'draining', retryAfter, spread }));
    this.close({ kind: 'draining', message: 'The relay is restarting.', retryAfter });
  }

  saved(items: SavedItem[]): void {
    // Goes along with whatever is written next. A peer that does not read asks with `status` when it is back.
    if (this.#state === 'welcomed' && this.#outlet.waiting <= LIMITS.creditBytes)
      this.#outlet.alongside(encode({ t: 'saved', items }));
  }

  ephemeral(frame: SharedFrame, when: 'now' | 'soon'): void {
    if (this.#state === 'welcomed') this.#outlet.offer(frame, when);
  }

  /** What became of its appends. */
  answered({ texts, failure }: FrameAnswers): void {
    if (this.#state !== 'welcomed') return;
    for (const text of texts) this.#outlet.send(text);
    if (failure) this.#device!.notUnderstood(failure);
  }

  answeredUs(): void {
    this.#allowance.giveBack();
  }

  error(failure: Failure, ref?: number): void {
    if (this.#state === 'closed') return;
    this.#errors += 1;
    if (this.#errors > LIMITS.errorsPerConnection)
      this.#fail('too_many_errors', 'There were too many errors on this connection.');
    else this.#outlet.send(encode({ t: 'error', ...(ref === undefined ? {} : { ref }), ...failure }));
  }

  broken(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#parts.log.error({ connection: this.peer, error: text }, 'connection failed');
    this.#fail('internal', 'Something went wrong here.');
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
    const device = this.#device!;
    this.#outlet.flush();
    device.tick();
    if (now - this.#heardAt > config.RELAY_SILENCE_MS) {
      this.#parts.metrics.heartbeatsMissed.inc();
      this.#fail('silent', 'Nothing was heard from this peer.');
    } else if (device.forwarding.starved > config.RELAY_CONFIRM_TIMEOUT_MS)
      this.#fail('slow_consumer', 'Nothing was confirmed while the credit was used up.');
    else if (!this.#parts.credentials.stands(this.#identity!.expires))
      this.#fail('unauthorized', 'The token has expired.');
    else if (now - this.#beatAt >= config.RELAY_HEARTBEAT_MS) {
      this.#beatAt = now;
      this.#outlet.ping(Buffer.alloc(0));
      device.heartbeat();
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
    if (this.#state === 'welcomed') this.#device!.take(frame);
    else if (this.#state === 'new') this.#onFirst(frame);
    else {
      this.#early = [...this.#early, frame];
      this.#earlyBytes += bytes.length;
      // Nobody knows yet who it is.
      if (this.#early.length > EARLY_FRAMES || this.#earlyBytes > this.#parts.config.RELAY_FRAME_BYTES)
        this.#fail('bad_frame', 'Too much before welcome.');
    }
  }

  #mayCome(): boolean {
    const { RELAY_FRAMES_PER_SECOND: perSecond, RELAY_FRAMES_BURST: burst } = this.#parts.config;
    this.#heardAt = this.#parts.monotonic();
    if (this.#allowance.take(this.#heardAt, perSecond, burst)) return true;
    this.close({ kind: 'rate_limited', message: 'Too many frames.', retryAfter: 5 });
    return false;
  }

  #onFirst(frame: Frame): void {
    const decoded = decodeFrame(frame);
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
    const { config, credentials, hub, forwarding } = this.#parts;
    const farBehind = config.RELAY_FAR_BEHIND_ENTRIES;
    greet(decoded.frame, this.#claimed, { credentials, hub, reader: forwarding.reader, farBehind })
      .then(async (greeting) => {
        if (this.#isClosed()) return;
        if (greeting.ok) await this.#welcome(greeting);
        else this.close(greeting.failure);
      })
      .catch((error: unknown) => this.broken(error));
  }

  async #welcome(greeting: Extract<Greeting, { ok: true }>): Promise<void> {
    const { admission, metrics, ephemeral, lateConfirms, config } = this.#parts;
    const { identity, position, byTicket } = greeting;
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
    const about = { user: identity.user, device: identity.device, resume: position.resume };
    this.#parts.log.info({ connection: this.peer, ...about }, 'welcome');
    metrics.welcomes.inc({ resume: position.resume, by: byTicket ? 'ticket' : 'token' });
    this.#outlet.send(encode(welcomeOf(greeting, config, this.#parts.now())));
    // Heartbeats of many that came together are spread over the interval.
    this.#beatAt = this.#parts.monotonic() - Math.random() * config.RELAY_HEARTBEAT_MS;
    const device = new Device(this, this.#outlet, this.#parts);
    this.#device = device;
    ephemeral.join(this);
    const early = this.#early;
    this.#early = NONE;
    for (const frame of early) if (!this.#isClosed()) device.take(frame);
    if (position.resume === 'cursor') lateConfirms.note(identity.user, position.seq);
    await device.start(position);
    // The device learns at once, not with the first heartbeat, whether it is complete.
    if (!this.#isClosed()) device.heartbeat();
  }

  #fail(kind: FailureKind, message: string): void {
    this.close({ kind, message });
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
    this.#device?.pong(payload);
  }

  #onClose(code: number): void {
    if (this.#state !== 'closed') {
      this.#parts.log.info({ connection: this.peer, code }, 'closed by the peer');
      this.#end('peer');
    }
    this.#parts.admission.depart();
  }

  #end(reason: string): void {
    const { admission, ephemeral, metrics } = this.#parts;
    metrics.disconnects.inc({ reason });
    const wasWelcomed = this.#state === 'welcomed';
    if (wasWelcomed) admission.leave(this);
    else admission.settle(this.#address);
    this.#state = 'closed';
    if (wasWelcomed) ephemeral.leave(this);
    this.#device?.close();
  }
}

/** JSON of `{kind, message?, retryAfter?}` within the 123 bytes that a close has room for. */
export function closeReason({ kind, message, retryAfter }: Failure): string {
  const rest = retryAfter === undefined ? {} : { retryAfter };
  const whole = JSON.stringify({ kind, message, ...rest });
  return Buffer.byteLength(whole) <= REASON_BYTES ? whole : JSON.stringify({ kind, ...rest });
}
