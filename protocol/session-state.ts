/** The state of a device's session, as the session host holds it, the supervisor advises on it and every window shows it. */
import type { Failure } from './failures.ts';

/** Why a connection ended or could not be had. */
export interface Cause {
  /** Wall clock, ms. */
  at: number;
  /** What was being done: dialling the socket, saying hello, or being live. */
  phase: 'dial' | 'hello' | 'live';
  /** WebSocket close code, where there was one. */
  code?: number;
  /** The failure behind it; absent where the network simply broke. */
  failure?: Failure;
  /** In words, for logs and details. */
  message: string;
}

/** Times are wall clock ms; attempts count from 1 and start anew after a stable connection. */
export type SessionState =
  /** Nobody asked for a connection yet. */
  | { kind: 'idle' }
  /** A socket is being opened or has not been welcomed. */
  | { kind: 'connecting'; attempt: number; since: number }
  /**
   * Welcomed, and data flows. `lastData`: when the last frame arrived. `complete`: when the stored cursor last equalled the
   * relay's head, null while catching up; `behind`: log entries still to come, where the relay said so.
   */
  | { kind: 'live'; since: number; lastData: number; complete: number | null; behind: number | null }
  /** The next attempt is at `at`; null until the supervisor has said when. */
  | { kind: 'waiting'; attempt: number; at: number | null; cause: Cause }
  /** As waiting, after the attempt limit: told as offline, probed at a slower pace, for ever. */
  | { kind: 'offline'; attempt: number; at: number; cause: Cause }
  /** The server does not take this account's credentials; only the person can mend it. */
  | { kind: 'needs-sign-in'; cause: Cause }
  /** This device's session was taken over by another process with the same device id. Final. */
  | { kind: 'replaced'; cause: Cause }
  /** Ended for good for another reason: the versions do not fit, the identity does not match, or the account was closed here. */
  | { kind: 'closed'; cause: Cause };

export type SessionStateKind = SessionState['kind'];

/** What main's supervisor tells a session. Times are wall clock ms. */
export type Advice =
  /** Dial now. In `live` or `connecting` this is a hard reset: the old socket is destroyed first. */
  | { kind: 'dial'; attempt: number }
  /** The next dial comes at `at`; `offline` once the attempt limit is reached. */
  | { kind: 'wait'; at: number; attempt: number; offline: boolean }
  /** The socket is in doubt (resume, network change): ping, and replace it if nothing answers within the probe timeout. */
  | { kind: 'probe' }
  /** Close the socket and stay idle. */
  | { kind: 'rest' };
