/** One's own messages from Enter on, until a page shows them. */
import type { TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { StoreApi } from 'zustand/vanilla';
import { rowKey, stillPending } from './reconcile.ts';
import { type Address, addressKey, type MatchbookState, type Pending, sameAddress } from './state.ts';

export class PendingRows {
  readonly #state: StoreApi<MatchbookState>;

  constructor(state: StoreApi<MatchbookState>) {
    this.#state = state;
  }

  /** It is being committed. */
  add(address: Address, row: TimelineRow): void {
    this.#change(address, (pending) => [...pending, { row, settled: null }]);
  }

  /** Its commit was answered: pages asked for after number `asked` show it. */
  settled(address: Address, row: TimelineRow, asked: number): void {
    const key = rowKey(row);
    this.#change(address, (pending) =>
      pending.map((one) => (rowKey(one.row) === key ? { row, settled: asked } : one)),
    );
  }

  /** It left the outbox by the person's hand, or never came into it. */
  withdraw(address: Address, id: string): void {
    this.#change(address, (pending) => pending.filter((one) => one.row.id !== id));
    this.#state.setState(({ open, timeline }) =>
      sameAddress(open, address) && timeline?.waiting.some((row) => row.id === id)
        ? { timeline: { ...timeline, waiting: timeline.waiting.filter((row) => row.id !== id) } }
        : {},
    );
  }

  /** What is left once a page came that was asked for as number `asked`. */
  after(
    state: MatchbookState,
    address: Address,
    page: Pick<TimelinePage, 'rows' | 'waiting'>,
    asked: number,
  ): Pick<MatchbookState, 'pending'> {
    const key = addressKey(address);
    return { pending: { ...state.pending, [key]: stillPending(state.pending[key] ?? [], page, asked) } };
  }

  #change(address: Address, change: (pending: readonly Pending[]) => readonly Pending[]): void {
    const key = addressKey(address);
    this.#state.setState(({ pending }) => ({ pending: { ...pending, [key]: change(pending[key] ?? []) } }));
  }
}
