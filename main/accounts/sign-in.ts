/**
 * Signing in where an account exists already: by login and password, at another service, and, on a copied profile, as the device that it was or as
 * one of its own. Outbox and drafts are the account's and stay whatever becomes of its keys.
 */
import { randomUUID } from 'node:crypto';
import type { AccountSummary, ServerView } from '@matchbook/protocol/bridge/views';
import {
  OidcProvider,
  ServerInfo,
  type Tokens,
  Tokens as TokensSchema,
} from '@matchbook/protocol/http/accounts';
import { type Pin, relayBeside, type ServerAddress } from '@matchbook/protocol/server-pin';
import { LocalError } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { AccountList, ReadyAccount } from './account-list.ts';
import type { BrowserSignIn } from './browser-sign-in.ts';
import { takesToken } from './relay-proof.ts';
import { serverAddress } from './server-address.ts';
import type { SignOuts } from './sign-out.ts';
import type { AccessTokens } from './tokens.ts';

export interface SignInParts {
  api: ApiClient;
  secrets: Secrets;
  tokens: AccessTokens;
  list: AccountList;
  signOuts: SignOuts;
  /** A server is about to be asked. @throws LocalError where it is not to be */
  expect(server: ServerAddress): void;
  /** The key by which a server is known. */
  pinOf(api: string): Pin | undefined;
  browser: BrowserSignIn;
  /** The embedded servers of this account run, and answer. */
  serve(): Promise<void>;
  adopted(account: ReadyAccount): Promise<void>;
  /** It connects again, perhaps as another device. */
  resumed(account: string): Promise<void>;
}

export class SignIns {
  #parts: SignInParts;
  /** By server and login: after a lost reply the same device is signed in again, so that none is left over. */
  #devices = new Map<string, string>();

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** @throws LocalError `bad_server`, `server_unreachable`, `server_failed`, `certificate_other_key` */
  async lookUp(server: string): Promise<ServerView> {
    const address = this.#address(server);
    const { api } = this.#parts;
    const { name } = await field('server', api.get(address, '/api/server', ServerInfo));
    const { provider } = await api
      .get(address, '/api/oidc', OidcProvider)
      .catch((): OidcProvider => ({ provider: null }));
    return { api: address, name, provider: provider?.name ?? null };
  }

  /** @throws LocalError `wrong_secret` also where they are another account's than the one that was to be signed in */
  async signIn(request: {
    server: string;
    login: string;
    password: string;
    account?: string | undefined;
  }): Promise<AccountSummary> {
    const { api, list } = this.#parts;
    const held = request.account === undefined ? null : list.get(request.account);
    const address = held?.api ?? this.#address(request.server);
    const login = request.login.trim().toLowerCase();
    if (held === null) list.checkRoom();
    const device = this.#deviceFor(held, `${address} ${login}`);
    const body = { login, password: request.password, device: { id: device, name: list.deviceName } };
    const tokens = await api.post(address, '/api/sessions', body, TokensSchema);
    return this.#adopt(address, tokens, device, held);
  }

  /** @throws LocalError `cancelled` where the person gave up, or did not come back in time */
  async signInElsewhere(server: string): Promise<AccountSummary> {
    const { list, browser } = this.#parts;
    const address = this.#address(server);
    list.checkRoom();
    const device = this.#deviceFor(null, `${address} elsewhere`);
    const tokens = await browser.signIn(address, { id: device, name: list.deviceName });
    return this.#adopt(address, tokens, device, null);
  }

  cancel(): void {
    this.#parts.browser.cancel();
  }

  /** This copy of the profile is the device from now on; another one that runs is stopped. */
  async takeOver(account: string): Promise<AccountSummary> {
    const { list, tokens, secrets } = this.#parts;
    const held = list.get(account);
    if (held.embedded) await this.#parts.serve();
    const secret = await this.#readable(account);
    if (secret.secret === undefined) await tokens.get(list.tokenAccount(account), true);
    else {
      const own = secret.secret;
      await tokens.exclusive(account, async () => {
        // A session of one's own: the copied token may be behind the other's, and showing it would end both.
        const { refresh: _copied, ...rest } = secret;
        await secrets.write(account, rest);
        await tokens.adopt(account, rest, await tokens.signIn(list.tokenAccount(account), own));
      });
    }
    return this.#resume(account, {});
  }

  /** This copy of the profile becomes one more device of the account; the other one goes on. */
  async becomeDevice(account: string): Promise<AccountSummary> {
    const { list, tokens } = this.#parts;
    const { secret } = await this.#readable(account);
    if (secret === undefined)
      throw new LocalError('signed_out', 'Sign in to go on here as a device of its own.');
    const device = this.#deviceFor(list.get(account), account);
    await tokens.exclusive(account, async () => {
      const fresh = await tokens.signIn({ ...list.tokenAccount(account), device }, secret);
      // The secret stays with the device that registered: only so can this one be ended from there.
      await tokens.adopt(account, {}, fresh);
    });
    return this.#resume(account, { device });
  }

