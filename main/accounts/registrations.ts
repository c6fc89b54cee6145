/**
 * New accounts: starting a server of one's own, joining another's; and recovering one whose keys are lost. What a registration needs is durable before
 * it is sent, so that a lost reply or a killed app is mended by sending the same again.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AccountSummary, InvitationView } from '@matchbook/protocol/bridge/views';
import { NewAccount, ServerInfo } from '@matchbook/protocol/http/accounts';
import { Invitation, InvitationPreview } from '@matchbook/protocol/http/invitations';
import { Line } from '@matchbook/protocol/in-turn';
import { formatInvitation } from '@matchbook/protocol/invitation';
import { relayBeside, type ServerAddress } from '@matchbook/protocol/server-pin';
import type { ApiClient } from '../network/api-client.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { AccountSettings, SettingsStore } from '../profile/settings.ts';
import { wordsOf } from '../trust/pin.ts';
import { type AccountList, type ReadyAccount, unreadable } from './account-list.ts';
import { readInvitation } from './invitation.ts';
import type { AccessTokens, AccountSecret } from './tokens.ts';
import { untilServes } from './until-serves.ts';

export interface RegistrationsParts {
  settings: SettingsStore;
  secrets: Secrets;
  api: ApiClient;
  tokens: AccessTokens;
  list: AccountList;
  /** Starts the embedded servers where they do not run, and answers where the API is and what its first account must show. */
  startEmbedded(name: string): Promise<{ api: string; firstAccountSecret: string }>;
  /** A server that is known by its key is about to be asked. @throws LocalError `certificate_other_key` */
  expect(server: ServerAddress): void;
  /** How others reach the server of an account. */
  reachedAt(account: ReadyAccount): ServerAddress;
  /** The server of an account is at another address than before. */
  moved(account: string): void;
  /** A new account is ready: its store is opened, its conversations are made known. */
  adopted(account: ReadyAccount, inviter: { user: string; name: string } | null): Promise<void>;
  /** Its keys are new: the session may try again, and the loss of the old ones is mended. */
  recovered(account: string): Promise<void>;
  changed(): void;
  sleep(ms: number): Promise<void>;
}

export class Registrations {
  #parts: RegistrationsParts;
  #recovery = new Map<string, string>();
  /** By what was shown to the server, so that a second click finds the account of the first. */
  #made = new Map<string, string>();
  /** Invitations that were looked at and lead into a group: one comes without a conversation with who invited. */
  #groups = new Set<string>();
  /** Two clicks are one account. */
  readonly #line = new Line();

  constructor(parts: RegistrationsParts) {
    this.#parts = parts;
  }

  recoveryCodes(): { account: string; code: string }[] {
    return [...this.#recovery].map(([account, code]) => ({ account, code }));
  }

  /** After a start: recovery codes that were not noted yet. @returns accounts whose secret cannot be opened on this computer any more */
  async resume(): Promise<{ lost: ReadyAccount[] }> {
    const lost: ReadyAccount[] = [];
    for (const account of this.#parts.list.ready()) {
      if (account.standing === 'signed-out') continue;
      const secret = await this.#parts.list.secretOf(account.account);
      if (secret === null || secret === 'unreadable') lost.push(account);
      else if (secret.recoveryCode !== undefined) this.#recovery.set(account.account, secret.recoveryCode);
    }
    return { lost };
  }

  start({ name, serverName = name }: { name: string; serverName?: string }): Promise<AccountSummary> {
    return this.#line.do(async () => {
      const { api, firstAccountSecret } = await this.#parts.startEmbedded(serverName);
      await untilServes(this.#parts.api, api, this.#parts.sleep);
      return this.#register({ api, name, embedded: true, invitation: firstAccountSecret });
    });
  }

