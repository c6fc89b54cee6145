/** What the main thread and the sequencer's worker say to each other. */
import type { Append } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http';

/** Sizes that the rules of an append depend on. */
export interface AppendLimits {
  bodyBytes: number;
  members: number;
}

/** Items of one device for one conversation, in order. */
export interface AppendRequest {
  type: 'append';
  user: string;
  device: string;
  conv: string;
  items: Append[];
}
/** What the API causes. */
export interface InternalRequest {
  type: 'internal';
  items: InternalItem[];
}
/** Derived delivered positions. */
export interface DeliveredRequest {
  type: 'delivered';
  positions: { conv: string; user: string; n: number }[];
}
/** The API's progress, with the entries it will never take. */
export interface SavedRequest {
  type: 'saved';
  seq: number;
  dead: { seq: number; reason: string }[];
}
/** A real write that leaves no entry: is the disk there? */
export interface ProbeRequest {
  type: 'probe';
}
/** A new epoch, whose first row is above both the head and `above`. */
export interface EpochRequest {
  type: 'epoch';
  above: number;
}
export type LogRequest =
  | AppendRequest
  | InternalRequest
  | DeliveredRequest
  | SavedRequest
  | ProbeRequest
  | EpochRequest;

export interface EntryPlace {
  n: number;
  m: number;
  h: string;
  time: number;
}
/** Registers have no place. */
export type ItemOutcome =
  | { ok: true; id: string; place?: EntryPlace }
  | { ok: false; id: string; failure: Failure };

/** One new row of the log as the hub needs it. */
export interface Committed {
  seq: number;
  /** Running hash at seq, 16 hex digits. */
  running: string;
  /** The item as devices receive it, encoded. */
  json: string;
  /** Null for profiles. */
  conv: string | null;
  /** Sender of an entry, owner of a register. */
  user: string;
  /** Conversation entries only. */
  entry: (EntryPlace & { id: string; kind: string }) | null;
  /** Who is a member from this entry on, where it changes that. */
  members?: string[];
  /** Encoded registers that its newly entitled members need beside it. */
  beside?: string[];
}

export interface LogHead {
  epoch: string;
  seq: number;
  running: string;
}

export interface GroupResult {
  /** One list of outcomes for each request, in their order; empty where a request has none. */
  outcomes: ItemOutcome[][];
  committed: Committed[];
  head: LogHead;
}

/** What the log has folded, for those who start from it. */
export interface FoldedState {
  head: LogHead;
  /** First seq of the present epoch. */
  epochStart: number;
  savedSeq: number;
  conversations: [conv: string, members: string[]][];
}

export type ToWorker = { ref: number; request: LogRequest };
export type FromWorker =
  | { type: 'ready'; folded: FoldedState }
  | { type: 'failed'; message: string }
  | { type: 'group'; refs: number[]; result: GroupResult };
