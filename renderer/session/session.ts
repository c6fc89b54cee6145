/** One account's session: performs what the machine wants with a real socket and the bridge, and tells what comes of it. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { decodeDown, encode, peekType } from '@matchbook/protocol/codec';
import { FAILURES, isFailureKind } from '@matchbook/protocol/failures';
import type { DownFrame, UpFrame } from '@matchbook/protocol/frames';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import { SUBPROTOCOL } from '@matchbook/protocol/version';
import { createMachine, type Effect, type Event, type Machine, publicState, transition } from './machine.ts';

/** The browser's WebSocket, as far as it is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface SessionParts {
  device: string;
  cursor: string | null;
  /** Address of the relay, with the user's id where it wants one. */
  url: string;
  openSocket(url: string, protocol: string): Socket;
  fetchToken(refused: boolean): Promise<Outcome<{ token: string; expires: number }>>;
  now(): number;
}

export interface SessionListener {
  /** `entries`, `heads` and `page` come as text, for the inbox; everything else as a frame. */
  bulk(text: string): void;
  frame(frame: DownFrame): void;
  live(): void;
  lost(): void;
  changed(state: SessionState): void;
}

const BULK = new Set(['entries', 'heads', 'page']);

export class Session {
  #parts: SessionParts;
  #listener: SessionListener;
  #machine: Machine;
  #socket: Socket | null = null;
  #told = '';

  constructor(parts: SessionParts, listener: SessionListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#machine = createMachine(parts.device, parts.cursor);
  }

  get state(): SessionState {
    return publicState(this.#machine);
  }

  /** Changes with every connection; what belongs to an older one must not be sent on this one. */
  get generation(): number {
    return this.#machine.generation;
  }

  get isLive(): boolean {
    return this.#machine.mode.kind === 'live';
  }

  advise(advice: Advice): void {
    this.#step({ kind: 'advice', advice, now: this.#parts.now() });
  }

  tick(): void {
    this.#step({ kind: 'tick', now: this.#parts.now() });
  }

  stored(upTo: string, behind: number): void {
    this.#step({ kind: 'stored', upTo, behind, now: this.#parts.now() });
  }

  giveUpConnection(message: string): void {
    this.#step({ kind: 'useless', message, now: this.#parts.now() });
  }

  /** @returns false where there is no live connection: nothing was sent */
  send(frame: UpFrame): boolean {
    if (!this.isLive || !this.#socket) return false;
    this.#socket.send(encode(frame));
    return true;
  }

  close(): void {
    this.#step({ kind: 'advice', advice: { kind: 'rest' }, now: this.#parts.now() });
  }

  #step(event: Event): void {
    const { machine, effects } = transition(this.#machine, event);
    this.#machine = machine;
    for (const effect of effects) this.#perform(effect);
    const state = this.state;
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#listener.changed(state);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'fetch-token':
        return this.#fetchToken(effect.refused);
      case 'open':
        return this.#open();
      case 'send':
        this.#socket?.send(encode(effect.frame));
        return;
      case 'drop':
        return this.#drop();
      case 'live':
        return this.#listener.live();
      case 'lost':
        return this.#listener.lost();
    }
  }

  #fetchToken(refused: boolean): void {
    const { generation } = this.#machine;
    const { now } = this.#parts;
    const failed = (message: string, kind?: string, retryAfter?: number) => {
      const wire = kind !== undefined && isFailureKind(kind) ? kind : null;
      this.#step({
        kind: 'token-refused',
        generation,
        failure: wire ? { kind: wire, message, ...(retryAfter === undefined ? {} : { retryAfter }) } : null,
        message,
        signIn: wire !== null && FAILURES[wire].action === 'sign-in',
        now: now(),
      });
    };
    this.#parts.fetchToken(refused).then(
      (outcome) => {
        if (outcome.ok) this.#step({ kind: 'token', generation, token: outcome.value.token, now: now() });
        else failed(outcome.failure.message, outcome.failure.kind, outcome.failure.retryAfter);
      },
      (error: unknown) => failed(String(error)),
    );
  }

  #open(): void {
    const { generation } = this.#machine;
    const { now } = this.#parts;
    const socket = this.#parts.openSocket(this.#parts.url, SUBPROTOCOL);
    this.#socket = socket;
    socket.onopen = () => this.#step({ kind: 'opened', generation, now: now() });
    socket.onmessage = ({ data }) => this.#hear(generation, data);
    socket.onclose = ({ code, reason }) =>
      this.#step({ kind: 'closed', generation, code, reason, now: now() });
    // The close that follows every error says all there is to know.
    socket.onerror = () => {};
  }

  #hear(generation: number, data: unknown): void {
    if (generation !== this.#machine.generation || typeof data !== 'string') return;
    const now = this.#parts.now();
    if (BULK.has(peekType(data) ?? '')) {
      this.#step({ kind: 'data', generation, now });
      this.#listener.bulk(data);
      return;
    }
    const decoded = decodeDown(data);
    // A frame of a newer relay: still a sign of life, and nothing that this version needs.
    if (!decoded.ok) return this.#step({ kind: 'data', generation, now });
    const { frame } = decoded;
    this.#step({ kind: 'frame', generation, frame, now });
    if (this.#machine.generation === generation) this.#listener.frame(frame);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