  async preview(invitation: string): Promise<InvitationView> {
    const link = readInvitation(invitation);
    await this.#found(link);
    const preview = await this.#parts.api.post(
      link.api,
      '/api/invitations/preview',
      { secret: link.secret },
      InvitationPreview,
    );
    const info = await this.#parts.api.get(link.api, '/api/server', ServerInfo).catch(() => null);
    if (preview.group) this.#groups.add(link.secret);
    const here = this.#here({ ...link, relay: relayOf(link, info?.relay) }).filter(
      ({ standing }) => standing !== 'signed-out',
    );
    const { inviter, group = null, picture } = preview;
    // Nobody talks to themselves by an invitation; into a group of one's own its maker comes back.
    const own = group === null && here.some(({ user }) => user === inviter.user);
    const others = here.filter(({ user }) => group !== null || user !== inviter.user);
    return {
      ...{ server: preview.server, inviter: inviter.name, inviterId: inviter.user },
      ...{ expires: preview.expires, api: link.api },
      ...{ group, own, accounts: others.map(({ account }) => account) },
      picture: picture === undefined ? null : `data:image/webp;base64,${picture}`,
      words: link.pin === undefined ? null : await wordsOf(link.pin),
    };
  }

  join({ invitation, name }: { invitation: string; name: string }): Promise<AccountSummary> {
    const { secret, ...server } = readInvitation(invitation);
    const group = this.#groups.has(secret);
    this.#parts.expect(server);
    return this.#line.do(() =>
      this.#register({ ...server, name, embedded: false, invitation: secret, group }),
    );
  }

  async invitation(account: string): Promise<{ link: string; expires: number }> {
    const { list, tokens } = this.#parts;
    const held = list.get(account);
    const made = await tokens.with(list.tokenAccount(account), (token) =>
      this.#parts.api.post(held.api, '/api/invitations', {}, Invitation, token),
    );
    const link = formatInvitation({ ...this.#parts.reachedAt(held), secret: made.secret });
    return { link, expires: made.expires };
  }

  /** A new secret against the recovery code; the new code is shown as the first one was. */
  recover({ account, code }: { account: string; code: string }): Promise<AccountSummary> {
    return this.#line.do(async () => {
      const { api, secrets, list } = this.#parts;
      const held = list.get(account);
      // Durable before it is sent: after a lost reply only the same secret is answered again. The old one stays, it may become readable again.
      const next = `${account}-recovery`;
      const kept = await secrets.read<AccountSecret>(next).catch(unreadable);
      const fresh = kept === null || kept === 'unreadable';
      const secret = fresh ? newSecret() : kept.secret!;
      if (fresh) await secrets.write(next, { secret } satisfies AccountSecret);
      // A copy of a profile is another device than what it is a copy of; after a lost reply it is the same one again.
      const isCopy = held.standing === 'copied' || held.standing === 'elsewhere';
      const id = isCopy ? `${account.slice(0, 32)}-${secret.slice(0, 8)}` : held.device;
      const body = { code, secret, device: { id, name: list.deviceName }, user: held.user };
      // One's own servers come after the first conversation: who is quicker than they are waits.
      if (held.embedded && !isCopy) await untilServes(api, held.api, this.#parts.sleep);
      const answer = await api.post(held.api, '/api/accounts/recover', body, NewAccount);
      await this.#keep(account, secret, answer);
      await secrets.remove(next);
      await list.update(account, { device: id, standing: undefined });
      await this.#parts.recovered(account);
      return list.summary(list.get(account));
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

  /** It was signed out: what was to be shown of it is shown no more, and its invitation may be used again. */
  forget(account: string): void {
    this.#recovery.delete(account);
    for (const [shown, made] of this.#made) if (made === account) this.#made.delete(shown);
  }

  /** A server that is known by its key answers at a new address: whoever is there already goes there from now on. */
  async #found(server: ServerAddress): Promise<void> {
    this.#parts.expect(server);
    const { api, pin } = server;
    const gone = this.#parts.list
      .ready()
      .filter((one) => pin !== undefined && one.pin === pin && one.api !== api);
    if (gone.length === 0) return;
    // Only who has the key can answer.
    await this.#parts.api.get(api, '/api/server', ServerInfo);
    for (const { account } of gone) {
      await this.#parts.list.update(account, { api, relay: relayBeside(api) });
      this.#parts.moved(account);
    }
  }

  /** Accounts on a server, whichever of its ways leads there: its own computer knows it by another one than the network. */
  #here(server: ServerAddress & { relay?: string | undefined }): ReadyAccount[] {
    const { list, reachedAt } = this.#parts;
    const own = list.ready().filter((one) => one.embedded && server.pin === reachedAt(one).pin);
    return server.pin === undefined ? list.on(server) : [...new Set([...list.on(server), ...own])];
  }

  async #register(
    wanted: ServerAddress & {
      name: string;
      embedded: boolean;
      invitation: string;
      group?: boolean;
    },
  ): Promise<AccountSummary> {
    const shown = `${wanted.api} ${wanted.invitation}`;
    const made = this.#made.get(shown);
    const { list } = this.#parts;
    const known = list.ready().find(({ account }) => account === made);
    if (known) return list.summary(known);
    const pending = await this.#prepare(wanted);
    const secret = (await this.#parts.secrets.read<AccountSecret>(pending.account))!.secret!;
    const answer = await this.#parts.api.post(
      wanted.api,
      '/api/accounts',
      {
        name: wanted.name,
        secret,
        device: { id: pending.device, name: list.deviceName },
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
        relay: relayOf(wanted, info.relay),
        serverName: info.name,
      });
      delete account.invitation;
    });
    const ready = list.get(pending.account);
    this.#made.set(shown, pending.account);
    try {
      await this.#parts.adopted(ready, wanted.group ? null : (answer.inviter ?? null));
    } finally {
      // It is an account now, whatever else fails here.
      this.#parts.changed();
    }
    return list.summary(ready);
  }

  /** The same pending registration where one to this server is under way, else a new one, durable before anything is sent. */
  async #prepare({
    api,
    pin,
    name,
    embedded,
    invitation,
  }: ServerAddress & {
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
    this.#parts.list.checkRoom();
    const pending: AccountSettings = {
      account: randomUUID(),
      device: randomUUID(),
      name,
      api,
      ...(pin === undefined ? {} : { pin }),
      embedded,
      invitation,
    };
    await secrets.write(pending.account, { secret: newSecret() } satisfies AccountSecret);
    // Without its secret the one before can never be finished.
    await this.#parts.list.add(pending, before?.account);
    return pending;
  }

  async #keep(account: string, secret: string, answer: NewAccount): Promise<void> {
    await this.#parts.tokens.adopt(account, { secret, recoveryCode: answer.recoveryCode }, answer);
    this.#parts.list.noteKey(account, true);
    this.#recovery.set(account, answer.recoveryCode);
    this.#parts.changed();
  }
}

/** @param told what the server says of its relay */
const relayOf = <R extends string | undefined>({ api, pin }: ServerAddress, told: R) =>
  pin === undefined ? told : relayBeside(api);

const newSecret = () => randomBytes(32).toString('base64url');
