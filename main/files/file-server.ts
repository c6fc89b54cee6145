/** The file side of an account's API server: with its token, through the app's network stack. */

import { asFailure } from '../bridge/local-failure.ts';
import type { ApiClient } from '../network/api-client.ts';
import { Pace } from './pace.ts';

export interface FileServerParts {
  api: ApiClient;
  /** @throws LocalError `no_such_account` */
  address(account: string): string;
  /** @param refused the server did not take the last one */
  token(account: string, refused: boolean): Promise<string>;
}

export class FileServer {
  readonly #parts: FileServerParts;
  readonly #paces = new Map<string, Pace>();

  constructor(parts: FileServerParts) {
    this.#parts = parts;
  }

  /** Of the way to an account's server, for as long as the app runs. */
  pace(account: string): Pace {
    const pace = this.#paces.get(account) ?? new Pace();
    this.#paces.set(account, pace);
    return pace;
  }

  /** @throws LocalError where there is no answer, or no success */
  async ask(account: string, path: string, options: RequestInit): Promise<Response> {
    const { api, address, token } = this.#parts;
    const base = address(account);
    try {
      return await api.open(base, path, options, await token(account, false));
    } catch (error) {
      if (asFailure(error).kind !== 'unauthorized') throw error;
      return await api.open(base, path, options, await token(account, true));
    }
  }
}
