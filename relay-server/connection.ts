import { encode } from '@matchbook/protocol/codec';
import { FAILURES, type Failure, type FailureKind } from '@matchbook/protocol/failures';
import type {
  AppendFrame,
  DownFrame,
  Hello,
  SavedItem,
  StatusQuery,
  UpFrame,
} from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Admission } from './admission.ts';
import type { Config } from './config.ts';
import { Appends } from './connection-appends.ts';
import { Pages } from './connection-pages.ts';
import type { Credentials, Identity } from './credentials.ts';
import type { DeliveredPositions } from './delivered.ts';
import { Forwarding } from './forwarding.ts';
import type { Hub } from './hub.ts';
import { decodeFrame, type RefusedItem } from './intake.ts';
import type { LogReading } from './reader.ts';
import type { ItemOutcome, LogRequest } from './sequencer/messages.ts';

/** Frames that may arrive between hello and welcome. */
const EARLY_FRAMES = 16;
/** Bytes in the socket's buffer above which nothing more is read from the peer. */
const BUFFERED = 1024 * 1024;
const REASON_BYTES = 123;

export interface ConnectionParts {
  config: Config;
  credentials: Credentials;
  admission: Admission<Connection>;
  hub: Hub;
  reader: LogReading;
  submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  delivered: Pick<DeliveredPositions, 'note'>;
  /** How far the API has saved, and until where senders were told of a delay. */
  saveProgress: () => { saved: number; delayed: number };
  /** Wall clock and monotonic clock, ms. */
  now: () => number;
  monotonic: () => number;
  log: Logger;
}

