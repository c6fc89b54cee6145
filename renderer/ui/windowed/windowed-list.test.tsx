import { act, render, waitFor } from '@testing-library/react';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ListHandle } from './list-handle.ts';
import { WindowedList } from './windowed-list.tsx';

const VIEW = 500;

/** px of each row, by its name. */
let heights: Record<string, number> = {};
const observed = new Map<Element, (entries: ResizeObserverEntry[]) => void>();
const heightOf = (element: Element) =>
  element.classList.contains('view') ? VIEW : (heights[element.textContent ?? ''] ?? 50);

/** Nothing is placed in this document: the sizes are ours. */
class Sizes {
  readonly #hear: (entries: ResizeObserverEntry[]) => void;
  constructor(hear: (entries: ResizeObserverEntry[]) => void) {
    this.#hear = hear;
  }
  observe(element: Element) {
    observed.set(element, this.#hear);
  }
  unobserve(element: Element) {
    observed.delete(element);
  }
  disconnect() {}
}

/** A frame in which sizes are looked at. */
const look = () =>
  act(() => {
    for (const [target, hear] of [...observed])
      hear([{ target, contentRect: { width: 300, height: heightOf(target) } } as ResizeObserverEntry]);
  });

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', Sizes);
  vi.spyOn(HTMLElement.prototype, 'offsetParent', 'get').mockReturnValue(document.body);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    return new DOMRect(0, 0, 300, heightOf(this));
  });
  HTMLElement.prototype.scrollBy = function by(this: HTMLElement, options) {
    this.scrollTop += (options as ScrollToOptions).top ?? 0;
    this.dispatchEvent(new Event('scroll'));
  };
  heights = {};
  observed.clear();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  delete (HTMLElement.prototype as Partial<HTMLElement>).scrollBy;
});

const drawings: number[] = [];

/** Stays at the end when other rows come, as a timeline does. */
function View({ rows, handle }: { rows: readonly string[]; handle: RefObject<ListHandle | null> }) {
  const view = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other rows
  useLayoutEffect(() => {
    const list = view.current!.firstElementChild as HTMLElement;
    drawings.push(Number.parseFloat(list.style.blockSize));
    view.current!.scrollTop = Number.parseFloat(list.style.blockSize) - VIEW;
    handle.current?.noteScrolled();
  }, [rows]);
  return (
    <div ref={view} className="view">
      <WindowedList ref={handle} rows={rows} view={view}>
        {(row) => <p key={row}>{row}</p>}
      </WindowedList>
    </div>
  );
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `row ${i}`);

async function opened(count: number) {
  const handle: RefObject<ListHandle | null> = { current: null };
  const shown = render(<View rows={names(count)} handle={handle} />);
  await act(async () => {
    await Promise.resolve();
  });
  look();
  const list = shown.container.querySelector<HTMLElement>('.windowed')!;
  const view = shown.container.querySelector<HTMLElement>('.view')!;
  // Nobody scrolls any more.
  await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
  look();
  const show = (next: readonly string[]) => {
    shown.rerender(<View rows={next} handle={handle} />);
  };
  return { list, view, show, handle };
}

describe('what comes behind the last row', () => {
  test('is measured in the drawing that brings it: whoever goes to the end then is there', async () => {
    const { list, view, show } = await opened(40);
    const before = Number.parseFloat(list.style.blockSize);
    heights = { 'row 40': 130 };
    drawings.length = 0;
    // No frame has come in which sizes are looked at.
    show(names(41));
    expect(drawings).toEqual([before + 130]);
    expect(list.style.blockSize).toBe(`${before + 130}px`);
    expect(view.scrollTop).toBe(before + 130 - VIEW);
    expect(list.textContent).toContain('row 40');
  });

  test('is measured with the row before it, that may have become another', async () => {
    const { list, show } = await opened(40);
    const before = Number.parseFloat(list.style.blockSize);
    heights = { 'row 39': 44, 'row 40': 60 };
    show(names(41));
    expect(list.style.blockSize).toBe(`${before - 50 + 44 + 60}px`);
  });
});

test('the last row is drawn also where the view is behind its end: it became higher than is known yet, and is measured', async () => {
  const { list, view } = await opened(40);
  heights = { 'row 39': 50 + VIEW };
  await act(async () => {
    view.scrollTop = 40 * 50;
    view.dispatchEvent(new Event('scroll'));
  });
  expect(list.textContent).toContain('row 39');
  // Sizes are looked at with each frame.
  await waitFor(() => {
    look();
    expect(list.style.blockSize).toBe(`${40 * 50 + VIEW}px`);
  });
});

