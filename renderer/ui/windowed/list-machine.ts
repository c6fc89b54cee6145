/** What stands behind a windowed list: its rows' places, what is scrolled, and when rows are drawn anew. */
import { flushSync } from 'react-dom';
import { engine, type ScrollOptions } from './engine.ts';
import { type SteadyLayout, steadyLayout } from './steady-layout.ts';

/** How a list is asked for its places; px from its start. */
export interface ListHandle {
  readonly scrollOffset: number;
  /** At least as much as the view. */
  readonly scrollSize: number;
  readonly viewportSize: number;
  /** The row at an offset; the nearest one where there is none. */
  findItemIndex: (offset: number) => number;
  getItemOffset: (index: number) => number;
  /** As was guessed, until it is measured. */
  getItemSize: (index: number) => number;
  scrollToIndex: (index: number, options?: ScrollOptions) => void;
}

interface Hears {
  draw: () => void;
  scrolled: () => void;
  resized: () => void;
}

export type ListMachine = ReturnType<typeof listMachine>;

/** px beside what the next step of scrolling brings into view. */
const AHEAD = 40;

/** @param buffer px beside the view, in the direction in which one scrolls, in which rows are drawn as well */
export function listMachine(count: number, buffer: number) {
  /** Somebody is led to a place: until they are there, rows are where their sizes say. */
  let led = false;
  let scroller: HTMLElement | null = null;
  /** px: where the view was after the last scroll event, and how far it moved with it; less than 0: towards the start. */
  const moved = { offset: 0, by: 0 };
  /** Rows were measured that are placed with the next drawing. */
  let late = false;
  /** What was drawn last, in a list of so many rows. */
  let before = { first: 0, last: -1, count };
  /** Somebody scrolls: what is in view is not to move. */
  const steady = () => !led && store.$isScrolling() && !nearStart();
  const layout: SteadyLayout = steadyLayout(engine.createListLayout(count), () => {
    if (!steady()) return null;
    const from = store.$getScrollOffset();
    return { from, to: from + store.$getViewportSize() };
  });
  const store = engine.createVirtualStore(layout);
  const driver = engine.createContainerDriver(store, layout, false);
  /** The start of the list, or of what can be scrolled to, is about to be seen. */
  const nearStart = () => {
    const offset = store.$getScrollOffset();
    return Math.min(offset, offset + layout.slack) <= 2 * buffer;
  };
  const settle = () =>
    engine.relayout(store, { $relayout: layout.settle, $getItemOffset: layout.$getItemOffset });
  const handle: ListHandle = {
    get scrollOffset() {
      return store.$getScrollOffset();
    },
    get scrollSize() {
      return engine.getScrollSize(store);
    },
    get viewportSize() {
      return store.$getViewportSize();
    },
    findItemIndex: (offset) => layout.$findIndex(offset - store.$getStartSpacerSize()),
    getItemOffset: store.$getItemOffset,
    getItemSize: layout.$getItemSize,
    scrollToIndex: (index, options) => {
      led = true;
      if (Math.abs(layout.slack) < 1) return driver.$scroll(index, options);
      // Not within a drawing, in which none can be made.
      queueMicrotask(() => {
        flushSync(settle);
        scroller?.dispatchEvent(new Event('scroll'));
        driver.$scroll(index, options);
      });
    },
  };
  /** px beside the view that are drawn before they come, at most as much as the view. */
  const ahead = () => {
    const step = Math.abs(moved.by);
    // The farther a step goes, the nearer to two of them: the compositor may be one ahead of what is drawn.
    return Math.min(store.$getViewportSize(), Math.max(step + AHEAD, 2 * step - AHEAD));
  };
  /** Two steps lie within what is drawn beside the view: it is drawn when there is time. */
  const slow = () => 2 * Math.abs(moved.by) + AHEAD <= buffer;
  /** What was drawn last fills the view now, and where it has moved by so many px more, or as far as there are rows. */
  const covers = (by: number) => {
    const { first, last } = before;
    const length = layout.$getLength();
    if (last < first || before.count !== length) return false;
    const top = store.$getScrollOffset() - store.$getStartSpacerSize();
    const bottom = top + store.$getViewportSize();
    return (
      (first === 0 || layout.$getItemOffset(first) <= top + Math.min(by, 0)) &&
      (last === length - 1 || layout.$getItemOffset(last + 1) >= bottom + Math.max(by, 0))
    );
  };
  const scrolled = () => {
    const offset = store.$getScrollOffset();
    moved.offset = offset;
    if (Math.abs(layout.slack) >= 1 && nearStart()) settle();
  };
  return {
    ...{ layout, store, driver, handle, steady },
    /** Begins; answers with what ends it. */
    start: (list: () => HTMLElement | null, view: () => HTMLElement | null, hears: Hears) => {
      store.$subscribe(engine.UPDATE_VIRTUAL_STATE, (atOnce) => {
        if (store.$getScrollOffset() !== moved.offset) {
          // Drawn before the frame is painted where it (or, of far steps, the next one) would have a place without a row or one that stands where it was guessed; else when there is time.
          const by = store.$getScrollOffset() - moved.offset;
          // Farther than the view is no step: the list was moved as rows came to its start, or somebody was led elsewhere.
          if (Math.abs(by) <= store.$getViewportSize()) moved.by = by;
          if (atOnce || !covers(slow() ? 0 : moved.by)) flushSync(hears.draw);
          else hears.draw();
          return;
        }
        if (!atOnce) return hears.draw();
        // While one scrolls another drawing is sure to come: with the next scroll event, or at the end of it. What is in view is drawn as it should be, and what is beside it does
        // not come into view before.
        late = layout.tookAside() && (slow() || covers(moved.by));
        if (!late) flushSync(hears.draw);
      });
      store.$subscribe(engine.UPDATE_SCROLL_EVENT, () => {
        scrolled();
        hears.scrolled();
      });
      store.$subscribe(engine.UPDATE_SCROLL_END_EVENT, () => {
        led = false;
        settle();
      });
      store.$subscribe(engine.UPDATE_SIZE_EVENT, () => {
        if (!late) hears.resized();
      });
      // What is around the list is mounted after it.
      queueMicrotask(() => {
        const element = list();
        scroller = view();
        if (element && scroller) driver.$observe(element, scroller);
      });
      return () => {
        store.$dispose();
        driver.$dispose();
      };
    },
    /** Rows to draw: while somebody scrolls those in and next to the view, and of what is beside it one more with each drawing, so that no frame has the work of several. */
    range: (): readonly [first: number, last: number] => {
      const length = layout.$getLength();
      const scrolls = steady() && before.last >= before.first && before.count === length;
      const steps = scrolls ? ahead() : 0;
      let [first, last] = store.$getRange(Math.max(buffer, steps + buffer / 2));
      if (scrolls) {
        const top = store.$getScrollOffset() - store.$getStartSpacerSize();
        const bottom = top + store.$getViewportSize();
        // What the next step brings into view is there before it.
        first = Math.max(first, Math.min(before.first - 1, layout.$findIndex(top - steps)));
        last = Math.min(last, Math.max(before.last + 1, layout.$findIndex(bottom + steps)));
      }
      before = { first, last, count: length };
      return [first, last];
    },
    /** To be called once what was drawn is in the document. Answers whether rows stand elsewhere since they were measured. */
    drawn: () => {
      driver.$effect();
      const placed = late;
      late = false;
      return placed;
    },
  };
}
