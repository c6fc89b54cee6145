import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { ListHandle } from '../windowed/list-handle.ts';
import { usePlace } from './use-place.ts';

const VIEW = 500;

afterEach(() => vi.unstubAllGlobals());

/** A list with one long message at its end, which begins `above` px over the end of the view; nothing lays it out here, so its sizes are told. */
function atTheNewest(above: number) {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  let size = 2_000;
  const frame = document.createElement('div');
  Object.defineProperties(frame, { scrollHeight: { get: () => size }, clientHeight: { value: VIEW } });
  frame.scrollTop = size - VIEW;
  const begins = size - above;
  const row = document.createElement('article');
  frame.append(document.createElement('div'));
  frame.lastElementChild!.append(row);
  document.body.append(frame);
  const box = (top: () => number, height: () => number) => () =>
    ({ top: top(), bottom: top() + height(), height: height() }) as DOMRect;
  row.getBoundingClientRect = box(
    () => begins - frame.scrollTop,
    () => size - begins,
  );
  frame.lastElementChild!.getBoundingClientRect = box(
    () => -frame.scrollTop,
    () => size,
  );
  const list = {
    get scrollOffset() {
      return frame.scrollTop;
    },
    get scrollSize() {
      return size;
    },
    ...{ viewportSize: VIEW, leads: false, findItemIndex: () => 0 },
    ...{ notePlaced: () => {}, noteScrolled: () => {}, arrived: () => {} },
  } as unknown as ListHandle;
  const { result } = renderHook(() =>
    usePlace({
      ...{ scroller: { current: frame }, space: { current: null }, list: { current: list } },
      ...{ lines: [], cutOff: false, moved: () => {} },
    }),
  );
  act(() => result.current.scrolled());
  return {
    frame,
    row,
    place: () => result.current,
    /** Its row is measured, and what was left for later frames is done. */
    measured(now: number) {
      size = now;
      act(() => result.current.keep());
      while (frames.length > 0) act(() => frames.shift()!());
    },
  };
}

it('who unfolds the newest message reads on in it: it grows below, also where its beginning is out of view', () => {
  for (const above of [300, 900]) {
    const { frame, row, place, measured } = atTheNewest(above);
    act(() => place().hold(row, false));
    measured(9_000);
    expect(frame.scrollTop).toBe(1_500);
    expect(place().below).toBe(true);
    frame.remove();
  }
});

it('a message that is folded begins at the upper edge where it began above it, and what still ends in view is the newest', () => {
  const { frame, row, place, measured } = atTheNewest(900);
  act(() => place().hold(row, true));
  expect(frame.scrollTop).toBe(1_100);
  measured(1_600);
  expect(frame.scrollTop).toBe(1_100);
  expect(place().below).toBe(false);
  measured(1_700);
  expect(frame.scrollTop).toBe(1_200);
  frame.remove();
});
