/** What an admin does at their server. Answers stand beside what they are about, so they are not shown as a line. */
import type { AdminPage } from '@matchbook/protocol/bridge/admin';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { DeviceView } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type {
  AdminConversation,
  AdminUser,
  AdminUserChange,
  AuditAbout,
  AuditEntry,
  DeadLetter,
  FilesReport,
  Report,
  ServerSettings,
  StorageReport,
} from '@matchbook/protocol/http/admin';

export class ServerAdmin {
  readonly #bridge: WindowBridge;

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
  }

  settings(account: string): Promise<Outcome<ServerSettings>> {
    return this.#bridge.call('admin.settings', { account });
  }

  set(account: string, change: Partial<ServerSettings>): Promise<Outcome<ServerSettings>> {
    return this.#bridge.call('admin.set', { account, change });
  }

  storage(account: string): Promise<Outcome<{ storage: StorageReport; files: FilesReport }>> {
    return this.#bridge.call('admin.storage', { account });
  }

  checkFiles(account: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.checkFiles', { account });
  }

  users(account: string, q: string, offset: number): Promise<Outcome<AdminPage<AdminUser>>> {
    return this.#bridge.call('admin.users', { account, q, offset });
  }

  changeUser(account: string, user: string, change: AdminUserChange): Promise<Outcome<null>> {
    return this.#bridge.call('admin.changeUser', { account, user, change });
  }

  sessions(account: string, user: string): Promise<Outcome<DeviceView[]>> {
    return this.#bridge.call('admin.sessions', { account, user });
  }

  endSessions(account: string, user: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.endSessions', { account, user });
  }

  endSession(account: string, user: string, device: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.endSession', { account, user, device });
  }

  conversations(account: string, offset: number): Promise<Outcome<AdminPage<AdminConversation>>> {
    return this.#bridge.call('admin.conversations', { account, offset });
  }

  deadLetters(account: string, offset: number): Promise<Outcome<AdminPage<DeadLetter>>> {
    return this.#bridge.call('admin.deadLetters', { account, offset });
  }

  retryLetter(account: string, letter: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.retryLetter', { account, letter });
  }

  dropLetter(account: string, letter: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.dropLetter', { account, letter });
  }

  reports(account: string, open: boolean, offset: number): Promise<Outcome<AdminPage<Report>>> {
    return this.#bridge.call('admin.reports', { account, open, offset });
  }

  closeReport(account: string, id: string, note: string): Promise<Outcome<null>> {
    return this.#bridge.call('admin.closeReport', { account, id, note });
  }

  audit(
    account: string,
    about: AuditAbout | 'all',
    before: number | null,
  ): Promise<Outcome<AdminPage<AuditEntry>>> {
    return this.#bridge.call('admin.audit', { account, about, before });
  }
}
