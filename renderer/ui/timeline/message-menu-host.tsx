import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { Address, Timeline } from '../../store/state.ts';
import { AnchoredMenu, type MenuAnchor } from '../base/menu.tsx';
import { useKnown } from '../use-store.ts';
import { MessageMenu } from './message-menu.tsx';
import { type MenuPart, RowHostContext } from './row-host.ts';

/** It may have gone out while its menu stands. */
const rowIn = (timeline: Timeline | null, key: string): TimelineRow | undefined =>
  timeline?.rows.find((row) => row.key === key) ?? timeline?.waiting.find((row) => row.key === key);

/** One menu for all rows: a row is as light as what is written in it. */
export function MessageMenuHost(props: {
  address: Address;
  user: string;
  nameOf: (user: string) => string;
  leadTo: (n: number) => void;
  hold: (row: Element, atEdge: boolean) => void;
  /** Several people write: their names are shown. */
  group: boolean;
  /** One is in the conversation. */
  member: boolean;
  /** One is an owner or admin of the group. */
  steward: boolean;
  children: ReactNode;
}) {
  const { address, user, nameOf, leadTo, hold, group, member, steward, children } = props;
  const [shown, setShown] = useState<{ row: TimelineRow; anchor: MenuAnchor; part: MenuPart } | null>(null);
  const [open, setOpen] = useState(false);
  // What becomes of the message meanwhile: of one that was deleted nothing is copied or answered.
  const live = useKnown((state) => shown && rowIn(state.timeline, shown.row.key));
  const focus = useRef<HTMLElement | null>(null);
  const openMenu = useCallback(
    (row: TimelineRow, anchor: MenuAnchor, part: MenuPart = 'all', focusAfter?: HTMLElement) => {
      focus.current = focusAfter ?? (anchor instanceof HTMLElement ? anchor : null);
      setShown({ row, anchor, part });
      setOpen(true);
    },
    [],
  );
  const [unfolded] = useState(() => new Set<string>());
  const host = useMemo(
    () => ({ openMenu, leadTo, hold, group, member, steward, unfolded }),
    [openMenu, leadTo, hold, group, member, steward, unfolded],
  );
  return (
    <RowHostContext value={host}>
      {children}
      {shown && (
        <MessageMenu
          key={shown.row.key}
          address={address}
          row={live ?? shown.row}
          part={shown.part}
          user={user}
          nameOf={nameOf}
          focusAfter={(element) => {
            focus.current = element;
          }}
          frame={(items) => (
            <AnchoredMenu
              open={open}
              anchor={shown.anchor}
              onClose={() => setOpen(false)}
              focusAfter={() => focus.current}
            >
              {items}
            </AnchoredMenu>
          )}
        />
      )}
    </RowHostContext>
  );
}
