/** Which rows are chosen: by number of the event, so that a row that moves keeps it. Pure. */

export interface Selection {
  /** The row that keys act on; null before the first choice. */
  active: number | null;
  /** Where a range began. */
  anchor: number | null;
}

export const NOTHING: Selection = { active: null, anchor: null };

/** @param extend keeps the beginning of the range */
export function choose({ anchor, active }: Selection, no: number, extend: boolean): Selection {
  return { active: no, anchor: extend ? (anchor ?? active ?? no) : no };
}

export function isChosen({ active, anchor }: Selection, no: number): boolean {
  if (active === null) return false;
  const from = Math.min(active, anchor ?? active);
  return no >= from && no <= Math.max(active, anchor ?? active);
}

/** Index of the event, or of the first after it; numbers ascend. */
export function indexOf(rows: readonly { no: number }[], count: number, no: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.no < no) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, count - 1));
}
