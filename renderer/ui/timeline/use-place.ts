/**
 * Keeps what one reads where it is, to the pixel. At the newest the end stays at the end. Elsewhere the first row that is wholly in view holds the eye: whatever happens around it
 * (older rows come, a row that the upper edge cuts grows, pictures, edits, another width or size of type), it stays. The list cares for rows wholly above by itself; what it
 * leaves is put right before it is painted.
 */
import {
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { ScrollOptions } from '../windowed/engine.ts';
import type { ListHandle } from '../windowed/list-handle.ts';
import { type Held, heldIn, isAsDrawn, topOf } from './held-rows.ts';
import type { Line } from './lines.ts';
import { TOUCHED, useInput } from './use-input.ts';

/** This near to the end counts as the end, px. */
export const NEAR_END = 4;
/** Times that the view is led again to a row that was not drawn when it should have been there. */
const AGAIN = 10;

/** Where a row is to stand: px from the upper edge, or in the middle. */
export type Stand = number | 'middle';

export interface PlaceParts {
  scroller: RefObject<HTMLElement | null>;
  /** Before the list. */
  space: RefObject<HTMLElement | null>;
  list: RefObject<ListHandle | null>;
  lines: readonly Line[];
  /** Rows behind the last one are not shown: its end is not the newest. */
  cutOff: boolean;
  /** The view was scrolled, by whomever, or the end came nearer. */
  moved: () => void;
}

export interface Place {
  /** The view stays at the newest. */
  sticks: RefObject<boolean>;
  /** It is not at the newest. */
  below: boolean;
  /** To the newest, and stays there. */
  stick: () => void;
  /** Somebody is led to a line, which stays where it is to stand whatever turns out to be around it. */
  lead: (index: number, stand: Stand) => void;
  /** px, less than one, by which rows stand below the place that the list knows. */
  spare: RefObject<number>;
  /** A row that is about to have another height begins where it does, or at the upper edge, whatever holds the eye: who unfolds a text reads on in it. */
  hold: (row: Element, atEdge: boolean) => void;
  /** A key or a wheel was used on the list. */
  touched: () => void;
  /** A button was pressed on it, or on its bar. */
  press: (event: PointerEvent<HTMLElement>) => void;
  /** Its bar is held. */
  onBar: RefObject<boolean>;
  scrolled: () => void;
  /** Rows were measured. */
  keep: () => void;
}

export function usePlace(parts: PlaceParts): Place {
  const { scroller, space, list, lines } = parts;
  const now = useRef(parts);
  now.current = parts;
  const sticks = useRef(true);
  /** px by which the space before the list is larger than it would be, less than one. */
  const spare = useRef(0);
  const held = useRef<Held[]>([]);
  /** Of the line that holds the eye, and where it stands: for a window of other rows. */
  const line = useRef<{ key: string; top: number } | null>(null);
  const last = useRef({ offset: 0, size: 0, viewport: 0 });
  const letGo = useCallback(() => now.current.moved(), []);
  const { onBar, touched, press, wishes, forget } = useInput(list, letGo);
  /** Somebody begins to scroll away from the newest, by less so far than what counts as the end: taken back, a wheel would go nowhere. */
  const easing = useRef(false);
  const eased = useRef<number | undefined>(undefined);
  /** Led to a line: nothing on the way there holds the eye. */
  const led = useRef<{ key: string; stand: Stand; again: number } | null>(null);
  const [below, setBelow] = useState(false);
  const again = useRef(() => {});

  const toEnd = useCallback(() => {
    const frame = scroller.current;
    if (!frame || now.current.cutOff || easing.current) return;
    const end = frame.scrollHeight - frame.clientHeight;
    if (end - frame.scrollTop < 1) return;
    frame.scrollTop = end;
    list.current?.notePlaced();
  }, [scroller, list]);

  /** The place is as it is now. */
  const note = useCallback(() => {
    const [frame, handle] = [scroller.current, list.current];
    if (!frame || !handle) return;
    const [first] = held.current;
    // Fractions of pixels must not add up.
    if (first?.element.isConnected && Math.abs(topOf(first.element, frame) - first.top) < 0.5) return;
    held.current = heldIn(frame);
    const top = held.current[0]?.top ?? 0;
    const index = handle.findItemIndex(handle.scrollOffset + top + 1);
    const key = now.current.lines[index]?.key;
    line.current = key === undefined ? null : { key, top };
  }, [scroller, list]);

  /** What is `off` by so much stands where it should. */
  const moveBy = useCallback(
    (off: number) => {
      const frame = scroller.current;
      if (!frame || Math.abs(off) < 0.05) return;
      // Rows have halves of pixels, and scrolling has none: the list gives way for the rest.
      const wish = frame.scrollTop - spare.current + off;
      const to = Math.max(0, Math.ceil(wish));
      spare.current = Math.min(1, Math.max(0, to - wish));
      if (space.current) space.current.style.marginBlockEnd = `${spare.current}px`;
      frame.scrollTop = to;
      list.current?.notePlaced();
    },
    [scroller, list, space],
  );

  /** Nobody is led any more: the place is as it is. */
  const arrived = useCallback(() => {
    led.current = null;
    list.current?.arrived();
    held.current = [];
    note();
    // It may be the end as well: of a list that has nothing to scroll no event tells.
    requestAnimationFrame(() => again.current());
  }, [list, note]);

  /** Once the line to which somebody is led is drawn among its neighbours it stands where it is to, as far as there is something to scroll. */
  const arrive = useCallback(() => {
    const [frame, handle, to] = [scroller.current, list.current, led.current];
    if (!frame || !handle || !to || !isAsDrawn(frame, false)) return;
    const index = now.current.lines.findIndex(({ key }) => key === to.key);
    const row = index < 0 ? null : handle.rowAt(index);
    if (row) {
      const top =
        to.stand === 'middle' ? (frame.clientHeight - row.getBoundingClientRect().height) / 2 : to.stand;
      moveBy(topOf(row, frame) - top);
    } else if (index >= 0 && handle.leads) return;
    else if (index >= 0 && to.again++ < AGAIN) return handle.scrollToIndex(index, optionsOf(to.stand));
    arrived();
  }, [scroller, list, moveBy, arrived]);

  const keep = useCallback(() => {
    const frame = scroller.current;
    if (!frame) return;
    if (sticks.current) {
      toEnd();
      return;
    }
    if (led.current) return arrive();
    const holds = held.current.find(({ element }) => element.isConnected);
    if (holds) moveBy(topOf(holds.element, frame) - holds.top);
  }, [scroller, toEnd, arrive, moveBy]);

  const lead = useCallback(
    (index: number, stand: Stand) => {
      forget();
      sticks.current = false;
      held.current = [];
      line.current = null;
      const key = now.current.lines[index]?.key;
      led.current = key === undefined ? null : { key, stand, again: 0 };
      list.current?.scrollToIndex(index, optionsOf(stand));
    },
    [list, forget],
  );

  const show = useCallback(() => setBelow(!sticks.current || now.current.cutOff), []);

  const ease = useCallback((wished: boolean, by: number, farther: number) => {
    // A list that begins at its start again moves by as much as it grows or shrinks: nobody has scrolled by that, and whoever did meanwhile did by what is left.
    const rests = by === 0 || Math.abs(farther) < 1;
    const begins = wished && (rests ? easing.current : farther > 0);
    // Whoever goes no farther is back at the end once that was no beginning, also where something else was pressed meanwhile.
    window.clearTimeout(eased.current);
    if (begins) eased.current = window.setTimeout(() => again.current(), TOUCHED);
    easing.current = begins;
  }, []);

  const scrolled = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const { scrollOffset: offset, scrollSize: size, viewportSize: viewport } = handle;
    const before = last.current;
    last.current = { offset, size, viewport };
    const atEnd = endOf(last.current) <= NEAR_END && !now.current.cutOff;
    // What the list does while its rows are measured anew is nobody's wish, and one that became longer or lower is not one that somebody has scrolled.
    const wished = wishes();
    const same = Math.abs(size - before.size) < 1 && viewport === before.viewport;
    // One whose rows are not drawn or not measured yet is as long as was guessed: its end is no place that anybody came to.
    const drawn = !sticks.current && atEnd && isAsDrawn(scroller.current, true);
    if (wished && led.current) arrived();
    if (wished && offset < before.offset - 1 && !atEnd) {
      sticks.current = false;
      // Who scrolls away at once is not led to the end any more.
      handle.arrived();
    } else if (atEnd && (wished || (same && drawn))) sticks.current = true;
    // At the end of a list that has only just become what it is: it is looked at once more when it is drawn, and nothing else may come that would.
    else if (atEnd && drawn) requestAnimationFrame(() => again.current());
    if (sticks.current) {
      led.current = null;
      ease(wished, offset - before.offset, endOf(last.current) - endOf(before));
      toEnd();
    } else if (led.current) arrive();
    else note();
    show();
    now.current.moved();
  }, [scroller, list, note, show, toEnd, ease, arrive, arrived, wishes]);
  again.current = scrolled;

  useEffect(() => () => window.clearTimeout(eased.current), []);

  // Another height or width of the view: the rows follow, and are measured.
  useEffect(() => {
    const frame = scroller.current;
    if (!frame) return;
    const observer = new ResizeObserver(() => {
      keep();
      now.current.moved();
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, [scroller, keep]);

  // After the list has placed other lines: what holds the eye is where it was, or is brought back where all rows are others.
  useLayoutEffect(() => {
    if (
      !sticks.current &&
      held.current.length > 0 &&
      !held.current.some(({ element }) => element.isConnected)
    ) {
      const { key, top } = line.current ?? { key: null, top: 0 };
      const index = lines.findIndex((one) => one.key === key);
      if (index >= 0) lead(index, top);
      return;
    }
    keep();
    if (sticks.current) list.current?.noteScrolled();
  }, [lines, keep, lead, list]);

  return {
    ...{ sticks, below, spare, onBar, touched, press, scrolled, keep, lead },
    stick: useCallback(() => {
      forget();
      sticks.current = true;
      held.current = [];
      led.current = null;
      easing.current = false;
      show();
      toEnd();
      // What was never on screen is as long as was guessed, until it is there.
      const count = now.current.lines.length;
      if (count > 0 && !now.current.cutOff) list.current?.scrollToIndex(count - 1, { align: 'end' });
    }, [list, show, toEnd, forget]),
    hold: useCallback(
      (element: Element, atEdge: boolean) => {
        const frame = scroller.current;
        if (!frame) return;
        forget();
        sticks.current = false;
        easing.current = false;
        led.current = null;
        list.current?.arrived();
        if (atEdge) moveBy(Math.min(0, topOf(element, frame)));
        held.current = [{ element, top: topOf(element, frame) }];
        // Once it is measured: what still ends in view is the newest as before.
        requestAnimationFrame(() => requestAnimationFrame(() => again.current()));
      },
      [scroller, list, moveBy, forget],
    ),
  };
}

/** px from what is seen to the end. */
const endOf = ({ offset, size, viewport }: { offset: number; size: number; viewport: number }): number =>
  size - viewport - offset;

const optionsOf = (stand: Stand): ScrollOptions =>
  stand === 'middle' ? { align: 'center' } : { align: 'start', offset: -stand };
