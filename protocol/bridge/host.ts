/** What the session host works with, and the calls and events between it and main. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import type { Failure } from '../failures.ts';
import type { AckItem, Presence, SavedItem, TypingDown } from '../frames.ts';
import { LIMITS } from '../limits.ts';
import type { NetworkFault } from '../network-fault.ts';
import type { Advice, SessionState } from '../session-state.ts';
import { Account, type Bridge, call, opaque, strict } from './calls.ts';
import { type CheckResult, LOG_LIMITS, LogEvent } from './diagnostics.ts';
import type { Hole } from './views.ts';
import type { AppendContent } from './waiting.ts';

export interface HostAccount {
  account: string;
  user: string;
  device: string;
  /** WebSocket address of the relay. */
  relay: string;
  api: string;
  cursor: string | null;
  /** A page before this one had its session; something of that may still arrive at the relay. */
  restarted: boolean;
}

/** An outbox item as it will go on the wire. */
export interface OutboxItem {
  id: string;
  conv: string;
  /** Place in the order of release. */
  place: number;
  append: AppendContent;
  /** It was put on a wire before: content and place stay as they are. */
  frozen: boolean;
}

/** What the log said no to. */
export interface Refusal {
  id: string;
  failure: Failure;
  /** It failed for good. Otherwise it waits, and the reason is shown. */
  final: boolean;
  /** When it is tried again, wall clock ms. */
  nextAt?: number;
  /** With `conflict`: the register as it is. */
  present?: object;
}

/** What storing raw frames did. */
export interface Stored {
  /** The cursor that is now stored, to be confirmed; null where they moved none. */
  upTo: string | null;
  /** How many items they had. */
  items: number;
  /** Own items that left the outbox because their row arrived. */
  arrived: string[];
  /** There are holes to fill. */
  holes: boolean;
}

export interface Reach {
  fault: NetworkFault | null;
  /** What the stack said, for details. */
  message: string;
}

/** Calls of the session host to main. Main trusts it with its accounts' data, and still checks the shape. */
export const HOST_CALLS = {
  'host.accounts': call<HostAccount[]>()(Type.Object({}, strict)),
  /** An access token with some life left; `refused` says that the relay did not take the last one. */
  'host.token': call<{ token: string; expires: number }>()(
    Type.Object({ account: Id, refused: Type.Boolean() }, strict),
  ),
  /** What this computer's network stack says of the account's relay; `fault` is null where it answers by HTTP. */
  'host.reach': call<Reach>()(Account),
  /** One received `entries` or `heads` frame, or some `page` frames, as UTF-8, unparsed: stored in order, in one transaction. */
  'host.store': call<Stored>()(
    Type.Object(
      { account: Id, raws: Type.Array(opaque<Uint8Array>(), { minItems: 1, maxItems: 16 }) },
      strict,
    ),
  ),
  /**
   * What may go on a wire now, in the order of release; failed and held items are not in it, nor what waits for its target. At most 64 of a conversation and
   * 1,000 in all.
   */
  'host.outbox': call<OutboxItem[]>()(Account),
  /** Freezes items before they go on a wire. Answers with those that may go, in their order: an item withdrawn meanwhile is absent. */
  'host.release': call<{ ids: string[] }>()(
    Type.Object({ account: Id, ids: Type.Array(Id, { maxItems: LIMITS.batchItems }) }, strict),
  ),
  'host.acked': call<null>()(Type.Object({ account: Id, conv: Id, items: opaque<AckItem[]>() }, strict)),
  'host.refused': call<null>()(Type.Object({ account: Id, items: opaque<Refusal[]>() }, strict)),
  'host.saved': call<null>()(Type.Object({ account: Id, items: opaque<SavedItem[]>() }, strict)),
  /** Own entries that are not known to be saved, newest first, at most LIMITS.statusIds. */
  'host.unsaved': call<{ ids: string[] }>()(Account),
  /**
   * The focused conversation first, then by recency; newest part of a conversation first. At most 100, those after the first `skip` of them; `still`: what was
   * answered, and is missing all the same.
   */
  'host.holes': call<{ holes: Hole[]; more: boolean; still: Hole[] }>()(
    Type.Object({ account: Id, skip: Type.Integer({ minimum: 0 }), answered: opaque<Hole[]>() }, strict),
  ),
  /** Sent on every change and at least every 2 s: the proof that the host makes progress. */
  'host.progress': call<null>()(
    Type.Object({ states: opaque<{ account: string; state: SessionState }[]>() }, strict),
  ),
  /** Who is there and who writes, as the relay told it, in order; `fresh`: whatever was known before counts no more. */
  'host.heard': call<null>()(
    Type.Object({ account: Id, fresh: Type.Boolean(), frames: opaque<(Presence | TypingDown)[]>() }, strict),
  ),
  /** What happened on the connections, in order, for the connection log. */
  'host.log': call<null>()(
    Type.Object({ events: Type.Array(LogEvent, { maxItems: LOG_LIMITS.batch }) }, strict),
  ),
  /** What a probe socket found that `host.probe` asked for. */
  'host.probed': call<null>()(
    Type.Object({ ref: Type.Integer({ minimum: 0 }), results: opaque<CheckResult[]>() }, strict),
  ),
} as const;

/** Events from main to the session host. */
export interface HostEvents {
  /** There was input in a window, or the person left the device. */
  'host.activity': { active: boolean; hidden: boolean };
  /** The person writes in a conversation, or stopped. */
  'host.typing': { account: string; conv: string; on: boolean };
  /** Contents of frames go into the connection log, or do not. */
  'host.contents': { on: boolean };
  /** Opens a socket to the account's relay beside its session, which it does not touch, and says what came of it. */
  'host.probe': { ref: number; account: string };
  'host.advice': { account: string; advice: Advice };
  /** `now`: the person does not want to wait for the next try. */
  'host.outboxChanged': { account: string; now?: boolean };
  'host.holesChanged': { account: string };
  'host.accountsChanged': null;
  /** Play the app's own sound: the one page that is always there does it. */
  'host.sound': null;
}
export const HOST_EVENTS = [
  'host.activity',
  'host.typing',
  'host.contents',
  'host.probe',
  'host.advice',
  'host.outboxChanged',
  'host.holesChanged',
  'host.accountsChanged',
  'host.sound',
] as const;

export type HostBridge = Bridge<typeof HOST_CALLS, HostEvents>;
