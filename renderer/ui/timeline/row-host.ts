import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { createContext, use } from 'react';
import type { MenuAnchor } from '../base/menu.tsx';

/** The whole menu, or its reactions alone. */
export type MenuPart = 'all' | 'reactions';

/** What the rows of one timeline share, so that none of them carries a menu of its own. */
export interface RowHost {
  /** Opens the menu of a message, at its button or where the pointer is; `focusAfter` has the focus again, where the anchor cannot. */
  openMenu: (row: TimelineRow, anchor: MenuAnchor, part?: MenuPart, focusAfter?: HTMLElement) => void;
  /** Goes to another message of the conversation; the way back is remembered. */
  leadTo: (n: number) => void;
  /** A row is about to be unfolded or folded: it begins where it does, or at the upper edge. */
  hold: (row: Element, atEdge: boolean) => void;
  /** Several people write: their names are shown. */
  group: boolean;
  /** One is in the conversation: where not, nothing in it can be answered, reacted to, pinned or changed. */
  member: boolean;
  /** One is an owner or admin of the group: what others said may be deleted. */
  steward: boolean;
  /** Keys of long messages that are shown whole: rows come and go while one scrolls. */
  unfolded: Set<string>;
}

export const RowHostContext = createContext<RowHost | null>(null);

export function useRowHost(): RowHost {
  const host = use(RowHostContext);
  if (!host) throw new Error('This row is in no timeline.');
  return host;
}

/** As `member`; true where no timeline is around. */
export const useMembership = (): boolean => use(RowHostContext)?.member ?? true;

/** As `steward`; false where no timeline is around. */
export const useStewardship = (): boolean => use(RowHostContext)?.steward ?? false;
