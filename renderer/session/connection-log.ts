/**
 * The connection log at its source: every frame, whatever carried it, and every event of a session's life, without secrets and without
 * bodies. A session writes into its account's `ConnectionLog`; `LogOutlet` carries batches to main, which keeps them.
 */
import { LOG_LIMITS, type LogEvent, type Transport } from '@matchbook/protocol/bridge/diagnostics';
import type { HostBridge } from '@matchbook/protocol/bridge/host';
import { redactedFrame, scrubbed } from '@matchbook/protocol/redaction';
import { factsOf, pingOf } from './frame-facts.ts';

/** Events gather for so long, ms. No timer runs while nothing happens. */
const GATHER = 200;
/** Tokens and tickets that an account's log remembers in order to hide them. */
const SECRETS = 6;

export type Life = Omit<LogEvent, 'at' | 'account' | 'via' | 'dir' | 'size' | 'contents'>;

export interface LogOutletParts {
  bridge: Pick<HostBridge, 'call'>;
  /** Wall clock, ms. */
  now(): number;
  /** The clock by which sessions stamp their pings, ms. */
  steady(): number;
  later(work: () => void, delay: number): void;
}

/** Batches on their way to main. While main does not take them, what is oldest is dropped and counted. */
export class LogOutlet {
  /** Contents of frames are wanted right now. */
  contents = false;
  #parts: LogOutletParts;
  #pending: LogEvent[] = [];
  #dropped = 0;
  #due = false;

  constructor(parts: LogOutletParts) {
    this.#parts = parts;
  }

  get now(): number {
    return this.#parts.now();
  }

  get steady(): number {
    return this.#parts.steady();
  }

  put(event: LogEvent): void {
    this.#pending.push(event);
    if (this.#pending.length > LOG_LIMITS.pending) {
      this.#pending = this.#pending.slice(LOG_LIMITS.batch);
      this.#dropped += LOG_LIMITS.batch;
    }
    this.#schedule(GATHER);
  }

  #schedule(delay: number): void {
    if (this.#due) return;
    this.#due = true;
    this.#parts.later(() => void this.#flush(), delay);
  }

  async #flush(): Promise<void> {
    const events = this.#pending.splice(0, LOG_LIMITS.batch - 1);
    if (this.#dropped > 0)
      events.unshift({
        at: this.now,
        account: null,
        via: 'life',
        dir: null,
        type: 'lost-events',
        size: 0,
        count: this.#dropped,
      });
    this.#dropped = 0;
    const taken = await this.#parts.bridge.call('host.log', { events }).then(
      ({ ok }) => ok,
      () => false,
    );
    this.#due = false;
    if (!taken) this.#dropped += events.length;
    if (this.#pending.length > 0) this.#schedule(this.#pending.length >= LOG_LIMITS.batch ? 0 : GATHER);
  }
}

export class ConnectionLog {
  #outlet: LogOutlet;
  #account: string;
  #secrets: string[] = [];

  constructor(outlet: LogOutlet, account: string) {
    this.#outlet = outlet;
    this.#account = account;
  }

  /** From now on this text is hidden wherever it stands. */
  secret(text: string): void {
    if (text.length < 8 || this.#secrets.includes(text)) return;
    this.#secrets = [...this.#secrets, text].slice(-SECRETS);
  }

  /** A frame as it stood on the wire. `more`: what only the transport knows, such as a status or how long it took. */
  frame(
    dir: 'in' | 'out',
    via: Exclude<Transport, 'life'>,
    text: string,
    more: Partial<Pick<LogEvent, 'ms' | 'code'>> = {},
  ): void {
    const at = this.#outlet.now;
    // Its ticket is a secret from this line on.
    if (text.startsWith('{"t":"welcome"')) this.secret(/"ticket":"([^"]+)"/.exec(text)?.[1] ?? '');
    const event: LogEvent = { at, account: this.#account, via, dir, ...factsOf(text), ...more };
    const sent = dir === 'in' ? pingOf(text) : null;
    if (sent !== null && this.#outlet.steady >= sent) event.ms = this.#outlet.steady - sent;
    if (event.words !== undefined) event.words = this.#clean(event.words);
    if (this.#outlet.contents)
      event.contents = redactedFrame(text, this.#secrets).slice(0, LOG_LIMITS.contents);
    this.#outlet.put(event);
  }

  /** A request without a frame in it: that of a long poll. */
  request(via: 'poll', type: string, more: Pick<LogEvent, 'wait' | 'ids'>): void {
    const ids = more.ids?.slice(0, LOG_LIMITS.ids) ?? [];
    this.#outlet.put({
      ...{ at: this.#outlet.now, account: this.#account, via, dir: 'out', type, size: 0 },
      ...(more.wait === undefined ? {} : { wait: more.wait }),
      ...(ids.length > 0 ? { ids } : {}),
    });
  }

  life(life: Life): void {
    const words = life.words === undefined ? {} : { words: this.#clean(life.words) };
    this.#outlet.put({
      at: this.#outlet.now,
      account: this.#account,
      via: 'life',
      dir: null,
      size: 0,
      ...life,
      ...words,
    });
  }

  #clean(words: string): string {
    return scrubbed(words, this.#secrets).slice(0, LOG_LIMITS.words);
  }
}
