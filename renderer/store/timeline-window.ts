/** The rows of the conversation that is shown: fetched by page, always up to the newest, with one's own pending rows behind. */
import type { TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { StoreApi } from 'zustand/vanilla';
import { Coalesced } from './coalesced.ts';
import { rowKey, stillPending, trimmed, withOlder, withPage } from './reconcile.ts';
import { type Address, addressKey, type MatchbookState, type Pending, sameAddress } from './state.ts';

/** Rows of one question: at opening, when scrolling up, and the most that one answer holds. */
export const PAGE = { first: 80, older: 100, most: 1_000 } as const;

export class TimelineWindow {
  /** The person looks at the newest rows. */
  atNewest = true;
  readonly #bridge: WindowBridge;
  readonly #state: StoreApi<MatchbookState>;
  #asked = 0;
  #refreshing: Coalesced | null = null;

  constructor(bridge: WindowBridge, state: StoreApi<MatchbookState>) {
    this.#bridge = bridge;
    this.#state = state;
  }

  open(address: Address | null): void {
    this.atNewest = true;
    this.#state.setState({ open: address, timeline: null });
    this.#refreshing = address && new Coalesced(() => this.#newest(address));
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#refreshing?.run() ?? Promise.resolve();
  }

  async #newest(address: Address): Promise<void> {
    const before = this.#state.getState().timeline;
    // Everything that is shown is asked for again: a receipt may change any of it.
    const limit = Math.min(
      PAGE.most,
      before ? before.rows.length + PAGE.first : Math.max(PAGE.first, this.#unread(address) + 20),
    );
    const page = await this.#page(address, { limit });
    if (!page || !sameAddress(this.#state.getState().open, address)) return;
    const { value, asked } = page;
    this.#state.setState((state) => {
      const key = addressKey(address);
      // A page that leaves a gap behind the window takes its place: what is older is fetched on scroll.
      const merged = withPage(state.timeline, value) ?? {
        ...withPage(null, value)!,
        lineAfter: state.timeline?.lineAfter ?? value.readN,
      };
      const pending = stillPending(state.pending[key] ?? [], value, asked);
      return {
        timeline: this.atNewest ? trimmed(merged) : merged,
        pending: { ...state.pending, [key]: pending },
      };
    });
  }

  #unread({ account, conv }: Address): number {
    const rows = this.#state.getState().conversations[account] ?? [];
    return rows.find((row) => row.conv === conv)?.unread ?? 0;
  }

  async older(): Promise<void> {
    const { open, timeline } = this.#state.getState();
    const first = timeline?.rows[0]?.n;
    if (!open || !timeline?.older || timeline.loadingOlder || !first || first <= 1) return;
    this.#state.setState({ timeline: { ...timeline, loadingOlder: true } });
    const page = await this.#page(open, { to: first - 1, limit: PAGE.older });
    this.#state.setState((state) => {
      if (!sameAddress(state.open, open) || !state.timeline) return {};
      if (!page || state.timeline.rows[0]?.n !== first)
        return { timeline: { ...state.timeline, loadingOlder: false } };
      return { timeline: withOlder(state.timeline, page.value) };
    });
  }

  async #page(
    { account, conv }: Address,
    range: { to?: number; limit: number },
  ): Promise<{ value: TimelinePage; asked: number } | null> {
    const asked = ++this.#asked;
    const answer = await this.#bridge.call('timeline.page', { account, conv, ...range });
    if (answer.ok) return { value: answer.value, asked };
    this.#state.setState({ failure: answer.failure });
    return null;
  }

  /** The unread line moves to the read position: what comes from now on is new. */
  moveLine(): void {
    this.#state.setState(({ timeline }) =>
      timeline ? { timeline: { ...timeline, lineAfter: timeline.readN } } : {},
    );
  }

  /** Shows an own message that is being committed. */
  append(address: Address, row: TimelineRow): void {
    this.#change(address, (pending) => [...pending, { row, settled: null }]);
  }

  /** Its commit was answered: pages asked for from now on show it. */
  settled(address: Address, row: TimelineRow): void {
    const asked = this.#asked;
    const key = rowKey(row);
    this.#change(address, (pending) =>
      pending.map((one) => (rowKey(one.row) === key ? { row, settled: asked } : one)),
    );
    if (sameAddress(this.#state.getState().open, address)) void this.refresh();
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

  #change(address: Address, change: (pending: readonly Pending[]) => readonly Pending[]): void {
    const key = addressKey(address);
    this.#state.setState(({ pending }) => ({ pending: { ...pending, [key]: change(pending[key] ?? []) } }));
  }
}
