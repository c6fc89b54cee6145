/** What a person does with conversations in their list. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Filter, listed, pinChanges, pinnedAt } from './conversation-order.ts';
import type { GroupActions } from './group-actions.ts';
import type { MatchbookState } from './state.ts';

export interface ListView {
  filter: Filter;
  /** The archived ones are shown, and nothing else. */
  archive: boolean;
  /** Among the unread ones: what was unread when it was opened, or became so since. It stands there until one leaves it. */
  kept: string | null;
}

export interface ConversationActionPorts {
  bridge: WindowBridge;
  groups: GroupActions;
  state: StoreApi<MatchbookState>;
  rows(account: string): readonly ConversationRow[];
}

const DONE: Outcome<unknown> = { ok: true, value: null };

export class ConversationActions {
  readonly view: StoreApi<ListView> = createStore<ListView>(() => ({
    ...{ filter: 'all', archive: false, kept: null },
  }));
  readonly #ports: ConversationActionPorts;

  constructor(ports: ConversationActionPorts) {
    this.#ports = ports;
    ports.state.subscribe(() => {
      if (this.view.getState().filter === 'unread') this.#keep();
    });
  }

  /** As the list shows them now. */
  shown(account: string): readonly ConversationRow[] {
    return listed(this.#ports.rows(account), this.view.getState());
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
    this.view.setState({ filter, kept: null });
    if (filter === 'unread') this.#keep();
  }

  showArchive(archive: boolean): void {
    this.view.setState({ archive });
  }

  #keep(): void {
    const { open } = this.#ports.state.getState();
    const { kept } = this.view.getState();
    if (open?.conv === kept) return;
    const row = open && this.#ports.rows(open.account).find(({ conv }) => conv === open.conv);
    const next = row && row.unread > 0 ? row.conv : null;
    if (next !== kept) this.view.setState({ kept: next });
  }
}
