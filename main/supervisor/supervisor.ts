/**
 * Owns time for every account's session: hears its states and the machine's signals, and says when to dial, probe, or wait. It lives in
 * main, whose timers are not throttled, and outside the loop that it watches: a session host that reports nothing is reloaded.
 */
import { RECONNECT } from '@matchbook/protocol/limits';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import { paceOf } from './policy.ts';

/** Wall clock and monotonic clock drift apart by more than this only when the machine slept or the clock was set. */
const CLOCK_JUMP = 15_000;
const WATCH_INTERVAL = 2_000;

export interface SupervisorParts {
  advise(account: string, advice: Advice): void;
  reloadHost(reason: string): void;
  changed(account: string, state: SessionState): void;
  now(): number;
  /** Monotonic, ms. */
  uptime(): number;
  random(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

interface Watched {
  state: SessionState;
  /** Attempts since the last stable connection. */
  attempts: number;
  liveSince: number | null;
  timer: { cancel(): void } | null;
}

const IDLE: SessionState = { kind: 'idle' };

export class Supervisor {
  #parts: SupervisorParts;
  #watched = new Map<string, Watched>();
  #lastProgress: number;
  #clock: { wall: number; uptime: number };
  #watch: { cancel(): void } | null = null;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#lastProgress = parts.uptime();
    this.#clock = { wall: parts.now(), uptime: parts.uptime() };
    this.#scheduleWatch();
  }

  stateOf(account: string): SessionState {
    return this.#watched.get(account)?.state ?? IDLE;
  }

  /** Proof of life of the session host, with the states of all its sessions. */
  progress(states: readonly { account: string; state: SessionState }[]): void {
    this.#lastProgress = this.#parts.uptime();
    for (const { account, state } of states) this.#heard(account, state);
  }

  /** The host was (re)started: its sessions are new and idle. */
  hostStarted(): void {
    this.#lastProgress = this.#parts.uptime();
    for (const watched of this.#watched.values()) {
      watched.timer?.cancel();
      watched.timer = null;
      watched.liveSince = null;
      // Forgotten, so that the new session's first report is news.
      watched.state = {
        kind: 'waiting',
        attempt: 0,
        at: null,
        cause: { at: this.#parts.now(), phase: 'dial', message: 'The session is starting.' },
      };
    }
  }

  /** Resume, network change, focus: what is live is doubted, what waits tries at once. */
  signal(): void {
    for (const [account, { state }] of this.#watched) {
      if (state.kind === 'live') this.#parts.advise(account, { kind: 'probe' });
      else if (state.kind === 'waiting' || state.kind === 'offline') this.#dial(account, 1);
    }
  }

  /** The person wants a new connection, whatever state the old one is in; also after signing in again. */
  reconnect(account: string): void {
    this.#dial(account, 1);
  }

  forget(account: string): void {
    this.#watched.get(account)?.timer?.cancel();
    this.#watched.delete(account);
  }

  close(): void {
    this.#watch?.cancel();
    for (const { timer } of this.#watched.values()) timer?.cancel();
    this.#watched.clear();
  }

  #heard(account: string, state: SessionState): void {
    const watched = this.#watched.get(account) ?? { state: IDLE, attempts: 0, liveSince: null, timer: null };
    const before = watched.state;
    this.#watched.set(account, watched);
    watched.state = state;
    if (JSON.stringify(before) !== JSON.stringify(state)) this.#parts.changed(account, state);
    switch (state.kind) {
      case 'idle':
        if (!watched.timer) this.#dialSoon(account, watched, 0, 1);
        return;
      case 'live':
        watched.timer?.cancel();
        watched.timer = null;
        watched.liveSince ??= this.#parts.uptime();
        if (this.#parts.uptime() - watched.liveSince >= RECONNECT.stableAfter) watched.attempts = 0;
        return;
      case 'waiting':
        this.#wait(account, watched, state);
        return;
      case 'offline':
      case 'connecting':
        return;
      case 'needs-sign-in':
      case 'replaced':
      case 'closed':
        watched.timer?.cancel();
        watched.timer = null;
        return;
    }
  }

  #wait(account: string, watched: Watched, state: Extract<SessionState, { kind: 'waiting' }>): void {
    if (state.at !== null || watched.timer) return;
    const stable =
      watched.liveSince !== null && this.#parts.uptime() - watched.liveSince >= RECONNECT.stableAfter;
    watched.attempts = stable ? 1 : watched.attempts + 1;
    watched.liveSince = null;
    const { delay, offline } = paceOf(watched.attempts, state.cause, this.#parts.random());
    this.#parts.advise(account, {
      kind: 'wait',
      at: this.#parts.now() + delay,
      attempt: watched.attempts,
      offline,
    });
    this.#dialSoon(account, watched, delay, watched.attempts);
  }

  #dialSoon(account: string, watched: Watched, delay: number, attempt: number): void {
    watched.timer = this.#parts.setTimer(() => {
      watched.timer = null;
      this.#parts.advise(account, { kind: 'dial', attempt });
    }, delay);
  }

  #dial(account: string, attempt: number): void {
    const watched = this.#watched.get(account);
    watched?.timer?.cancel();
    if (watched) watched.timer = null;
    this.#parts.advise(account, { kind: 'dial', attempt });
  }

  #scheduleWatch(): void {
    this.#watch = this.#parts.setTimer(() => {
      this.#look();
      this.#scheduleWatch();
    }, WATCH_INTERVAL);
  }

  #look(): void {
    const clock = { wall: this.#parts.now(), uptime: this.#parts.uptime() };
    const passed = { wall: clock.wall - this.#clock.wall, uptime: clock.uptime - this.#clock.uptime };
    this.#clock = clock;
    // A watch that itself comes late says that this process stood still, so the host had no chance to report either.
    const stoodStill = passed.uptime > CLOCK_JUMP || Math.abs(passed.wall - passed.uptime) > CLOCK_JUMP;
    if (stoodStill) {
      this.#lastProgress = clock.uptime;
      this.signal();
    } else if (clock.uptime - this.#lastProgress > RECONNECT.wedgedAfter) {
      this.#lastProgress = clock.uptime;
      this.#parts.reloadHost(`no progress for ${RECONNECT.wedgedAfter / 1_000} s`);
    }
  }
}
