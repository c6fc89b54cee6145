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
import { engine } from './engine.ts';
import type { ListHandle } from './list-handle.ts';
import { type ListMachine, listMachine } from './list-machine.ts';

/** px. */
const BUFFER = 200;
const NONE: readonly number[] = [];

export interface WindowedListProps<T> {
  ref?: Ref<ListHandle>;
  rows: readonly T[];
  /** Answers with the very element of before where nothing about it changed; its key is the row's. */
  children: (row: T) => ReactElement;
  /** What scrolls. */
  view: RefObject<HTMLElement | null>;
  /** Rows came to the start, or left it: the list keeps its place from the end. */
  shift?: boolean;
  /** px beside the view in which rows are drawn as well. */
  buffer?: number;
  /** Places of rows that are drawn wherever the view is. */
  kept?: readonly number[];
  /** A list, and its items, to who listens. */
  listed?: boolean;
  onScroll?: () => void;
  /** Rows in view, or the view, have other sizes. */
  onResize?: () => void;
  /** Rows beside the view, that were measured before, stand where they belong. */
  onPlaced?: () => void;
}

export function WindowedList<T>(props: WindowedListProps<T>) {
  const {
    ref,
    rows,
    children,
    view,
    shift,
    buffer = BUFFER,
    kept = NONE,
    listed = false,
    onScroll,
    onResize,
    onPlaced,
  } = props;
  const container = useRef<HTMLElement>(null);
  const heard = useRef({ onScroll, onResize, onPlaced });
  useLayoutEffect(() => {
    heard.current = { onScroll, onResize, onPlaced };
  });
  const [machine] = useState(() => listMachine(rows.length, buffer));
  const { layout, store, handle, observe } = machine;
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
    // Whoever goes to the end in this drawing finds it.
    if (machine.measureEnd(shift === true)) container.current!.style.blockSize = `${store.$getTotalSize()}px`;
    if (machine.drawn()) heard.current.onPlaced?.();
    machine.fill();
  }, [version, machine]);
  useImperativeHandle(ref, () => handle, [handle]);

  const total = store.$getTotalSize();
  const drawn: ReactElement[] = [];
  const [first, last] = machine.range();
  // Rows that come above others while one scrolls grow upwards: what is below them is where it was, however high they are.
  let above = first;
  if (machine.steady()) while (above <= last && layout.$isSizeEqual(above)) above++;
  if (above > last) above = first;
  const draws = (index: number, upwards: boolean) => {
    const row = children(rows[index]!);
    const at = upwards ? total - store.$getItemOffset(index + 1) : store.$getItemOffset(index);
    drawn.push(
      <Placed key={row.key} {...{ observe, index, upwards, at, listed }}>
        {row}
      </Placed>,
    );
  };
  // In their order, as they are read.
  for (const index of kept) if (index < first) draws(index, false);
  for (let index = first; index <= last; index++) draws(index, index < above);
  for (const index of kept) if (index > last && index < rows.length) draws(index, false);
  const List = (listed ? 'ul' : 'div') as 'div';
  return (
    <List
      ref={container as RefObject<HTMLDivElement | null>}
      className="windowed"
      data-passes={machine.passes() ? '' : undefined}
      style={{ blockSize: total }}
    >
      {drawn}
    </List>
  );
}

/** A row at its place, which it keeps without being looked at while that stays the same. */
const Placed = memo(function Placed(props: {
  observe: ListMachine['observe'];
  index: number;
  /** `at` is px from the end of the list at which the row ends; else from its start at which it begins. */
  upwards: boolean;
  at: number;
  listed: boolean;
  children: ReactElement;
}) {
  const { observe, index, upwards, at, listed, children } = props;
  const row = useRef<HTMLDivElement & HTMLLIElement>(null);
  const Row = (listed ? 'li' : 'div') as 'div';
  // Its place in the list changes when others come to the start.
  useLayoutEffect(() => observe(row.current!, index), [observe, index]);
  return (
    <Row ref={row} className="windowed-row" style={upwards ? { insetBlockEnd: at } : { insetBlockStart: at }}>
      {children}
    </Row>
  );
});
