/** A window of a timeline grows at the end towards which one scrolls, a page at a time, and forgets rows at the other. */
import type { TimelinePage } from '@matchbook/protocol/bridge/views';
import type { StoreApi } from 'zustand/vanilla';
import type { Later } from './draft-keeper.ts';
import { bounded, withNewer, withOlder } from './reconcile.ts';
import { type Address, type MatchbookState, sameAddress } from './state.ts';
import type { Answered, Range, TimelineQuestions } from './timeline-questions.ts';

/** Rows of one page. */
export const MORE_ROWS = 100;
/** Rows that came are on screen before others are forgotten, ms: each of the two keeps its place by itself. */
const FORGET_AFTER = 120;

/** Runs something with the next frame, after what was scrolled in it was heard of. */
export type NextFrame = (run: () => void) => void;

export interface TimelineEndsParts {
  state: StoreApi<MatchbookState>;
  questions: TimelineQuestions;
  later: Later;
  nextFrame: NextFrame;
  /** The answer to this question is shown now. */
  shown(asked: number): void;
}

export class TimelineEnds {
  readonly #parts: TimelineEndsParts;
  /** Which ends are being asked for more rows: nothing is drawn for it. */
  #loading = new Set<'older' | 'newer'>();

  constructor(parts: TimelineEndsParts) {
    this.#parts = parts;
  }

  /** Other rows took the place of these: what is on its way to their ends is no concern of the new ones. */
  replaced(): void {
    this.#loading = new Set();
  }

  async older(): Promise<void> {
    const { state, shown } = this.#parts;
    const { open, timeline } = state.getState();
    const first = timeline?.rows[0]?.n;
    if (!open || !timeline?.older || !first || first <= 1) return;
    const page = await this.#beyond('older', open, { to: first - 1, limit: MORE_ROWS });
    if (!page) return;
    state.setState((now) => {
      if (!sameAddress(now.open, open) || now.timeline?.rows[0]?.n !== first) return {};
      return { timeline: withOlder(now.timeline, page.value) };
    });
    shown(page.asked);
    this.#forgetLater(open, 'newest');
  }

  async newer(): Promise<void> {
    const { state, shown } = this.#parts;
    const { open, timeline } = state.getState();
    const last = timeline?.rows.at(-1)?.n;
    if (!open || !timeline?.newer || !last) return;
    const page = await this.#beyond('newer', open, { after: last + 1, limit: MORE_ROWS });
    if (!page) return;
    state.setState((now) => {
      if (!sameAddress(now.open, open) || now.timeline?.rows.at(-1)?.n !== last) return {};
      return { timeline: withNewer(now.timeline, page.value) };
    });
    shown(page.asked);
    this.#forgetLater(open, 'oldest');
  }

  /** More rows at an end; null where they are on their way already, or do not come. Answers with a frame: a list that gets rows at its start between two frames may draw others for a moment. */
  async #beyond(
    end: 'older' | 'newer',
    address: Address,
    range: Range,
  ): Promise<Answered<TimelinePage> | null> {
    const loading = this.#loading;
    if (loading.has(end)) return null;
    loading.add(end);
    const page = await this.#parts.questions.page(address, range);
    await new Promise<void>((resolve) => this.#parts.nextFrame(resolve));
    loading.delete(end);
    return page;
  }

  #forgetLater(address: Address, end: 'oldest' | 'newest'): void {
    const { state, later, nextFrame } = this.#parts;
    const forget = () =>
      state.setState(({ open, timeline }) =>
        sameAddress(open, address) && timeline && this.#loading.size === 0
          ? { timeline: bounded(timeline, end) }
          : {},
      );
    later(FORGET_AFTER, () => nextFrame(forget));
  }
}
