/** The rows of the conversation that is shown: fetched by page, up to the newest or around a place, loading both ways, never more than a window holds. */
import { CHANGED_PLACES, FIRST_ROWS } from '@matchbook/protocol/bridge/app';
import { MUCH_UNREAD, openingRows, SIDE_ROWS } from '@matchbook/protocol/bridge/first-questions';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { StoreApi } from 'zustand/vanilla';
import { Coalesced } from './coalesced.ts';
import type { Later } from './draft-keeper.ts';
import { PendingRows } from './pending-rows.ts';
import { alsoChanged, around, bounded, renewed, withLines, withPage } from './reconcile.ts';
import { type Address, type Jump, type MatchbookState, sameAddress, type Timeline } from './state.ts';
import { MORE_ROWS, type NextFrame, TimelineEnds } from './timeline-ends.ts';
import { TimelineQuestions } from './timeline-questions.ts';
import { lookedOn } from './unread-line.ts';

/** Rows of one question: at opening, when scrolling, to either side of a place, and the most that one answer holds. */
export const PAGE = { first: FIRST_ROWS, more: MORE_ROWS, side: SIDE_ROWS, most: 1_000 } as const;

export class TimelineWindow {
  /** The newest rows are on screen. */
  atNewest = true;
  /** The window has the person's attention. */
  attended = false;
  readonly #state: StoreApi<MatchbookState>;
  readonly #pending: PendingRows;
  readonly #questions: TimelineQuestions;
  readonly #ends: TimelineEnds;
  #wishes = 0;
  /** Place of the newest message when the person last wrote here; all that there are where they wrote before any was shown. */
  #answered = 0;
  #refreshing: Coalesced | null = null;
  /** Places of the rows that are to be asked for; null for all that are shown. */
  #stale: Set<number> | null = null;
  /** Some of what is to be asked for came while the device caught up. */
  #missed = false;

