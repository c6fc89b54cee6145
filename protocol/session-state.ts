/** The state of a device's session, as the session host holds it, the supervisor advises on it and every window shows it. */
import type { Failure } from './failures.ts';
import type { NetworkFault } from './network-fault.ts';

/** Why a connection ended or could not be had. */
export interface Cause {
  /** Wall clock, ms. */
  at: number;
  /** What was being done: dialling the socket, saying hello, being live, or receiving by HTTP. */
  phase: 'dial' | 'hello' | 'live' | 'poll';
  /** WebSocket close code, where there was one. */
  code?: number;
  /** The failure behind it; absent where the network simply broke. */
  failure?: Failure;
  /** What the network stack says of it, once it was asked. */
  fault?: NetworkFault;
  /** In words, for logs and details. */
  message: string;
}

/** What is known of the data that flows. Times are wall clock ms. */
export interface DataFlow {
  since: number;
  /** When the last frame arrived. */
  lastData: number;
  /** When the stored cursor last equalled the relay's head; null while catching up. */
  complete: number | null;
  /** Log entries still to come, where the relay said so. */
  behind: number | null;
  /** Present while it is known, or must be feared, that something is missing: since when. */
  stale?: number;
}

/** Times are wall clock ms; attempts count from 1 and start anew after a stable connection. */
export type SessionState =
  /** Nobody asked for a connection yet. */
  | { kind: 'idle' }
  /** The person has put this account at rest; it stays so until they ask for a connection. */
  | { kind: 'resting'; since: number }
  /** A socket is being opened or has not been welcomed, or HTTP is tried instead of it. */
  | { kind: 'connecting'; attempt: number; since: number }
  /** Welcomed, and data flows. */
  | ({ kind: 'live' } & DataFlow)
  /**
   * Data flows by HTTP, because no socket can be had (`blocked`) or none lasts (`cut`). `at`: when the socket is tried next; null until
   * the supervisor has said when.
   */
  | ({ kind: 'polling'; why: 'blocked' | 'cut'; at: number | null } & DataFlow)
  /** The next attempt is at `at`; null until the supervisor has said when. */
  | { kind: 'waiting'; attempt: number; at: number | null; cause: Cause }
  /** As waiting, after the attempt limit: told as offline, probed at a slower pace, for ever. */
  | { kind: 'offline'; attempt: number; at: number; cause: Cause }
  /** The server does not take this account's credentials; only the person can mend it. */
  | { kind: 'needs-sign-in'; cause: Cause }
  /** This device's session was taken over by another process with the same device id. Final. */
  | { kind: 'replaced'; cause: Cause }
  /** The server refuses for another reason: the versions do not fit, the identity does not match, the account may not sign in. */
  | { kind: 'closed'; cause: Cause };

export type SessionStateKind = SessionState['kind'];

/** What main's supervisor tells a session. Times are wall clock ms. */
export type Advice =
  /** Dial now: a hard reset. Whatever socket or request there is is destroyed first, in every state. */
  | { kind: 'dial'; attempt: number }
  /** The next dial comes at `at`; `offline` once the attempt limit is reached. While polling: the next trial of the socket. */
  | { kind: 'wait'; at: number; attempt: number; offline: boolean }
  /** The connection is in doubt (resume, network change): ask, and replace it if nothing answers within the probe timeout. */
  /** `anew`: the machine slept or the network is another one since it was last asked, so that an answer to that says nothing. */
  | { kind: 'probe'; anew?: true }
  /** While polling: try the socket beside it, and change over once one is open. */
  | { kind: 'trial' }
  /** Close whatever there is and rest. */
  | { kind: 'rest' };
