/** User Timing mark: the page first showed a conversation that one can read and write in. */
export const USABLE = 'matchbook:usable';

/** Notes it once, when the frame with the rows has been painted: the time of a start is read from there. */
export function markUsable(): void {
  if (performance.getEntriesByName(USABLE, 'mark').length > 0) return;
  requestAnimationFrame(() => setTimeout(() => performance.mark(USABLE)));
}
