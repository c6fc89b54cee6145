/** What stands behind a windowed list: its rows' places, what is scrolled, and when rows are drawn anew. */
import { flushSync } from 'react-dom';
import { engine, type Measured } from './engine.ts';
import type { ListHandle } from './list-handle.ts';
import { type SteadyLayout, steadyLayout } from './steady-layout.ts';

interface Hears {
  draw: () => void;
  scrolled: () => void;
  resized: () => void;
}

export type ListMachine = ReturnType<typeof listMachine>;

/** px beside what the next step of scrolling brings into view. */
const AHEAD = 40;

/** px beside the view that are drawn as well while somebody scrolls: several low rows in a row are spread over the frames before them. */
const SPREAD = 200;

/** Times at most that rows are drawn for one long step: each time as many as are missing after the last ones were measured. */
const FILLED = 4;

/** @param buffer px beside the view, in the direction in which one scrolls, in which rows are drawn as well */
export function listMachine(count: number, buffer: number) {
  /** Somebody is led to a place: until they are there, rows are where their sizes say. */
  let led = false;
  /** Somebody was, and nothing has stood still since. */
  let brought = false;
  let scroller: HTMLElement | null = null;
  let inDrawing = false;
  /** px: where whoever keeps the place of the view has scrolled it last. */
  let placedAt = Number.NaN;
  let byPerson = false;
  /** px: where the view was after the last scroll event, and how far it moved with it. */
  const moved = { offset: 0, step: 0 };
  /** What was drawn last, in a list of so many rows. */
  let before = { first: 0, last: -1, count };
  /** What was drawn when the view was scrolled last. */
  let stepped = before;
  let barHeld = false;
  /** Somebody scrolls: what is in view is not to move. */
  const steady = () => !led && (barHeld || store.$isScrolling()) && !nearStart();
  /** px: what is at this offset or behind it stays where it is while rows are measured within a drawing. */
  let fixedFrom: number | null = null;
  const layout: SteadyLayout = steadyLayout(engine.createListLayout(count), () => {
    if (!steady()) return null;
    const from = fixedFrom ?? store.$getScrollOffset();
    return { from, to: from + store.$getViewportSize() };
  });
  const store = engine.createVirtualStore(layout);
  const driver = engine.createContainerDriver(
    // It hears of sizes to lead the view, and goes on with that for a while after it is there: by then what is to stay in place is somebody else's to say.
    { ...store, $subscribe: (to, hear) => store.$subscribe(to, (atOnce) => led && hear(atOnce)) },
    layout,
    false,
  );
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
      brought = true;
      if (Math.abs(layout.slack) < 1) return driver.$scroll(index, options);
      // Not within a drawing, in which none can be made.
      queueMicrotask(() => {
        flushSync(settle);
        scroller?.dispatchEvent(new Event('scroll'));
        driver.$scroll(index, options);
      });
    },
    get leads() {
      return led;
    },
    arrived: () => {
      led = false;
    },
    rowAt: (index) => {
      for (const [row, at] of mounted) if (at === index) return row;
      return null;
    },
    hold: (on) => {
      barHeld = on;
      if (!on && !store.$isScrolling()) settle();
    },
    notePlaced: () => {
      placedAt = scroller?.scrollTop ?? Number.NaN;
    },
    noteScrolled: () => {
      handle.notePlaced();
      inDrawing = true;
      scroller?.dispatchEvent(new Event('scroll'));
      inDrawing = false;
    },
  };
  /** Within a scroll event: what is drawn for it comes before the frame that shows it. */
  let stepping = false;
  const step = () => {
    const offset = store.$getScrollOffset();
    moved.step = Math.abs(offset - moved.offset);
    moved.offset = offset;
    stepped = before;
    if (store.$isScrolling() && !(Math.abs(offset - placedAt) < 1)) byPerson = true;
    if (Math.abs(layout.slack) >= 1 && nearStart()) settle();
    stepping = true;
  };
  /** A person scrolls by long steps: whoever leads the view somewhere sees to its place there. */
  const farther = () => byPerson && !brought && steady() && moved.step > buffer / 2;
  /** So often may more be drawn for this step. */
  let fills = 0;
  /** Rows were measured that are placed with the next drawing. */
  let late = false;
  const mounted = new Map<HTMLElement, number>();
  /** Rows of the list when it was drawn last. */
  let drawnCount = 0;
  /** Rows from here on came behind the others, and were not all measured yet. */
  let unmeasuredFrom = Number.POSITIVE_INFINITY;
  return {
    ...{ layout, store, handle, steady },
    /** What passes by is not to be felt by the pointer. */
    passes: () => byPerson && store.$isScrolling(),
    observe: (row: HTMLElement, index: number) => {
      mounted.set(row, index);
      const unobserve = driver.$observeItem(row, index);
      return () => {
        mounted.delete(row);
        unobserve();
      };
    },
    /** Begins; answers with what ends it. */
    start: (list: () => HTMLElement | null, view: () => HTMLElement | null, hears: Hears) => {
      // Before what is drawn for it.
      store.$subscribe(engine.UPDATE_SCROLL_EVENT, step);
      store.$subscribe(engine.UPDATE_VIRTUAL_STATE, (atOnce) => {
        if (inDrawing) return hears.draw();
        if (stepping) {
          stepping = false;
          fills = farther() ? FILLED : 0;
          flushSync(hears.draw);
          fills = 0;
          return;
        }
        if (!atOnce) return hears.draw();
        // While one scrolls another drawing is sure to come: with the next scroll event, or at the end of it. What is in view is drawn as it should be, and what is beside it does
        // not come into view before.
        late = layout.tookAside() && moved.step <= buffer / 2;
        if (!late) flushSync(hears.draw);
      });
      store.$subscribe(engine.UPDATE_SCROLL_EVENT, () => {
        stepping = false;
        hears.scrolled();
      });
      store.$subscribe(engine.UPDATE_SCROLL_END_EVENT, () => {
        led = false;
        brought = false;
        byPerson = false;
        if (!barHeld) settle();
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
    /** Rows to draw: while somebody scrolls those in and next to the view, and of what is beside it one more with each step, however often it is drawn for it, so that no frame has the work of several. */
    range: (): readonly [first: number, last: number] => {
      // What the next step brings into view is there before it, if it is no more than a view.
      const ahead = moved.step + AHEAD;
      const wide = farther()
        ? Math.max(buffer + SPREAD, Math.min(ahead, store.$getViewportSize()))
        : buffer + SPREAD;
      let [first, last] = store.$getRange(steady() ? wide : buffer);
      const length = layout.$getLength();
      // The last row was drawn higher than it is known to be, and the view goes to its end before it is measured: without it nothing would ever tell.
      if (last < first && length > 0 && store.$getScrollOffset() > 0) first = last = length - 1;
      if (stepped.count !== length) stepped = before;
      if (steady() && stepped.last >= stepped.first && stepped.count === length) {
        const [top, bottom] = [store.$getScrollOffset(), store.$getScrollOffset() + store.$getViewportSize()];
        first = Math.max(first, Math.min(stepped.first - 1, layout.$findIndex(top - ahead)));
        last = Math.min(last, Math.max(stepped.last + 1, layout.$findIndex(bottom + ahead)));
      }
      before = { first, last, count: length };
      return [first, last];
    },
    /**
     * To be called once what was drawn is in the document. What came behind the last row is measured in the same task, with the row that it stands behind: the end is where it is before
     * anybody scrolls to it, and the frame that shows it has no second drawing. Answers whether a row has another height than was drawn.
     *
     * @param shift rows came to the start instead
     */
    measureEnd: (shift: boolean): boolean => {
      const before = drawnCount;
      drawnCount = layout.$getLength();
      if (shift) unmeasuredFrom += drawnCount - before;
      else if (before > 0 && drawnCount > before) unmeasuredFrom = Math.min(unmeasuredFrom, before - 1);
      if (unmeasuredFrom >= drawnCount) return false;
      const rows = [...mounted].filter(([, index]) => index >= unmeasuredFrom);
      // Once the last one is measured, or none of them is near the view.
      if (rows.length === 0 || rows.some(([, index]) => index === drawnCount - 1))
        unmeasuredFrom = Number.POSITIVE_INFINITY;
      const measured: Measured[] = [];
      for (const [row, index] of rows) {
        const { height } = row.getBoundingClientRect();
        // Without a height it is not shown at all.
        if (height > 0 && !layout.$isSizeEqual(index, height)) measured.push([index, height]);
      }
      if (measured.length === 0) return false;
      const $relayout = () => {
        layout.$setItemSizes(measured, store.$getViewportSize());
        layout.tookAside();
        return true;
      };
      engine.relayout(store, { $relayout, $getItemOffset: layout.$getItemOffset });
      return true;
    },
    /**
     * To be called once what was drawn is in the document. With a long step (the bar is dragged, a page key) as many rows are drawn as were guessed to fill the view: those that came are
     * measured in the same task, and more are drawn where they were lower. A frame later there would have been nothing there for as long.
     */
    fill: () => {
      if (fills === 0) return;
      fills--;
      const measured: Measured[] = [];
      let known = Number.POSITIVE_INFINITY;
      for (const [row, index] of mounted)
        if (layout.$isSizeEqual(index)) {
          const { height } = row.getBoundingClientRect();
          if (height > 0) measured.push([index, height]);
        } else if (store.$getItemOffset(index + 1) > store.$getScrollOffset()) known = Math.min(known, index);
      if (measured.length === 0) return;
      // What was in view before moves by the step, and by nothing else.
      fixedFrom = known < layout.$getLength() ? store.$getItemOffset(known) : null;
      layout.$setItemSizes(measured, store.$getViewportSize());
      fixedFrom = null;
      layout.tookAside();
      inDrawing = true;
      // Nothing is scrolled for it.
      engine.relayout(store, { $relayout: () => true, $getItemOffset: () => 0 });
      inDrawing = false;
    },
    /** To be called once what was drawn is in the document. Answers whether rows stand elsewhere since they were measured. */
    drawn: () => {
      // What is scrolled here is within a drawing.
      inDrawing = true;
      driver.$effect();
      inDrawing = false;
      const placed = late;
      late = false;
      return placed;
    },
  };
}
