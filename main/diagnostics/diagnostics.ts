/**
 * Everything the diagnostics window shows, kept by main: it works while any window, and the session host itself, stands still. Hears the
 * session host's log, the supervisor's states and the machine's signals; never holds a body unless the window asked for contents.
 */
import {
  type LifeType,
  LOG_LIMITS,
  type LogEvent,
  type Mark,
  PLOT_SPAN,
  type Stretch,
} from '@matchbook/protocol/bridge/diagnostics';
import { decodeCursor } from '@matchbook/protocol/cursor';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { CaughtUp } from './catch-up.ts';
import { EventRing } from './event-ring.ts';
import { Vitals } from './vitals.ts';

/** The window hears of news at most so often, ms. */
const NEWS_PAUSE = 200;
/** Without a report for so long a session host is taken to stand still, ms. */
const HOST_SILENT = 5_000;
const MARKS = 400;

/** What outlives the app: the plots of the last hour. */
export interface Kept {
  stretches: Record<string, Stretch[]>;
  marks: Mark[];
}

export interface DiagnosticsParts {
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
  /** Tells the window, where there is one. */
  news(last: number): void;
  changed(): void;
  /** Asks the session host for contents of frames, or no more. */
  wantContents(on: boolean): void;
}

export class Diagnostics {
  readonly ring = new EventRing(LOG_LIMITS);
  readonly host = { startedAt: 0, lastReport: 0, starts: 0 };
  #parts: DiagnosticsParts;
  #vitals = new Map<string, Vitals>();
  #marks: Mark[] = [];
  #contents: Map<number, string> | null = null;
  #contentBytes = 0;
  #newsDue = false;

  constructor(parts: DiagnosticsParts) {
    this.#parts = parts;
    this.life('app', { words: 'started' });
  }

  /** The last time that entries had been missed, in any account. */
  caughtUp(): CaughtUp | null {
    const all = [...this.#vitals.values()].flatMap(({ catchUp }) => catchUp.done ?? []);
    return all.sort((one, other) => other.at - one.at)[0] ?? null;
  }

  vitals(account: string): Vitals {
    const held = this.#vitals.get(account) ?? new Vitals();
    this.#vitals.set(account, held);
    return held;
  }

  marks(): Mark[] {
    const from = this.#parts.now() - PLOT_SPAN;
    this.#marks = this.#marks.filter(({ at }) => at >= from).slice(-MARKS);
    return this.#marks;
  }

  /** A batch of the session host. */
  hear(events: readonly LogEvent[]): void {
    for (const event of events) this.#put(event);
  }

  /** Something that main knows. */
  life(type: LifeType, more: Partial<Pick<LogEvent, 'account' | 'words' | 'code'>> = {}): void {
    this.#put({ at: this.#parts.now(), account: null, via: 'life', dir: null, type, size: 0, ...more });
  }

  stateChanged(account: string, state: SessionState): void {
    this.vitals(account).changed(state, this.#parts.now());
    this.#parts.changed();
  }

  /** The local store has everything of the account up to this cursor. */
  stored(account: string, cursor: string): void {
    this.vitals(account).stored = decodeCursor(cursor)?.seq ?? null;
  }

  hostReported(): void {
    this.host.lastReport = this.#parts.now();
  }

  /** It reports every two seconds. */
  hostIsSilent(): boolean {
    const { lastReport, startedAt } = this.host;
    return this.#parts.now() - Math.max(lastReport, startedAt) > HOST_SILENT;
  }

  hostStarted(reason: string): void {
    this.host.starts++;
    this.host.startedAt = this.#parts.now();
    this.life('host', { words: reason });
    if (this.contents) this.#parts.wantContents(true);
    this.#parts.changed();
  }

  forget(account: string): void {
    this.#vitals.delete(account);
  }

  get contents(): boolean {
    return this.#contents !== null;
  }

  /** Contents are held while the window that asked for them is open and wants them, and forgotten then. */
  showContents(on: boolean): void {
    if (on === this.contents) return;
    this.#contents = on ? new Map() : null;
    this.#contentBytes = 0;
    this.#parts.wantContents(on);
  }

  /** Lines of the log as the window reads them. */
  lines(after: number, limit: number): { lines: string[]; first: number; last: number } {
    const { ring } = this;
    const from = Math.max(after + 1, ring.first);
    const lines = ring.after(after, limit).map((line, i) => {
      const contents = this.#contents?.get(from + i);
      return contents === undefined ? line : `${line.slice(0, -1)},"contents":${JSON.stringify(contents)}}`;
    });
    return { lines, first: ring.first, last: ring.last };
  }

  kept(): Kept {
    const now = this.#parts.now();
    const stretches = [...this.#vitals].map(([account, vitals]) => [account, vitals.stretches(now)] as const);
    return { stretches: Object.fromEntries(stretches), marks: this.marks() };
  }

  restore({ stretches, marks }: Kept): void {
    for (const [account, kept] of Object.entries(stretches))
      this.vitals(account).restore(kept, this.#parts.now());
    this.#marks = [...marks, ...this.#marks];
  }

  #put({ contents, ...event }: LogEvent): void {
    const no = this.ring.push(event);
    if (contents !== undefined) this.#hold(no, contents);
    if (event.account !== null) this.vitals(event.account).heard(event);
    const kind = MARKED[event.type];
    if (kind && event.via === 'life') this.#mark({ at: event.at, kind });
    this.#tellNews();
  }

  #mark(mark: Mark): void {
    this.#marks.push(mark);
    if (this.#marks.length > 2 * MARKS) this.marks();
  }

  #hold(no: number, contents: string): void {
    if (!this.#contents) return;
    this.#contents.set(no, contents);
    this.#contentBytes += contents.length;
    for (const [oldest, text] of this.#contents) {
      if (this.#contentBytes <= LOG_LIMITS.heldContents) break;
      this.#contents.delete(oldest);
      this.#contentBytes -= text.length;
    }
  }

  #tellNews(): void {
    if (this.#newsDue) return;
    this.#newsDue = true;
    this.#parts.setTimer(() => {
      this.#newsDue = false;
      this.#parts.news(this.ring.last);
    }, NEWS_PAUSE);
  }
}

const MARKED: Readonly<Record<string, Mark['kind']>> = {
  live: 'connected',
  close: 'lost',
  drop: 'lost',
  suspend: 'suspend',
  resume: 'resume',
  'network-lost': 'network-lost',
  'network-back': 'network-back',
  host: 'host',
  app: 'app',
};
