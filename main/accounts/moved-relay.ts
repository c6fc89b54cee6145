/**
 * The API says where its relay is, when somebody registers or signs in. Whoever runs the server may move the relay later: a device that cannot reach it for a while asks again,
 * and goes where it is told. What waits and what is here stay.
 */
import { ServerInfo } from '@matchbook/protocol/http/accounts';
import type { ApiClient } from '../network/api-client.ts';
import type { AccountList } from './account-list.ts';

/** A relay that moved has moved for good: nothing is lost by taking one that is only away for longer, ms. */
const PATIENCE = 120_000;

export interface MovedRelayParts {
  list: Pick<AccountList, 'ready' | 'update'>;
  api: Pick<ApiClient, 'get'>;
  moved(account: string): void;
  uptime(): number;
  log(line: string): void;
}

export class MovedRelay {
  readonly #parts: MovedRelayParts;
  /** By account, since when nothing of ours answers at its relay's address, or when that was asked about last. */
  readonly #since = new Map<string, number>();

  constructor(parts: MovedRelayParts) {
    this.#parts = parts;
  }

  /** What came of asking the relay. Never rejects. @param answers a relay is there, whatever keeps this device from it */
  async asked(account: string, answers: boolean): Promise<void> {
    const { list, log, uptime } = this.#parts;
    if (answers) {
      this.#since.delete(account);
      return;
    }
    const since = this.#since.get(account) ?? uptime();
    const due = uptime() - since >= PATIENCE;
    this.#since.set(account, due ? uptime() : since);
    const held = list.ready().find((one) => one.account === account);
    // One's own servers are where they are, and one that is known by its key has its relay beside its API.
    if (!due || !held || held.embedded || held.pin !== undefined) return;
    try {
      await this.#look(account, held.api, held.relay);
    } catch (error) {
      log(`accounts: where the relay of ${account} is: ${error}`);
    }
  }

  async #look(account: string, api: string, before: string): Promise<void> {
    const { list, moved, log } = this.#parts;
    const { relay } = await this.#parts.api.get(api, '/api/server', ServerInfo);
    if (relay === before) return;
    // What was kept from being read on the way is not to be read there from now on.
    if (!/^wss?:/.test(relay) || (before.startsWith('wss:') && !relay.startsWith('wss:'))) {
      log(`accounts: the relay of ${account} is said to be at ${relay} now, which is not taken`);
      return;
    }
    log(`accounts: the relay of ${account} has moved from ${before} to ${relay}`);
    await list.update(account, { relay });
    this.#since.delete(account);
    moved(account);
  }
}
