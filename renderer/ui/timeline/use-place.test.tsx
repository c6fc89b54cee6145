import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { ListHandle } from '../windowed/list-machine.ts';
import { usePlace } from './use-place.ts';

const [VIEW, SIZE] = [500, 2_000];

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('who begins to scroll away from the newest and goes no farther is back at it, also where a key was pressed meanwhile', () => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  const frame = document.createElement('div');
  Object.defineProperties(frame, { scrollHeight: { value: SIZE }, clientHeight: { value: VIEW } });
  frame.scrollTop = SIZE - VIEW;
  const list = {
    get scrollOffset() {
      return frame.scrollTop;
    },
    ...{ scrollSize: SIZE, viewportSize: VIEW, leads: false },
    ...{ notePlaced: () => {}, noteScrolled: () => {}, arrived: () => {} },
  } as unknown as ListHandle;
  const { result } = renderHook(() =>
    usePlace({
      ...{ scroller: { current: frame }, space: { current: null }, list: { current: list } },
      ...{ lines: [], cutOff: false, moved: () => {} },
    }),
  );
  const place = result.current;
  act(() => place.scrolled());
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
