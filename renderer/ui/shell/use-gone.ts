import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { useEffect, useRef } from 'react';
import type { Address } from '../../store/state.ts';
import { focusConversations } from '../keyboard/regions.ts';

/** What was shown is in the list no more, as a group that was refused and given up: whoever had the focus in it goes on at the top of the list. */
export function useGone(open: Address | null, row: ConversationRow | null): void {
  const shown = useRef<string | null>(null);
  const conv = open?.conv ?? null;
  const there = row !== null;
  useEffect(() => {
    if (there) shown.current = conv;
    else if (conv !== null && shown.current === conv) {
      shown.current = null;
      if (document.activeElement === document.body) focusConversations();
    }
  }, [conv, there]);
}
