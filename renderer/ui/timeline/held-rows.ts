/** Rows of a timeline as they stand in the document: which of them hold the eye, and whether they stand where they belong. */
import { isHeardIn } from '../files/heard.ts';

/** Rows that may hold the eye where the first is taken away. */
const HELD = 12;

export interface Held {
  element: Element;
  /** px from the upper edge. */
  top: number;
}

/** px. */
export const topOf = (element: Element, frame: Element): number =>
  element.getBoundingClientRect().top - frame.getBoundingClientRect().top;

/** Some rows are drawn, and each ends where the next begins, at the end the last one with the list: they were measured. One in which something plays stays drawn also far away from the others. */
export function isAsDrawn(frame: Element | null, atEnd: boolean): boolean {
  const list = frame?.lastElementChild;
  const rows = [...(list?.children ?? [])];
  const boxes = rows.map((row) => row.getBoundingClientRect());
  if (!list || boxes.length === 0) return false;
  const end = atEnd ? list.getBoundingClientRect().bottom : boxes.at(-1)!.bottom;
  return boxes.every(
    ({ bottom }, i) =>
      Math.abs((boxes[i + 1]?.top ?? end) - bottom) < 1 ||
      (i + 1 < rows.length && (isHeardIn(rows[i]!) || isHeardIn(rows[i + 1]!))),
  );
}

/** The rows that are wholly in view, the first one first; where none is, the one that the lower edge cuts, or else the one that fills the view. */
export function heldIn(frame: HTMLElement): Held[] {
  // The list is the last thing in its view.
  const rows = frame.lastElementChild?.children ?? [];
  const { top: edge } = frame.getBoundingClientRect();
  const within: Held[] = [];
  let cut: Held | null = null;
  for (const row of rows) {
    // The message itself: the gap above it may be cut without its being so.
    const element = row.querySelector('article') ?? row;
    const { top: at } = element.getBoundingClientRect();
    const top = at - edge;
    if (top > frame.clientHeight || within.length >= HELD) break;
    if (top >= 0) within.push({ element, top });
    else cut = { element, top };
  }
  return within.length > 0 ? within : cut ? [cut] : [];
}
