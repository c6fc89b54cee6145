/**
 * The accounts of this device: starting a server of one's own, joining another's, recovering. What a registration needs is durable before it is
 * sent, so that a lost reply or a killed app is mended by sending the same again.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AccountSummary, InvitationView } from '@matchbook/protocol/bridge/views';
import { NewAccount, ServerInfo } from '@matchbook/protocol/http/accounts';
import { Invitation, InvitationPreview } from '@matchbook/protocol/http/invitations';
import { formatInvitation, parseInvitation } from '@matchbook/protocol/invitation';
import type { ApiClient } from './api-client.ts';
import { LocalError } from './local-failure.ts';
import { type Secrets, UnreadableSecret } from './secrets.ts';
import type { AccountSettings, SettingsStore } from './settings.ts';
import type { AccessTokens, AccountSecret, TokenAccount } from './tokens.ts';

/** An account that the server knows. */
export type ReadyAccount = AccountSettings & { user: string; relay: string; serverName: string };

export interface AccountsParts {
  settings: SettingsStore;
  secrets: Secrets;
  api: ApiClient;
  tokens: AccessTokens;
  deviceName: string;
  /** Starts the embedded servers where they do not run, and answers where the API is and what its first account must show. */
  startEmbedded(name: string): Promise<{ api: string; firstAccountSecret: string }>;
  /** A new account is ready: its store is opened, its conversations are made known. */
  adopted(account: ReadyAccount, inviter: { user: string; name: string } | null): Promise<void>;
  /** Its keys are new: the session may try again, and the loss of the old ones is mended. */
  recovered(account: string): Promise<void>;
  changed(): void;
  sleep(ms: number): Promise<void>;
}

/** The embedded API needs a moment at its first start. */
const START_TRIES = 60;
const START_PAUSE = 250;

