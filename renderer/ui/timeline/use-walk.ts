/** Through the messages by keys: up and down from one to the next, to the first and to the newest. Enter opens the menu of the one that has the focus (message-row.tsx). */
import { type KeyboardEvent, type RefObject, useCallback, useRef } from 'react';
import type { ListHandle } from '../windowed/list-handle.ts';
import type { Line } from './lines.ts';

const ROW = '[data-testid="message-row"]';

export interface WalkParts {
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<ListHandle | null>;
  lines: readonly Line[];
  toOldest: () => void;
  toNewest: () => void;
}

export function useWalk(parts: WalkParts): (event: KeyboardEvent) => void {
  const now = useRef(parts);
  now.current = parts;
  return useCallback((event) => {
    const { scroller, list, lines, toOldest, toNewest } = now.current;
    const frame = scroller.current;
    const { target, key } = event;
    if (!frame || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
      return;
    // Of the list and of its messages; what is in a message has keys of its own.
    if (!(target instanceof HTMLElement) || (target !== frame && !target.matches(ROW))) return;
    if (key === 'Home') toOldest();
    else if (key === 'End') toNewest();
    else if (key === 'ArrowUp' || key === 'ArrowDown') {
      const step = key === 'ArrowUp' ? -1 : 1;
      const from = target === frame ? null : lines.findIndex(isLineOf(target));
      const next = from === null ? inView(frame, lines, step) : beside(lines, from, step);
      if (next === null) return;
      // Above the first and below the last one there is the rest of the list.
      list.current?.scrollToIndex(next, { align: 'nearest' });
      focusOn(frame, lines[next]!);
    } else return;
    event.preventDefault();
  }, []);
}

const isLineOf = (element: Element) => (line: Line) =>
  line.kind === 'message' && line.row.id === element.getAttribute('data-message-id');

function beside(lines: readonly Line[], from: number, step: 1 | -1): number | null {
  for (let at = from + step; at >= 0 && at < lines.length; at += step)
    if (lines[at]!.kind === 'message') return at;
  return null;
}

/** Up begins at the last message in view, down at the first. */
function inView(frame: HTMLElement, lines: readonly Line[], step: 1 | -1): number | null {
  const { top, bottom } = frame.getBoundingClientRect();
  const rows = [...frame.querySelectorAll(ROW)].filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > top + 1 && box.top < bottom - 1;
  });
  const row = step < 0 ? rows.at(-1) : rows[0];
  const at = row ? lines.findIndex(isLineOf(row)) : -1;
  return at < 0 ? null : at;
}

/** At once where it is drawn, else with the next frames. */
function focusOn(frame: HTMLElement, line: Line, tries = 10): void {
  if (line.kind !== 'message') return;
  const row = frame.querySelector<HTMLElement>(`${ROW}[data-message-id="${CSS.escape(line.row.id)}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusOn(frame, line, tries - 1));
}
