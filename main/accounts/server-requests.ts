/** Requests to the server of an account, as its person: with a fresh token where the last one is not taken any more. */
import type { Static, TSchema } from 'typebox';
import type { ApiClient } from '../network/api-client.ts';
import type { AccountList } from './account-list.ts';
import type { AccessTokens } from './tokens.ts';

export interface ServerRequestParts {
  api: ApiClient;
  tokens: Pick<AccessTokens, 'with'>;
  list: Pick<AccountList, 'get' | 'tokenAccount'>;
}

export class ServerRequests {
  readonly #parts: ServerRequestParts;

  constructor(parts: ServerRequestParts) {
    this.#parts = parts;
  }

  /** Base address of the account's API. @throws LocalError `no_such_account` */
  base(account: string): string {
    return this.#parts.list.get(account).api;
  }

  /** @throws LocalError as ApiClient says it, and those of tokens */
  async get<S extends TSchema>(account: string, path: string, answer: S): Promise<Static<S>> {
    const { api } = this.#parts;
    return this.#asking(account, (base, token) => api.get(base, path, answer, token));
  }

  /** @param body null for none @param answer `NOTHING` where the server answers with no body */
  async send<S extends TSchema>(
    account: string,
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: object | null,
    answer: S,
  ): Promise<Static<S>> {
    const { api } = this.#parts;
    return this.#asking(account, (base, token) => api.send(method, base, path, body, answer, token));
  }

  /** An answer whose body is not JSON. @throws LocalError where there is no answer, or no success */
  async open(account: string, path: string, options: RequestInit): Promise<Response> {
    const { api } = this.#parts;
    return this.#asking(account, (base, token) => api.open(base, path, options, token));
  }

  async #asking<T>(account: string, ask: (base: string, token: string) => Promise<T>): Promise<T> {
    const { list, tokens } = this.#parts;
    return tokens.with(list.tokenAccount(account), (token) => ask(this.base(account), token));
  }
}
