/** What the main thread and the sequencer's worker say to each other. */
import type { Append } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http/appending';

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
  /** Number of the connection that asks; its own entries come back to it as stubs. 0: none. */
  peer?: number;
}
/** What the API causes. */
interface InternalRequest {
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
/** Bodies of what is older than `before` (ms) and saved are given up, at most `entries` of them at once. */
interface TrimRequest {
  type: 'trim';
  before: number;
  entries: number;
}
/** A real write that leaves no entry: is the disk there? */
interface ProbeRequest {
  type: 'probe';
}
/** A new epoch, whose first row is above both the head and `above`. */
interface EpochRequest {
  type: 'epoch';
  above: number;
}
export type LogRequest =
  | AppendRequest
  | InternalRequest
  | DeliveredRequest
  | SavedRequest
  | ProbeRequest
  | TrimRequest
  | EpochRequest;

export interface EntryPlace {
  n: number;
  m: number;
  h: string;
  time: number;
}
/** What a register of one's own was given. */
export interface OwnVersion {
  v: number;
  /** ms */
  time: number;
}
/** Registers have no place. `present`: the register that an append would have replaced, encoded, with `conflict`. */
export type ItemOutcome =
  | { ok: true; id: string; place?: EntryPlace; register?: OwnVersion }
  | { ok: false; id: string; failure: Failure; present?: string };

/** One new row of the log as the hub needs it. */
export interface Committed {
  seq: number;
  /** Running hash at seq, 16 hex digits. */
  running: string;
  /** The item as devices receive it, encoded. Empty for what no device receives. */
  json: string;
  /** Content hash of an entry, 64 hex digits; empty for registers. */
  hash: string;
  /** Members of this conversation receive it; or, where it is null, see `to`. */
  conv: string | null;
  /** Sender of an entry, owner of a register. */
  user: string;
  /** Registers: its owner alone, or all who share a conversation with them. */
  to?: 'owner' | 'sharing';
  /** Entries: the place; 0 for registers. */
  n: number;
  /** Entries: connection that appended it, and how much of `json` its stub has. */
  peer: number;
  cut: number;
  /** Who is a member from this entry on; who was one up to and with it. */
  joined?: string[];
  left?: string[];
  /** Members who may not see what this entry is about. */
  hiddenFrom?: string[];
  /** Encoded registers that its newly entitled members need beside it. */
  beside?: string[];
  /** Those would be too many: who joined, or everybody, gets them by way of the log. */
  walk?: 'joined' | 'all';
  /** The session that ends here. */
  revoked?: string;
  /** Whom its user takes no messages from any more, or takes them again. */
  block?: { of: string; on: boolean };
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
  /** Items that the log had already. */
  repeated: number;
}

/** What the log has folded, for those who start from it. */
export interface FoldedState {
  head: LogHead;
  /** First seq of the present epoch. */
  epochStart: number;
  savedSeq: number;
  /** Sessions that were ended lately. */
  revoked: string[];
  conversations: [conv: string, members: string[]][];
  /** Who takes no messages from whom. */
  blocks: [owner: string, other: string][];
}

export type ToWorker =
  | { ref: number; request: LogRequest }
  /** An append frame as it came, from a connection that was introduced by `peer`. */
  | { peer: number; frame: string | Uint8Array }
  | { peer: number; user: string; device: string }
  | { peer: number; gone: true }
  | 'close';

/** What became of the frames of one connection: encoded answers in order. */
export interface FrameAnswers {
  peer: number;
  texts: string[];
  /** How many frames this answers, and their length. */
  frames: number;
  size: number;
  /** The frame could not be understood at all, or there were too many. */
  failure?: Failure;
}
export type FromWorker =
  | { type: 'ready'; folded: FoldedState }
  | { type: 'failed'; message: string }
  | { type: 'group'; refs: number[]; outcomes: ItemOutcome[][]; answers: FrameAnswers[]; group: GroupCommit };

/** One durable group. */
export interface GroupCommit {
  committed: Committed[];
  head: LogHead;
  stats: GroupStats;
}
interface GroupStats {
  /** Items that were asked for, and those of them that the log had already. */
  items: number;
  repeated: number;
  /** ms from the begin of the transaction to the end of its commit. */
  took: number;
}
