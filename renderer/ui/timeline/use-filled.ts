/**
 * No timeline stays blank. A list that is led to a place before its rows are measured may wait for a scroll event that never comes, as the browser had nowhere to scroll to: it then
 * draws nothing, and so measures nothing. It is moved by a pixel, and made anew where that does not help.
 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Line } from './lines.ts';

/** Frames in which a list may draw nothing: it is measured in them. */
const PATIENCE = 3;
/** Moves before the list is made anew. */
const MOVES = 3;
/** Times in a row that it is made anew; one that is still blank then waits until it draws by itself. */
const REMADE = 3;

/**
 * Answers with a key for the list: another one where it is to be made anew.
 *
 * @param filled it was blank, and draws again: wherever it was led to, it may not be
 */
export function useFilled(
  scroller: RefObject<HTMLElement | null>,
  lines: readonly Line[],
  filled: () => void,
): number {
  const [made, setMade] = useState(0);
  const remade = useRef(0);
  const now = useRef(filled);
  now.current = filled;
  const some = lines.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one that was made anew is looked at too
  useEffect(() => {
    const view = scroller.current;
    const list = view?.lastElementChild;
    if (!view || !list || !some) return;
    // Where there is no room nothing is drawn.
    const blank = () => list.childElementCount === 0 && view.clientHeight > 0;
    let frame = 0;
    let frames = 0;
    const look = () => {
      frame = 0;
      if (!blank()) {
        remade.current = 0;
        if (frames > PATIENCE) now.current();
        return;
      }
      frames++;
      if (frames > PATIENCE + MOVES) {
        if (remade.current++ < REMADE) setMade((before) => before + 1);
        return;
      }
      if (frames > PATIENCE) view.scrollTop += view.scrollTop >= 1 ? -1 : 1;
      frame = requestAnimationFrame(look);
    };
    const watch = () => {
      if (frame !== 0 || !blank()) return;
      frames = 0;
      frame = requestAnimationFrame(look);
    };
    const observer = new MutationObserver(watch);
    observer.observe(list, { childList: true });
    watch();
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [scroller, some, made]);
  return made;
}
