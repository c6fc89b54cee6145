import type { ScrollOptions } from './engine.ts';

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
  /** Leads there: again with every size that comes on the way, until one has arrived or nothing is scrolled any more. */
  scrollToIndex: (index: number, options?: ScrollOptions) => void;
  /** The view is being led to a row. */
  readonly leads: boolean;
  /** It is there: whoever keeps the place of the view keeps it from here on. */
  arrived: () => void;
  /** The row in the document; null while it is not drawn. */
  rowAt: (index: number) => HTMLElement | null;
  /** The bar is held: the browser puts the view where the pointer says, whatever else moves it, so that nothing does until it is let go. */
  hold: (on: boolean) => void;
  /** The view was scrolled by whoever keeps its place, and by no person: nobody points at what passes by, and what is clicked is meant. */
  notePlaced: () => void;
  /** The same while a drawing came into the document: what is to be drawn for it is drawn now, and not with the frame that shows it. */
  noteScrolled: () => void;
}
