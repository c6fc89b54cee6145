import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { FAILURES, type Failure } from '@matchbook/protocol/failures';
import type { SavedItem } from '@matchbook/protocol/frames';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import type { RawData, WebSocket } from 'ws';
import { Allowance } from '../connection/allowance.ts';
import { type ConnectionParts, closeReason } from '../connection/connection.ts';
import type { Member } from '../connection/member.ts';
import type { Identity } from '../credentials/credentials.ts';
import type { HubItem, Listener } from '../forwarding/hub.ts';
import { type Outlet, outletOf, type SharedFrame } from '../wire/outlet.ts';
import { type LegacyMessage, parseLegacy, parseRoute, toLegacy } from './dialect.ts';
import { LegacyMessages } from './messages.ts';

/** Messages whose client ids are remembered until they are saved. */
const UNSAVED = 10_000;
/** Messages that may be on their way at once; an old client that sends faster is told so. */
const UNDERWAY = 256;
/** Bytes in the socket's buffer above which an old client, which confirms nothing, is closed. */
const STUCK = 4 * 1024 * 1024;

/** A socket of a client that was made for the first servers. It begins at the head and has no cursor. */
export class LegacyConnection implements Member, Listener {
  readonly peer: number;
  readonly user: string;
  readonly device: string;
  readonly session: string;
  /** Old clients confirm nothing. */
  readonly milestones = null;
  readonly lag = 0;
  readonly waitsForCredit = false;
  readonly #ws: WebSocket;
  readonly #outlet: Outlet;
  readonly #parts: ConnectionParts;
  readonly #messages: LegacyMessages;
  readonly #expires: number;
  /** By message id, the client's own correlation id. */
  readonly #clientIds = new Map<string, unknown>();
  #underway = 0;
  #queue: Promise<void> = Promise.resolve();
  readonly #allowance: Allowance;
  #heardAt: number;
  #beatAt: number;
  #closed = false;

