/**
 * Which rows of a long list are on screen. Our own, where the timeline uses a library: all rows are of one height, rows leave at the beginning
 * while others arrive at the end, a thousand a second, and nothing may be measured (docs/decisions/0016).
 */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Rows beyond the edges of the screen. */
const MARGIN = 12;
/** Closer to the end than this many rows is at the end. */
const NEAR = 1.5;

export interface RowWindow {
  scroller: RefObject<HTMLDivElement | null>;
  first: number;
  /** After the last one. */
  end: number;
  onScroll: () => void;
  /** Brings a row onto the screen. */
  reveal: (index: number) => void;
}

interface RowWindowParts {
  count: number;
  /** Rows that have left at the beginning so far. */
  left: number;
  /** Of a row, px. */
  height: number;
  follow: boolean;
  /** The person scrolled away from the end, or to it. */
  onFollow: (follow: boolean) => void;
}

export function useRowWindow({ count, left, height, follow, onFollow }: RowWindowParts): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, size: 600 });
  const gone = useRef(left);
  /** The last place that we scrolled to ourselves: what the person does differs from it. */
  const own = useRef(0);

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: size } = element;
    setPlace((before) => (before.top === top && before.size === size ? before : { top, size }));
  }, []);

  // Before every paint: the end stays in view, or what is read stays where it is.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const moved = left - gone.current;
    gone.current = left;
    if (follow) element.scrollTop = count * height;
    else if (moved > 0) element.scrollTop -= moved * height;
    own.current = element.scrollTop;
    read();
  }, [count, left, height, follow, read]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(read);
    watch.observe(element);
    return () => watch.disconnect();
  }, [read]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    read();
    if (Math.abs(element.scrollTop - own.current) < 1) return;
    own.current = element.scrollTop;
    const toEnd = element.scrollHeight - element.clientHeight - element.scrollTop;
    onFollow(toEnd < NEAR * height);
  }, [height, onFollow, read]);

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element) return;
      const [top, bottom] = [index * height, (index + 1) * height];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
    },
    [height],
  );

  const first = Math.max(0, Math.floor(place.top / height) - MARGIN);
  const end = Math.min(count, Math.ceil((place.top + place.size) / height) + MARGIN);
  return { scroller, first: Math.min(first, end), end, onScroll, reveal };
}
