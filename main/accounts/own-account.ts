/** What a person changes about their account at its server: name, login and password, devices; and coming in by an invitation. */
import type { DeviceView, OwnAccountView } from '@matchbook/protocol/bridge/views';
import { DeviceSessions, Login, OwnAccountFacts, Password } from '@matchbook/protocol/http/accounts';
import { Redeemed } from '@matchbook/protocol/http/invitations';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { NOTHING } from '../network/api-client.ts';
import type { AccountList } from './account-list.ts';
import { readInvitation } from './invitation.ts';
import type { ServerRequests } from './server-requests.ts';

export interface OwnAccountParts {
  server: ServerRequests;
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
    const facts = await this.#parts.server.get(account, '/api/account', OwnAccountFacts);
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
    const { server } = this.#parts;
    const body = { name: trimmed };
    const facts = await server.send(account, 'PATCH', '/api/account/profile', body, OwnAccountFacts);
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
    const { server, list } = this.#parts;
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
    await server.send(account, 'PUT', '/api/account/password', body, NOTHING);
    return this.read(account);
  }

  async devices(account: string): Promise<DeviceView[]> {
    return (await this.#parts.server.get(account, '/api/devices', DeviceSessions)).devices;
  }

  /** Ends another device: it is signed out, there and at the relay. */
  async endDevice(account: string, device: string): Promise<void> {
    const { server, list } = this.#parts;
    if (device === list.get(account).device)
      throw new LocalError('bad_call', 'This device is ended by signing out.', { field: 'device' });
    const path = `/api/devices/${encodeURIComponent(device)}`;
    await server.send(account, 'DELETE', path, null, NOTHING);
  }

  /** @returns the conversation that one comes into */
  async redeem(account: string, invitation: string): Promise<{ conv: string }> {
    const { server, introduced, list } = this.#parts;
    const { secret } = readInvitation(invitation);
    const path = '/api/invitations/redeem';
    const { conv, inviter } = await server.send(account, 'POST', path, { secret }, Redeemed);
    if (conv === directConversationId(list.get(account).user, inviter.user))
      await introduced(account, inviter);
    return { conv };
  }

  async #named(account: string, name: string): Promise<void> {
    const { list } = this.#parts;
    if (list.get(account).name !== name) await list.update(account, { name });
  }
}
