import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { type ReactElement, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { shownRows } from '../../store/reconcile.ts';
import { type Address, addressKey, type LeftPlace, type Pending } from '../../store/state.ts';
import { newsIn } from '../../store/unread-line.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useHeardMessage } from '../files/heard.ts';
import { useNames } from '../people/use-names.ts';
import { ForwardDoor } from '../talk/forward-door.tsx';
import { PinBar, waitingPins } from '../talk/pin-bar.tsx';
import { SelectBar } from '../talk/select-bar.tsx';
import { ShelfPane } from '../talk/shelf.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { useToday } from '../use-today.ts';
import type { ListHandle } from '../windowed/list-handle.ts';
import { WindowedList } from '../windowed/windowed-list.tsx';
import { Announcer } from './announcer.tsx';
import { DayPill, type DayPillHandle } from './day-pill.tsx';
import { isAsDrawn } from './held-rows.ts';
import { JumpButtons } from './jump-buttons.tsx';
import { type Line, linesAfter, NO_LINES } from './lines.ts';
import { MessageMenuHost } from './message-menu-host.tsx';
import { RefusedCreation, refusedCreation } from './refused-creation.tsx';
import { TimelineLine } from './timeline-line.tsx';
import { markUsable } from './usable.ts';
import { isAttended, useAttention } from './use-attention.ts';
import { useFilled } from './use-filled.ts';
import { useJump } from './use-jump.ts';
import { NEAR_END, usePlace } from './use-place.ts';
import { useShift } from './use-shift.ts';
import { useWalk } from './use-walk.ts';

/** From here to the first row, older ones are asked for, and newer ones from here to the last, px. */
const NEAR_START = 800;
/** So long after it was shown first a list that was blank is led again to where reading was left, ms. */
const OPENING = 1_000;
const NONE: readonly Pending[] = [];
const NOT_KEPT: readonly number[] = [];

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
  const readN = timeline?.readN ?? 0;
  const linesBefore = useRef(NO_LINES);
  const made = useMemo(
    () => linesAfter(linesBefore.current, rows, holes ?? [], lineAfter),
    [rows, holes, lineAfter],
  );
  useEffect(() => {
    linesBefore.current = made;
  }, [made]);
  const { lines } = made;
  const today = useToday();
  const nameOf = useNames(row, account, rows);
  const scroller = useRef<HTMLElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const list = useRef<ListHandle>(null);
  const dayPill = useRef<DayPillHandle>(null);
  const placed = useRef(false);
  const cutOff = timeline?.newer === true;
  const shift = useShift(lines);

  useEffect(() => {
    if (timeline !== null) markUsable(() => store.usable());
  }, [timeline, store]);

  /** Tells how far the person has seen, if they are looking. */
  const look = useCallback(() => {
    const handle = list.current;
    if (!handle || !isAttended()) return;
    const end = handle.scrollOffset + handle.viewportSize;
    for (let i = Math.min(handle.findItemIndex(end), lines.length - 1); i >= 0; i--) {
      const line = lines[i]!;
      const n = 'row' in line ? line.row.n : null;
      // A row counts once its end is on screen.
      if (n === null || handle.getItemOffset(i) + handle.getItemSize(i) > end + NEAR_END) continue;
      // Not where its end is only guessed: it is looked at again once it is measured.
      if (n > readN && isAsDrawn(scroller.current, i === lines.length - 1)) store.reading.seen(address, n);
      return;
    }
  }, [store, address, lines, readN]);

  const moved = () => {
    const handle = list.current;
    if (!handle) return;
    const { scrollOffset, scrollSize, viewportSize } = handle;
    const beyond = scrollSize - viewportSize - scrollOffset;
    // Whose end is in view is seen, also by who has come to an earlier place of it.
    store.reading.atNewest((place.sticks.current || beyond <= NEAR_END) && !cutOff);
    // While the bar is held the browser puts the view back to where the pointer says, of whatever has come meanwhile: it comes once the bar is let go.
    if (place.onBar.current) return look();
    if (scrollOffset - handle.getItemOffset(0) < NEAR_START) void store.reading.older();
    if (cutOff && beyond < NEAR_START) void store.reading.newer();
    look();
  };
  const place = usePlace({ scroller, space, list, lines, cutOff, moved });
  const { stick, lead, scrolled } = place;

  const { lit, note } = useJump({
    ...{ address, lines },
    lead: (index, stand) => {
      lead(index, stand);
      placed.current = true;
    },
  });

  // First where the reading was left.
  const toUnread = useCallback(() => {
    const unread = lines.findIndex((line) => line.kind === 'unread');
    if (unread >= 0) lead(unread, 0);
  }, [lines, lead]);
  const placedAt = useRef(Number.NEGATIVE_INFINITY);
  useLayoutEffect(() => {
    if (!timeline || lines.length === 0 || placed.current) return;
    placed.current = true;
    placedAt.current = performance.now();
    toUnread();
  }, [timeline, lines, toUnread]);
  const filled = useFilled(scroller, lines, () => {
    if (performance.now() - placedAt.current < OPENING) toUnread();
  });

  // One's own message brings one to the end, wherever one was reading.
  const sending = pending.length;
  const sent = useRef(sending);
  useLayoutEffect(() => {
    if (sending > sent.current) stick();
    sent.current = sending;
  }, [sending, stick]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines are to be looked at
  useEffect(() => {
    const frame = requestAnimationFrame(() => scrolled());
    return () => cancelAnimationFrame(frame);
  }, [scrolled, lines, cutOff]);
  useAttention(store, look);

  const toNewest = () => {
    void store.reading.toNewest();
    stick();
  };
  const goToNewest = () => {
    toNewest();
    // The button goes: below the newest one writes, or at least reads on.
    if (!focusComposer()) scroller.current?.focus({ preventScroll: true });
  };
  const walk = useWalk({ scroller, list, lines, toOldest: () => void store.reading.toOldest(), toNewest });
  const { below } = place;
  const fresh = timeline && below ? newsIn(timeline, row.unread) : 0;
  /** Where one is, for whoever comes back; null at the newest, undefined while nothing is shown yet. */
  const leftAt = useRef((): LeftPlace | null | undefined => undefined);
  leftAt.current = () => {
    const handle = list.current;
    const frame = scroller.current;
    if (!handle || !frame || lines.length === 0) return undefined;
    const { scrollSize, viewportSize } = handle;
    // As it is, and not as the list has heard of it: it hears with the next frame.
    const scrollOffset = frame.scrollTop;
    if (!cutOff && (place.sticks.current || scrollSize - viewportSize - scrollOffset <= NEAR_END))
      return null;
    for (let i = handle.findItemIndex(scrollOffset); i < lines.length; i++) {
      const line = lines[i]!;
      const top = handle.getItemOffset(i) - scrollOffset + place.spare.current;
      if (top >= 0 && 'row' in line && line.row.n !== null) return { n: line.row.n, top };
    }
    return null;
  };
  const shown = useRef(address);
  shown.current = address;
  useLayoutEffect(() => {
    const here = () => leftAt.current();
    store.places.here = here;
    return () => {
      if (store.places.here === here) store.places.here = () => undefined;
      const left = leftAt.current();
      if (left !== undefined) store.places.leave(shown.current, left);
    };
  }, [store]);
  const leadTo = useCallback((n: number) => store.navigation.jumpTo(address, n), [store, address]);
  const goBack = () => {
    if (!store.reading.jumpBack()) toNewest();
    // The button goes with the last place.
    scroller.current?.focus({ preventScroll: true });
  };
  const { self } = row;
  const group = row.form === 'group';
  const { user } = account;
  const heard = useHeardMessage();
  const kept = useMemo(() => {
    const index =
      heard === null ? -1 : lines.findIndex((line) => line.kind === 'message' && line.row.id === heard);
    return index < 0 ? NOT_KEPT : [index];
  }, [heard, lines]);
  // The very element of before where a line is the same: the list moves what it shows with each frame, and looks at no row that only moves.
  const drawn = useMemo(() => {
    const known = new WeakMap<Line, ReactElement>();
    return (line: Line): ReactElement => {
      let element = known.get(line);
      if (element) return element;
      const own = { line, address, self, group, user, nameOf, today };
      element = <TimelineLine key={line.key} {...own} lit={line.key === lit} />;
      known.set(line, element);
      return element;
    };
  }, [address, self, group, user, nameOf, today, lit]);
  const refused = refusedCreation(row);
  const pinsWaiting = useMemo(() => waitingPins(rows), [rows]);
  const hasMessages = rows.some((one) => one.kind !== 'create');
  return (
    <MessageMenuHost
      address={address}
      user={account.user}
      nameOf={nameOf}
      leadTo={leadTo}
      hold={place.hold}
      group={group}
      member={row.member}
      steward={group && row.member && row.role !== 'member'}
    >
      <div className="timeline-frame">
        <PinBar address={address} waiting={pinsWaiting} user={account.user} leadTo={leadTo} />
        {refused && <RefusedCreation account={account.account} change={refused} />}
        <section
          ref={scroller}
          className="timeline"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          onWheel={place.touched}
          onPointerDown={place.press}
          onKeyDown={(event) => {
            place.touched();
            walk(event);
          }}
          aria-label={row.self ? say('timeline.selfLabel') : say('timeline.label', { title })}
          aria-busy={timeline === null}
          data-testid="timeline"
        >
          {timeline && !hasMessages && !refused && (
            <div className="timeline-empty">
              <h2>{row.self ? say('timeline.emptySelfTitle') : say('timeline.emptyTitle', { title })}</h2>
              <p>{say('timeline.emptyHint')}</p>
            </div>
          )}
          <div className="timeline-rise" ref={space} />
          <WindowedList
            key={filled}
            ref={list}
            view={scroller}
            shift={shift}
            rows={lines}
            kept={kept}
            onScroll={() => {
              scrolled();
              dayPill.current?.scrolled();
            }}
            onResize={() => {
              place.keep();
              look();
            }}
            onPlaced={look}
          >
            {drawn}
          </WindowedList>
        </section>
        <DayPill ref={dayPill} list={list} lines={lines} />
        {timeline === null && (
          <p className="timeline-loading appears-late" role="status">
            {say('timeline.loading')}
          </p>
        )}
        <JumpButtons {...{ below, fresh, note }} onNewest={goToNewest} onBack={goBack} />
        <SelectBar address={address} user={account.user} nameOf={nameOf} />
        <ShelfPane address={address} account={account} nameOf={nameOf} leadTo={leadTo} />
        <ForwardDoor account={account} nameOf={nameOf} />
        <Announcer rows={rows} beyond={cutOff ? row.headN : null} nameOf={nameOf} ready={timeline !== null} />
      </div>
    </MessageMenuHost>
  );
}
