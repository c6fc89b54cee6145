/** What the person has said about connections: how long to call it connecting, and which accounts rest. Durable before it is acted on. */
import { RECONNECT } from '@matchbook/protocol/limits';
import { LocalError } from '../bridge/local-failure.ts';
import type { SettingsStore } from '../profile/settings.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';

export interface ConnectionWishesParts {
  settings: SettingsStore;
  supervisor(): Pick<Supervisor, 'rest' | 'reconnect' | 'limitChanged'>;
  /** A connection, whatever the person refused before. */
  wanted(): void;
  log(line: string): void;
}

export class ConnectionWishes {
  #parts: ConnectionWishesParts;

  constructor(parts: ConnectionWishesParts) {
    this.#parts = parts;
  }

  /** 0: none. */
  get attemptLimit(): number {
    return this.#parts.settings.data.attemptLimit;
  }

  resting(account: string): boolean {
    return this.#parts.settings.data.resting.includes(account);
  }

  /** Holds for what waits already. @throws LocalError `invalid_field` outside of its bounds */
  async setAttemptLimit(limit: number): Promise<void> {
    const { attemptLimitMin: least, attemptLimitMax: most, attemptsUnlimited: never } = RECONNECT;
    if (limit !== never && (!Number.isInteger(limit) || limit < least || limit > most))
      throw new LocalError(
        'invalid_field',
        `The number of attempts is ${least} to ${most}, or ${never} for no limit.`,
        {
          field: 'attemptLimit',
          limit: limit < least ? least : most,
        },
      );
    await this.#parts.settings.update((all) => {
      all.attemptLimit = limit;
    });
    this.#parts.supervisor().limitChanged();
  }

  /** The account stays without a connection until the person asks for one, also through a restart. */
  async rest(account: string): Promise<void> {
    await this.#parts.settings.update((all) => {
      all.resting = [...all.resting.filter((one) => one !== account), account];
    });
    this.#parts.supervisor().rest(account);
  }

  /** A new connection, whatever there was; the end of a rest. */
  async reconnect(account: string): Promise<void> {
    if (this.resting(account))
      await this.#parts.settings
        .update((all) => {
          all.resting = all.resting.filter((one) => one !== account);
        })
        // It holds until the app ends: nobody is kept offline by a full disk.
        .catch((error: unknown) => this.#parts.log(`resting: ${error}`));
    this.#parts.wanted();
    this.#parts.supervisor().reconnect(account);
  }
}
