import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useWords } from '../../i18n/words.tsx';
import { shownRows } from '../../store/reconcile.ts';
import { type Address, addressKey, type Pending } from '../../store/state.ts';
import { ForwardDialog } from '../talk/forward-dialog.tsx';
import { PinBar } from '../talk/pin-bar.tsx';
import { SelectBar } from '../talk/select-bar.tsx';
import { ShelfPane } from '../talk/shelf.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { Announcer } from './announcer.tsx';
import { JumpButtons } from './jump-buttons.tsx';
import { type Line, linesOf } from './lines.ts';
import { MessageMenuHost } from './message-menu-host.tsx';
import { TimelineLine } from './timeline-line.tsx';
import { markUsable } from './usable.ts';
import { useJump } from './use-jump.ts';

/** From here to the first row, older ones are asked for, and newer ones from here to the last, px. */
const NEAR_START = 800;
/** This near to the end counts as the end, px. */
const NEAR_END = 4;
/** After a change of the window's size lines break anew for a few frames: until somebody touches it, scrolling in this time is nobody's wish, ms. */
const SETTLE = 300;
const NONE: readonly Pending[] = [];

/** What was said: a windowed list that stays at the newest until the person scrolls away from it. */
export function Timeline(props: {
  address: Address;
  row: ConversationRow;
  account: AccountSummary;
  title: string;
}) {
  const { address, row, account, title } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const timeline = useKnown((state) => state.timeline);
  const pending = useKnown((state) => state.pending[addressKey(address)] ?? NONE);
  const rows = useMemo(() => shownRows(timeline, pending), [timeline, pending]);
  const holes = timeline?.holes;
  const lineAfter = timeline?.lineAfter ?? Number.POSITIVE_INFINITY;
  const lines = useMemo(() => linesOf(rows, holes ?? [], lineAfter), [rows, holes, lineAfter]);
  const names = useMemo(
    () => new Map(row.members.map((member) => [member.user, member.name])),
    [row.members],
  );

  const nameOf = useCallback(
    (user: string) => names.get(user) ?? (user === account.user ? account.name : say('app.someone')),
    [names, account, say],
  );

  const scroller = useRef<HTMLElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const sticks = useRef(true);
  const offset = useRef(0);
  const reading = useRef({ index: 0, within: 0, key: '' });
  const resized = useRef(Number.NEGATIVE_INFINITY);
  const placed = useRef(false);
  /** Rows behind the window's last one are not shown: its end is not the newest. */
  const cutOff = useRef(false);
  cutOff.current = timeline?.newer === true;
  const [below, setBelow] = useState(false);
  const shift = useShift(lines);

  useEffect(() => {
    if (timeline !== null) markUsable(() => store.usable());
  }, [timeline, store]);

  const count = useRef(0);
  count.current = lines.length;
  /** Goes on until what is there has been measured. */
  const toEnd = useCallback(() => {
    if (cutOff.current) return;
    if (count.current > 0) list.current?.scrollToIndex(count.current - 1, { align: 'end' });
  }, []);

  /** Tells how far the person has seen, if they are looking. */
  const look = useCallback(() => {
    const handle = list.current;
    if (!handle || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const end = handle.scrollOffset + handle.viewportSize;
    for (let i = Math.min(handle.findItemIndex(end), lines.length - 1); i >= 0; i--) {
      const line = lines[i]!;
      const n = 'row' in line ? line.row.n : null;
      // A row counts once its end is on screen.
      if (n === null || handle.getItemOffset(i) + handle.getItemSize(i) > end + NEAR_END) continue;
      store.reading.seen(address, n);
      return;
    }
  }, [store, address, lines]);

  const follow = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const { scrollOffset } = handle;
    if (performance.now() - resized.current > SETTLE) {
      const left = handle.scrollSize - handle.viewportSize - scrollOffset;
      if (left <= NEAR_END) sticks.current = !cutOff.current;
      else if (scrollOffset < offset.current - 1) sticks.current = false;
      const index = handle.findItemIndex(scrollOffset);
      const within = scrollOffset - handle.getItemOffset(index);
      reading.current = { index, within, key: lines[index]?.key ?? '' };
    }
    offset.current = scrollOffset;
    store.reading.atNewest(sticks.current && !cutOff.current);
    setBelow(!sticks.current || cutOff.current);
    if (scrollOffset < NEAR_START) void store.reading.older();
    if (cutOff.current && handle.scrollSize - handle.viewportSize - scrollOffset < NEAR_START)
      void store.reading.newer();
    look();
  }, [store, look, lines]);

  const touched = () => {
    resized.current = Number.NEGATIVE_INFINITY;
  };

  // A window of another size breaks lines anew: the newest stays in place, and else the line at the top.
  const newestFollow = useRef(follow);
  newestFollow.current = follow;
  useEffect(() => {
    const frame = scroller.current;
    if (!frame) return;
    let settling: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    const observer = new ResizeObserver(() => {
      // It tells of the size at the start, too.
      if (first) {
        first = false;
        return;
      }
      resized.current = performance.now();
      const { index, within } = reading.current;
      if (sticks.current) toEnd();
      else list.current?.scrollToIndex(index, { align: 'start', offset: within });
      clearTimeout(settling);
      settling = setTimeout(() => newestFollow.current(), SETTLE + 1);
    });
    observer.observe(frame);
    return () => {
      observer.disconnect();
      clearTimeout(settling);
    };
  }, [toEnd]);

  const { lit, note } = useJump({
    ...{ address, lines, list },
    leave: () => {
      sticks.current = false;
      placed.current = true;
    },
  });
  const held = useRef<readonly Line[]>([]);
  // Rows came or went at both ends at once: the line that was at the top stays there.
  useLayoutEffect(() => {
    const before = held.current;
    held.current = lines;
    if (before.length === 0 || shift || sticks.current || firstMessage(before) === firstMessage(lines))
      return;
    const { key, within } = reading.current;
    const index = lines.findIndex((line) => line.key === key);
    if (index >= 0) list.current?.scrollToIndex(index, { align: 'start', offset: within });
  }, [lines, shift]);

  // After every change: first where the reading was left, then the newest as long as the person stays there.
  useLayoutEffect(() => {
    if (!timeline || lines.length === 0) return;
    if (!placed.current) {
      placed.current = true;
      const unread = lines.findIndex((line) => line.kind === 'unread');
      if (unread >= 0) {
        sticks.current = false;
        list.current?.scrollToIndex(unread, { align: 'start' });
        return;
      }
    }
    if (sticks.current) toEnd();
  }, [timeline, lines, toEnd]);

  // One's own message brings one to the end, wherever one was reading.
  const sending = pending.length;
  const sent = useRef(sending);
  useLayoutEffect(() => {
    if (sending > sent.current) {
      sticks.current = true;
      setBelow(false);
      toEnd();
    }
    sent.current = sending;
  }, [sending, toEnd]);

  useEffect(() => {
    const frame = requestAnimationFrame(() => follow());
    const away = () => store.reading.away();
    window.addEventListener('focus', look);
    window.addEventListener('blur', away);
    document.addEventListener('visibilitychange', look);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', away);
      document.removeEventListener('visibilitychange', look);
    };
  }, [store, look, follow]);

  const fresh = timeline?.newer
    ? row.unread
    : below
      ? rows.filter((one) => !one.own && one.n !== null && one.n > (timeline?.readN ?? 0)).length
      : 0;
  /** The place at the top, to come back to. */
  const placeHere = useCallback(() => {
    const handle = list.current;
    if (!handle) return null;
    const from = handle.findItemIndex(handle.scrollOffset + handle.viewportSize / 3);
    const line = lines.slice(from).find((one) => 'row' in one && one.row.n !== null);
    return line && 'row' in line ? line.row.n : null;
  }, [lines]);
  const leadTo = useCallback(
    (n: number) => store.navigation.jumpTo(address, n, placeHere()),
    [store, address, placeHere],
  );
  const hasMessages = rows.some((one) => one.kind !== 'create');
  return (
    <MessageMenuHost
      address={address}
      user={account.user}
      nameOf={nameOf}
      leadTo={leadTo}
      group={row.form === 'group'}
    >
      <div className="timeline-frame">
        <PinBar address={address} rows={rows} user={account.user} leadTo={leadTo} />
        <section
          ref={scroller}
          className="timeline"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          onWheel={touched}
          onPointerDown={touched}
          onKeyDown={touched}
          aria-label={row.self ? say('timeline.selfLabel') : say('timeline.label', { title })}
          aria-busy={timeline === null}
          data-testid="timeline"
        >
          {timeline && !hasMessages && (
            <div className="timeline-empty">
              <h2>{row.self ? say('timeline.emptySelfTitle') : say('timeline.emptyTitle', { title })}</h2>
              <p>{say('timeline.emptyHint')}</p>
            </div>
          )}
          <div className="timeline-rise" />
          <Virtualizer ref={list} scrollRef={scroller} shift={shift} data={lines} onScroll={follow}>
            {(line) => (
              <TimelineLine
                key={line.key}
                line={line}
                address={address}
                self={row.self}
                user={account.user}
                nameOf={nameOf}
                lit={line.key === lit}
              />
            )}
          </Virtualizer>
        </section>
        {timeline === null && (
          <p className="timeline-loading appears-late" role="status">
            {say('timeline.loading')}
          </p>
        )}
        <JumpButtons
          below={below}
          fresh={fresh}
          note={note}
          onNewest={() => {
            sticks.current = true;
            setBelow(false);
            void store.reading.toNewest();
            toEnd();
          }}
        />
        <SelectBar address={address} user={account.user} nameOf={nameOf} />
        <ShelfPane address={address} account={account} nameOf={nameOf} leadTo={leadTo} />
        <ForwardDialog account={account} nameOf={nameOf} />
        <Announcer rows={rows} nameOf={nameOf} ready={timeline !== null} />
      </div>
    </MessageMenuHost>
  );
}

/** True in a render in which lines came to (or left) the start: the list then keeps its place from the end. */
function useShift(lines: readonly Line[]): boolean {
  const before = useRef<readonly Line[]>([]);
  const last = lastMessage(before.current);
  const shift =
    before.current.length > 0 &&
    firstMessage(before.current) !== firstMessage(lines) &&
    last !== undefined &&
    last === lastMessage(lines);
  useEffect(() => {
    before.current = lines;
  }, [lines]);
  return shift;
}

const firstMessage = (lines: readonly Line[]) => lines.find((line) => 'row' in line)?.key;
const lastMessage = (lines: readonly Line[]) => lines.findLast((line) => 'row' in line)?.key;
