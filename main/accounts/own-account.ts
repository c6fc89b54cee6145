/** What a person changes about their account at its server: name, login and password, devices; and coming in by an invitation. */
import type { DeviceView, OwnAccountView } from '@matchbook/protocol/bridge/views';
import { DeviceSessions, Login, OwnAccountFacts, Password } from '@matchbook/protocol/http/accounts';
import { Redeemed } from '@matchbook/protocol/http/invitations';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { type ApiClient, NOTHING } from '../network/api-client.ts';
import type { AccountList } from './account-list.ts';
import { readInvitation } from './invitation.ts';
import type { AccessTokens } from './tokens.ts';

export interface OwnAccountParts {
  api: ApiClient;
  tokens: AccessTokens;
  list: AccountList;
  /** A direct conversation that the server is creating. */
  introduced(account: string, peer: { user: string; name: string }): Promise<void>;
}

export class OwnAccount {
  #parts: OwnAccountParts;

  constructor(parts: OwnAccountParts) {
    this.#parts = parts;
  }

  async read(account: string): Promise<OwnAccountView> {
    const { api } = this.#parts;
    const facts = await api.get(
      this.#api(account),
      '/api/account',
      OwnAccountFacts,
      await this.#token(account),
    );
    await this.#named(account, facts.name);
    return { name: facts.name, login: facts.login };
  }

  async rename(account: string, name: string): Promise<OwnAccountView> {
    const trimmed = name.trim();
    if (trimmed === '' || [...trimmed].length > LIMITS.nameLength)
      throw new LocalError('invalid_field', `name: 1 to ${LIMITS.nameLength} characters.`, {
        field: 'name',
        limit: LIMITS.nameLength,
      });
    const path = '/api/account/profile';
    const token = await this.#token(account);
    const facts = await this.#parts.api.send(
      'PATCH',
      this.#api(account),
      path,
      { name: trimmed },
      OwnAccountFacts,
      token,
    );
    await this.#named(account, facts.name);
    return { name: facts.name, login: facts.login };
  }

  /** @param change `current` where the app does not hold the account's secret */
  async setPassword(change: {
    account: string;
    login?: string | undefined;
    next: string;
    current?: string | undefined;
  }): Promise<OwnAccountView> {
    const { account, next, current } = change;
    const { api, list } = this.#parts;
    const login = change.login?.trim().toLowerCase();
    if (login !== undefined && !Check(Login, login))
      throw new LocalError(
        'invalid_field',
        'login: 2 to 64 characters of a-z, 0-9 and . _ @ + -, beginning with a letter or digit.',
        { field: 'login' },
      );
    if (!Check(Password, next))
      throw new LocalError('invalid_field', 'next: 8 to 256 characters.', { field: 'next', limit: 8 });
    const secret = await list.secretOf(account);
    const held = secret === null || secret === 'unreadable' ? undefined : secret.secret;
    const proof = held === undefined ? { current: current ?? '' } : { secret: held };
    const body = { ...(login === undefined ? {} : { login }), next, ...proof };
    await api.send(
      'PUT',
      this.#api(account),
      '/api/account/password',
      body,
      NOTHING,
      await this.#token(account),
    );
    return this.read(account);
  }

  async devices(account: string): Promise<DeviceView[]> {
    const { api } = this.#parts;
    const token = await this.#token(account);
    return (await api.get(this.#api(account), '/api/devices', DeviceSessions, token)).devices;
  }

  /** Ends another device: it is signed out, there and at the relay. */
  async endDevice(account: string, device: string): Promise<void> {
    const { api, list } = this.#parts;
    if (device === list.get(account).device)
      throw new LocalError('bad_call', 'This device is ended by signing out.', { field: 'device' });
    const path = `/api/devices/${encodeURIComponent(device)}`;
    await api.send('DELETE', this.#api(account), path, null, NOTHING, await this.#token(account));
  }

  /** @returns the conversation that one comes into */
  async redeem(account: string, invitation: string): Promise<{ conv: string }> {
    const { api, introduced, list } = this.#parts;
    const { secret } = readInvitation(invitation);
    const token = await this.#token(account);
    const { conv, inviter } = await api.post(
      this.#api(account),
      '/api/invitations/redeem',
      { secret },
      Redeemed,
      token,
    );
    if (conv === directConversationId(list.get(account).user, inviter.user))
      await introduced(account, inviter);
    return { conv };
  }

  #api(account: string): string {
    return this.#parts.list.get(account).api;
  }

  async #token(account: string): Promise<string> {
    const { list, tokens } = this.#parts;
    return (await tokens.get(list.tokenAccount(account), false)).token;
  }

  async #named(account: string, name: string): Promise<void> {
    const { list } = this.#parts;
    if (list.get(account).name !== name) await list.update(account, { name });
  }
}
