/** What admins of a server ask: GET, PATCH, POST and DELETE below /api/admin. */
import Type from 'typebox';
import type { Form } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { ServerInfo } from './accounts.ts';
import { Name, strict } from './fields.ts';
import type { FoldedMessage } from './history.ts';

/** Names of the accounts that a list speaks of, by user: an admin may not share a conversation with them. */
export type Names = Record<string, string>;

export interface AdminUser {
  user: string;
  name: string;
  login: string | null;
  admin: boolean;
  createdAt: number;
  lastSeen: number | null;
  disabledAt: number | null;
  sessions: number;
  fileBytes: number;
}
/** PATCH users/:user */
export const AdminUserChange = Type.Object(
  { admin: Type.Optional(Type.Boolean()), disabled: Type.Optional(Type.Boolean()) },
  strict,
);
export type AdminUserChange = Type.Static<typeof AdminUserChange>;

export interface AdminConversation {
  conv: string;
  form: Form;
  entries: number;
  messages: number;
  members: number;
  lastMessageAt: number | null;
}
export interface StorageReport {
  databaseBytes: number;
  users: number;
  conversations: number;
  messages: number;
  files: number;
  fileBytes: number;
  deadLetters: number;
  /** Waiting for the relay. */
  outbound: number;
}
/** A round over all stored files; `finishedAt` is null while it is under way. */
export interface FileCheck {
  startedAt: number;
  finishedAt: number | null;
  /** Looked at so far. */
  files: number;
  bytes: number;
}
/** A stored file that is not as its name says. */
export interface FileFault {
  hash: string;
  part: 'file' | 'thumbnail';
  what: 'missing' | 'damaged';
  foundAt: number;
  size: number;
  type: string;
  /** Who brought it: they may still have it, and to bring it again mends it. */
  owners: string[];
}
/** GET files; POST files/check begins a round now */
export interface FilesReport {
  /** Null before the first. */
  check: FileCheck | null;
  faults: FileFault[];
  /** Of the owners. */
  names: Names;
}
/** What files may take that an admin can set: 1 KiB to 1 TiB. */
const Room = Type.Integer({ minimum: 1_024, maximum: 2 ** 40 });
/** GET and PATCH settings */
export const SettingsChange = Type.Object(
  {
    name: Type.Optional(Name),
    registration: Type.Optional(ServerInfo.properties.registration),
    fileBytes: Type.Optional(Room),
    quotaBytes: Type.Optional(Room),
  },
  strict,
);
export interface ServerSettings {
  name: string;
  registration: ServerInfo['registration'];
  /** Of the largest file. */
  fileBytes: number;
  /** Of all files of one person. */
  quotaBytes: number;
}
/** GET dead-letters; POST dead-letters/:letter/retry; DELETE dead-letters/:letter */
export interface DeadLetter {
  letter: string;
  /** `save`: the log has it, and this server could not take it. `append`: this server caused it, and the log did not take it. */
  way: 'save' | 'append';
  reason: string;
  createdAt: number;
  /** Where the log has it; null for what it did not take. */
  epoch: string | null;
  seq: number | null;
  /** Without its body. */
  item: object;
}
/** GET reports?state=open|closed; POST reports/:id/close */
export interface Report {
  id: string;
  reporter: string;
  conv: string;
  n: number;
  reason: string;
  evidence: FoldedMessage[];
  createdAt: number;
  closedAt: number | null;
  closedBy: string | null;
  note: string | null;
}
export const ReportClosing = Type.Object({ note: Type.String({ maxLength: LIMITS.reportReason }) }, strict);
/** What an entry of the audit log is about. */
export const AUDIT_ABOUT = ['user', 'dead-letter', 'files', 'settings', 'report'] as const;
export type AuditAbout = (typeof AUDIT_ABOUT)[number];
/** GET audit?about=&before= : the newest first, those before a place. */
export interface AuditEntry {
  place: number;
  time: number;
  actor: string;
  action: string;
  subject: string;
  detail: object;
}
