/** Requests to the server of an account, as its person. */
import type { Static, TSchema } from 'typebox';
import type { ApiClient } from '../network/api-client.ts';
import type { AccountList } from './account-list.ts';
import type { AccessTokens } from './tokens.ts';

export interface ServerRequestParts {
  api: ApiClient;
  tokens: AccessTokens;
  list: AccountList;
}

export class ServerRequests {
  readonly #parts: ServerRequestParts;

  constructor(parts: ServerRequestParts) {
    this.#parts = parts;
  }

  /** Base address of the account's API. */
  base(account: string): string {
    return this.#parts.list.get(account).api;
  }

  /** @throws LocalError as ApiClient says it, and those of tokens */
  async get<S extends TSchema>(account: string, path: string, answer: S): Promise<Static<S>> {
    return this.#parts.api.get(this.base(account), path, answer, await this.#token(account));
  }

  /** @param body null for none @param answer `NOTHING` where the server answers with no body */
  async send<S extends TSchema>(
    account: string,
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: object | null,
    answer: S,
  ): Promise<Static<S>> {
    const token = await this.#token(account);
    return this.#parts.api.send(method, this.base(account), path, body, answer, token);
  }

  async #token(account: string): Promise<string> {
    const { list, tokens } = this.#parts;
    return (await tokens.get(list.tokenAccount(account), false)).token;
  }
}
