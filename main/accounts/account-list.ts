/** The accounts of this profile as they are kept: who they are, whether they connect, in which order they stand. */
import type { StoreFault } from '@matchbook/protocol/bridge/store-fault';
import type { AccountSummary, Standing } from '@matchbook/protocol/bridge/views';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { LocalError } from '../bridge/local-failure.ts';
import { type Secrets, UnreadableSecret } from '../profile/secrets.ts';
import type { AccountSettings, SettingsStore } from '../profile/settings.ts';
import type { AccountSecret, TokenAccount } from './tokens.ts';

/** An account that the server knows. */
export type ReadyAccount = AccountSettings & { user: string; relay: string; serverName: string };

/** Accounts of one profile: each has a session, a store and a place in the sidebar. */
const ACCOUNTS = 20;

export class AccountList {
  readonly deviceName: string;
  #settings: SettingsStore;
  #secrets: Secrets;
  #changed: () => void;
  /** Accounts whose own secret lies here and can be read. */
  #keyed = new Set<string>();
  /** Accounts whose files are not open. */
  #faults = new Map<string, StoreFault>();

  constructor(parts: {
    settings: SettingsStore;
    secrets: Secrets;
    deviceName: string;
    changed: () => void;
  }) {
    this.#settings = parts.settings;
    this.#secrets = parts.secrets;
    this.deviceName = parts.deviceName;
    this.#changed = parts.changed;
  }

  /** Accounts that can be shown. */
  ready(): ReadyAccount[] {
    return this.#settings.data.accounts.filter(
      (account): account is ReadyAccount =>
        account.user !== undefined && account.relay !== undefined && account.serverName !== undefined,
    );
  }

  /** Accounts that connect. */
  active(): ReadyAccount[] {
    return this.open().filter(({ standing }) => standing === undefined);
  }

  /** Accounts whose files are open. */
  open(): ReadyAccount[] {
    return this.ready().filter(({ account }) => !this.#faults.has(account));
  }

  /** Its files cannot be opened, or with null: are open. */
  fault(account: string, fault: StoreFault | null): void {
    const before = this.faultOf(account);
    if (fault) this.#faults.set(account, fault);
    else this.#faults.delete(account);
    if (JSON.stringify(before) !== JSON.stringify(fault)) this.#changed();
  }

  faultOf(account: string): StoreFault | null {
    return this.#faults.get(account) ?? null;
  }

  get(account: string): ReadyAccount {
    const found = this.ready().find((one) => one.account === account);
    if (!found) throw new LocalError('no_such_account', 'There is no such account on this computer.');
    return found;
  }

  /** By address or key: a server may be known under several names, its relay or its key says that it is the same. */
  on(server: ServerAddress & { relay?: string | undefined }): ReadyAccount[] {
    return this.ready().filter(
      ({ api, relay, pin }) =>
        api === server.api || relay === server.relay || (pin !== undefined && pin === server.pin),
    );
  }

  standing(account: string): Standing {
    return this.ready().find((one) => one.account === account)?.standing ?? 'active';
  }

  tokenAccount(account: string): TokenAccount {
    const { user, device, api } = this.get(account);
    return { account, user, device, api, deviceName: this.deviceName };
  }

  summary({ account, user, device, name, api, serverName, embedded, ...rest }: ReadyAccount): AccountSummary {
    return {
      ...{ account, user, device, name, api, serverName, embedded },
      ...{ standing: rest.standing ?? 'active', keyed: this.#keyed.has(account), open: rest.open ?? null },
      ...(this.#faults.has(account) ? { fault: this.#faults.get(account)! } : {}),
    };
  }

  /** What is kept for an account; `unreadable` where the keyring does not open it. */
  async secretOf(account: string): Promise<AccountSecret | 'unreadable' | null> {
    const secret = await this.#secrets.read<AccountSecret>(account).catch(unreadable);
    this.noteKey(account, secret !== null && secret !== 'unreadable' && secret.secret !== undefined);
    return secret;
  }

  noteKey(account: string, keyed: boolean): void {
    if (keyed) this.#keyed.add(account);
    else this.#keyed.delete(account);
  }

  /** Changes what is kept of an account; whoever shows it hears of it. `undefined` takes a field away. */
  async update(
    account: string,
    change: { [K in keyof AccountSettings]?: AccountSettings[K] | undefined },
  ): Promise<void> {
    await this.#settings.update(({ accounts }) => {
      const kept = accounts.find((one) => one.account === account) as Record<string, unknown> | undefined;
      if (!kept) return;
      for (const [key, value] of Object.entries(change))
        if (value === undefined) delete kept[key];
        else kept[key] = value;
    });
    this.#changed();
  }

  async add(account: AccountSettings, instead?: string): Promise<void> {
    await this.#settings.update((all) => {
      all.accounts = [...all.accounts.filter((one) => one.account !== instead), account];
    });
    this.#changed();
  }

  async remove(account: string): Promise<void> {
    await this.#settings.update((all) => {
      all.accounts = all.accounts.filter((one) => one.account !== account);
      all.conversationWindows = all.conversationWindows.filter((one) => one.account !== account);
      all.resting = all.resting.filter((one) => one !== account);
      if (all.current === account) all.current = null;
    });
    this.#keyed.delete(account);
    this.#faults.delete(account);
    this.#changed();
  }

  /** One place up or down, or more. */
  async move(account: string, by: number): Promise<void> {
    await this.#settings.update((all) => {
      const from = all.accounts.findIndex((one) => one.account === account);
      if (from < 0) return;
      const [moved] = all.accounts.splice(from, 1);
      all.accounts.splice(Math.max(0, from + by), 0, moved!);
    });
    this.#changed();
  }

  /** Where the main window is, to open there again. */
  async shown(account: string, conv: string | null): Promise<void> {
    const { current, accounts } = this.#settings.data;
    const kept = accounts.find((one) => one.account === account);
    if (!kept || (current === account && (conv === null || kept.open === conv))) return;
    await this.#settings.update((all) => {
      all.current = account;
      const changed = all.accounts.find((one) => one.account === account);
      if (changed && conv !== null) changed.open = conv;
    });
  }

  /** @throws LocalError where there is no room for one more */
  checkRoom(): void {
    if (this.#settings.data.accounts.length >= ACCOUNTS)
      throw new LocalError('too_many_accounts', `A profile holds at most ${ACCOUNTS} accounts.`, {
        limit: ACCOUNTS,
      });
  }
}

export function unreadable(error: unknown): 'unreadable' {
  if (error instanceof UnreadableSecret) return 'unreadable';
  throw error;
}
