/** The parts of the list library that know places and sizes; it publishes them without types. */
import {
  ACTION_ITEMS_LENGTH_CHANGE,
  createContainerDriver,
  createListLayout,
  createVirtualStore,
  getScrollSize,
  relayout,
  type ScrollToIndexOpts,
  UPDATE_SCROLL_END_EVENT,
  UPDATE_SCROLL_EVENT,
  UPDATE_SIZE_EVENT,
  UPDATE_VIRTUAL_STATE,
} from 'virtua/unstable_core';

/** A row by its place in the list, and how high it is, px. */
export type Measured = readonly [index: number, size: number];

/** Where each row is: offsets are px from the start of the list. */
export interface Layout {
  $getRange: (from: number, to: number) => [first: number, last: number];
  $findIndex: (offset: number) => number;
  $getItemOffset: (index: number) => number;
  $getItemSize: (index: number) => number;
  /** Without a size: whether the row was not measured yet. */
  $isSizeEqual: (index: number, size?: number) => boolean;
  $setItemSizes: (measured: readonly Measured[], viewport: number) => void;
  $getTotalSize: () => number;
  $getLength: () => number;
  $setLength: (length: number, atStart?: boolean) => void;
  $isEstimating: () => boolean;
}

/** What is scrolled, and what is to be drawn for it. */
interface Store {
  $dispose: () => void;
  $getStateVersion: () => number;
  $getRange: (buffer?: number) => [first: number, last: number];
  $getItemOffset: (index: number) => number;
  $getScrollOffset: () => number;
  $isScrolling: () => boolean;
  $getViewportSize: () => number;
  $getStartSpacerSize: () => number;
  $getTotalSize: () => number;
  $subscribe: (to: number, hear: (atOnce?: boolean) => void) => () => void;
  $update: (action: number, value: number, option?: boolean) => void;
}

/** What stands beside it in the document. */
interface Driver {
  $observe: (list: HTMLElement, view: HTMLElement) => void;
  $observeItem: (row: HTMLElement, index: number) => () => void;
  $scroll: (index: number, options?: ScrollToIndexOpts) => void;
  $effect: () => void;
  $dispose: () => void;
}

export type ScrollOptions = ScrollToIndexOpts;

interface Engine {
  createListLayout: (length: number) => Layout;
  createVirtualStore: (layout: Layout) => Store;
  createContainerDriver: (store: Store, layout: Layout, horizontal: boolean) => Driver;
  getScrollSize: (store: Store) => number;
  /** Keeps the view where it is while the layout places its rows anew. */
  relayout: (
    store: Store,
    layout: Pick<Layout, '$getItemOffset'> & { $relayout: () => boolean },
    change?: undefined,
  ) => void;
  ACTION_ITEMS_LENGTH_CHANGE: number;
  UPDATE_VIRTUAL_STATE: number;
  UPDATE_SIZE_EVENT: number;
  UPDATE_SCROLL_EVENT: number;
  UPDATE_SCROLL_END_EVENT: number;
}

// By name: a window loads these alone.
export const engine = {
  createListLayout,
  createVirtualStore,
  createContainerDriver,
  getScrollSize,
  relayout,
  ACTION_ITEMS_LENGTH_CHANGE,
  UPDATE_VIRTUAL_STATE,
  UPDATE_SIZE_EVENT,
  UPDATE_SCROLL_EVENT,
  UPDATE_SCROLL_END_EVENT,
} as unknown as Engine;
