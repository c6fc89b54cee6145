/** One account's session: performs what the machine wants with real sockets and requests, and tells what comes of it. */
import { decodeDown, encode, peekType } from '@matchbook/protocol/codec';
import type { AppendFrame, DownFrame, UpFrame } from '@matchbook/protocol/frames';
import { isNetworkFault } from '@matchbook/protocol/network-fault';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import { SUBPROTOCOL } from '@matchbook/protocol/version';
import { knownFailure, type Told } from './endings.ts';
import { HttpTransport, type Refused } from './http-transport.ts';
import { lifeOfAdvice, lifeOfState } from './life-lines.ts';
import { createMachine, type Effect, type Event, type Machine, publicState, transition } from './machine.ts';
import type { SessionListener, SessionParts, Socket } from './session-parts.ts';

const BULK = new Set(['entries', 'heads', 'page']);

/** No more than where the head is. */
const bringsNothing = (frame: { t: string }): boolean =>
  frame.t === 'heartbeat' ||
  (frame.t === 'entries' && 'items' in frame && Array.isArray(frame.items) && frame.items.length === 0);

export class Session {
  #parts: SessionParts;
  #listener: SessionListener;
  #machine: Machine;
  #http: HttpTransport;
  #socket: { socket: Socket; generation: number } | null = null;
  /** Ends the poll that is out; and all appends of this generation. */
  #poll: AbortController | null = null;
  #appends = new AbortController();
  /** Asked by the next poll. */
  #status: string[] = [];
  #told = '';
  #kind: SessionState['kind'] = 'idle';

