/**
 * Owns time for every account's session: hears its states and the machine's signals, and says when to dial, probe, or wait. It lives in
 * main, whose timers are not throttled, and outside the loop that it watches: a session host that reports nothing is reloaded.
 */
import { LIMITS, RECONNECT } from '@matchbook/protocol/limits';
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import { paceOf, trialPaceOf } from './policy.ts';
import { Watchdog } from './watchdog.ts';

/** A dial whose advice has led nowhere for so long was lost on the way to the host. */
const LOST_ADVICE = 3_000;

/** Signals come in swarms (a flapping network, windows that take the focus from each other): they dial at most once in so long. */
const SIGNAL_PAUSE = 1_000;

/** A connection that ends so soon after it was doubted ends because of that. */
const DOUBTED = LIMITS.probeTimeout + 3_000;

/**
 * What makes trying at once worthwhile.
 * `resume`, `network`, `clock`: what was connected before may be dead without knowing it, a dial that is under way included.
 * `focus`, `unlock`, `online`, `servers`: somebody is there, or something came back.
 */
export type Signal = 'resume' | 'network' | 'clock' | 'focus' | 'unlock' | 'online' | 'servers';

export interface SupervisorParts {
  advise(account: string, advice: Advice): void;
  reloadHost(reason: string): void;
  changed(account: string, state: SessionState): void;
  /** It is live, and was not before. What is told of a connection, with every sign of life, is `changed` alone. */
  connected(account: string): void;
  /** Setting, read at every use. */
  attemptLimit(): number;
  /** The person has put this account at rest. */
  resting(account: string): boolean;
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
  /** The dial that is under way was not its turn: a signal asked for it, and its failure says nothing of the server's state. */
  outOfTurn: boolean;
  /** Trials of the socket since it was last stable. */
  trials: number;
  /** Uptime since which the socket is live. */
  liveSince: number | null;
  /** Uptime since which data flows. */
  flowsSince: number | null;
  timer: { cancel(): void } | null;
  /** Wall clock of the next trial. */
  due: number;
  /** Uptime of the last advice to dial. */
  dialled: number;
  /** Uptime at which a live connection was last doubted. */
  doubted: number;
  /** Uptime at which the world was last another one. */
  changed: number;
}

type Waiting = Extract<SessionState, { kind: 'waiting' | 'offline' }>;
const IDLE: SessionState = { kind: 'idle' };

