/** When the person was last here, as their servers know it: told from input alone, and only where they want it. */

import Type from 'typebox';
import type { ServerRequests } from '../accounts/server-requests.ts';
import { NOTHING } from '../network/api-client.ts';

export interface SeenParts {
  server: Pick<ServerRequests, 'send'>;
  /** Local ids of the accounts that connect. */
  accounts(): readonly string[];
  /** Whether the person wants others to know. */
  allowed(): boolean;
}

export class Seen {
  readonly #parts: SeenParts;
  #allowed: boolean;
  /** Accounts whose server has not heard of the last choice. */
  readonly #untold = new Set<string>();

  constructor(parts: SeenParts) {
    this.#parts = parts;
    this.#allowed = parts.allowed();
  }

  /** There was input; to be called at most once a minute. */
  active(): void {
    for (const account of this.#parts.accounts()) {
      if (this.#untold.has(account)) this.#tell(account);
      if (!this.#allowed) continue;
      // Of one that does not answer the next minute's counts.
      this.#parts.server.send(account, 'POST', '/api/account/seen', {}, NOTHING).catch(() => {});
    }
  }

  /** The settings changed. */
  chosen(): void {
    if (this.#parts.allowed() === this.#allowed) return;
    this.#allowed = this.#parts.allowed();
    for (const account of this.#parts.accounts()) {
      this.#untold.add(account);
      this.#tell(account);
    }
  }

  #tell(account: string): void {
    const told = this.#allowed;
    this.#parts.server
      .send(account, 'PATCH', '/api/account/profile', { showLastSeen: told }, Type.Unknown())
      .then(() => {
        if (told === this.#allowed) this.#untold.delete(account);
      })
      // Tried again with the next input.
      .catch(() => {});
  }
}
