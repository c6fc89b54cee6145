/** What a person does with conversations in their list. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Filter, listed, pinChanges, pinnedAt } from './conversation-order.ts';
import type { GroupActions } from './group-actions.ts';

export interface ListView {
  filter: Filter;
  /** The archived ones are shown, and nothing else. */
  archive: boolean;
}

export interface ConversationActionPorts {
  bridge: WindowBridge;
  groups: GroupActions;
  rows(account: string): readonly ConversationRow[];
}

const DONE: Outcome<unknown> = { ok: true, value: null };

export class ConversationActions {
  readonly view: StoreApi<ListView> = createStore<ListView>(() => ({ filter: 'all', archive: false }));
  readonly #ports: ConversationActionPorts;

  constructor(ports: ConversationActionPorts) {
    this.#ports = ports;
  }

  /** As the list shows them now. */
  shown(account: string, open: string | null): ConversationRow[] {
    return listed(this.#ports.rows(account), { ...this.view.getState(), kept: open });
  }

  markRead({ account, conv, headN }: ConversationRow): Promise<Outcome<unknown>> {
    return this.#ports.bridge.call('read.mark', { account, conv, n: Math.max(1, headN) });
  }

  /** @param place among the pinned ones, from 1; `last`: behind them; 0: not pinned any more */
  async pin({ account, conv }: ConversationRow, place: number | 'last'): Promise<Outcome<unknown>> {
    const rows = this.#ports.rows(account);
    const last = rows.filter((row) => pinnedAt(row) > 0 && row.conv !== conv).length + 1;
    for (const change of pinChanges(rows, conv, place === 'last' ? last : Math.min(place, last))) {
      const answer = await this.#ports.groups.pin({ account, conv: change.conv }, change.value);
      if (!answer.ok) return answer;
    }
    return DONE;
  }

  /** What is put away is not pinned any more. */
  async archive(row: ConversationRow, on: boolean): Promise<Outcome<unknown>> {
    const answer = await this.#ports.groups.archive({ account: row.account, conv: row.conv }, on);
    return answer.ok && on && pinnedAt(row) > 0 ? this.pin(row, 0) : answer;
  }

  filter(filter: Filter): void {
    this.view.setState({ filter });
  }

  showArchive(archive: boolean): void {
    this.view.setState({ archive });
  }
}
