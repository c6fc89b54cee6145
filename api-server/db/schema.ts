/** Rows of the API's database, as kysely sees them. Times are ms; booleans are 0 or 1. Migrations make these tables. */
import type { Generated } from 'kysely';

export interface AccountRow {
  user: string;
  name: string;
  /** PHC string of argon2id. */
  secret: string;
  /** SHA-256 of the recovery code, hex. */
  recovery: string;
  /** The code before it, which the last recovery used up, hashed alike. */
  recoveryUsed: string | null;
  admin: number;
  /** Device of the registration: repeating it after a lost reply finds the same account. */
  registrationDevice: string;
  createdAt: number;
  /** Lower case; null where the person signs in by the secret of the app alone. */
  login: string | null;
  /** PHC string of argon2id. */
  password: string | null;
  /** Hash of a file. */
  avatar: string | null;
  status: string | null;
  statusUntil: number | null;
  /** To the minute. */
  lastSeen: number | null;
  showLastSeen: Generated<number>;
  /** An admin ended it; nobody signs in. */
  disabledAt: number | null;
}

interface SessionRow {
  sid: string;
  user: string;
  device: string;
  deviceName: string;
  /** Random part of the refresh tokens of this family, hex. */
  nonce: string;
  /** Generation of the newest refresh token that was handed out. */
  generation: number;
  createdAt: number;
  refreshedAt: number;
  /** Why it ended; null while it lives. */
  ended: string | null;
  endedAt: number | null;
}

interface InvitationRow {
  /** SHA-256 of the secret, hex. */
  hash: string;
  inviter: string;
  createdAt: number;
  expires: number;
  /** Who redeemed it, before several could: see redemption. */
  usedBy: string | null;
  /** The group that it opens; null: a direct conversation with the inviter. */
  conv: string | null;
  maxUses: Generated<number>;
  revokedAt: number | null;
}

/** Who came by an invitation. */
interface RedemptionRow {
  hash: string;
  user: string;
  redeemedAt: number;
}

/** What the API causes in the log, written in the causing transaction, appended by the relay in this order. */
interface OutboundRow {
  place: Generated<number>;
  id: string;
  /** InternalItem as JSON. */
  item: string;
  /** `dropped`: refused, and an admin let it go. */
  state: 'waiting' | 'done' | 'refused' | 'dropped';
  reason: string | null;
  createdAt: number;
}

export interface EntryRow {
  conv: string;
  n: number;
  seq: number;
  m: number;
  h: string;
  id: string;
  sender: string;
  kind: string;
  time: number;
  hash: string;
  bodyType: string | null;
  bodyText: string | null;
  bodyData: Uint8Array | null;
  /** JSON of everything that it says beside its body. */
  facts: string | null;
  /** Place of the entry that it is about. */
  target: number | null;
}

export interface ConversationRow {
  conv: string;
  form: string;
  headN: number;
  headM: number;
  lastMessageAt: number | null;
  updatedAt: number;
}

/** A member's visible range; `untilN` null while they are in it. */
export interface MemberRow {
  conv: string;
  user: string;
  fromN: number;
  untilN: number | null;
  /** Messages of the conversation before the range, and up to its end. */
  fromM: number;
  untilM: number | null;
  role: 'owner' | 'admin' | 'member';
}

/** What is its owner's alone: drafts, mutes, pins, marks, blocks. */
export interface OwnRegisterRow {
  user: string;
  kind: string;
  /** Empty where it belongs to no conversation. */
  conv: string;
  /** The place or the user that it is about; empty where there is none. */
  about: string;
  /** The register as devices receive it, as JSON. */
  value: string;
  /** The number that it holds, where it is one: mute until, pinned at, archived, marked. */
  amount: number | null;
  seq: number;
}

export interface PositionRow {
  conv: string;
  user: string;
  kind: 'delivered' | 'read';
  n: number;
  m: number;
  time: number;
}

export interface ProfileRow {
  user: string;
  name: string;
  seq: number;
}

/** How far the log of an epoch is saved. */
interface ProgressRow {
  epoch: string;
  seq: number;
  updatedAt: number;
}

