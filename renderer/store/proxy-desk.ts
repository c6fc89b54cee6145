/** What a person answers to a proxy of their network. */
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Answered } from './answered.ts';

export class ProxyDesk {
  readonly #bridge: WindowBridge;
  readonly #answered: Answered;

  constructor(bridge: WindowBridge, answered: Answered) {
    this.#bridge = bridge;
    this.#answered = answered;
  }

  async signIn(user: string, password: string): Promise<void> {
    await this.#answered(this.#bridge.call('proxy.signIn', { user, password }));
  }

  async cancel(): Promise<void> {
    await this.#answered(this.#bridge.call('proxy.cancel', {}));
  }
}