export class Supervisor {
  #parts: SupervisorParts;
  #watched = new Map<string, Watched>();
  #watchdog: Watchdog;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#watchdog = new Watchdog({
      ...parts,
      stoodStill: () => this.signal('clock'),
      wedged: (reason) => parts.reloadHost(reason),
    });
  }

  stateOf(account: string): SessionState {
    return this.#watched.get(account)?.state ?? IDLE;
  }

  /** Proof of life of the session host, with the states of all its sessions. */
  progress(states: readonly { account: string; state: SessionState }[]): void {
    this.#watchdog.fed();
    for (const { account, state } of states) this.#heard(account, state);
  }

  /** The host was (re)started: its sessions are new and idle. */
  hostStarted(): void {
    this.#watchdog.fed();
    for (const watched of this.#watched.values()) {
      disarm(watched);
      watched.flowsSince = null;
      // Forgotten, so that the new session's first report is news.
      watched.state = {
        kind: 'waiting',
        attempt: 0,
        at: null,
        cause: { at: this.#parts.now(), phase: 'dial', message: 'The session is starting.' },
      };
    }
  }

  /**
   * What is live is doubted, what waits tries at once, what was begun before the world changed is begun again. What failed in another world is no
   * measure for this one, also where something is live: the backoff starts anew, except where only a person came by.
   */
  signal(signal: Signal): void {
    const changed = signal === 'resume' || signal === 'network' || signal === 'clock';
    const anew = changed || signal === 'online' || signal === 'servers';
    for (const [account, watched] of this.#watched) {
      if (this.#parts.resting(account)) continue;
      if (anew) Object.assign(watched, { trials: 0, attempts: 0, changed: this.#parts.uptime() });
      switch (watched.state.kind) {
        case 'live':
          watched.doubted = this.#parts.uptime();
          this.#parts.advise(account, { kind: 'probe', ...(changed ? { anew: true } : {}) });
          break;
        case 'polling':
          if (changed) this.#parts.advise(account, { kind: 'probe' });
          disarm(watched);
          this.#parts.advise(account, { kind: 'trial' });
          break;
        case 'idle':
        case 'resting':
        case 'waiting':
        case 'offline':
          this.#dialOutOfTurn(account, watched);
          break;
        case 'connecting':
          if (changed) this.#dialOutOfTurn(account, watched);
          break;
        default:
      }
    }
  }

  /** The person wants a new connection, whatever state the old one is in; also after signing in again. */
  reconnect(account: string): void {
    const watched = this.#watched.get(account);
    if (watched) watched.attempts = 0;
    this.#dial(account, 1);
  }

  /** The person has chosen another attempt limit: what waits is told, and waits, by the new one. */
  limitChanged(): void {
    for (const [account, watched] of this.#watched) {
      const { state, timer } = watched;
      if (!timer || (state.kind !== 'waiting' && state.kind !== 'offline')) continue;
      if (this.#pace(watched, state).offline === (state.kind === 'offline')) continue;
      disarm(watched);
      this.#plan(account, watched, state);
    }
  }

  /** The person wants none, until they say otherwise. */
  rest(account: string): void {
    const watched = this.#watched.get(account);
    if (watched) disarm(watched);
    this.#parts.advise(account, { kind: 'rest' });
  }

  forget(account: string): void {
    this.#watched.get(account)?.timer?.cancel();
    this.#watched.delete(account);
  }

  close(): void {
    this.#watchdog.close();
    for (const { timer } of this.#watched.values()) timer?.cancel();
    this.#watched.clear();
  }

  #heard(account: string, state: SessionState): void {
    const watched = this.#watched.get(account) ?? {
      state: IDLE,
      attempts: 0,
      outOfTurn: false,
      trials: 0,
      liveSince: null,
      flowsSince: null,
      timer: null,
      due: 0,
      dialled: Number.NEGATIVE_INFINITY,
      doubted: Number.NEGATIVE_INFINITY,
      changed: Number.NEGATIVE_INFINITY,
    };
    const before = watched.state;
    this.#watched.set(account, watched);
    watched.state = state;
    if (JSON.stringify(before) !== JSON.stringify(state)) this.#parts.changed(account, state);
    if (state.kind === 'live' && before.kind !== 'live') this.#parts.connected(account);
    if (state.kind !== 'live') watched.liveSince = null;
    if (before.kind !== state.kind && (before.kind === 'polling' || state.kind === 'polling'))
      disarm(watched);
    if (this.#parts.resting(account)) {
      disarm(watched);
      if (state.kind !== 'resting') this.#parts.advise(account, { kind: 'rest' });
      return;
    }
    switch (state.kind) {
      case 'idle':
      // Nobody wants it to rest any more, and that it was told so got lost.
      case 'resting':
        // A session that is idle as never before has heard of no dial.
        if (!watched.timer && (before.kind !== state.kind || !this.#justDialled(watched)))
          this.#dialSoon(account, watched, 0, 1);
        return;
      case 'live':
        disarm(watched);
        watched.liveSince ??= this.#parts.uptime();
        // One that is greeted and cut off at once is no end of the trouble.
        if (this.#parts.uptime() - watched.liveSince >= RECONNECT.stableAfter) watched.trials = 0;
        this.#flows(watched);
        return;
      case 'polling':
        this.#flows(watched);
        this.#planTrial(account, watched, state.at);
        return;
      case 'waiting':
      case 'offline':
        this.#wait(account, watched, state);
        return;
      case 'connecting':
        return;
      case 'needs-sign-in':
      case 'replaced':
      case 'closed':
        disarm(watched);
        return;
    }
  }

  #flows(watched: Watched): void {
    const now = this.#parts.uptime();
    watched.flowsSince ??= now;
    if (now - watched.flowsSince >= RECONNECT.stableAfter) watched.attempts = 0;
  }

  #wait(account: string, watched: Watched, state: Waiting): void {
    if (watched.timer) return;
    if (state.at !== null) {
      // It knows when, and nothing here will do it: the advice to dial got lost on the way.
      if (!this.#justDialled(watched)) this.#dial(account, Math.max(1, watched.attempts));
      return;
    }
    const stable =
      watched.flowsSince !== null && this.#parts.uptime() - watched.flowsSince >= RECONNECT.stableAfter;
    watched.attempts = stable ? 1 : Math.max(1, watched.attempts + (watched.outOfTurn ? 0 : 1));
    watched.outOfTurn = false;
    watched.flowsSince = null;
    this.#plan(account, watched, state);
  }

  #pace({ attempts }: Watched, { cause }: Waiting) {
    return paceOf(attempts, cause, this.#parts.attemptLimit(), this.#parts.random());
  }

  #plan(account: string, watched: Watched, state: Waiting): void {
    const { delay: paced, offline } = this.#pace(watched, state);
    const delay = watched.attempts === 1 && this.#wasDoubted(watched) && !state.cause.failure ? 0 : paced;
    const { attempts: attempt } = watched;
    this.#dialSoon(account, watched, delay, attempt);
    this.#parts.advise(account, { kind: 'wait', at: this.#parts.now() + delay, attempt, offline });
  }

  #planTrial(account: string, watched: Watched, told: number | null): void {
    if (watched.timer && told !== null) return;
    if (watched.timer) {
      // A trial ended after the next one was planned.
      this.#parts.advise(account, { kind: 'wait', at: watched.due, attempt: 1, offline: false });
      return;
    }
    // What had begun before the world changed may have led here, whatever it was.
    const awaited = this.#wasDoubted(watched) || this.#parts.uptime() - watched.changed < DOUBTED;
    if (watched.trials === 0 && awaited) return this.#trial(account, watched);
    const delay = trialPaceOf(watched.trials, this.#parts.random());
    watched.due = this.#parts.now() + delay;
    watched.timer = this.#parts.setTimer(() => this.#trial(account, watched), delay);
    this.#parts.advise(account, { kind: 'wait', at: watched.due, attempt: 1, offline: false });
  }

  #trial(account: string, watched: Watched): void {
    disarm(watched);
    watched.trials += 1;
    this.#parts.advise(account, { kind: 'trial' });
  }

  #dialSoon(account: string, watched: Watched, delay: number, attempt: number): void {
    watched.timer = this.#parts.setTimer(() => this.#dial(account, attempt), delay);
  }

  #dialOutOfTurn(account: string, watched: Watched): void {
    const attempt = Math.max(1, watched.attempts);
    const left = watched.dialled + SIGNAL_PAUSE - this.#parts.uptime();
    if (left <= 0) return this.#dial(account, attempt, true);
    disarm(watched);
    watched.timer = this.#parts.setTimer(() => this.#dial(account, attempt, true), left);
  }

  #dial(account: string, attempt: number, outOfTurn = false): void {
    const watched = this.#watched.get(account);
    if (watched) {
      disarm(watched);
      watched.outOfTurn = outOfTurn;
      watched.dialled = this.#parts.uptime();
      // From the click on, its own reports count its time anew.
      watched.flowsSince = null;
    }
    this.#parts.advise(account, { kind: 'dial', attempt });
  }

  /** The doubt was right, and somebody waits: the machine woke, or a person looks. */
  #wasDoubted({ doubted }: Watched): boolean {
    return this.#parts.uptime() - doubted < DOUBTED;
  }

  #justDialled({ dialled }: Watched): boolean {
    return this.#parts.uptime() - dialled < LOST_ADVICE;
  }
}

function disarm(watched: Watched): void {
  watched.timer?.cancel();
  watched.timer = null;
}