/** A stored file, by what is in it. */
export interface FileRow {
  /** SHA-256 of its bytes, hex. */
  hash: string;
  size: number;
  /** As its first bytes say, never as its sender does. */
  type: string;
  /** Of images, pixels. */
  width: number | null;
  height: number | null;
  blurhash: string | null;
  /** 1: there is a smaller one of it. */
  thumbnail: number;
  createdAt: number;
}

/** A stored file, or the smaller image of one, that is not as its name says. */
interface FileFaultRow {
  hash: string;
  part: 'file' | 'thumbnail';
  what: 'missing' | 'damaged';
  foundAt: number;
}

/** The last round over all stored files: one row, or none. */
export interface ScrubRow {
  startedAt: number;
  /** The last hash that was looked at. */
  checkedTo: string;
  files: number;
  bytes: number;
  finishedAt: number | null;
}

/** Who brought a file: it counts for their quota, and they may read it. */
interface FileOwnerRow {
  hash: string;
  user: string;
  createdAt: number;
}

/** The entry at n shows a file; `target` is the message that it belongs to, which of a message is itself. */
export interface FileUseRow {
  conv: string;
  n: number;
  target: number;
  hash: string;
}

/** The message at n answers that at `reply`; `root` began the thread. */
export interface AnswerRow {
  conv: string;
  n: number;
  reply: number;
  root: number;
}

/** An upload under way; `hash` once it is complete. */
export interface UploadRow {
  id: string;
  user: string;
  size: number;
  /** What its sender says. */
  sha256: string;
  hash: string | null;
  createdAt: number;
  expires: number;
}

/** One version of a message as search finds it: the message itself, or an edit of it. Numbers grow with the log. */
export interface SearchDocRow {
  doc: Generated<number>;
  conv: string;
  /** Place of the entry that has this text, and of the message that it is a version of. */
  n: number;
  target: number;
  sender: string;
  /** Of the message, ms. */
  time: number;
}

/** A short name of a conversation or a user, for terms of the index. */
interface SearchKeyRow {
  key: Generated<number>;
  id: string;
}

/** An entry whose words are not in the index yet. */
interface SearchPendingRow {
  conv: string;
  n: number;
}

/** An item of the log that could not be saved, for an admin to look at. */
interface DeadLetterRow {
  place: Generated<number>;
  epoch: string;
  seq: number;
  hash: string | null;
  /** As the relay sent it, JSON. */
  item: string;
  reason: string;
  createdAt: number;
}

/** What somebody wants an admin to see. */
interface ReportRow {
  id: string;
  reporter: string;
  conv: string;
  n: number;
  reason: string;
  /** The entries that the reporter chose, as they were then, JSON. */
  evidence: string;
  createdAt: number;
  closedAt: number | null;
  closedBy: string | null;
  note: string | null;
}

/** What an admin set, over the configuration. */
interface SettingRow {
  name: string;
  value: string;
}

/** What admins did; never a body. */
interface AuditRow {
  place: Generated<number>;
  time: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
}

/** A message that its author wants sent later. */
interface ScheduledRow {
  user: string;
  /** As the composer made it: the message has it in the log. */
  id: string;
  conv: string;
  /** JSON. */
  body: string;
  silent: number;
  due: number;
  createdAt: number;
  state: 'waiting' | 'sent';
}

/** An account of another service, by which somebody signs in here. */
interface ExternalIdentityRow {
  issuer: string;
  subject: string;
  user: string;
  createdAt: number;
}

export interface Database {
  account: AccountRow;
  session: SessionRow;
  invitation: InvitationRow;
  redemption: RedemptionRow;
  outbound: OutboundRow;
  entry: EntryRow;
  conversation: ConversationRow;
  member: MemberRow;
  position: PositionRow;
  profile: ProfileRow;
  ownRegister: OwnRegisterRow;
  progress: ProgressRow;
  file: FileRow;
  fileOwner: FileOwnerRow;
  fileUse: FileUseRow;
  answer: AnswerRow;
  fileFault: FileFaultRow;
  scrub: ScrubRow;
  upload: UploadRow;
  searchDoc: SearchDocRow;
  searchKey: SearchKeyRow;
  searchPending: SearchPendingRow;
  deadLetter: DeadLetterRow;
  report: ReportRow;
  setting: SettingRow;
  audit: AuditRow;
  scheduled: ScheduledRow;
  externalIdentity: ExternalIdentityRow;
}