  async #adopt(
    api: string,
    tokens: Tokens,
    device: string,
    wanted: ReadyAccount | null,
  ): Promise<AccountSummary> {
    const { signOuts } = this.#parts;
    const info = await this.#parts.api.get(api, '/api/server', ServerInfo);
    const pin = this.#parts.pinOf(api);
    const relay = pin === undefined ? info.relay : relayBeside(api);
    const present = await this.#present({ api, relay, pin }, tokens);
    if (wanted && present?.account !== wanted.account) {
      await signOuts.end({ api, pin }, tokens.refresh);
      void signOuts.flush();
      throw new LocalError('wrong_secret', 'This login is of another account.', { field: 'login' });
    }
    return present
      ? this.#again(present, tokens, device, present.embedded ? {} : { api, relay, pin })
      : this.#asNew({ api, pin, tokens, device, relay, serverName: info.name });
  }

  /**
   * The account that these tokens are of. At another address than its own they must be taken by its relay as this person's, or its server proved its key: what a server says of
   * itself could be said by any other, which would have all that waits here.
   *
   * @throws LocalError where the relay cannot be asked
   */
  async #present(server: ServerAddress & { relay: string }, tokens: Tokens): Promise<ReadyAccount | null> {
    const { api, list, signOuts } = this.#parts;
    const found = list.on(server).find((one) => one.user === tokens.user) ?? null;
    if (found === null || found.api === server.api) return found;
    if (found.pin !== undefined && found.pin === server.pin) return found;
    try {
      return (await takesToken(api, found.relay, tokens)) ? found : null;
    } catch (error) {
      await signOuts.end(server, tokens.refresh);
      void signOuts.flush();
      throw error;
    }
  }

  async #asNew(
    made: ServerAddress & {
      tokens: Tokens;
      device: string;
      relay: string;
      serverName: string;
    },
  ): Promise<AccountSummary> {
    const { list, tokens } = this.#parts;
    const { api, pin, device, relay, serverName } = made;
    const { user, name } = made.tokens;
    const account = randomUUID();
    await tokens.adopt(account, {}, made.tokens);
    const known = pin === undefined ? {} : { pin };
    await list.add({ account, device, name, api, ...known, embedded: false, user, relay, serverName });
    await this.#parts.adopted(list.get(account));
    return list.summary(list.get(account));
  }

  /** Somebody who is here already: their history, outbox and drafts go on. @param at where they came in now, which is where the server is from now on */
  async #again(
    { account, standing, ...held }: ReadyAccount,
    fresh: Tokens,
    device: string,
    at: Partial<ServerAddress> & { relay?: string },
  ): Promise<AccountSummary> {
    const { tokens, signOuts, list } = this.#parts;
    await tokens.exclusive(account, async () => {
      const before = await list.secretOf(account);
      const own = before !== null && before !== 'unreadable' && standing === undefined;
      // Where the profile is a copy the old session is the other's, and not ours to end.
      if (own && held.device !== device) await signOuts.end({ ...held, ...at }, before.refresh);
      await tokens.adopt(account, {}, fresh);
    });
    return this.#resume(account, { device, name: fresh.name, ...at });
  }

  async #resume(
    account: string,
    change: Partial<ServerAddress> & { device?: string; name?: string; relay?: string },
  ): Promise<AccountSummary> {
    const { list } = this.#parts;
    await list.secretOf(account);
    await list.update(account, { ...change, standing: undefined });
    await this.#parts.resumed(account);
    return list.summary(list.get(account));
  }

  /** @returns the base address of what a person means; from then on its key is expected there */
  #address(server: string): string {
    const address = serverAddress(server);
    this.#parts.expect(address);
    return address.api;
  }

  #deviceFor(held: ReadyAccount | null, key: string): string {
    if (held && held.standing !== 'copied' && held.standing !== 'elsewhere') return held.device;
    const device = this.#devices.get(key) ?? randomUUID();
    this.#devices.set(key, device);
    return device;
  }

  async #readable(account: string) {
    const secret = await this.#parts.list.secretOf(account);
    if (secret === null || secret === 'unreadable')
      throw new LocalError('signed_out', 'The keys of this account cannot be read here; sign in again.');
    return secret;
  }
}

async function field<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof LocalError)
      throw new LocalError(error.failure.kind, error.message, { ...error.failure, field: name });
    throw error;
  }
}