  constructor(
    ws: WebSocket,
    socket: Duplex,
    { peer, address, identity }: { peer: number; address: string; identity: Identity },
    parts: ConnectionParts,
  ) {
    this.#ws = ws;
    this.#parts = parts;
    this.peer = peer;
    ({ user: this.user, session: this.session, expires: this.#expires } = identity);
    // Every socket is a device of its own: none takes another's place.
    this.device = `legacy-${peer}`;
    this.#outlet = outletOf(ws, socket, 'json', parts.turn);
    this.#messages = new LegacyMessages(parts.hub, parts.admission, (request) =>
      parts.sequencer.submit(request),
    );
    this.#heardAt = parts.monotonic();
    this.#beatAt = this.#heardAt;
    this.#allowance = new Allowance(parts.config.RELAY_FRAMES_BURST, this.#heardAt);
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('pong', () => this.#heard());
    ws.on('ping', () => this.#heard());
    ws.on('error', (error) => parts.log.debug({ connection: peer, error: error.message }, 'socket error'));
    ws.on('close', () => {
      this.#end('peer');
      parts.admission.depart();
    });
    const entered = parts.admission.enter(this);
    parts.admission.settle(address);
    if ('failure' in entered) {
      this.close(entered.failure);
      return;
    }
    parts.log.info({ connection: peer, user: this.user, dialect: 'legacy' }, 'welcome');
    this.#send({ type: 'connection', status: 'connected', clientId: this.user });
    parts.hub.attach(this);
    parts.ephemeral.join(this);
  }

  /** Who an old client is, before its upgrade. */
  static async identify(
    id: string | null,
    token: string | null,
    { config, credentials }: Pick<ConnectionParts, 'config' | 'credentials'>,
  ): Promise<Identity | Failure> {
    if (token === null && config.RELAY_ALLOW_ANONYMOUS_LEGACY && isId(id)) {
      const session = `anonymous-${randomUUID()}`;
      return { user: id, device: session, session, expires: Number.MAX_SAFE_INTEGER };
    }
    const verdict = await credentials.bearer(token ?? '');
    if (!verdict.ok) return { kind: 'unauthorized', message: verdict.failure.message };
    if (verdict.identity.user !== id)
      return { kind: 'unauthorized', message: 'The id in the address is not the one of the token.' };
    return verdict.identity;
  }

  close(failure: Failure): void {
    if (this.#closed) return;
    this.#outlet.flush();
    this.#end(failure.kind);
    this.#ws.close(FAILURES[failure.kind].close ?? 4500, closeReason(failure));
  }

  drain(): void {
    this.#send({ type: 'connection', status: 'server_shutdown' });
    this.close({ kind: 'draining', message: 'The relay is restarting.' });
  }

  /** v1 frames only are answered by their connection; what an old client sends is answered where it is sent. */
  answered(): void {}

  deliver(item: HubItem): void {
    // What this very connection appended it has.
    if (item.peer === this.peer || item.n === 0) return;
    const message = toLegacy(item.json, this.user);
    if (message === null || this.#closed) return;
    this.#outlet.send(message);
    if (this.#outlet.waiting > STUCK)
      this.close({ kind: 'slow_consumer', message: 'Too much waits to be read.' });
  }

  flush(): void {}

  saved(items: SavedItem[]): void {
    const timestamp = this.#parts.now();
    for (const { id, state, reason } of items) {
      if (!this.#clientIds.has(id)) continue;
      const clientId = this.#clientIds.get(id);
      if (state === 'saved') this.#send({ type: 'persistence_status', status: 'saved', clientId, timestamp });
      else if (state === 'save_delayed' || state === 'save_failed') {
        const message = reason ?? 'It could not be saved yet; this is tried again.';
        this.#send({ type: 'persistence_error', originalMessageId: id, clientId, message });
      }
      if (state !== 'save_delayed') this.#clientIds.delete(id);
    }
  }

  ephemeral(frame: SharedFrame): void {
    const { t, conv, user, on } = JSON.parse(frame.text) as Record<string, unknown>;
    if (t === 'typing' && this.#outlet.waiting < LIMITS.bulkFrameBytes)
      this.#send({
        type: 'typing',
        conversationId: conv,
        senderId: user,
        receiverId: this.user,
        isTyping: on,
      });
  }

  tick(now: number): void {
    if (this.#closed) return;
    this.#outlet.flush();
    const { config, credentials } = this.#parts;
    if (now - this.#heardAt > config.RELAY_SILENCE_MS)
      this.close({ kind: 'silent', message: 'Nothing was heard from this peer.' });
    else if (!credentials.stands(this.#expires))
      this.close({ kind: 'unauthorized', message: 'The token has expired.' });
    else if (now - this.#beatAt >= config.RELAY_HEARTBEAT_MS) {
      this.#beatAt = now;
      this.#outlet.ping(Buffer.alloc(0));
    }
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#closed) return;
    this.#heard();
    const { RELAY_FRAMES_PER_SECOND: perSecond, RELAY_FRAMES_BURST: burst } = this.#parts.config;
    if (!this.#allowance.take(this.#heardAt, perSecond, burst)) {
      this.close({ kind: 'rate_limited', message: 'Too many frames.', retryAfter: 5 });
      return;
    }
    const frame = isBinary ? undefined : parseObject(String(data));
    if (!frame) {
      this.#error('The frame is no JSON object.');
      return;
    }
    if (this.#underway >= UNDERWAY) {
      this.#error('Too many messages at once.');
      return;
    }
    // One after the other: what was sent first is stored first.
    this.#underway += 1;
    this.#queue = this.#queue
      .then(() => (this.#closed ? undefined : this.#on(frame)))
      .catch((error: unknown) => {
        this.#parts.log.error({ connection: this.peer, error: String(error) }, 'connection failed');
        this.close({ kind: 'internal', message: 'Something went wrong here.' });
      })
      .finally(() => {
        this.#underway -= 1;
      });
  }

  async #on(frame: Record<string, unknown>): Promise<void> {
    const { type = 'message' } = frame;
    if (type === 'ping') {
      const time = this.#parts.now();
      this.#send({ type: 'ping', timestamp: time, serverTime: new Date(time).toISOString() });
      return;
    }
    if (type === 'message' || type === 'file') {
      const message = parseLegacy(frame);
      if ('kind' in message) this.#error(message.message);
      else await this.#message(message);
      return;
    }
    if (type !== 'typing' && type !== 'read_receipt') {
      this.#error('type is message, file, typing, read_receipt or ping.');
      return;
    }
    const route = parseRoute(frame);
    if ('kind' in route) this.#error(route.message);
    else if (type === 'typing')
      this.#parts.ephemeral.typing(this, {
        t: 'typing',
        conv: route.conversationId,
        on: frame.isTyping !== false,
      });
    else await this.#readReceipt(route.conversationId, frame.messageIds);
  }

  async #message(message: LegacyMessage): Promise<void> {
    const { outcome, id, delivered } = await this.#messages.send(this, message, this.peer);
    if (!outcome.ok) {
      this.#error(outcome.failure.message);
      return;
    }
    const { clientId } = message;
    this.#clientIds.set(id, clientId);
    if (this.#clientIds.size > UNSAVED) this.#clientIds.delete(this.#clientIds.keys().next().value!);
    if (delivered)
      this.#send({ type: 'delivery_status', status: 'delivered', clientId, timestamp: this.#parts.now() });
  }

  async #readReceipt(conv: string, ids: unknown): Promise<void> {
    const known = Array.isArray(ids) ? ids.filter(isId).slice(0, LIMITS.statusIds) : [];
    if (known.length === 0) {
      this.#error('messageIds is a list of message ids.');
      return;
    }
    const { hub, forwarding } = this.#parts;
    // Who is not in it is told the same as of messages that are not there.
    const n = hub.members(conv).has(this.user)
      ? await forwarding.reader.ask({ type: 'highest', conv, ids: known })
      : null;
    if (n === null) {
      this.#error('None of these messages is in this conversation.');
      return;
    }
    const item = { id: `read-${randomUUID()}`, kind: 'read', n } as const;
    const outcome = await this.#messages.append(this.user, this.device, conv, item, this.peer);
    if (!outcome.ok) this.#error(outcome.failure.message);
  }

  #error(message: string): void {
    this.#send({ type: 'error', message });
  }

  #send(frame: object): void {
    if (!this.#closed) this.#outlet.send(JSON.stringify(frame));
  }

  #heard(): void {
    this.#heardAt = this.#parts.monotonic();
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const { admission, hub, ephemeral, metrics } = this.#parts;
    metrics.disconnects.inc({ reason });
    admission.leave(this);
    hub.detach(this);
    ephemeral.leave(this);
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
