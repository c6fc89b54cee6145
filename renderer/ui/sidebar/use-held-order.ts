/** Rows stay where they are while somebody aims at one: what is said elsewhere meanwhile moves none of them under the pointer. */
import type { ConversationRow as Row } from '@matchbook/protocol/bridge/views';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { pinnedAt } from '../../store/conversation-order.ts';

/** So long after the pointer moved last, or was let go, ms. */
export const AIMED = 1_000;

/** The order that is held, by id: what the rows said then is nothing to keep. */
type Held = readonly (readonly [conv: string, pinnedAt: number])[];

/** @param rows in their order. Answers with the same rows, in the order of before while that is held, and with what hears the pointer on the list. */
export function useHeldOrder(rows: readonly Row[]) {
  const [held, setHeld] = useState<Held | null>(null);
  const arranged = useMemo(() => held && inOrderOf(held, rows), [held, rows]);
  const shown = arranged ?? rows;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const at = useRef<readonly [x: number, y: number] | null>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (held && !arranged) setHeld(null);
  }, [held, arranged]);
  const hold = (rests: boolean) => {
    clearTimeout(timer.current);
    if (held === null) setHeld(shown.map((row) => [row.conv, pinnedAt(row)]));
    if (rests) timer.current = setTimeout(() => setHeld(null), AIMED);
  };
  return {
    shown,
    pointer: {
      onPointerMove: ({ clientX, clientY, buttons }: PointerEvent) => {
        // What moves below a pointer that lies there is no aim.
        if (at.current?.[0] === clientX && at.current[1] === clientY) return;
        at.current = [clientX, clientY];
        hold(buttons === 0);
      },
      onPointerDown: () => hold(false),
      onPointerUp: () => hold(true),
      onPointerCancel: () => hold(true),
      onPointerLeave: () => {
        clearTimeout(timer.current);
        at.current = null;
        setHeld(null);
      },
    },
  };
}

/** What a person does themselves shows at once: null where other conversations are listed, or others are pinned. The very rows where they stand so already. */
function inOrderOf(held: Held, rows: readonly Row[]): readonly Row[] | null {
  if (held.length !== rows.length) return null;
  const known = new Map(rows.map((row) => [row.conv, row]));
  const arranged: Row[] = [];
  let same = true;
  for (const [at, [conv, pinned]] of held.entries()) {
    const row = known.get(conv);
    if (!row || pinnedAt(row) !== pinned) return null;
    same &&= row === rows[at];
    arranged.push(row);
  }
  return same ? rows : arranged;
}