  constructor(parts: SessionParts, listener: SessionListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#machine = createMachine(parts.device, parts.cursor, parts.restarted ? parts.clock.now() : null);
    this.#http = new HttpTransport({
      base: parts.httpBase,
      fetch: parts.fetch,
      fetchToken: parts.fetchToken,
    });
  }

  get state(): SessionState {
    return publicState(this.#machine, this.#parts.clock.wall);
  }

  /** Changes with every connection; what belongs to an older one must not be sent on this one. */
  get generation(): number {
    return this.#machine.generation;
  }

  /** Something can be sent and something comes, by whatever transport. */
  get isLive(): boolean {
    return this.transport !== null;
  }

  get transport(): 'socket' | 'http' | null {
    const { kind } = this.#machine.mode;
    return kind === 'live' ? 'socket' : kind === 'polling' ? 'http' : null;
  }

  advise(advice: Advice): void {
    this.#step({ kind: 'advice', advice, now: this.#now() });
    const told = lifeOfAdvice(advice, this.#parts.clock.wall(this.#now()));
    if (told) this.#parts.log.life(told);
  }

  tick(): void {
    this.#step({ kind: 'tick', now: this.#now() });
  }

  stored(upTo: string, behind: number): void {
    this.#step({ kind: 'stored', upTo, behind, now: this.#now() });
  }

  giveUpConnection(message: string): void {
    this.#step({ kind: 'useless', message, now: this.#now() });
  }

  /** @returns false where it was not sent: there is no connection, or by HTTP there is no such thing */
  send(frame: UpFrame): boolean {
    if (this.transport === 'socket') return this.#put(frame);
    if (this.transport !== 'http') return false;
    switch (frame.t) {
      case 'append':
        void this.#append(frame);
        return true;
      case 'status':
        this.#status = frame.ids;
        return true;
      // The next request's cursor is the confirmation; the others are for those who are heard in time.
      default:
        return false;
    }
  }

  close(): void {
    this.#step({ kind: 'advice', advice: { kind: 'rest' }, now: this.#now() });
  }

  #now(): number {
    return this.#parts.clock.now();
  }

  #step(event: Event): void {
    const { machine, effects } = transition(this.#machine, event);
    this.#machine = machine;
    for (const effect of effects) this.#perform(effect);
    const { state } = this;
    // What moves with every frame is told with the pulse, not with every frame.
    const text = JSON.stringify(state, (key, value: unknown) =>
      key === 'lastData' ? undefined : key === 'complete' ? value !== null : value,
    );
    if (text === this.#told) return;
    this.#told = text;
    if (state.kind !== this.#kind) this.#parts.log.life(lifeOfState(state));
    this.#kind = state.kind;
    this.#listener.changed(state);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'fetch-token':
        return this.#fetchToken(effect.refused, effect.generation);
      case 'open':
        return this.#open(effect.generation);
      case 'send':
        this.#put(effect.frame);
        return;
      case 'poll':
        return void this.#ask(effect.wait);
      case 'stop-poll':
        return this.#stopPolling();
      case 'drop-socket':
        return this.#drop();
      case 'explain':
        return void this.#explain();
      case 'live':
        this.#parts.log.life({ type: 'live' });
        return this.#listener.live();
      case 'lost':
        return this.#listener.lost();
    }
  }

  #fetchToken(refused: boolean, generation: number): void {
    const { log } = this.#parts;
    const failed = (told: Told) => {
      const { kind = '', message } = told;
      log.life({ type: 'token-refused', words: message });
      const fault = isNetworkFault(kind) ? kind : null;
      const failure = knownFailure(told);
      this.#step({ kind: 'token-refused', generation, failure, fault, message, now: this.#now() });
    };
    log.life({ type: 'token', words: refused ? 'a fresh one' : 'any that is good' });
    this.#parts.fetchToken(refused).then(
      (outcome) => {
        if (!outcome.ok) return failed(outcome.failure);
        const { token } = outcome.value;
        log.secret(token);
        this.#step({ kind: 'token', generation, token, now: this.#now() });
      },
      (error: unknown) => failed({ message: String(error) }),
    );
  }

  // ---- the socket ----

  #open(generation: number): void {
    this.#drop();
    const { log, url } = this.#parts;
    const { mode } = this.#machine;
    const begun = this.#now();
    log.life({
      type: 'dial',
      words: url.replace(/\?.*/, ''),
      ...('attempt' in mode ? { attempt: Math.max(1, mode.attempt) } : {}),
    });
    const socket = this.#parts.openSocket(this.#parts.url, SUBPROTOCOL);
    this.#socket = { socket, generation };
    socket.onopen = () => {
      log.life({ type: 'open', ms: this.#now() - begun });
      this.#step({ kind: 'opened', generation, now: this.#now() });
    };
    socket.onmessage = ({ data }) => this.#hear(generation, data);
    socket.onclose = ({ code, reason }) => {
      log.life({ type: 'close', code, ...(reason ? { words: reason } : {}) });
      // Closed already: dropping it now is no further event.
      if (this.#socket?.socket === socket) this.#socket = null;
      this.#step({ kind: 'closed', generation, code, reason, now: this.#now() });
    };
    // The close that follows every error says all there is to know.
    socket.onerror = () => {};
  }

  #put(frame: UpFrame): boolean {
    if (!this.#socket) return false;
    const text = encode(frame);
    this.#socket.socket.send(text);
    this.#parts.log.frame('out', 'socket', text);
    return true;
  }

  #hear(generation: number, data: unknown): void {
    if (generation !== this.#machine.generation || typeof data !== 'string') return;
    this.#parts.log.frame('in', this.#machine.mode.kind === 'polling' ? 'poll' : 'socket', data);
    const type = peekType(data) ?? '';
    if (BULK.has(type)) return this.#hearBulk(generation, data);
    const decoded = decodeDown(data);
    // A frame of a newer relay: still a sign of life, and nothing that this version needs.
    if (!decoded.ok) return this.#step({ kind: 'data', generation, now: this.#now() });
    this.#hearFrame(generation, decoded.frame);
  }

  #hearBulk(generation: number, text: string): void {
    this.#step({ kind: 'data', generation, now: this.#now() });
    if (this.#machine.generation === generation) this.#listener.bulk(text);
  }

  #hearFrame(generation: number, frame: DownFrame): void {
    this.#step({ kind: 'frame', generation, frame, now: this.#now() });
    if (this.#machine.generation === generation) this.#listener.frame(frame);
  }

  #drop(): void {
    const held = this.#socket;
    this.#socket = null;
    if (!held) return;
    const { socket } = held;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    const { mode } = this.#machine;
    this.#parts.log.life({ type: 'drop', ...('cause' in mode ? { words: mode.cause.message } : {}) });
  }

  // ---- the same by HTTP ----

  async #ask(wait: number): Promise<void> {
    this.#poll?.abort();
    const poll = new AbortController();
    this.#poll = poll;
    const { generation, cursor } = this.#machine;
    const status = this.#status;
    this.#status = [];
    const { log } = this.#parts;
    const begun = this.#now();
    log.request('poll', 'entries', { wait: wait * 1_000, ids: status });
    const answer = await this.#http.poll(cursor, wait, status, poll.signal);
    if (this.#poll !== poll || generation !== this.#machine.generation) return;
    this.#poll = null;
    if (!answer.ok) return this.#refused(generation, answer);
    const texts = answer.frames.map((frame) => ({ type: frame.t, text: encode(frame as DownFrame) }));
    const upTo = answer.frames.findLast((frame) => BULK.has(frame.t) && 'upTo' in frame) as
      | { upTo?: string }
      | undefined;
    log.life({ type: 'answer', code: 200, ms: this.#now() - begun, count: answer.frames.length });
    const nothing = answer.frames.every(bringsNothing);
    const told = { upTo: upTo?.upTo ?? null, nothing, random: this.#parts.random(), now: this.#now() };
    this.#step({ kind: 'polled', generation, ...told });
    for (const { text } of texts) this.#hear(generation, text);
  }

  async #append(frame: AppendFrame): Promise<void> {
    const { generation } = this.#machine;
    const { signal } = this.#appends;
    this.#parts.log.frame('out', 'rest', encode(frame));
    const answer = await this.#http.append(frame, signal);
    if (signal.aborted || generation !== this.#machine.generation) return;
    if (!answer.ok) return this.#refused(generation, answer);
    for (const one of answer.frames) {
      this.#parts.log.frame('in', 'rest', encode(one));
      this.#hearFrame(generation, one);
    }
  }

  #refused(generation: number, { failure, message, status }: Refused): void {
    this.#parts.log.life({ type: 'refused', words: message, ...(status === 0 ? {} : { code: status }) });
    this.#step({ kind: 'poll-failed', generation, failure, message, now: this.#now() });
  }

  #stopPolling(): void {
    this.#poll?.abort();
    this.#poll = null;
    this.#appends.abort();
    this.#appends = new AbortController();
    this.#status = [];
  }

  async #explain(): Promise<void> {
    const { generation } = this.#machine;
    const told = await this.#parts.explain().catch(() => null);
    if (!told?.fault) return;
    this.#parts.log.life({ type: 'explained', words: told.message });
    this.#step({ kind: 'explained', generation, fault: told.fault, message: told.message });
  }
}