export class Accounts {
  #parts: AccountsParts;
  #recovery = new Map<string, string>();
  /** By what was shown to the server, so that a second click finds the account of the first. */
  #made = new Map<string, string>();
  #busy: Promise<unknown> = Promise.resolve();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /** Accounts that can be used. */
  ready(): ReadyAccount[] {
    return this.#parts.settings.data.accounts.filter(
      (account): account is ReadyAccount =>
        account.user !== undefined && account.relay !== undefined && account.serverName !== undefined,
    );
  }

  get(account: string): ReadyAccount {
    const found = this.ready().find((one) => one.account === account);
    if (!found) throw new LocalError('no_such_account', 'There is no such account on this computer.');
    return found;
  }

  summary({ account, user, device, name, api, serverName, embedded }: ReadyAccount): AccountSummary {
    return { account, user, device, name, api, serverName, embedded };
  }

  recoveryCodes(): { account: string; code: string }[] {
    return [...this.#recovery].map(([account, code]) => ({ account, code }));
  }

  /** After a start: recovery codes that were not noted yet. @returns accounts whose secret cannot be opened on this computer any more */
  async resume(): Promise<{ lost: ReadyAccount[] }> {
    const lost: ReadyAccount[] = [];
    for (const account of this.ready()) {
      const secret = await this.#parts.secrets.read<AccountSecret>(account.account).catch(unreadable);
      if (secret === null || secret === 'unreadable') lost.push(account);
      else if (secret.recoveryCode !== undefined) this.#recovery.set(account.account, secret.recoveryCode);
    }
    return { lost };
  }

  start({ name }: { name: string }): Promise<AccountSummary> {
    return this.#oneAtATime(async () => {
      const { api, firstAccountSecret } = await this.#parts.startEmbedded(name);
      await this.#untilServes(api);
      return this.#register({ api, name, embedded: true, invitation: firstAccountSecret });
    });
  }

  async preview(invitation: string): Promise<InvitationView> {
    const link = readInvitation(invitation);
    const preview = await this.#parts.api.post(
      link.api,
      '/api/invitations/preview',
      { secret: link.secret },
      InvitationPreview,
    );
    return { server: preview.server, inviter: preview.inviter.name, expires: preview.expires, api: link.api };
  }

  join({ invitation, name }: { invitation: string; name: string }): Promise<AccountSummary> {
    const { api, secret } = readInvitation(invitation);
    return this.#oneAtATime(() => this.#register({ api, name, embedded: false, invitation: secret }));
  }

  async invitation(account: string): Promise<{ link: string; expires: number }> {
    const { api } = this.get(account);
    const { token } = await this.#parts.tokens.get(this.tokenAccount(account), false);
    const { secret, expires } = await this.#parts.api.post(api, '/api/invitations', {}, Invitation, token);
    return { link: formatInvitation({ api, secret }), expires };
  }

  /** A new secret against the recovery code; the new code is shown as the first one was. */
  recover({ account, code }: { account: string; code: string }): Promise<AccountSummary> {
    return this.#oneAtATime(async () => {
      const { api, secrets, deviceName } = this.#parts;
      const held = this.get(account);
      // Durable before it is sent: after a lost reply only the same secret is answered again. The old one stays, it may become readable again.
      const next = `${account}-recovery`;
      const kept = await secrets.read<AccountSecret>(next).catch(unreadable);
      const fresh = kept === null || kept === 'unreadable';
      const { secret } = fresh ? { secret: newSecret() } : kept;
      if (fresh) await secrets.write(next, { secret } satisfies AccountSecret);
      const device = { id: held.device, name: deviceName };
      const body = { code, secret, device, user: held.user };
      const answer = await api.post(held.api, '/api/accounts/recover', body, NewAccount);
      await this.#keep(account, secret, answer);
      await secrets.remove(next);
      await this.#parts.recovered(account);
      return this.summary(held);
    });
  }

  async recoveryNoted(account: string): Promise<void> {
    const secret = await this.#parts.secrets.read<AccountSecret>(account);
    if (secret) {
      const { recoveryCode: _noted, ...rest } = secret;
      await this.#parts.secrets.write(account, rest);
    }
    this.#recovery.delete(account);
    this.#parts.changed();
  }

  tokenAccount(account: string): TokenAccount {
    const { user, device, api } = this.get(account);
    return { account, user, device, api, deviceName: this.#parts.deviceName };
  }

  async #register(wanted: {
    api: string;
    name: string;
    embedded: boolean;
    invitation: string;
  }): Promise<AccountSummary> {
    const shown = `${wanted.api} ${wanted.invitation}`;
    const made = this.#made.get(shown);
    if (made !== undefined) return this.summary(this.get(made));
    const pending = await this.#prepare(wanted);
    const { secret } = (await this.#parts.secrets.read<AccountSecret>(pending.account))!;
    const answer = await this.#parts.api.post(
      wanted.api,
      '/api/accounts',
      {
        name: wanted.name,
        secret,
        device: { id: pending.device, name: this.#parts.deviceName },
        invitation: wanted.invitation,
      },
      NewAccount,
    );
    const info = await this.#parts.api.get(wanted.api, '/api/server', ServerInfo);
    await this.#keep(pending.account, secret, answer);
    await this.#parts.settings.update(({ accounts }) => {
      const account = accounts.find((one) => one.account === pending.account)!;
      Object.assign(account, {
        user: answer.user,
        name: answer.name,
        relay: info.relay,
        serverName: info.name,
      });
      delete account.invitation;
    });
    const ready = this.get(pending.account);
    this.#made.set(shown, pending.account);
    try {
      await this.#parts.adopted(ready, answer.inviter ?? null);
    } finally {
      // It is an account now, whatever else fails here.
      this.#parts.changed();
    }
    return this.summary(ready);
  }

  /** The same pending registration where one to this server is under way, else a new one, durable before anything is sent. */
  async #prepare({
    api,
    name,
    embedded,
    invitation,
  }: {
    api: string;
    name: string;
    embedded: boolean;
    invitation: string;
  }) {
    const { settings, secrets } = this.#parts;
    const before = settings.data.accounts.find(
      (account) => account.user === undefined && account.api === api && account.invitation === invitation,
    );
    if (before) {
      const kept = await secrets.read<AccountSecret>(before.account).catch(unreadable);
      if (kept !== null && kept !== 'unreadable') return before;
    }
    const pending: AccountSettings = {
      account: randomUUID(),
      device: randomUUID(),
      name,
      api,
      embedded,
      invitation,
    };
    await secrets.write(pending.account, { secret: newSecret() } satisfies AccountSecret);
    await settings.update((all) => {
      // Without its secret the one before can never be finished.
      all.accounts = [...all.accounts.filter(({ account }) => account !== before?.account), pending];
    });
    return pending;
  }

  async #keep(account: string, secret: string, answer: NewAccount): Promise<void> {
    await this.#parts.tokens.adopt(account, { secret, recoveryCode: answer.recoveryCode }, answer);
    this.#recovery.set(account, answer.recoveryCode);
    this.#parts.changed();
  }

  async #untilServes(api: string): Promise<void> {
    for (let i = 0; ; i++) {
      try {
        await this.#parts.api.get(api, '/api/server', ServerInfo);
        return;
      } catch (error) {
        if (i >= START_TRIES)
          throw new LocalError(
            'embedded_failed',
            `The servers in this app did not start: ${error instanceof Error ? error.message : error}`,
          );
        await this.#parts.sleep(START_PAUSE);
      }
    }
  }

  /** Two clicks are one account. */
  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#busy.then(work, work);
    this.#busy = run.catch(() => {});
    return run;
  }
}

function readInvitation(text: string): { api: string; secret: string } {
  const link = parseInvitation(text);
  if (!link)
    throw new LocalError(
      'bad_invitation',
      'This is not an invitation. It begins with matchbook://join/ and has no spaces.',
      {
        field: 'invitation',
      },
    );
  return link;
}

function unreadable(error: unknown): 'unreadable' {
  if (error instanceof UnreadableSecret) return 'unreadable';
  throw error;
}

const newSecret = () => randomBytes(32).toString('base64url');
