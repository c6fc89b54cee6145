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
  /** px: where the view was after the last scroll event, and how far it moved with it. */
  const moved = { offset: 0, step: 0 };
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
  const scrolled = () => {
    const offset = store.$getScrollOffset();
    moved.step = Math.abs(offset - moved.offset);
    moved.offset = offset;
    if (Math.abs(layout.slack) >= 1 && nearStart()) settle();
  };
  /** Rows were measured that are placed with the next drawing. */
  let late = false;
  /** What was drawn last, in a list of so many rows. */
  let before = { first: 0, last: -1, count };
  return {
    ...{ layout, store, driver, handle, steady },
    /** Begins; answers with what ends it. */
    start: (list: () => HTMLElement | null, view: () => HTMLElement | null, hears: Hears) => {
      store.$subscribe(engine.UPDATE_VIRTUAL_STATE, (atOnce) => {
        if (!atOnce) return hears.draw();
        // While one scrolls another drawing is sure to come: with the next scroll event, or at the end of it. What is in view is drawn as it should be, and what is beside it does
        // not come into view before.
        late = layout.tookAside() && moved.step <= buffer / 2;
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
      let [first, last] = store.$getRange(buffer);
      const length = layout.$getLength();
      if (steady() && before.last >= before.first && before.count === length) {
        const [top, bottom] = [store.$getScrollOffset(), store.$getScrollOffset() + store.$getViewportSize()];
        // What the next step brings into view is there before it.
        const ahead = moved.step + AHEAD;
        first = Math.max(first, Math.min(before.first - 1, layout.$findIndex(top - ahead)));
        last = Math.min(last, Math.max(before.last + 1, layout.$findIndex(bottom + ahead)));
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