test('who is led to a row is led again with the sizes that come on the way, until they have arrived', async () => {
  const { view, handle } = await opened(100);
  HTMLElement.prototype.scrollTo = function to(this: HTMLElement, options?: ScrollToOptions | number) {
    this.scrollTop = (options as ScrollToOptions).top ?? 0;
    this.dispatchEvent(new Event('scroll'));
  } as typeof HTMLElement.prototype.scrollTo;
  try {
    await act(async () => handle.current!.scrollToIndex(20, { align: 'start' }));
    expect([view.scrollTop, handle.current!.leads]).toEqual([20 * 50, true]);
    heights = { 'row 18': 90 };
    await act(async () => look());
    expect(view.scrollTop).toBe(20 * 50 + 40);
    expect(handle.current!.rowAt(20)?.textContent).toBe('row 20');
    expect(handle.current!.rowAt(90)).toBeNull();

    // Whoever keeps the place has moved it on by a part of a pixel, which is not taken back.
    handle.current!.arrived();
    view.scrollTop += 0.5;
    heights = { 'row 18': 90, 'row 22': 70 };
    await act(async () => look());
    expect([view.scrollTop, handle.current!.leads]).toEqual([20 * 50 + 40.5, false]);
  } finally {
    delete (HTMLElement.prototype as Partial<HTMLElement>).scrollTo;
  }
});

describe('while one scrolls', () => {
  test('what passes by is not felt by the pointer; what the list was moved by itself is', async () => {
    const { list, view, handle } = await opened(40);
    await act(async () => {
      view.scrollTop = 900;
      handle.current!.notePlaced();
      view.dispatchEvent(new Event('scroll'));
    });
    expect(list.hasAttribute('data-passes')).toBe(false);
    await act(async () => {
      view.scrollTop = 800;
      view.dispatchEvent(new Event('scroll'));
    });
    await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(true));
    await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
  });

  test('what comes into view is drawn in the event that brings it, for the frame that shows it', async () => {
    const { list, view } = await opened(100);
    await act(async () => {
      view.scrollTop -= 300;
      view.dispatchEvent(new Event('scroll'));
      expect(list.textContent).toContain(`row ${Math.floor(view.scrollTop / 50)}`);
    });
    await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
  });

  test('where the bar is dragged over rows that are lower than was guessed the view is full before they are looked at in a frame, and what was in it moves by the step alone', async () => {
    const { list, view } = await opened(200);
    const rowAt = (name: string) => [...list.children].find((one) => one.textContent === name) as HTMLElement;
    /** px from the upper edge of the view, and the other end of the row. */
    const placed = (row: HTMLElement): [number, number] => {
      const { insetBlockStart: start, insetBlockEnd: end } = row.style;
      const high = heightOf(row);
      const all = Number.parseFloat(list.style.blockSize);
      const top = (start ? Number.parseFloat(start) : all - Number.parseFloat(end) - high) - view.scrollTop;
      return [top, top + high];
    };
    const first = Math.ceil(view.scrollTop / 50);
    const [before] = placed(rowAt(`row ${first}`));
    for (let i = 0; i < first - 5; i++) heights[`row ${i}`] = 14;
    const step = 400;
    await act(async () => {
      view.scrollTop -= step;
      view.dispatchEvent(new Event('scroll'));
      const seen = [...list.children]
        .map((row) => placed(row as HTMLElement))
        .filter(([top, end]) => end > 0 && top < VIEW)
        .sort(([one], [other]) => one - other);
      expect(seen[0]![0]).toBeLessThanOrEqual(0);
      expect(seen.at(-1)![1]).toBeGreaterThanOrEqual(VIEW);
      for (const [at, [, end]] of seen.slice(0, -1).entries()) expect(seen[at + 1]![0]).toBeCloseTo(end, 5);
      expect(placed(rowAt(`row ${first}`))[0]).toBeCloseTo(before + step, 5);
    });
    await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
  });

  test('while the bar is held the list does not begin at its start again, because the browser would put the view elsewhere; it does once the bar is let go', async () => {
    const { list, view, handle } = await opened(200);
    const scrollTo = (top: number) =>
      act(async () => {
        view.scrollTop = top;
        view.dispatchEvent(new Event('scroll'));
      });
    const atRest = () => waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
    const high = () => Number.parseFloat(list.style.blockSize);
    await scrollTo(5_000);
    await atRest();
    for (let i = 0; i < 90; i++) heights[`row ${i}`] = 14;
    handle.current!.hold(true);
    await scrollTo(4_600);
    await atRest();
    // The pointer rests, and what is beside the view is measured.
    for (let frames = 0; frames < 3; frames++) {
      await act(() => new Promise<void>((next) => requestAnimationFrame(() => next())));
      look();
      expect(view.scrollTop).toBe(4_600);
      // Above the view.
      heights[list.firstElementChild!.textContent!] = 60 + frames;
    }
    const before = high();
    await act(async () => handle.current!.hold(false));
    expect(before - high()).toBeGreaterThan(100);
    expect(view.scrollTop).toBeCloseTo(4_600 - (before - high()), 5);
  });

  test('one row more comes with a step beside the view, however often it is drawn for it, until there is more than at rest', async () => {
    const { list, view } = await opened(100);
    const first = () => Number(list.firstElementChild!.textContent!.slice('row '.length));
    const rest = first();
    for (let i = 0; i < rest; i++) heights[`row ${i}`] = 60;
    for (let step = 0; step < 12; step++) {
      const before = first();
      await act(async () => {
        view.scrollTop -= 20;
        view.dispatchEvent(new Event('scroll'));
      });
      look();
      look();
      expect(before - first()).toBeLessThanOrEqual(1);
    }
    const beside = view.scrollTop - first() * 50;
    expect(beside).toBeGreaterThan(300);
    await waitFor(() => expect(list.hasAttribute('data-passes')).toBe(false));
  });
});
