/** Access tokens for the session host. Main alone holds the refresh token; a new one is durable before it is used. */
import { type Tokens, Tokens as TokensSchema } from '@matchbook/protocol/http/accounts';
import type { ApiClient } from './api-client.ts';
import { asFailure, LocalError } from './local-failure.ts';
import { type Secrets, UnreadableSecret } from './secrets.ts';

/** What is kept for an account. */
export interface AccountSecret {
  /** The account's own secret, made by the app. */
  secret: string;
  refresh?: string;
  /** Until the person has noted it. */
  recoveryCode?: string;
}

export interface TokenAccount {
  account: string;
  user: string;
  device: string;
  deviceName: string;
  api: string;
}

/** A token with less life than this is not handed out. */
const MARGIN = 60_000;

export class AccessTokens {
  #api: ApiClient;
  #secrets: Secrets;
  #now: () => number;
  #held = new Map<string, { token: string; expires: number }>();
  #refreshing = new Map<string, Promise<{ token: string; expires: number }>>();

  constructor(api: ApiClient, secrets: Secrets, now: () => number) {
    this.#api = api;
    this.#secrets = secrets;
    this.#now = now;
  }

  /**
   * @param refused the relay did not take the last one
   * @throws LocalError `session_ended` when the person must sign in; `server_unreachable` and others when later is better
   */
  async get(account: TokenAccount, refused: boolean): Promise<{ token: string; expires: number }> {
    const held = this.#held.get(account.account);
    if (held && !refused && held.expires - this.#now() > MARGIN) return held;
    let refreshing = this.#refreshing.get(account.account);
    if (!refreshing) {
      refreshing = this.#renew(account).finally(() => this.#refreshing.delete(account.account));
      this.#refreshing.set(account.account, refreshing);
    }
    return refreshing;
  }

  /** Tokens that came with a registration or a recovery. */
  async adopt(account: string, secret: AccountSecret, tokens: Tokens): Promise<void> {
    await this.#secrets.write(account, { ...secret, refresh: tokens.refresh });
    this.#hold(account, tokens);
  }

  async #renew(account: TokenAccount): Promise<{ token: string; expires: number }> {
    const secret = await this.#secretOf(account.account);
    const tokens = await this.#refresh(account, secret);
    await this.adopt(account.account, secret, tokens);
    return this.#held.get(account.account)!;
  }

  async #refresh(account: TokenAccount, { secret, refresh }: AccountSecret): Promise<Tokens> {
    if (refresh !== undefined) {
      try {
        return await this.#api.post(account.api, '/api/sessions/refresh', { refresh }, TokensSchema);
      } catch (error) {
        // Ended sessions are begun anew with the account's secret; everything else is tried again later.
        if (asFailure(error).kind !== 'session_ended') throw error;
      }
    }
    const device = { id: account.device, name: account.deviceName };
    try {
      return await this.#api.post(
        account.api,
        '/api/sessions',
        { user: account.user, secret, device },
        TokensSchema,
      );
    } catch (error) {
      if (asFailure(error).kind !== 'wrong_secret') throw error;
      throw new LocalError('session_ended', 'The server does not know the secret of this account any more.');
    }
  }

  async #secretOf(account: string): Promise<AccountSecret> {
    try {
      const secret = await this.#secrets.read<AccountSecret>(account);
      if (secret) return secret;
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
    }
    throw new LocalError(
      'session_ended',
      'The secret of this account cannot be opened on this computer any more.',
    );
  }

  /** Life is counted on this clock, so that a wrong clock costs nothing. */
  #hold(account: string, { access, accessExpires, time }: Tokens): void {
    this.#held.set(account, { token: access, expires: this.#now() + (accessExpires - time) });
  }
}
