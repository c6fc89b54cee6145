/** User Timing mark: the page first showed a conversation that one can read and write in. */
export const USABLE = 'matchbook:usable';

let told = false;

/** Notes it and tells of it once, when the frame with the rows has been painted: the time of a start is read from there. */
export function markUsable(tell: () => void): void {
  if (told) return;
  told = true;
  requestAnimationFrame(() =>
    setTimeout(() => {
      performance.mark(USABLE);
      tell();
    }),
  );
}
