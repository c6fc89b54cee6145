/** What admins of a server ask: GET, PATCH, POST and DELETE below /api/admin. */
import Type from 'typebox';
import type { Form } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { ServerInfo } from './accounts.ts';
import { Name, strict } from './fields.ts';
import type { FoldedMessage } from './history.ts';

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
/** GET and PATCH settings */
export const SettingsChange = Type.Object(
  { name: Type.Optional(Name), registration: Type.Optional(ServerInfo.properties.registration) },
  strict,
);
export interface ServerSettings {
  name: string;
  registration: ServerInfo['registration'];
}
/** GET dead-letters; POST dead-letters/:place/retry; DELETE dead-letters/:place */
export interface DeadLetter {
  place: number;
  epoch: string;
  seq: number;
  reason: string;
  createdAt: number;
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
/** GET audit */
export interface AuditEntry {
  place: number;
  time: number;
  actor: string;
  action: string;
  subject: string;
  detail: object;
}