  constructor(
    bridge: WindowBridge,
    state: StoreApi<MatchbookState>,
    later: Later,
    nextFrame: NextFrame = (run) => run(),
  ) {
    this.#state = state;
    this.#pending = new PendingRows(state);
    const questions = new TimelineQuestions(bridge, (failure) => state.setState({ failure }));
    this.#questions = questions;
    this.#ends = new TimelineEnds({
      ...{ state, questions, later, nextFrame },
      shown: (asked) => this.#catchUp(asked),
    });
  }

  /**
   * @param place to begin at; without one at the newest, or at the first unread where those are many
   * @param back px from the upper edge at which that stood when it was left; absent where somebody is led to it
   */
  open(
    address: Address | null,
    place: number | null = null,
    words: readonly string[] = [],
    back?: number,
  ): void {
    this.atNewest = true;
    this.#answered = 0;
    this.#ends.replaced();
    this.#stale = null;
    this.#state.setState({ open: address, timeline: null, jump: null, trail: [] });
    this.#refreshing = address && new Coalesced(() => this.#renew(address));
    if (address && place !== null) void this.jumpTo(address, place, words, back);
    else void this.refresh();
  }

  /** All rows that are shown are asked for anew. */
  refresh(): Promise<void> {
    this.#stale = null;
    this.#questions.note([null]);
    return this.#refreshing?.run() ?? Promise.resolve();
  }

  /**
   * @param places of the rows that changed, in the log; null: any of them may have
   * @param missed the device is catching up: what comes was said before
   */
  rowsChanged(places: readonly number[] | null, missed = false): Promise<void> {
    this.#missed ||= missed;
    const { timeline } = this.#state.getState();
    const first = timeline?.rows[0]?.n ?? Number.POSITIVE_INFINITY;
    if (places === null || places.some((n) => n < first))
      this.#state.setState(({ beyond }) => ({ beyond: beyond + 1 }));
    if (places === null) return this.refresh();
    this.#questions.note(places);
    for (const n of places) this.#stale?.add(n);
    return this.#refreshing?.run() ?? Promise.resolve();
  }

  /** A page took the place of what was shown: what was told after it had been asked for is asked for again. */
  #catchUp(asked: number): void {
    const missed = this.#questions.missedSince(asked);
    if (missed === null || missed.length > 0) void this.rowsChanged(missed);
  }

  async #renew(address: Address): Promise<void> {
    const { timeline, jump } = this.#state.getState();
    const [stale, missed] = [this.#stale, this.#missed];
    this.#stale = new Set();
    this.#missed = false;
    if (
      timeline &&
      stale &&
      stale.size <= CHANGED_PLACES &&
      (await this.#some(address, timeline, stale, missed))
    )
      return;
    // The rows around a place are on their way.
    if (timeline === null && jump?.found === null) return;
    if (!timeline?.newer) return this.#newest(address, missed);
    const first = timeline.rows[0]?.n ?? 1;
    const limit = Math.min(PAGE.most, timeline.rows.length + PAGE.more);
    const page = await this.#questions.page(address, { after: first, limit });
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
  async #some(
    address: Address,
    shown: Timeline,
    stale: ReadonlySet<number>,
    missed: boolean,
  ): Promise<boolean> {
    const places = [...stale, ...alsoChanged(shown, stale)];
    const { value: answer, asked } = await this.#questions.lines(address, places);
    if (!sameAddress(this.#state.getState().open, address)) return true;
    if (!answer.ok) return false;
    const { timeline } = this.#state.getState();
    const merged = timeline && withLines(timeline, places, answer.value);
    if (!merged) return false;
    this.#state.setState((state) => ({
      timeline: this.#settled(timeline, merged, missed),
      ...this.#pending.after(state, address, merged, asked),
    }));
    return true;
  }

  async #newest(address: Address, missed = false): Promise<void> {
    const before = this.#state.getState().timeline;
    const unread = before ? 0 : this.#unread(address);
    // Everything that is shown is asked for again: a receipt may change any of it.
    const limit = Math.min(PAGE.most, before ? before.rows.length + PAGE.first : openingRows(unread));
    const page = await this.#questions.page(address, { limit });
    if (!page || !sameAddress(this.#state.getState().open, address)) return;
    const { value, asked } = page;
    if (unread > MUCH_UNREAD && value.older && value.readN < (value.rows[0]?.n ?? 0))
      return this.#around(address, value.readN + 1);
    this.#state.setState((state) => {
      if (state.timeline?.newer) return {};
      // A page that leaves a gap behind the window takes its place: what is older is fetched on scroll.
      const merged = withPage(state.timeline, value) ?? {
        ...withPage(null, value)!,
        lineAfter: state.timeline?.lineAfter ?? value.readN,
        held: state.timeline?.held ?? false,
      };
      if (state.timeline === null) merged.lineAfter = this.#unanswered(merged);
      return {
        timeline: this.#settled(state.timeline, merged, missed),
        ...this.#pending.after(state, address, value, asked),
      };
    });
  }

  /** Rows came behind the end. */
  #settled(before: Timeline | null, now: Timeline, missed: boolean): Timeline {
    if (!this.atNewest || now.newer) return now;
    return bounded(this.attended && before ? lookedOn(before, now, missed) : now, 'oldest');
  }

  /** Where the line of a conversation that is shown first stands. */
  #unanswered({ lineAfter, headN }: Timeline): number {
    this.#answered = Math.min(this.#answered, headN);
    return Math.max(lineAfter, this.#answered);
  }

  #unread({ account, conv }: Address): number {
    const rows = this.#state.getState().conversations[account] ?? [];
    return rows.find((row) => row.conv === conv)?.unread ?? 0;
  }

  /** Shows the message at a place, wherever in the conversation it is. The conversation is the open one. */
  async jumpTo(address: Address, n: number, words: readonly string[] = [], back?: number): Promise<void> {
    const wished = { words, wish: ++this.#wishes, ...(back === undefined ? {} : { back }) };
    const { timeline } = this.#state.getState();
    const here = timeline?.rows.some((row) => row.n === n) === true;
    this.#state.setState({ jump: { address, n, found: here ? true : null, ...wished } });
    if (!here) await this.#around(address, n, wished);
  }

  async #around(
    address: Address,
    n: number,
    wished: Pick<Jump, 'wish' | 'words' | 'back'> | null = null,
  ): Promise<void> {
    const [upTo, behind] = await Promise.all([
      this.#questions.page(address, { to: n, limit: PAGE.side }),
      this.#questions.page(address, { after: n + 1, limit: PAGE.side }),
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
    this.#ends.replaced();
    this.#state.setState((state) => ({
      timeline: {
        ...next,
        ...{ lineAfter: timeline?.lineAfter ?? this.#unanswered(next), held: timeline?.held ?? false },
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
    const page = await this.#questions.page(open, { limit: PAGE.first });
    if (!page || !sameAddress(this.#state.getState().open, open)) return;
    this.#ends.replaced();
    this.#state.setState((state) => ({
      timeline: {
        ...withPage(null, page.value)!,
        ...{ lineAfter: timeline.lineAfter, held: timeline.held },
      },
      ...this.#pending.after(state, open, page.value, page.asked),
    }));
    this.#catchUp(page.asked);
  }

  older(): Promise<void> {
    return this.#ends.older();
  }

  newer(): Promise<void> {
    return this.#ends.newer();
  }

  /**
   * The unread line moves behind what is read or was answered: what comes from now on is new.
   *
   * @param told as far as main was told that it is read, which may not have come back yet
   */
  moveLine(told: number): void {
    this.#state.setState(({ timeline }) => {
      if (!timeline) return {};
      const { readN, held, unreadN } = timeline;
      const marked = held || unreadN > 0;
      const lineAfter = marked ? readN : Math.max(readN, told, this.#answered);
      return { timeline: { ...timeline, lineAfter } };
    });
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
    const { timeline } = this.#state.getState();
    this.#answered = timeline?.headN ?? Number.POSITIVE_INFINITY;
    if (timeline) {
      const lineAfter = Math.max(timeline.lineAfter, timeline.headN);
      this.#state.setState({ timeline: { ...timeline, held: false, lineAfter } });
    }
    void this.toNewest();
  }

  /** Its commit was answered: pages asked for from now on show it. */
  settled(address: Address, row: TimelineRow): void {
    this.#pending.settled(address, row, this.#questions.asked);
    if (sameAddress(this.#state.getState().open, address)) void this.refresh();
  }

  withdraw(address: Address, id: string): void {
    this.#pending.withdraw(address, id);
  }
}
