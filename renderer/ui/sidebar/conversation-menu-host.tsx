import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { useEffect, useState } from 'react';
import type { Address } from '../../store/state.ts';
import { AnchoredMenu, type MenuAnchor } from '../base/menu.tsx';
import { LeaveDialog } from '../groups/leave-dialog.tsx';
import { ConversationMenu } from './conversation-menu.tsx';

/** Where a menu was asked for, another object for each time. */
export interface MenuPlace {
  conv: string;
  anchor: MenuAnchor;
}

/** The point of the pointer; for the keyboard's menu key, which has none, the row. */
export function menuAnchor({ clientX, clientY, target }: MouseEvent): MenuAnchor {
  if (clientX === 0 && clientY === 0 && target instanceof Element) return target;
  return { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) };
}

/** One menu for all rows: there may be thousands. @param props.row null where it is gone from the list meanwhile */
export function ConversationMenuHost(props: { row: ConversationRow | null; place: MenuPlace }) {
  const { place } = props;
  const [shown, setShown] = useState<MenuPlace | null>(place);
  const [leaving, setLeaving] = useState<Address | null>(null);
  useEffect(() => setShown(place), [place]);
  const button = () => document.querySelector<HTMLElement>(`.conversation[data-conv="${place.conv}"]`);
  return (
    <>
      {props.row && (
        <AnchoredMenu
          open={shown !== null}
          anchor={place.anchor}
          onClose={() => setShown(null)}
          focusAfter={button}
        >
          <ConversationMenu row={props.row} onLeave={() => setLeaving(props.row)} />
        </AnchoredMenu>
      )}
      {leaving && <LeaveDialog address={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}
