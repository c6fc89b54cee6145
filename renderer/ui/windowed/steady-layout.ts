/**
 * A layout in which nothing that is in view moves while one scrolls. A row that is measured above the view is seldom as high as was guessed; to keep the view where it is, all rows
 * below would have to be placed anew, and the view scrolled by as much, in the frame in which the row came. Here the rows above move instead, of which one sees nothing: the
 * list then begins before (or behind) its start, by what was guessed wrongly, until that is settled.
 */
import type { Layout, Measured } from './engine.ts';

export interface SteadyLayout extends Layout {
  /** px by which the first row stands before the start of the list; less than 0: behind it. */
  readonly slack: number;
  /** Asked once for sizes that came: whether none was of a row in view, so that what is in view is drawn as it should be. */
  tookAside: () => boolean;
  /** The list begins at its start again, but for a part of a pixel: the view is scrolled by whole ones. True where rows have moved by that. */
  settle: () => boolean;
}

/** @param view px from the start of the list at which the view begins and ends, while somebody scrolls; else null: rows then are where their sizes say */
export function steadyLayout(
  inner: Layout,
  view: () => { readonly from: number; readonly to: number } | null,
): SteadyLayout {
  let slack = 0;
  let aside = false;
  const setItemSizes = (measured: readonly Measured[], viewport: number) => {
    const seen = view();
    if (seen === null) {
      aside = false;
      inner.$setItemSizes(measured, viewport);
      return;
    }
    const first = inner.$findIndex(seen.from + slack);
    aside = measured.every(([index]) => index < first || inner.$getItemOffset(index) - slack >= seen.to);
    const before = inner.$getItemOffset(first);
    inner.$setItemSizes(measured, viewport);
    slack += inner.$getItemOffset(first) - before;
  };
  return {
    ...inner,
    get slack() {
      return slack;
    },
    tookAside: () => {
      const answer = aside;
      aside = false;
      return answer;
    },
    settle: () => {
      const rest = slack % 1;
      const moved = rest !== slack;
      slack = rest;
      return moved;
    },
    $getRange: (from, to) => inner.$getRange(Math.max(0, from + slack), Math.max(0, to + slack)),
    $findIndex: (offset) => inner.$findIndex(offset + slack),
    $getItemOffset: (index) => inner.$getItemOffset(index) - slack,
    $getTotalSize: () => inner.$getTotalSize() - slack,
    $setItemSizes: setItemSizes,
  };
}
