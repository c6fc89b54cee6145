import { checkUp, decodeUp, encode, peekType } from '@matchbook/protocol/codec';
import type { Failure } from '@matchbook/protocol/failures';
import type { DownFrame, UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import { fromBytes } from '@matchbook/protocol/msgpack';
import type { DeliveredPositions } from '../forwarding/delivered.ts';
import { Forwarding, type ForwardingLine, type ForwardingParts } from '../forwarding/forwarding.ts';
import type { Position } from '../reader/messages.ts';
import type { Sequencer } from '../sequencer/port.ts';
import { Bulk } from '../wire/bulk.ts';
import type { Outlet, SharedFrame } from '../wire/outlet.ts';
import type { Ephemeral } from './ephemeral.ts';
import type { Member } from './member.ts';
import { Pages } from './pages.ts';

/** A frame as it came: JSON, or msgpack. */
export type Frame = string | Uint8Array;

/** A confirm as every encoder writes it. */
const CONFIRM = '{"t":"confirm","upTo":"';
const CONFIRM_LENGTH = CONFIRM.length + 34 + '"}'.length;

export interface DeviceParts {
  forwarding: ForwardingParts;
  sequencer: Pick<Sequencer, 'frame' | 'join' | 'leave'>;
  delivered: Pick<DeliveredPositions, 'note'>;
  ephemeral: Pick<Ephemeral, 'typing' | 'activity'>;
  /** How far the API has saved, and until where senders were told of a delay. */
  saveProgress: () => { saved: number; delayed: number };
}

/** Its connection. */
export interface DeviceOwner extends Member {
  readonly peer: number;
  /** Answers with an error; too many of them end the connection. */
  error(failure: Failure, ref?: number): void;
  /** The connection cannot go on. */
  broken(error: unknown): void;
  /** A frame came that was asked for. */
  answeredUs(): void;
}

export function decodeFrame(frame: Frame): ReturnType<typeof decodeUp> {
  if (typeof frame === 'string') return decodeUp(frame);
  const value = fromBytes(frame);
  return value === undefined
    ? { ok: false, failure: { kind: 'bad_json', message: 'The frame is not msgpack.' } }
    : checkUp(value);
}

/** A device that was let in: what its frames ask for, its position in the log, and its bulk lane. */
export class Device implements ForwardingLine {
  readonly user: string;
  readonly peer: number;
  readonly forwarding: Forwarding;
  readonly #owner: DeviceOwner;
  readonly #outlet: Outlet;
  readonly #parts: DeviceParts;
  #bulk: Bulk | null = null;
  #pages: Pages | null = null;
  /** The sequencer knows it: it has appended something. */
  #introduced = false;
  #closed = false;

  constructor(owner: DeviceOwner, outlet: Outlet, parts: DeviceParts) {
    this.user = owner.user;
    this.peer = owner.peer;
    this.#owner = owner;
    this.#outlet = outlet;
    this.#parts = parts;
    this.forwarding = new Forwarding(parts.forwarding, this);
  }

  /** Begins to move; resolves once it is at the head or waits for credit. */
  async start(position: Position): Promise<void> {
    await this.forwarding.start(position);
  }

  take(frame: Frame): void {
    // An append goes to the sequencer as it came: it is parsed once, there.
    if (typeof frame === 'string' && peekType(frame) === 'append') {
      this.#append(frame);
      return;
    }
    // The most frequent of the others.
    if (typeof frame === 'string' && frame.length === CONFIRM_LENGTH && frame.startsWith(CONFIRM)) {
      this.#confirm(frame.slice(CONFIRM.length, -2));
      return;
    }
    const decoded = decodeFrame(frame);
    if (decoded.ok) this.#on(decoded.frame, frame);
    else if (decoded.failure.kind === 'invalid_frame' && isAppend(frame)) this.#append(frame);
    else this.notUnderstood(decoded.failure);
  }

  notUnderstood(failure: Failure): void {
    const fatal = failure.kind === 'bad_json' || failure.kind === 'bad_frame';
    if (fatal) this.#owner.close(failure);
    else this.#owner.error(failure);
  }

  /** How far it is, with the time. */
  heartbeat(): void {
    this.#send({ t: 'heartbeat', ...this.forwarding.headOrBehind(), time: this.#now() });
  }

  pong(payload: Uint8Array): void {
    this.#bulk?.pong(payload);
  }

  tick(): void {
    this.#bulk?.tick();
  }

  close(): void {
    this.#closed = true;
    this.forwarding.close();
    this.#pages?.close();
    this.#bulk?.close();
    if (this.#introduced) this.#parts.sequencer.leave(this.peer);
  }

  send(text: string): void {
    this.#outlet.send(text);
  }

  share(frame: SharedFrame): void {
    this.#outlet.share(frame);
  }

  bulk(text: string): Promise<boolean> {
    return this.#lane().send(text, false);
  }

  delivered({ conv, n }: { conv: string; n: number }): void {
    const { forwarding, delivered } = this.#parts;
    if (forwarding.hub.members(conv).size <= LIMITS.smallGroup) delivered.note(this.user, conv, n);
  }

  broken(error: unknown): void {
    this.#owner.broken(error);
  }

  tooFar(): void {
    this.#owner.close({ kind: 'slow_consumer', message: 'Too far behind; come back for a snapshot.' });
  }

  #on(frame: UpFrame, raw: Frame): void {
    switch (frame.t) {
      case 'hello':
        this.#owner.error({
          kind: 'invalid_frame',
          message: 'A connection says hello once.',
          field: 't',
        });
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
        const { forwarding, saveProgress } = this.#parts;
        forwarding.reader
          .ask({ type: 'status', user: this.user, ids: frame.ids, ...saveProgress() })
          .then((items) => this.#send({ t: 'saved', items }))
          .catch((error: unknown) => this.broken(error));
        return;
      }
      case 'ping':
        this.#send({ t: 'pong', at: frame.at, ...this.forwarding.headOrBehind(), time: this.#now() });
        return;
      case 'typing':
        this.#parts.ephemeral.typing(this.#owner, frame);
        return;
      case 'activity':
        this.#parts.ephemeral.activity(this.#owner, frame.active, frame.hidden);
        return;
    }
  }

  #confirm(cursor: string): void {
    const released = this.forwarding.confirm(cursor);
    if (released === null)
      this.#owner.error({
        kind: 'invalid_field',
        message: 'This cursor was not sent here.',
        field: 'upTo',
      });
    // Answers what we sent: a device that much comes to must not be taken for one that floods.
    else if (released) this.#owner.answeredUs();
  }

  #append(frame: Frame): void {
    const { sequencer } = this.#parts;
    if (!this.#introduced) {
      this.#introduced = true;
      sequencer.join(this.peer, this.user, this.#owner.device);
    }
    if (!sequencer.frame(this.peer, frame))
      this.#owner.close({ kind: 'storage_unavailable', message: 'The log is too busy.', retryAfter: 2 });
  }

  #lane(): Bulk {
    const outlet = this.#outlet;
    this.#bulk ??= new Bulk(
      (text) => outlet.send(text),
      (payload) => outlet.ping(payload),
      this.#parts.forwarding.now,
    );
    return this.#bulk;
  }

  #fetches(): Pages {
    this.#pages ??= new Pages({
      user: this.user,
      reader: this.#parts.forwarding.reader,
      send: (text) => this.#lane().send(text, true),
      refuse: (failure, ref) => this.#owner.error(failure, ref),
      broken: (error) => this.broken(error),
    });
    return this.#pages;
  }

  #now(): number {
    return this.#parts.forwarding.wallClock();
  }

  #send(frame: DownFrame): void {
    if (!this.#closed) this.#outlet.send(encode(frame));
  }
}

const isAppend = (frame: Frame): boolean => {
  const value: unknown = typeof frame === 'string' ? JSON.parse(frame) : fromBytes(frame);
  return (value as { t?: unknown }).t === 'append';
};
