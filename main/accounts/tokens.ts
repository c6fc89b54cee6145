/** Access tokens for the session host. Main alone holds the refresh token; a new one is durable before it is used. */
import { type Tokens, Tokens as TokensSchema } from '@matchbook/protocol/http/accounts';
import { InTurn } from '@matchbook/protocol/in-turn';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';
import { type Secrets, UnreadableSecret } from '../profile/secrets.ts';

/** What is kept for an account. */
export interface AccountSecret {
  /** The account's own secret, made by the app that registered or recovered it. Who signed in by password has none. */
  secret?: string;
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
/** So long after a fresh token was refused as well no other is asked for on account of a refusal, ms: a server that takes none would be asked for one with each request. */
const REFUSED = 60_000;

export class AccessTokens {
  #api: ApiClient;
  #secrets: Secrets;
  #now: () => number;
  #replaced: (account: string) => void;
  #held = new Map<string, { token: string; expires: number }>();
  #refreshing = new Map<string, Promise<{ token: string; expires: number }>>();
  /** By account: when its fresh token was refused. */
  #refusedAt = new Map<string, number>();
  /** By account: what changes its secret comes one after the other. */
  readonly #turns = new InTurn();

  /** @param replaced another copy of the profile goes on with the session of this account */
  constructor(
    api: ApiClient,
    secrets: Secrets,
    now: () => number,
    replaced: (account: string) => void = () => {},
  ) {
    this.#api = api;
    this.#secrets = secrets;
    this.#now = now;
    this.#replaced = replaced;
  }

  /**
   * @param refused the server did not take the last one
   * @throws LocalError `session_ended` when the person must sign in; `session_replaced` when another copy of the profile took over;
   * `server_unreachable` and others when later is better
   */
  async get(account: TokenAccount, refused: boolean): Promise<{ token: string; expires: number }> {
    const held = this.#held.get(account.account);
    if (held && !refused && held.expires - this.#now() > MARGIN) return held;
    let refreshing = this.#refreshing.get(account.account);
    if (!refreshing) {
      refreshing = this.exclusive(account.account, () => this.#renew(account)).finally(() =>
        this.#refreshing.delete(account.account),
      );
      this.#refreshing.set(account.account, refreshing);
    }
    return refreshing;
  }

  /**
   * Asks with the token that is held; where the server refuses that one, once more with a fresh one.
   *
   * @throws LocalError as `get` and the request say it; `unauthorized` where the server refuses the fresh one too: the person must sign in
   */
  async with<T>(account: TokenAccount, ask: (token: string) => Promise<T>): Promise<T> {
    const { token } = await this.get(account, false);
    try {
      return await ask(token);
    } catch (error) {
      if (asFailure(error).kind !== 'unauthorized') throw error;
      // Another request may have found it out before this one.
      const isHeld = this.#held.get(account.account)?.token === token;
      const since = this.#now() - (this.#refusedAt.get(account.account) ?? Number.NEGATIVE_INFINITY);
      // A clock that was set back must not put it off for ever.
      if (isHeld && since >= 0 && since < REFUSED) throw error;
      return this.#freshly(account, await this.get(account, isHeld), ask);
    }
  }

  async #freshly<T>(
    { account }: TokenAccount,
    { token }: { token: string },
    ask: (token: string) => Promise<T>,
  ): Promise<T> {
    try {
      return await ask(token);
    } catch (error) {
      const isHeld = this.#held.get(account)?.token === token;
      if (isHeld && asFailure(error).kind === 'unauthorized') this.#refusedAt.set(account, this.#now());
      throw error;
    }
  }

  /** Tokens that came with a registration, a recovery or a sign-in. */
  async adopt(account: string, secret: AccountSecret, tokens: Tokens): Promise<void> {
    await this.#secrets.write(account, { ...secret, refresh: tokens.refresh });
    this.#refusedAt.delete(account);
    this.#hold(account, tokens);
  }

  /** What it held is of a session that is over. */
  forget(account: string): void {
    this.#held.delete(account);
    this.#refusedAt.delete(account);
  }

  /** Nothing else changes the secret of the account meanwhile. */
  exclusive<T>(account: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.do(account, work);
  }

  async #renew(account: TokenAccount): Promise<{ token: string; expires: number }> {
    const secret = await this.#secretOf(account.account);
    try {
      const tokens = await this.#refresh(account, secret);
      await this.adopt(account.account, secret, tokens);
    } catch (error) {
      if (asFailure(error).kind === 'session_replaced') {
        this.forget(account.account);
        this.#replaced(account.account);
      }
      throw error;
    }
    return this.#held.get(account.account)!;
  }

  async #refresh(account: TokenAccount, { secret, refresh }: AccountSecret): Promise<Tokens> {
    if (refresh !== undefined) {
      try {
        return await this.#api.post(account.api, '/api/sessions/refresh', { refresh }, TokensSchema);
      } catch (error) {
        // An ended session is begun anew with the account's secret; everything else is tried again later, or is another copy's.
        if (asFailure(error).kind !== 'session_ended') throw error;
      }
    }
    if (secret === undefined)
      throw new LocalError('session_ended', 'The session of this device was ended; sign in again.');
    return this.signIn(account, secret);
  }

  /** A new session of this device by the account's own secret. @throws LocalError `session_ended` where the server does not know it any more */
  async signIn({ user, device, deviceName, api }: TokenAccount, secret: string): Promise<Tokens> {
    try {
      return await this.#api.post(
        api,
        '/api/sessions',
        { user, secret, device: { id: device, name: deviceName } },
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
