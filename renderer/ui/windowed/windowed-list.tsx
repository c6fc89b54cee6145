/** A list of which only the rows in and near the view are in the document. */
import {
  memo,
  type ReactElement,
  type Ref,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from 'react';
import { type Driver, engine } from './engine.ts';
import { type ListHandle, listMachine } from './list-machine.ts';

/** px beside the view in which rows are drawn as well. */
const BUFFER = 200;

export interface WindowedListProps<T> {
  ref?: Ref<ListHandle>;
  rows: readonly T[];
  /** Answers with the very element of before where nothing about it changed; its key is the row's. */
  children: (row: T) => ReactElement;
  /** What scrolls. */
  view: RefObject<HTMLElement | null>;
  /** Rows came to the start, or left it: the list keeps its place from the end. */
  shift?: boolean;
  onScroll?: () => void;
  /** Rows or the view have other sizes, and stand where they belong. */
  onResize?: () => void;
}

export function WindowedList<T>(props: WindowedListProps<T>) {
  const { ref, rows, children, view, shift, onScroll, onResize } = props;
  const container = useRef<HTMLDivElement>(null);
  const heard = useRef({ onScroll, onResize });
  useLayoutEffect(() => {
    heard.current = { onScroll, onResize };
  });
  const [machine] = useState(() => listMachine(rows.length, BUFFER));
  const { layout, store, driver, handle } = machine;
  store.$update(engine.ACTION_ITEMS_LENGTH_CHANGE, rows.length, shift);
  const [version, draw] = useReducer(store.$getStateVersion, undefined, store.$getStateVersion);
  useLayoutEffect(
    () =>
      machine.start(
        () => container.current,
        () => view.current,
        {
          draw,
          scrolled: () => heard.current.onScroll?.(),
          resized: () => heard.current.onResize?.(),
        },
      ),
    [machine, view],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each drawing
  useLayoutEffect(() => {
    if (machine.drawn()) heard.current.onResize?.();
  }, [version, machine]);
  useImperativeHandle(ref, () => handle, [handle]);

  const total = store.$getTotalSize();
  const drawn: ReactElement[] = [];
  const [first, last] = store.$getRange(BUFFER);
  // Rows that come above others grow upwards: what is below them is where it was, however high they are.
  let above = first;
  while (above <= last && layout.$isSizeEqual(above)) above++;
  if (above > last) above = first;
  for (let index = first; index <= last; index++) {
    const row = children(rows[index]!);
    const upwards = index < above;
    const at = upwards ? total - store.$getItemOffset(index + 1) : store.$getItemOffset(index);
    drawn.push(
      <Placed key={row.key} observe={driver.$observeItem} {...{ index, upwards, at }}>
        {row}
      </Placed>,
    );
  }
  return (
    <div
      ref={container}
      className="windowed"
      style={{ blockSize: total, pointerEvents: store.$isScrolling() ? 'none' : undefined }}
    >
      {drawn}
    </div>
  );
}

/** A row at its place, which it keeps without being looked at while that stays the same. */
const Placed = memo(function Placed(props: {
  observe: Driver['$observeItem'];
  index: number;
  /** `at` is px from the end of the list at which the row ends; else from its start at which it begins. */
  upwards: boolean;
  at: number;
  children: ReactElement;
}) {
  const { observe, index, upwards, at, children } = props;
  const row = useRef<HTMLDivElement>(null);
  // Its place in the list changes when others come to the start.
  useLayoutEffect(() => observe(row.current!, index), [observe, index]);
  return (
    <div ref={row} className="windowed-row" style={upwards ? { insetBlockEnd: at } : { insetBlockStart: at }}>
      {children}
    </div>
  );
});
