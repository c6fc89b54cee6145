/** What an admin of a server asks of it, through the app. The server checks who they are. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import {
  type AdminConversation,
  type AdminUser,
  AdminUserChange,
  AUDIT_ABOUT,
  type AuditEntry,
  type DeadLetter,
  type FilesReport,
  type Names,
  type Report,
  type ServerSettings,
  SettingsChange,
  type StorageReport,
} from '../http/admin.ts';
import { LIMITS } from '../limits.ts';
import { Account, call, strict } from './calls.ts';
import type { DeviceView } from './views.ts';

const OfUser = Type.Object({ account: Id, user: Id }, strict);
const OfLetter = Type.Object(
  { account: Id, letter: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }) },
  strict,
);
const Offset = Type.Integer({ minimum: 0, maximum: 1_000_000 });

/** Lines of one page of a list. */
export const ADMIN_PAGE = 50;

export interface AdminPage<T> {
  items: T[];
  /** Of whom it speaks. */
  names: Names;
}

/** Calls of windows. */
export const ADMIN_CALLS = {
  'admin.settings': call<ServerSettings>()(Account),
  'admin.set': call<ServerSettings>()(Type.Object({ account: Id, change: SettingsChange }, strict)),
  'admin.storage': call<{ storage: StorageReport; files: FilesReport }>()(Account),
  'admin.checkFiles': call<null>()(Account),
  /** `q`: part of a name or login. */
  'admin.users': call<AdminPage<AdminUser>>()(
    Type.Object({ account: Id, q: Type.String({ maxLength: 80 }), offset: Offset }, strict),
  ),
  'admin.changeUser': call<null>()(Type.Object({ account: Id, user: Id, change: AdminUserChange }, strict)),
  'admin.sessions': call<DeviceView[]>()(OfUser),
  'admin.endSessions': call<null>()(OfUser),
  'admin.endSession': call<null>()(Type.Object({ account: Id, user: Id, device: Id }, strict)),
  'admin.conversations': call<AdminPage<AdminConversation>>()(
    Type.Object({ account: Id, offset: Offset }, strict),
  ),
  'admin.deadLetters': call<AdminPage<DeadLetter>>()(Type.Object({ account: Id, offset: Offset }, strict)),
  'admin.retryLetter': call<null>()(OfLetter),
  'admin.dropLetter': call<null>()(OfLetter),
  'admin.reports': call<AdminPage<Report>>()(
    Type.Object({ account: Id, open: Type.Boolean(), offset: Offset }, strict),
  ),
  'admin.closeReport': call<null>()(
    Type.Object({ account: Id, id: Id, note: Type.String({ maxLength: LIMITS.reportReason }) }, strict),
  ),
  /** `before`: a place of the log; null for the newest. */
  'admin.audit': call<AdminPage<AuditEntry>>()(
    Type.Object(
      {
        account: Id,
        about: Type.Enum(['all', ...AUDIT_ABOUT]),
        before: Type.Union([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
      },
      strict,
    ),
  ),
} as const;
