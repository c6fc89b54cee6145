/** The export of an account as a window follows it. */
import type { ExportCheck, ExportState } from '@matchbook/protocol/bridge/export';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ExportDeskState {
  /** By account: the last one since the start. */
  exports: Readonly<Record<string, ExportState>>;
  /** Of the last check; `reading` while it runs. */
  check: ExportCheck | 'reading' | null;
  failure: LocalFailure | null;
}

export class ExportDesk {
  readonly state: StoreApi<ExportDeskState>;
  readonly #bridge: WindowBridge;
  readonly #off: () => void;

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
    this.state = createStore<ExportDeskState>(() => ({ exports: {}, check: null, failure: null }));
    this.#off = bridge.on('export.changed', (state) => this.#know(state));
  }

  /** What went on before this window looked. */
  async open(account: string): Promise<void> {
    this.state.setState({ check: null, failure: null });
    const answer = await this.#bridge.call('export.state', { account });
    if (answer.ok && answer.value) this.#know(answer.value);
  }

  async begin(account: string): Promise<void> {
    this.state.setState({ check: null, failure: null });
    const answer = await this.#bridge.call('export.begin', { account });
    if (!answer.ok) this.state.setState({ failure: answer.failure });
    // What was told meanwhile is newer than the answer.
    else if (answer.value && this.state.getState().exports[account]?.folder !== answer.value.folder)
      this.#know(answer.value);
  }

  async cancel(account: string): Promise<void> {
    await this.#bridge.call('export.cancel', { account });
  }

  async reveal(account: string): Promise<void> {
    await this.#bridge.call('export.reveal', { account });
  }

  async check(): Promise<void> {
    this.state.setState({ check: 'reading', failure: null });
    const answer = await this.#bridge.call('export.check', {});
    this.state.setState(answer.ok ? { check: answer.value } : { check: null, failure: answer.failure });
  }

  close(): void {
    this.#off();
  }

  #know(state: ExportState): void {
    this.state.setState(({ exports }) => ({ exports: { ...exports, [state.account]: state } }));
  }
}
