/** The rows of the conversation that is shown: fetched by page, up to the newest or around a place, loading both ways, never more than a window holds. */
import { CHANGED_PLACES, FIRST_ROWS } from '@matchbook/protocol/bridge/app';
import type { TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { StoreApi } from 'zustand/vanilla';
import { Coalesced } from './coalesced.ts';
import type { Later } from './draft-keeper.ts';
import { PendingRows } from './pending-rows.ts';
import {
  alsoChanged,
  around,
  bounded,
  renewed,
  withLines,
  withNewer,
  withOlder,
  withPage,
} from './reconcile.ts';
import { type Address, type MatchbookState, sameAddress, type Timeline } from './state.ts';

/** Rows of one question: at opening, when scrolling, to either side of a place, and the most that one answer holds. */
export const PAGE = { first: FIRST_ROWS, more: 100, side: 50, most: 1_000 } as const;
/** With more unread ones than this the window begins at the first of them instead of reaching back from the newest. */
const MUCH_UNREAD = 200;
/** Rows that came are on screen before others are forgotten, ms: each of the two keeps its place by itself. */
const FORGET_AFTER = 120;

type Range = { to?: number; after?: number; limit: number };

export class TimelineWindow {
  /** The person looks at the newest rows. */
  atNewest = true;
  readonly #bridge: WindowBridge;
  readonly #state: StoreApi<MatchbookState>;
  readonly #later: Later;
  readonly #pending: PendingRows;
  #asked = 0;
  #wishes = 0;
  /** Which ends of the window are being asked for more rows: nothing is drawn for it. */
  #loading = new Set<'older' | 'newer'>();
  #refreshing: Coalesced | null = null;
  /** Places of the rows that are to be asked for; null for all that are shown. */
  #stale: Set<number> | null = null;
  /** Pages that are on their way. */
  #underWay = 0;
  /** What was told meanwhile, null for any row: the number of the last question that may have been answered before it. */
  readonly #told = new Map<number | null, number>();

  constructor(bridge: WindowBridge, state: StoreApi<MatchbookState>, later: Later) {
    this.#bridge = bridge;
    this.#state = state;
    this.#later = later;
    this.#pending = new PendingRows(state);
  }

  /** @param place to begin at; without one at the newest, or at the first unread where those are many */
  open(address: Address | null, place: number | null = null, words: readonly string[] = []): void {
    this.atNewest = true;
    this.#loading = new Set();
    this.#stale = null;
    this.#state.setState({ open: address, timeline: null, jump: null, trail: [] });
    this.#refreshing = address && new Coalesced(() => this.#renew(address));
    if (address && place !== null) void this.jumpTo(address, place, words);
    else void this.refresh();
  }

  /** All rows that are shown are asked for anew. */
  refresh(): Promise<void> {
    this.#stale = null;
    this.#note([null]);
    return this.#refreshing?.run() ?? Promise.resolve();
  }

  /** @param places of the rows that changed, in the log; null: any of them may have */
  rowsChanged(places: readonly number[] | null): Promise<void> {
    if (places === null) return this.refresh();
    this.#note(places);
    for (const n of places) this.#stale?.add(n);
    return this.#refreshing?.run() ?? Promise.resolve();
  }

  #note(places: readonly (number | null)[]): void {
    if (this.#underWay === 0) {
      this.#told.clear();
      return;
    }
    // Many single rows are as well all of them.
    const many = this.#told.size + places.length > CHANGED_PLACES;
    if (many) this.#told.clear();
    for (const n of many ? [null] : places) this.#told.set(n, this.#asked);
  }

  /** A page took the place of what was shown: what was told after it had been asked for is asked for again. */
  #catchUp(asked: number): void {
    const missed = [...this.#told].flatMap(([n, at]) => (at >= asked ? [n] : []));
    if (missed.length === 0) return;
    const places = missed.filter((n) => n !== null);
    void this.rowsChanged(places.length < missed.length ? null : places);
  }

  async #renew(address: Address): Promise<void> {
    const { timeline, jump } = this.#state.getState();
    const stale = this.#stale;
    this.#stale = new Set();
    if (timeline && stale && stale.size <= CHANGED_PLACES && (await this.#some(address, timeline, stale)))
      return;
    // The rows around a place are on their way.
    if (timeline === null && jump?.found === null) return;
    if (!timeline?.newer) return this.#newest(address);
    const first = timeline.rows[0]?.n ?? 1;
    const limit = Math.min(PAGE.most, timeline.rows.length + PAGE.more);
    const page = await this.#page(address, { after: first, limit });
    if (!page || !sameAddress(this.#state.getState().open, address)) return;
    const { value, asked } = page;
    this.#state.setState((state) => {
      // It was left, or moved on, while the answer was on its way.
      if (!state.timeline?.newer || state.timeline.rows[0]?.n !== timeline.rows[0]?.n) return {};
      return {
        timeline: renewed(state.timeline, value),
        ...this.#pending.after(state, address, value, asked),
      };
    });
  }

  /** Asks for single rows. False where that does not tell how the window is now. */
  async #some(address: Address, shown: Timeline, stale: ReadonlySet<number>): Promise<boolean> {
    const places = [...stale, ...alsoChanged(shown, stale)];
    const asked = ++this.#asked;
    const answer = await this.#bridge.call('timeline.lines', { ...address, places });
    if (!sameAddress(this.#state.getState().open, address)) return true;
    if (!answer.ok) return false;
    const { timeline } = this.#state.getState();
    const merged = timeline && withLines(timeline, places, answer.value);
    if (!merged) return false;
    this.#state.setState((state) => ({
      timeline: this.atNewest && !merged.newer ? bounded(merged, 'oldest') : merged,
      ...this.#pending.after(state, address, merged, asked),
    }));
    return true;
  }

  async #newest(address: Address): Promise<void> {
    const before = this.#state.getState().timeline;
    const unread = before ? 0 : this.#unread(address);
    // Everything that is shown is asked for again: a receipt may change any of it.
    const limit = Math.min(
      PAGE.most,
      before ? before.rows.length + PAGE.first : Math.max(PAGE.first, Math.min(unread, MUCH_UNREAD) + 20),
    );
    const page = await this.#page(address, { limit });
    if (!page || !sameAddress(this.#state.getState().open, address)) return;
    const { value, asked } = page;
    if (unread > MUCH_UNREAD && value.readN > 0 && value.readN < (value.rows[0]?.n ?? 0))
      return this.#around(address, value.readN + 1);
    this.#state.setState((state) => {
      if (state.timeline?.newer) return {};
      // A page that leaves a gap behind the window takes its place: what is older is fetched on scroll.
      const merged = withPage(state.timeline, value) ?? {
        ...withPage(null, value)!,
        lineAfter: state.timeline?.lineAfter ?? value.readN,
        held: state.timeline?.held ?? false,
      };
      return {
        timeline: this.atNewest ? bounded(merged, 'oldest') : merged,
        ...this.#pending.after(state, address, value, asked),
      };
    });
  }

  #unread({ account, conv }: Address): number {
    const rows = this.#state.getState().conversations[account] ?? [];
    return rows.find((row) => row.conv === conv)?.unread ?? 0;
  }

  /** Shows the message at a place, wherever in the conversation it is. The conversation is the open one. */
  async jumpTo(address: Address, n: number, words: readonly string[] = []): Promise<void> {
    const wish = ++this.#wishes;
    const { timeline } = this.#state.getState();
    const here = timeline?.rows.some((row) => row.n === n) === true;
    this.#state.setState({ jump: { address, n, words, found: here ? true : null, wish } });
    if (!here) await this.#around(address, n, { wish, words });
  }

  async #around(
    address: Address,
    n: number,
    wished: { wish: number; words: readonly string[] } | null = null,
  ): Promise<void> {
    const [upTo, behind] = await Promise.all([
      this.#page(address, { to: n, limit: PAGE.side }),
      this.#page(address, { after: n + 1, limit: PAGE.side }),
    ]);
    const { open, jump, timeline } = this.#state.getState();
    const overtaken = wished !== null && jump?.wish !== wished.wish;
    if (!sameAddress(open, address) || overtaken) return;
    if (!upTo || !behind) {
      this.#state.setState({ jump: null });
      if (timeline === null) await this.#newest(address);
      return;
    }
    const found = upTo.value.rows.at(-1)?.n === n;
    const next = around(upTo.value, behind.value);
    this.atNewest = false;
    this.#loading = new Set();
    this.#state.setState((state) => ({
      timeline: {
        ...next,
        ...{ lineAfter: timeline?.lineAfter ?? next.lineAfter, held: timeline?.held ?? false },
      },
      ...(wished === null ? {} : { jump: { address, n, found, ...wished } }),
      ...this.#pending.after(state, address, behind.value, behind.asked),
    }));
    this.#catchUp(Math.min(upTo.asked, behind.asked));
  }

  /** Back to the newest rows, from wherever the window is. */
  async toNewest(): Promise<void> {
    const { open, timeline } = this.#state.getState();
    this.#state.setState({ jump: null, trail: [] });
    if (!open || !timeline?.newer) return;
    this.atNewest = true;
    const page = await this.#page(open, { limit: PAGE.first });
    if (!page || !sameAddress(this.#state.getState().open, open)) return;
    this.#loading = new Set();
    this.#state.setState((state) => ({
      timeline: {
        ...withPage(null, page.value)!,
        ...{ lineAfter: timeline.lineAfter, held: timeline.held },
      },
      ...this.#pending.after(state, open, page.value, page.asked),
    }));
    this.#catchUp(page.asked);
  }

  async older(): Promise<void> {
    const { open, timeline } = this.#state.getState();
    const first = timeline?.rows[0]?.n;
    if (!open || !timeline?.older || !first || first <= 1) return;
    const page = await this.#beyond('older', open, { to: first - 1, limit: PAGE.more });
    if (!page) return;
    this.#state.setState((state) => {
      if (!sameAddress(state.open, open) || state.timeline?.rows[0]?.n !== first) return {};
      return { timeline: withOlder(state.timeline, page.value) };
    });
    this.#catchUp(page.asked);
    this.#forgetLater(open, 'newest');
  }

  async newer(): Promise<void> {
    const { open, timeline } = this.#state.getState();
    const last = timeline?.rows.at(-1)?.n;
    if (!open || !timeline?.newer || !last) return;
    const page = await this.#beyond('newer', open, { after: last + 1, limit: PAGE.more });
    if (!page) return;
    this.#state.setState((state) => {
      if (!sameAddress(state.open, open) || state.timeline?.rows.at(-1)?.n !== last) return {};
      return { timeline: withNewer(state.timeline, page.value) };
    });
    this.#catchUp(page.asked);
    this.#forgetLater(open, 'oldest');
  }

  /** More rows at an end of the window; null where they are on their way already, or do not come. */
  async #beyond(
    end: 'older' | 'newer',
    address: Address,
    range: Range,
  ): Promise<{ value: TimelinePage; asked: number } | null> {
    // Where other rows take the place of these, they have a set of their own.
    const loading = this.#loading;
    if (loading.has(end)) return null;
    loading.add(end);
    const page = await this.#page(address, range);
    loading.delete(end);
    return page;
  }

  #forgetLater(address: Address, end: 'oldest' | 'newest'): void {
    this.#later(FORGET_AFTER, () =>
      this.#state.setState((state) =>
        sameAddress(state.open, address) && state.timeline && this.#loading.size === 0
          ? { timeline: bounded(state.timeline, end) }
          : {},
      ),
    );
  }

  async #page(
    { account, conv }: Address,
    range: Range,
  ): Promise<{ value: TimelinePage; asked: number } | null> {
    const asked = ++this.#asked;
    this.#underWay++;
    const answer = await this.#bridge.call('timeline.page', { account, conv, ...range }).finally(() => {
      this.#underWay--;
    });
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

  /** What is shown is to stay unread, or is read again by being on screen. */
  hold(address: Address, held: boolean): void {
    this.#state.setState(({ open, timeline }) =>
      timeline && sameAddress(open, address) ? { timeline: { ...timeline, held } } : {},
    );
  }

  /** Shows an own message that is being committed; where one is reading elsewhere, that is at the newest. Who answers has read: nothing is new to them any more. */
  append(address: Address, row: TimelineRow): void {
    this.#pending.add(address, row);
    if (!sameAddress(this.#state.getState().open, address)) return;
    this.#state.setState(({ timeline }) =>
      timeline
        ? { timeline: { ...timeline, held: false, lineAfter: Math.max(timeline.lineAfter, timeline.headN) } }
        : {},
    );
    void this.toNewest();
  }

  /** Its commit was answered: pages asked for from now on show it. */
  settled(address: Address, row: TimelineRow): void {
    this.#pending.settled(address, row, this.#asked);
    if (sameAddress(this.#state.getState().open, address)) void this.refresh();
  }

  withdraw(address: Address, id: string): void {
    this.#pending.withdraw(address, id);
  }
}
