import type { ConversationRow as Row } from '@matchbook/protocol/bridge/views';
import {
  type DragEvent,
  type FocusEvent,
  type KeyboardEvent,
  type ReactElement,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useWords } from '../../i18n/words.tsx';
import { pinnedAt } from '../../store/conversation-order.ts';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import type { ListHandle } from '../windowed/list-handle.ts';
import { WindowedList } from '../windowed/windowed-list.tsx';
import { ConversationMenuHost, type MenuPlace, menuAnchor } from './conversation-menu-host.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { useHeldOrder } from './use-held-order.ts';

/** From so many on, only what is in view is drawn. */
const WINDOWED = 60;

/** The conversations that are shown, in their order. Up and Down walk; with Ctrl and Shift they move a pinned one. */
export function ConversationList(props: { rows: readonly Row[]; user: string; open: Address | null }) {
  const { user, open } = props;
  const { shown: rows, pointer } = useHeldOrder(props.rows);
  const store = useMatchbook();
  const { say } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<ListHandle>(null);
  const [over, setOver] = useState<string | null>(null);
  const [moved, setMoved] = useState('');
  const dragged = useRef<string | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  /** Place in the list of what an event is about; -1: of no row. Asked for then: what stands in a row does not change because others moved past it. */
  const placeOf = (target: EventTarget | null): number => {
    const conv = target instanceof Element && target.closest<HTMLElement>('[data-conv]')?.dataset.conv;
    return conv ? rows.findIndex((row) => row.conv === conv) : -1;
  };

  const focusAt = (place: number) => {
    const conv = rows[place]?.conv;
    const found = () => scroller.current?.querySelector<HTMLElement>(`[data-conv="${conv}"]`);
    const present = found();
    if (present) return present.focus();
    list.current?.scrollToIndex(place, { align: 'nearest' });
    // It is drawn with the next frame or the one after.
    requestAnimationFrame(() => requestAnimationFrame(() => found()?.focus()));
  };
  /** Whose row has the focus, or the menu that stands at it. */
  const held = useRef<string | null>(null);
  const before = useRef(rows);
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget === null ? document.hasFocus() : !relatedTarget.closest('.menu')) held.current = null;
  };
  // Who put it away, or read it among the unread ones, goes on with what stands in its place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other rows alone
  useLayoutEffect(() => {
    const place = before.current.findIndex(({ conv }) => conv === held.current);
    before.current = rows;
    if (place < 0 || rows.some(({ conv }) => conv === held.current)) return;
    held.current = null;
    if (document.activeElement === document.body) focusAt(Math.min(place, rows.length - 1));
  }, [rows]);
  const move = (row: Row, to: number) => {
    const pinned = rows.filter((one) => pinnedAt(one) > 0).length;
    if (pinnedAt(row) === 0 || to < 1 || to > pinned) return;
    void store.told(store.conversations.pin(row, to));
    setMoved(say('sidebar.movedTo', { place: to, count: pinned }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = placeOf(event.target);
    const row = rows[from];
    if (!row || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.shiftKey && (event.ctrlKey || event.metaKey)) move(row, pinnedAt(row) + step);
    else if (event.shiftKey || event.ctrlKey || event.metaKey) return;
    else if (step && rows[from + step]) focusAt(from + step);
    else if (event.key === 'Home') focusAt(0);
    else if (event.key === 'End') focusAt(rows.length - 1);
    else return;
    event.preventDefault();
  };
  const target = (event: DragEvent) => {
    const row = rows[placeOf(event.target)];
    return row && pinnedAt(row) > 0 ? row : null;
  };
  const current = open?.conv;
  // The very element of before where a row is the same: with each message that comes rows move, and what moves is not looked at.
  const line = useMemo(() => {
    const known = new WeakMap<Row, ReactElement>();
    return (row: Row): ReactElement => {
      let element = known.get(row);
      if (element) return element;
      element = (
        <div key={row.conv} data-over={over === row.conv ? '' : undefined}>
          <ConversationRow row={row} user={user} current={row.conv === current} />
        </div>
      );
      known.set(row, element);
      return element;
    };
  }, [user, current, over]);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears what bubbles from the rows, which are buttons */}
      <div
        ref={scroller}
        className="conversations"
        {...pointer}
        onKeyDown={onKeyDown}
        onFocus={({ target }) => {
          held.current = rows[placeOf(target)]?.conv ?? null;
        }}
        onBlur={onBlur}
        onContextMenu={(event) => {
          const row = rows[placeOf(event.target)];
          if (!row) return;
          event.preventDefault();
          held.current = row.conv;
          setMenu({ conv: row.conv, anchor: menuAnchor(event.nativeEvent) });
        }}
        onDragStart={(event) => {
          const row = target(event);
          dragged.current = row?.conv ?? null;
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/x-matchbook-conversation', row?.conv ?? '');
        }}
        onDragOver={(event) => {
          const row = dragged.current === null ? null : target(event);
          if (row) event.preventDefault();
          setOver(row?.conv ?? null);
        }}
        onDragEnd={() => {
          dragged.current = null;
          setOver(null);
        }}
        onDrop={(event) => {
          const [to, from] = [target(event), rows.find(({ conv }) => conv === dragged.current)];
          if (to && from && to !== from) {
            event.preventDefault();
            move(from, pinnedAt(to));
          }
          dragged.current = null;
          setOver(null);
        }}
      >
        {rows.length < WINDOWED ? (
          <ul>
            {rows.map((row) => (
              <li key={row.conv}>{line(row)}</li>
            ))}
          </ul>
        ) : (
          <WindowedList ref={list} view={scroller} buffer={400} listed rows={rows}>
            {line}
          </WindowedList>
        )}
      </div>
      <p className="only-read" role="status">
        {moved}
      </p>
      {menu && (
        <ConversationMenuHost
          key={menu.conv}
          row={rows.find(({ conv }) => conv === menu.conv) ?? null}
          place={menu}
        />
      )}
    </>
  );
}