/** One socket, from its hello to its end. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #address: string;
  /** `?id=` of the address; only compared. */
  readonly #claimed: string | null;
  readonly #log: Logger;
  readonly #timers: NodeJS.Timeout[] = [];
  #state: 'new' | 'authenticating' | 'welcomed' | 'closed' = 'new';
  #identity: Identity | null = null;
  #forwarding: Forwarding | null = null;
  #appends: Appends | null = null;
  #pages: Pages | null = null;
  #early: string[] = [];
  #lastHeard: number;
  #errors = 0;

  constructor(
    socket: WebSocket,
    address: string,
    claimed: string | null,
    parts: ConnectionParts,
    log: Logger,
  ) {
    this.#socket = socket;
    this.#parts = parts;
    this.#address = address;
    this.#claimed = claimed;
    this.#log = log;
    this.#lastHeard = parts.monotonic();
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => this.#heard());
    socket.on('error', (error) => this.#log.debug({ error: error.message }, 'socket error'));
    socket.on('close', (code) => this.#onClose(code));
    this.#timers.push(setTimeout(() => this.#helloLate(), parts.config.RELAY_HELLO_TIMEOUT_MS));
  }

  get user(): string {
    return this.#identity?.user ?? '';
  }
  get device(): string {
    return this.#identity?.device ?? '';
  }

  /** Ends the connection with a failure of the table. */
  close(failure: Failure): void {
    if (this.#state === 'closed') return;
    this.#end();
    const code = FAILURES[failure.kind].close ?? 4500;
    this.#log.info({ kind: failure.kind, code }, 'closing');
    this.#socket.close(code, closeReason(failure));
    this.#socket.resume();
  }

  drain(retryAfter: number): void {
    this.#send({ t: 'draining', retryAfter });
    this.close({ kind: 'draining', message: 'The relay is restarting.', retryAfter });
  }

  saved(items: SavedItem[]): void {
    // A peer that does not read asks with `status` when it is back.
    if (this.#socket.bufferedAmount <= BUFFERED) this.#send({ t: 'saved', items });
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    this.#heard();
    const bytes = data as Buffer;
    if (isBinary) {
      this.#fail('bad_json', 'Frames of this subprotocol are text.');
      return;
    }
    if (this.#state === 'new' && bytes.length > LIMITS.helloBytes) {
      this.#fail('frame_too_large', `A hello has at most ${LIMITS.helloBytes} bytes.`);
      return;
    }
    const text = bytes.toString('utf8');
    if (this.#state === 'new') {
      this.#onFirst(text);
      return;
    }
    if (this.#state === 'welcomed') {
      this.#onText(text);
      return;
    }
    this.#early.push(text);
    if (this.#early.length > EARLY_FRAMES) this.#fail('bad_frame', 'Too many frames before welcome.');
  }

  #onFirst(text: string): void {
    const decoded = decodeFrame(text);
    if (decoded.ok === false) {
      const kind = decoded.failure.kind === 'bad_json' ? 'bad_json' : 'bad_frame';
      this.close({ ...decoded.failure, kind });
      return;
    }
    if (decoded.ok === 'partly' || decoded.frame.t !== 'hello') {
      this.#fail('bad_frame', 'The first frame must be hello.');
      return;
    }
    this.#state = 'authenticating';
    this.#welcome(decoded.frame).catch((error: unknown) => this.#broken(error));
  }

  async #welcome(hello: Hello): Promise<void> {
    const { config, credentials, admission, reader } = this.#parts;
    if (hello.protocol !== PROTOCOL_VERSION) {
      this.#fail('version_unsupported', `This relay speaks version ${PROTOCOL_VERSION}.`);
      return;
    }
    const verdict = await credentials.check(hello);
    if (this.#isClosed()) return;
    if (!verdict.ok) {
      this.close(verdict.failure);
      return;
    }
    const { identity } = verdict;
    if (this.#claimed !== null && this.#claimed !== identity.user) {
      this.#fail('identity_mismatch', 'The id in the address is not the one of the token.');
      return;
    }
    const cursor = hello.cursor ?? null;
    const farBehind = config.RELAY_FAR_BEHIND_ENTRIES;
    const position = await reader.ask({ type: 'position', user: identity.user, cursor, farBehind });
    if (this.#isClosed()) return;

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
    this.#log.info({ user: identity.user, device: identity.device, resume: position.resume }, 'welcome');
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
    const forwarding = this.#forward(identity.user);
    this.#watch(forwarding, identity);
    const early = this.#early;
    this.#early = [];
    for (const text of early) this.#onText(text);
    if (position.resume === 'cursor' && position.stored.size > 0)
      this.#parts.delivered.note(identity.user, position.stored);
    await forwarding.start(position, cursor);
    // The device learns at once, not with the first heartbeat, whether it is complete.
    this.#heartbeat(forwarding);
  }

  #forward(user: string): Forwarding {
    const { config, hub, reader, monotonic, delivered } = this.#parts;
    const forwarding = new Forwarding({
      user,
      hub,
      reader,
      creditItems: config.RELAY_CREDIT_ENTRIES,
      creditBytes: config.RELAY_CREDIT_BYTES,
      now: monotonic,
      send: (text) => this.#sendText(text),
      own: (id) => this.#appends?.has(id) ?? false,
      delivered: (places) => delivered.note(user, places),
      broken: (error) => this.#broken(error),
    });
    this.#forwarding = forwarding;
    this.#appends = new Appends({
      user,
      device: this.device,
      submit: this.#parts.submit,
      send: (frame) => this.#send(frame),
    });
    this.#pages = new Pages({
      user,
      reader,
      send: (text) => this.#sendText(text),
      refuse: (failure, ref) => this.#error(failure, ref),
      broken: (error) => this.#broken(error),
    });
    return forwarding;
  }

  #watch(forwarding: Forwarding, { expires }: Identity): void {
    const { config, credentials } = this.#parts;
    const every = (ms: number, run: () => void) => this.#timers.push(setInterval(run, ms));
    every(config.RELAY_HEARTBEAT_MS, () => {
      this.#socket.ping();
      this.#heartbeat(forwarding);
    });
    every(Math.min(1_000, config.RELAY_HEARTBEAT_MS), () => {
      if (this.#parts.monotonic() - this.#lastHeard > config.RELAY_SILENCE_MS)
        this.#fail('silent', 'Nothing was heard from this peer.');
      else if (forwarding.starved > config.RELAY_CONFIRM_TIMEOUT_MS)
        this.#fail('slow_consumer', 'Nothing was confirmed while the credit was used up.');
      else if (!credentials.stands(expires)) this.#fail('unauthorized', 'The token has expired.');
    });
  }

  #heartbeat(forwarding: Forwarding): void {
    if (this.#state !== 'welcomed') return;
    this.#send({ t: 'heartbeat', ...forwarding.headOrBehind(), time: this.#parts.now() });
  }

  #onText(text: string): void {
    if (this.#state !== 'welcomed') return;
    const decoded = decodeFrame(text);
    if (decoded.ok === 'partly') {
      this.#append(decoded.conv, decoded.items, decoded.refused);
      return;
    }
    if (decoded.ok) {
      this.#onFrame(decoded.frame);
      return;
    }
    const fatal = decoded.failure.kind === 'bad_json' || decoded.failure.kind === 'bad_frame';
    if (fatal) this.close(decoded.failure);
    else this.#error(decoded.failure);
  }

  #onFrame(frame: UpFrame): void {
    switch (frame.t) {
      case 'hello': {
        this.#error({ kind: 'invalid_frame', message: 'A connection says hello once.', field: 't' });
        return;
      }
      case 'append': {
        this.#append(frame.conv, frame.items, []);
        return;
      }
      case 'confirm':
        if (!this.#forwarding!.confirm(frame.upTo))
          this.#error({ kind: 'invalid_field', message: 'This cursor was not sent here.', field: 'upTo' });
        return;
      case 'fetch': {
        this.#pages!.fetch(frame);
        return;
      }
      case 'status': {
        this.#status(frame);
        return;
      }
      case 'ping': {
        this.#send({
          t: 'pong',
          at: frame.at,
          ...this.#forwarding!.headOrBehind(),
          time: this.#parts.now(),
        });
        return;
      }
    }
  }

  #append(conv: string, items: AppendFrame['items'], refused: RefusedItem[]): void {
    const limit = this.#parts.config.RELAY_BATCH_ITEMS;
    if (items.length + refused.length > limit)
      this.#error({ kind: 'invalid_frame', message: `At most ${limit} items.`, field: 'items', limit });
    else this.#appends!.append(conv, items, refused);
  }

  #status({ ids }: StatusQuery): void {
    const { reader, saveProgress } = this.#parts;
    reader
      .ask({ type: 'status', user: this.user, ids, ...saveProgress() })
      .then((items) => this.#send({ t: 'saved', items }))
      .catch((error: unknown) => this.#broken(error));
  }

  #error(failure: Failure, ref?: number): void {
    this.#errors += 1;
    if (this.#errors > LIMITS.errorsPerConnection) {
      this.#fail('too_many_errors', 'There were too many errors on this connection.');
      return;
    }
    this.#send({ t: 'error', ...(ref === undefined ? {} : { ref }), ...failure });
  }

  #fail(kind: FailureKind, message: string): void {
    this.close({ kind, message });
  }

  #broken(error: unknown): void {
    this.#log.error({ error: error instanceof Error ? error.message : String(error) }, 'connection failed');
    this.#fail('internal', 'Something went wrong here.');
  }

  #helloLate(): void {
    if (this.#state === 'new' || this.#state === 'authenticating')
      this.#fail('hello_timeout', 'No complete hello arrived in time.');
  }

  #send(frame: DownFrame): void {
    this.#sendText(encode(frame));
  }

  #sendText(text: string): void {
    if (this.#state === 'closed') return;
    if (this.#socket.bufferedAmount <= BUFFERED) {
      this.#socket.send(text);
      return;
    }
    // Answers are bounded by questions: who does not read is not read from.
    this.#socket.pause();
    this.#socket.send(text, () => {
      if (this.#socket.bufferedAmount <= BUFFERED) this.#socket.resume();
    });
  }

  // A method, so that the compiler does not hold on to what the state was before an await.
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #heard(): void {
    this.#lastHeard = this.#parts.monotonic();
  }

  #onClose(code: number): void {
    if (this.#state !== 'closed') this.#log.info({ code }, 'closed by the peer');
    this.#end();
    this.#parts.admission.depart();
  }

  #end(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'welcomed') this.#parts.admission.leave(this);
    else this.#parts.admission.settle(this.#address);
    this.#state = 'closed';
    for (const timer of this.#timers) clearInterval(timer);
    this.#forwarding?.close();
    this.#pages?.close();
  }
}

/** JSON of `{kind, message?, retryAfter?}` within the 123 bytes that a close has room for. */
function closeReason({ kind, message, retryAfter }: Failure): string {
  const rest = retryAfter === undefined ? {} : { retryAfter };
  const whole = JSON.stringify({ kind, message, ...rest });
  return Buffer.byteLength(whole) <= REASON_BYTES ? whole : JSON.stringify({ kind, ...rest });
}
