import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { ListHandle } from '../windowed/list-handle.ts';
import { usePlace } from './use-place.ts';

const [VIEW, SIZE] = [500, 2_000];

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A list at its newest; its size is that of what is scrolled. */
function stage() {
  vi.useFakeTimers();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  const size = { now: SIZE };
  const [hold, moved] = [vi.fn(), vi.fn()];
  const frame = document.createElement('div');
  Object.defineProperties(frame, { scrollHeight: { get: () => size.now }, clientHeight: { value: VIEW } });
  frame.scrollTop = SIZE - VIEW;
  const list = {
    get scrollOffset() {
      return frame.scrollTop;
    },
    get scrollSize() {
      return size.now;
    },
    ...{ viewportSize: VIEW, leads: false },
    ...{ notePlaced: () => {}, noteScrolled: () => {}, arrived: () => {}, hold },
  };
  const { result } = renderHook(() =>
    usePlace({
      ...{ scroller: { current: frame }, space: { current: null } },
      ...{ list: { current: list as unknown as ListHandle } },
      ...{ lines: [], cutOff: false, moved },
    }),
  );
  act(() => result.current.scrolled());
  return { frame, size, place: result.current, hold, moved };
}

it('who begins to scroll away from the newest and goes no farther is back at it, also where a key was pressed meanwhile', () => {
  const { frame, place } = stage();
  place.touched();
  frame.scrollTop -= 2;
  act(() => place.scrolled());
  // It is not taken back: it may be a beginning.
  expect(frame.scrollTop).toBe(SIZE - VIEW - 2);
  vi.advanceTimersByTime(500);
  place.touched();
  act(() => vi.advanceTimersByTime(1_500));
  expect(frame.scrollTop).toBe(SIZE - VIEW);
});

it.each([40, -40])(
  'a wheel is not lost that is turned in the very frame in which the list begins at its start again, %d px longer',
  (longer) => {
    const { frame, size, place } = stage();
    place.touched();
    size.now += longer;
    frame.scrollTop += longer - 3;
    act(() => place.scrolled());
    expect(size.now - VIEW - frame.scrollTop).toBe(3);
  },
);

it('a list that begins at its start again while a key is pressed stays at the newest', () => {
  const { frame, size, place } = stage();
  place.touched();
  size.now += 40;
  frame.scrollTop += 40;
  act(() => place.scrolled());
  size.now += 1;
  act(() => place.keep());
  expect(size.now - VIEW - frame.scrollTop).toBe(0);
});

it('nothing else moves the view while its bar is held, and what waits for that comes once it is let go', () => {
  const { frame, place, hold, moved } = stage();
  Object.defineProperty(frame, 'clientWidth', { value: 776 });
  const press = (target: Element, offsetX: number) =>
    act(() => place.press({ target, currentTarget: frame, nativeEvent: { offsetX } } as never));
  const release = () => act(() => void window.dispatchEvent(new MouseEvent('pointerup')));
  moved.mockClear();
  press(frame, 300);
  press(document.createElement('p'), 790);
  release();
  expect([hold.mock.calls, moved.mock.calls]).toEqual([[], []]);
  // At the left where one writes from the right.
  for (const at of [790, -6]) {
    press(frame, at);
    expect(place.onBar.current).toBe(true);
    act(() => void window.dispatchEvent(new MouseEvent('pointermove', { buttons: 1 })));
    expect(place.onBar.current).toBe(true);
    release();
    expect(place.onBar.current).toBe(false);
  }
  expect(hold.mock.calls.flat()).toEqual([true, false, true, false]);
  expect(moved).toHaveBeenCalledTimes(2);
});
