/** What a person does at the accounts of this device. Most failures stand beside a field, so they are answered and not shown as a line. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type {
  AccountSummary,
  DeviceView,
  InvitationView,
  OwnAccountView,
  ServerView,
} from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Answered } from './answered.ts';

export interface AccountActionPorts {
  /** It was opened by the person's word. `joined`: by an invitation, and whoever sent it is who they want to talk to. */
  opened(answer: Outcome<AccountSummary>, joined?: boolean): Outcome<AccountSummary>;
  answered: Answered;
}

export class AccountActions {
  readonly #bridge: WindowBridge;
  readonly #ports: AccountActionPorts;

  constructor(bridge: WindowBridge, ports: AccountActionPorts) {
    this.#bridge = bridge;
    this.#ports = ports;
  }

  /** With a relay and an API of one's own. */
  async startHere(name: string, serverName: string): Promise<Outcome<AccountSummary>> {
    return this.#ports.opened(await this.#bridge.call('account.start', { name, serverName }));
  }

  preview(invitation: string): Promise<Outcome<InvitationView>> {
    return this.#bridge.call('account.preview', { invitation });
  }

  async join(invitation: string, name: string): Promise<Outcome<AccountSummary>> {
    return this.#ports.opened(await this.#bridge.call('account.join', { invitation, name }), true);
  }

  async recover(account: string, code: string): Promise<Outcome<AccountSummary>> {
    return this.#ports.opened(await this.#bridge.call('account.recover', { account, code }));
  }

  async recoveryNoted(account: string): Promise<void> {
    await this.#ports.answered(this.#bridge.call('account.recoveryNoted', { account }));
  }

  invitation(account: string): Promise<Outcome<{ link: string; expires: number }>> {
    return this.#bridge.call('account.invitation', { account });
  }

  /** This copy goes on, the other one stops: dialling alone would only be refused again. */
  async takeBack(account: string): Promise<void> {
    await this.#ports.answered(this.takeOver(account));
  }

  async reconnect(account: string): Promise<void> {
    await this.#ports.answered(this.#bridge.call('session.reconnect', { account }));
  }

  /** People on other computers reach the servers of this app, or no more. @param address that invitations name; null: one of this computer's */
  letIn(on: boolean, address: string | null): Promise<Outcome<null>> {
    return this.#bridge.call('lan.choose', { on, address });
  }

  lookUp(server: string): Promise<Outcome<ServerView>> {
    return this.#bridge.call('account.lookUp', { server });
  }

  /** @param account that is to be signed in again; absent for a new one */
  async signIn(request: {
    server: string;
    login: string;
    password: string;
    account?: string;
  }): Promise<Outcome<AccountSummary>> {
    return this.#ports.opened(await this.#bridge.call('account.signIn', request));
  }

  /** Resolves when the person has come back from their browser, or gave up (`cancelled`). */
  async signInElsewhere(server: string): Promise<Outcome<AccountSummary>> {
    return this.#ports.opened(await this.#bridge.call('account.signInElsewhere', { server }));
  }

  async cancelSignIn(): Promise<void> {
    await this.#bridge.call('account.cancelSignIn', {});
  }

  takeOver(account: string): Promise<Outcome<AccountSummary>> {
    return this.#bridge.call('account.takeOver', { account });
  }

  becomeDevice(account: string): Promise<Outcome<AccountSummary>> {
    return this.#bridge.call('account.becomeDevice', { account });
  }

  redeem(account: string, invitation: string): Promise<Outcome<{ conv: string }>> {
    return this.#bridge.call('account.redeem', { account, invitation });
  }

  /** @param discard what waits to be sent may go with the account */
  signOut(account: string, keep: boolean, discard = false): Promise<Outcome<null>> {
    return this.#bridge.call('account.signOut', { account, keep, ...(discard ? { discard } : {}) });
  }

  exportUnsent(account: string): Promise<Outcome<{ files: string[] }>> {
    return this.#bridge.call('account.exportUnsent', { account });
  }

  /** Its files could not be opened. @param aside is renamed first, and made anew of what can be read of it */
  openStore(account: string, aside?: 'outbox' | 'history'): Promise<Outcome<null>> {
    return this.#bridge.call('account.openStore', { account, ...(aside ? { aside } : {}) });
  }

  async move(account: string, by: number): Promise<void> {
    await this.#ports.answered(this.#bridge.call('account.move', { account, by }));
  }

  own(account: string): Promise<Outcome<OwnAccountView>> {
    return this.#bridge.call('account.own', { account });
  }

  rename(account: string, name: string): Promise<Outcome<OwnAccountView>> {
    return this.#bridge.call('account.rename', { account, name });
  }

  setPassword(change: {
    account: string;
    login?: string;
    next: string;
    current?: string;
  }): Promise<Outcome<OwnAccountView>> {
    return this.#bridge.call('account.setPassword', change);
  }

  devices(account: string): Promise<Outcome<DeviceView[]>> {
    return this.#bridge.call('account.devices', { account });
  }

  endDevice(account: string, device: string): Promise<Outcome<null>> {
    return this.#bridge.call('account.endDevice', { account, device });
  }
}
